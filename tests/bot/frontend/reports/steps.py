"""What learners and moderators do with reports: answer, report, open a case, decide."""

from __future__ import annotations

import simcord

OPERATOR = 10**17


async def answered(learner: simcord.MemberActor, channel: simcord.ChannelHandle, letter: str = "B") -> simcord.InteractionResult:
    """A quiz of one question, answered."""
    shown = await learner.slash(channel, "quiz", topic="dns", length=1)
    await learner.click(shown.response, label=letter)
    return shown


async def report(
    learner: simcord.MemberActor, shown: simcord.InteractionResult, reason: str = "key", words: str = ""
) -> simcord.InteractionResult:
    """Presses the quiet button and sends the form."""
    window = await learner.click(shown.response, label="Report")
    return await learner.submit_modal(window, {"reason": reason, "words": words})


async def opened(host: simcord.MemberActor, channel: simcord.ChannelHandle, value: str = "q/q-dns") -> simcord.InteractionResult:
    """The queue, and in it this case."""
    shown = await host.slash(channel, "reports")
    await host.select(shown.response, [value], custom_id="portside.reports-open")
    return shown


async def decide(host: simcord.MemberActor, shown: simcord.InteractionResult, label: str, words: str = "") -> simcord.InteractionResult:
    window = await host.click(shown.response, label=label)
    return await host.submit_modal(window, {"words": words})
