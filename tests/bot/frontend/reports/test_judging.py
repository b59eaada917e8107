"""Deciding on reports, with what follows from it, in simcord's world."""

from __future__ import annotations

from dataclasses import replace

import pytest
import simcord

from bot.app import answers, corrections
from bot.frontend.pulse import SECONDS
from bot.learning.items import Lab, Pack
from bot.learning.reporting import Kind, Thing
from bot.storage import Database, Storage, attempts, cards, item_counters, quarantines, reports
from bot.storage.attempts import Attempt
from tests.bot.conftest import NOW
from tests.bot.frontend.reports.steps import answered, decide, opened, report
from tests.bot.material import choice
from tests.bot.screen import action, buttons, text


async def test_only_moderators_and_the_operator_look(
    simcord_env: simcord.Env, ada: simcord.MemberActor, host: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage
) -> None:
    """The command is hidden, a button outlives neither permission nor office, and a learner's direct messages hold no queue."""
    assert "reports" in host.available_commands(channel)
    assert "reports" not in ada.available_commands(channel)
    await report(ada, await answered(ada, channel))
    shown = await opened(host, channel)
    window = await host.click(shown.response, label="Take it out")
    simcord_env.backend.remove_member_role(simcord_env.guild.id, host.id, simcord_env.guild.roles["Hosts"].id)
    assert "people who have *Manage Server*" in text((await host.click(shown.response, label="All reports")).response)
    assert "people who have *Manage Server*" in text((await host.click(shown.response, label="Take it out")).response)
    assert "people who have *Manage Server*" in text((await host.submit_modal(window, {"words": ""})).response)
    assert await storage.read(lambda db: quarantines.held(db, simcord_env.guild.id)) == frozenset()

    await ada.user.send_dm("hello")
    refused = await ada.user.slash("reports")
    assert "by the operator of this bot" in text(refused.response)


async def test_what_a_server_takes_out_is_asked_elsewhere(
    simcord_env: simcord.Env, ada: simcord.MemberActor, host: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage
) -> None:
    """Not in its quizzes, rounds, reviews and lessons; in direct messages as before; until it is brought back."""
    quiz = await answered(ada, channel)
    await report(ada, quiz)
    await ada.click(quiz.response, label="See the result")
    done = await decide(host, await opened(host, channel), "Take it out", "We look into it.")
    assert "nobody on this server gets it any more" in text(done.response)
    assert "The reporter hears of it" in text(done.response)
    assert "no questions on `dns`" in text((await ada.slash(channel, "quiz", topic="dns", length=1)).response)
    assert "no questions on `dns`" in text((await ada.slash(channel, "quiz-round", topic="dns")).response)
    assert "no mistake" in text((await ada.slash(channel, "mistakes")).response)
    await ada.user.send_dm("hello")
    assert "Question 1 of 1" in text((await ada.user.slash("quiz", topic="dns", length=1)).response)

    shown = await host.slash(channel, "reports")
    assert "Taken out on this server" in text(shown.response)
    await host.select(shown.response, ["q/q-dns"], custom_id="portside.reports-held")
    assert "taken out here" in text(shown.response)
    assert "Keep it" not in buttons(shown.response)
    back = await decide(host, shown, "Bring it back", "Mended.")
    assert "people on this server get it again" in text(back.response)
    assert "Kept with the decision: Mended." in text(back.response)
    assert "hear" not in text(back.response), "nobody had reported it since"
    assert await storage.read(lambda db: quarantines.held(db, simcord_env.guild.id)) == frozenset()


async def test_open_sittings_and_rounds_pass_over_what_is_taken_out(
    simcord_env: simcord.Env, ada: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage
) -> None:
    """The question on the screen is still answered; those to come are not asked, and the end comes earlier."""
    quiz = await ada.slash(channel, "quiz", length=3)
    lobby = await ada.slash(channel, "quiz-round", length=3)
    await ada.click(lobby.response, label="Join")
    await simcord_env.advance_time(2 * SECONDS)
    await ada.click(lobby.response, label="Start")
    everything = [Thing(Kind.QUESTION, name) for name in ("q-why", "q-labels", "q-dns")]
    await storage.write(lambda db: [quarantines.take_out(db, thing, 0, NOW) for thing in everything])

    await ada.click(quiz.response, label="A")
    assert "your answer" in text(quiz.response)
    await ada.click(quiz.response, label="Next question")
    assert "of 1 right" in text(quiz.response)
    await ada.click(lobby.response, label="A")
    await ada.click(lobby.response, label="Lock now")
    await ada.click(lobby.response, label="See the table")
    assert f"1. <@{ada.id}>" in text(lobby.response)


async def test_two_moderators_decide_once(
    simcord_env: simcord.Env, ada: simcord.MemberActor, host: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage
) -> None:
    """The second one's form and button say what was decided meanwhile, and change nothing."""
    await report(ada, await answered(ada, channel))
    first, second = await opened(host, channel), await opened(host, channel)
    window = await host.click(second.response, label="Take it out")
    await decide(host, first, "Keep it")

    late = await host.submit_modal(window, {"words": "no"})
    assert "Somebody has decided on this since you looked" in text(late.response)
    assert "It stays as it is." in text(late.response)
    assert await storage.read(lambda db: quarantines.held(db, simcord_env.guild.id)) == frozenset()
    assert len(await storage.read(lambda db: list(db.query("SELECT * FROM decisions")))) == 1


async def test_what_has_gone_from_the_library_can_still_be_closed(
    simcord_env: simcord.Env, ada: simcord.MemberActor, host: simcord.MemberActor, channel: simcord.ChannelHandle
) -> None:
    """The case says so; reporting it is answered in a sentence; nothing breaks when it is told."""
    shown = await answered(ada, channel)
    await report(ada, shown)
    library = simcord_env.bot.app.library
    del library.items["q-dns"], library.questions["q-dns"]
    case = await opened(host, channel)
    assert "no longer in the library" in text(case.response)
    assert buttons(case.response)[:1] == ["Keep it"]
    await decide(host, case, "Keep it")
    await simcord_env.bot.cogs["ReportCog"].send_tidings()
    [message] = ada.user.dm_channel.history()
    assert "“q-dns”" in text(message)
    assert "no longer here" in text((await ada.click(shown.response, label="Report")).response)


async def test_the_operator_sees_all_servers_in_direct_messages(
    simcord_env: simcord.Env, ada: simcord.MemberActor, bob: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage
) -> None:
    """A decision there holds everywhere, and answers the reports of all."""
    simcord_env.bot.operators = frozenset({bob.id})
    await report(ada, await answered(ada, channel), "also-right")
    await bob.user.send_dm("hello")
    shown = await bob.user.slash("reports")
    assert "Reports from all servers" in text(shown.response)
    await bob.user.select(shown.response, ["q/q-dns"], custom_id="portside.reports-open")
    issue = await bob.user.click(shown.response, label="Text for an issue")
    assert "Question q-dns" in text(issue.response)
    assert "Written in content:1" in text(issue.response)
    assert str(ada.id) not in text(issue.response)
    window = await bob.user.click(shown.response, label="Take it out")
    await bob.user.submit_modal(window, {"words": "Option C is right too."})
    assert await storage.read(lambda db: quarantines.held(db, 0)) == {"q-dns"}
    assert await storage.read(lambda db: reports.open_ones(db, simcord_env.guild.id)) == []


async def test_figures_of_all_questions(host: simcord.MemberActor, ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """A page of them, without any figure while few have answered."""
    await answered(ada, channel)
    shown = await host.slash(channel, "reports")
    await host.click(shown.response, label="Figures of all questions")
    assert "What happens in q-dns?" in text(shown.response)
    assert "too few answers to show any figure" in text(shown.response)
    assert "%" not in text(shown.response)
    await host.select(shown.response, ["q/q-dns"])
    assert "No report waits" in text(shown.response)
    assert "Take it out" in buttons(shown.response)
    assert action(shown.response, "All reports") == "portside.reports-queue"


async def test_an_option_is_accepted_as_well(
    simcord_env: simcord.Env, ada: simcord.MemberActor, bob: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage
) -> None:
    """The operator says which; the learner's answer counts, the question is taken out, and the learner is told once, alone."""
    simcord_env.bot.operators = frozenset({bob.id})
    quiz = await answered(ada, channel, "C")
    await report(ada, quiz, "also-right")
    assert "Accept another option" not in buttons((await bob.user.slash("reports")).response)
    shown = await bob.user.slash("reports")
    await bob.user.select(shown.response, ["q/q-dns"], custom_id="portside.reports-open")
    assert {"Accept another option", "Let it not count"} <= set(buttons(shown.response))
    window = await bob.user.click(shown.response, label="Accept another option")
    assert "B · It is refused." in str(window.modal)
    assert "A · It answers." not in str(window.modal)
    done = await bob.user.submit_modal(window, {"option": "2", "words": ""})
    assert "1 answer of 1 person is corrected" in text(done.response)
    assert await storage.read(lambda db: attempts.last_results(db, ada.id)) == {"q-dns": True}
    assert await storage.read(lambda db: quarantines.held(db, 0)) == {"q-dns"}

    following = await ada.click(quiz.response, label="See the result")
    assert "1 of 1 right" in text(quiz.response)
    [told] = following.followups
    assert "An answer of yours was corrected" in text(told)
    assert "“It times out.” is right as well, so your answer counts as right now" in text(told)
    assert "You reported" in text(told)
    assert (await ada.slash(channel, "help")).followups == []


async def test_only_the_owner_of_a_question_corrects_answers(
    simcord_env: simcord.Env, ada: simcord.MemberActor, host: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage
) -> None:
    """A server's moderators have no such button on our questions, and a form that says so all the same does nothing."""
    await report(ada, await answered(ada, channel, "C"))
    shown = await opened(host, channel)
    assert not {"Accept another option", "Let it not count"} & set(buttons(shown.response))
    judge = simcord_env.bot.app.judge_reports
    for verdict, filled in (("void", {}), ("also", {"option": "2"})):
        refused = await judge.decide(simcord_env.guild.id, verdict, "q", "q-dns", "0", filled)
        assert "cannot be decided here" in refused.blocks[0].markdown
    for option in ("0", "9", "-1", "x" * 5000, ""):
        refused = await judge.decide(0, "also", "q", "q-dns", "0", {"option": option})
        assert "has no such option" in refused.blocks[0].markdown
    assert await storage.read(lambda db: attempts.last_results(db, ada.id)) == {"q-dns": False}


async def test_a_question_that_does_not_count(
    simcord_env: simcord.Env, ada: simcord.MemberActor, bob: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage
) -> None:
    """Left out of mistakes and reviews; the way back is there once it is mended, and counts afresh."""
    simcord_env.bot.operators = frozenset({bob.id})
    await report(ada, await answered(ada, channel))
    shown = await bob.user.slash("reports")
    await bob.user.select(shown.response, ["q/q-dns"], custom_id="portside.reports-open")
    window = await bob.user.click(shown.response, label="Let it not count")
    done = await bob.user.submit_modal(window, {"words": "Two options said the same."})
    assert "1 answer of 1 person is left out" in text(done.response)
    assert "It no longer counts, neither for you nor against you." in text((await ada.slash(channel, "mistakes")).followups[0])
    assert await storage.read(lambda db: cards.of(db, ada.id)) == []
    await bob.user.click(done.response, label="The case once more")
    assert buttons(done.response) == ["Bring it back", "Text for an issue", "All reports"]
    window = await bob.user.click(done.response, label="Bring it back")
    await bob.user.submit_modal(window, {"words": ""})
    assert await storage.read(lambda db: quarantines.held(db, 0)) == frozenset()


async def test_labs_steps_and_exports_follow_what_is_taken_out(
    simcord_env: simcord.Env, ada: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage
) -> None:
    """A lab is neither listed nor begun, the question of a step waits, and a doubtful key goes into no deck."""
    lab = Lab("broken", "A broken one", "It is broken.", ("svc-selector-match",), (), {"expect": {}}, ("a", "b", "c", "d"), (), "Because.")
    simcord_env.bot.app.library.labs["broken"] = lab
    await answered(ada, channel)
    assert "A broken one" in text((await ada.slash(channel, "lab list")).response)
    for thing in (Thing(Kind.LAB, "broken"), Thing(Kind.QUESTION, "q-why"), Thing(Kind.QUESTION, "q-dns")):
        await storage.write(lambda db, thing=thing: quarantines.take_out(db, thing, 0, NOW))  # type: ignore[misc]
    assert "A broken one" not in text((await ada.slash(channel, "lab list")).response)
    assert "taken out while somebody looks" in text((await ada.slash(channel, "lab start", name="broken")).response)
    lesson = await ada.slash(channel, "lesson", lesson="why-services")
    waiting = await ada.click(lesson.response, label="Question")
    assert "taken out while somebody looks" in text(waiting.response)
    assert "nothing to take along" in text((await ada.slash(channel, "export", to="csv")).response)


async def test_a_servers_own_questions_are_its_own_affair(
    simcord_env: simcord.Env, ada: simcord.MemberActor, bob: simcord.MemberActor, host: simcord.MemberActor,
    channel: simcord.ChannelHandle, storage: Storage,
) -> None:  # fmt: skip
    """Wherever they are reported, the server's moderators see it and may correct answers; the operator and other servers do not."""
    app, server = simcord_env.bot.app, simcord_env.guild.id
    own = replace(choice(f"{server}/own-q", topic="ours"), server=server, pack="ours")
    app.questions.take_in(Pack(server, "ours", "Ours", {own.id: own}))
    simcord_env.bot.operators = frozenset({bob.id})
    receipt = await app.report_item.send(ada.id, 0, "q", own.id, "", {"reason": "key", "words": ""})
    assert "The moderators of the server whose question it is look at it" in receipt.blocks[0].markdown
    attempt = Attempt(ada.id, own.id, "", "s", 0, 1, False, "", NOW, misconception="name-matches")
    await storage.write(lambda db: answers.record(db, attempt, own.level, 3))

    assert "Nothing waits" in text((await bob.user.slash("reports")).response)
    assert "Nothing has been answered" in (await app.judge_reports.items(0, 0)).blocks[0].markdown
    assert "Nothing has been answered" in (await app.judge_reports.items(server + 1, 0)).blocks[0].markdown
    assert f"q/{own.id}" in str((await app.judge_reports.items(server, 0)).blocks)
    for refused in (await app.judge_reports.case(0, "q", own.id), await app.judge_reports.decide(0, "keep", "q", own.id, "0", {})):
        assert "cannot be decided here" in refused.blocks[0].markdown
    shown = await opened(host, channel, f"q/{own.id}")
    issue = await host.click(shown.response, label="Text for the author")
    assert "`/pack upload` of the corrected file mends it" in text(issue.response)
    assert "pack `ours`" in text(issue.response)
    window = await host.click(shown.response, label="Accept another option")
    done = await host.submit_modal(window, {"option": "1", "words": ""})
    assert "1 answer of 1 person is corrected" in text(done.response)
    assert await storage.read(lambda db: attempts.last_results(db, ada.id)) == {own.id: True}
    assert await storage.read(lambda db: quarantines.held(db, server)) == {own.id}
    assert await storage.read(lambda db: quarantines.held(db, 0)) == frozenset()


async def test_figures_alone_bring_a_question_before_the_operator(
    simcord_env: simcord.Env, channel: simcord.ChannelHandle, storage: Storage
) -> None:
    """A hundred answers in which the stronger are right no more often: proposed, not taken out; once decided, not proposed again."""

    def work(db: Database) -> None:
        for number in range(100):
            attempt = Attempt(number, "q-dns", "s", f"s{number}", 0, number % 3, number % 3 == 0, "", NOW, strength=500 * (number % 2))
            item_counters.count(db, attempt)

    await storage.write(work)
    judge = simcord_env.bot.app.judge_reports
    said = (await judge.queue(0)).blocks[0].markdown
    assert "no report: its figures alone" in said
    assert "proposed to be taken out" in said
    assert "Nothing waits" in (await judge.queue(simcord_env.guild.id)).blocks[0].markdown
    assert await storage.read(lambda db: quarantines.held(db, 0)) == frozenset()
    await judge.decide(0, "keep", "q", "q-dns", "0", {"words": ""})
    assert "Nothing waits" in (await judge.queue(0)).blocks[0].markdown


async def test_the_answers_of_many_are_corrected_in_turns(
    simcord_env: simcord.Env, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The decision keeps nobody waiting: answers are counted in turns, some people's are corrected with it, the pulse does the rest."""
    monkeypatch.setattr(corrections, "_COUNTED", 5)
    item, many = choice("q-dns", topic="dns"), 12

    def fill(db: Database) -> None:
        for learner in range(1, many + 1):
            attempt = Attempt(learner, item.id, item.skill, f"s{learner}", 0, 2, False, "", NOW, misconception="silent-drop")
            answers.record(db, attempt, item.level, 3)

    await storage.write(fill)
    done = await simcord_env.bot.app.judge_reports.decide(0, "void", "q", "q-dns", "0", {})
    assert "12 answers of 12 people are left out" in done.blocks[0].markdown
    assert 0 < await storage.read(lambda db: db.table("attempts").count_where("voided")) < many
    await simcord_env.advance_time(2 * SECONDS)
    assert await storage.read(lambda db: db.table("attempts").count_where("voided")) == many
    assert await storage.read(lambda db: db.table("tidings").count) == many
