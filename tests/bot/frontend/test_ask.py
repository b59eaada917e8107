"""`/ask` and `/export` as a learner uses them, in simcord's world."""

from __future__ import annotations

import simcord

from bot.storage import Storage
from tests.bot.frontend.test_progress import answered
from tests.bot.screen import buttons, text


async def test_what_is_found_opens_with_a_click(ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """The page's title, its beginning, a button."""
    shown = await ada.slash(channel, "ask", question="which pods does the selectr match?")

    assert shown.ephemeral
    assert "I read `selectr` as `selector`" in text(shown.response)
    page = await ada.click(shown.response, label=next(label for label in buttons(shown.response) if "The selector matches no Pod" in label))
    assert "The Service selects nothing" in text(page.response)


async def test_a_command_is_found(ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """By what it does."""
    assert "/leaderboard" in text((await ada.slash(channel, "ask", question="leaderboard")).response)


async def test_not_found_is_said(ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """With a way on; what was asked is not repeated as it is."""
    shown = await ada.slash(channel, "ask", question="**@everyone** bread")
    assert "Not found" in text(shown.response)
    assert "@everyone" not in text(shown.response)
    assert buttons(shown.response) == ["All lessons"]


async def test_an_export_is_a_file(ada: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage) -> None:
    """Nothing answered yet: a sentence. Afterwards a file of the kind asked for, privately."""
    assert "nothing to take along" in text((await ada.slash(channel, "export", to="anki")).response)
    await answered(storage, ada.id, "q-why", correct=False, days_ago=2)
    await answered(storage, ada.id, "q-labels", correct=True, days_ago=2)

    assert "2 questions" in text((await ada.slash(channel, "export", to="csv")).response)
    shown = await ada.slash(channel, "export", to="gift", which="my mistakes")
    assert shown.ephemeral
    assert "1 question." in text(shown.response)
    assert [attachment.filename for attachment in shown.response.attachments] == ["portside.gift.txt"]
