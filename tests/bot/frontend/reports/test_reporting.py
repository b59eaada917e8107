"""Reporting an item and hearing of the decision, in simcord's world."""

from __future__ import annotations

from datetime import timedelta

import pytest
import simcord

from bot.frontend.pulse import SECONDS
from bot.generators import TEMPLATES
from bot.learning.reporting import Kind, Reason, Thing
from bot.storage import Storage, quarantines, reports, tidings
from tests.bot.conftest import NOW
from tests.bot.frontend.reports.steps import answered, decide, opened, report
from tests.bot.screen import buttons, parts, text


async def test_a_report_from_the_feedback_screen_to_the_decision(
    simcord_env: simcord.Env, ada: simcord.MemberActor, host: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage
) -> None:
    """The learner gets a receipt, the moderator sees what was asked and said, and the learner hears of it by direct message, once."""
    receipt = await report(ada, await answered(ada, channel), words="It is **really** @everyone C.")
    assert receipt.ephemeral
    assert "Thank you, your report is in" in text(receipt.response)
    assert "the answer given as right is wrong" in text(receipt.response)

    shown = await host.slash(channel, "reports")
    assert shown.ephemeral
    assert "What happens in q-dns?" in text(shown.response)
    assert "1 person: the answer given as right is wrong" in text(shown.response)
    await host.select(shown.response, ["q/q-dns"], custom_id="portside.reports-open")
    said = text(shown.response)
    assert r"It is \*\*really\*\* \@everyone C." in said
    assert str(ada.id) not in said
    assert "✓ **A** It answers." in said
    assert "There is nothing to run" in said
    assert "*Take it out*: nobody on this server gets it until you bring it back." in said
    assert "Reported once so far" in said
    assert "Fewer than 10 people" in said

    done = await decide(host, shown, "Keep it", "C would need endpoints.")
    assert "Decided.** “What happens in q-dns?”: It stays as it is." in text(done.response)
    assert "Nothing waits" in text((await host.slash(channel, "reports")).response)

    cog = simcord_env.bot.cogs["ReportCog"]
    await cog.send_tidings()
    await cog.send_tidings()
    [message] = ada.user.dm_channel.history()
    assert "You reported** “What happens in q-dns?”. The moderators of the server looked at it." in text(message)
    assert "It stays as it is." in text(message)
    assert "They say: C would need endpoints." in text(message)
    assert await storage.read(lambda db: tidings.of(db, ada.id)) == []


async def test_a_question_from_a_random_cluster(
    simcord_env: simcord.Env,
    ada: simcord.MemberActor,
    host: simcord.MemberActor,
    channel: simcord.ChannelHandle,
    storage: Storage,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The moderator sees the very cluster that was reported; what is taken out is the template, so that none of its questions comes."""
    name = "gen-svc-selector-match"
    monkeypatch.setattr("bot.app.questions.TEMPLATES", {name: TEMPLATES[name]})
    shown = await ada.slash(channel, "quiz", topic="services", length=5)
    of = int(text(shown.response).split("Question 1 of ")[1][0])
    while "The run" not in buttons(shown.response):
        if "Next question" in buttons(shown.response):
            await ada.click(shown.response, label="Next question")
        asked = text(shown.response).split("\n")[1]
        await ada.click(shown.response, label="A")
    assert "your report is in" in text((await report(ada, shown)).response)

    case = await opened(host, channel, f"q/{name}")
    assert asked in text(case.response)
    assert "It is made from random clusters" in text(case.response)
    await decide(host, case, "Take it out")
    assert name in {thing.id for thing in await storage.read(lambda db: quarantines.everything(db, simcord_env.guild.id))}
    again = await host.slash(channel, "quiz", topic="services", length=5)
    assert f"Question 1 of {of - 1}" in text(again.response)


async def test_closed_direct_messages_wait_for_the_next_use(
    simcord_env: simcord.Env, ada: simcord.MemberActor, host: simcord.MemberActor, channel: simcord.ChannelHandle
) -> None:
    """Who takes no direct messages reads it beside the answer to the next command, alone, and then never again."""
    await report(ada, await answered(ada, channel))
    await decide(host, await opened(host, channel), "Keep it")
    cog = simcord_env.bot.cogs["ReportCog"]
    simcord_env.inject_error("POST", "/channels/*/messages", status=403, code=50007)
    await cog.send_tidings()
    await cog.send_tidings()

    helped = await ada.slash(channel, "help")
    [told] = helped.followups
    assert "You reported" in text(told)
    assert told.ephemeral
    assert (await ada.slash(channel, "help")).followups == []


async def test_one_report_for_each_learner_and_thing_and_ten_a_day(
    simcord_env: simcord.Env, ada: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage
) -> None:
    """A second one is answered in a sentence; so is the eleventh; and a form that was open meanwhile changes nothing."""
    shown = await answered(ada, channel)
    window = await ada.click(shown.response, label="Report")
    await report(ada, shown)
    assert "reported this already" in text((await ada.click(shown.response, label="Report")).response)
    assert "reported this already" in text((await ada.submit_modal(window, {"reason": "key", "words": "again"})).response)
    app = simcord_env.bot.app
    things = [Thing(Kind.PAGE, f"page-{number}") for number in range(9)]
    await storage.write(lambda db: [reports.add(db, ada.id, thing, "", 0, Reason.OTHER, "", NOW) for thing in things])
    refused = await app.report_item.send(ada.id, 0, "p", "selector-matches-no-pod", "", {"reason": "other"})
    assert "more than 10 reports" in refused.blocks[0].markdown
    assert await storage.read(lambda db: reports.since(db, ada.id, NOW - timedelta(days=1))) == 10


async def test_secrets_and_what_is_too_long_are_not_kept(simcord_env: simcord.Env, storage: Storage) -> None:
    """The data of a Secret goes before anything is written; a text that came past the form is cut."""
    app = simcord_env.bot.app
    secret = "kind: Secret\nmetadata: {name: a}\ndata:\n  password: aHVudGVyMg==\n"
    await app.report_item.send(1, 0, "q", "q-why", "", {"reason": "nonsense", "words": secret})
    broken = await app.report_item.send(2, 0, "q", "q-why", "", {"reason": "key", "words": "kind: Secret\nstringData: {a: 'b"})
    await app.report_item.send(3, 0, "q", "q-why", "", {"words": "x" * 100_000})
    kept = [report.words for report in await storage.read(lambda db: reports.open_ones(db, 0))]
    assert "aHVudGVyMg" not in kept[0]
    assert kept[1] == ""
    assert "your words were not kept" in broken.blocks[0].markdown
    assert len(kept[2]) == 500


async def test_the_command_offers_what_was_met_last(ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """Nothing yet; then the question and the lesson step; and by its title any lab, step or page."""
    assert "met nothing yet" in text((await ada.slash(channel, "report")).response)
    await answered(ada, channel)
    await ada.slash(channel, "lesson", lesson="why-services")
    shown = await ada.slash(channel, "report")
    [menu] = [part for part in parts(shown.response) if part.get("options")]
    assert [(option["value"], option["description"]) for option in menu["options"]] == [
        ("q/q-dns/", "question"), ("s/why-services/", "lesson step"),
    ]  # fmt: skip
    window = await ada.select(shown.response, ["s/why-services/"])
    assert "Report this lesson step" in str(window.modal)
    assert "Another option is right too" not in str(window.modal)

    assert [c["value"] for c in await ada.autocomplete(channel, "report", "about", "matches no")] == ["selector-matches-no-pod"]
    page = await ada.slash(channel, "report", about="selector-matches-no-pod")
    done = await ada.submit_modal(page, {"reason": "outdated", "words": ""})
    assert "The selector matches no Pod" in text(done.response)
    assert "I know no lab" in text((await ada.slash(channel, "report", about="`@here`")).response)


async def test_every_screen_with_an_answer_has_the_button(
    simcord_env: simcord.Env, ada: simcord.MemberActor, bob: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage
) -> None:
    """Lesson steps and their questions, placement, and a round's reveal, where each player reports alone."""
    lesson = await ada.slash(channel, "lesson", lesson="why-services")
    assert "Report" in buttons(lesson.response)
    await ada.click(lesson.response, label="Question")
    await ada.click(lesson.response, label="A")
    assert "Report" in buttons(lesson.response)
    placed = await ada.slash(channel, "placement")
    await ada.click(placed.response, label="A")
    assert "Report" in buttons(placed.response)

    lobby = await ada.slash(channel, "quiz-round", topic="dns", length=1)
    await ada.click(lobby.response, label="Join")
    await simcord_env.advance_time(2 * SECONDS)
    await ada.click(lobby.response, label="Start")
    await ada.click(lobby.response, label="Lock now")
    for player in (ada, bob):
        receipt = await report(player, lobby, "unclear")
        assert receipt.ephemeral
    assert [r.learner for r in await storage.read(lambda db: reports.open_ones(db, simcord_env.guild.id))] == [ada.id, bob.id]
