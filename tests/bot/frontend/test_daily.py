"""The question of the day, from the host's settings to the reveal, in simcord's world."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

import discord
import pytest
import simcord

from bot.app.workers import Workers
from bot.frontend.client import Bot, build_bot
from bot.frontend.pulse import SECONDS
from bot.frontend.surroundings import Around
from bot.generators import TEMPLATES
from bot.learning.hosting import DailyFault
from bot.learning.items import Pack
from bot.learning.reporting import Kind, Thing, Verdict
from bot.settings import Settings
from bot.storage import Storage, daily_plans, quarantines, reports
from tests.bot.conftest import NOW
from tests.bot.material import choice, library
from tests.bot.screen import buttons, text


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def new_bot(storage: Storage, workers: Workers, clock: Clock) -> Callable[[], Bot]:
    return lambda: build_bot(Settings(shard_count=1), library(), storage, workers, clock, Random(7))


async def later(env: simcord.Env, clock: Clock, **time: float) -> None:
    """Time passes, and the bot's pulse beats: for what is due, and for what is to be shown."""
    clock.now += timedelta(**time)
    await env.advance_time(4 * SECONDS)


async def switched_on(host: simcord.MemberActor, channel: simcord.ChannelHandle, time: str = "12:00", zone: str = "UTC") -> Any:
    """The settings' message after a host has planned the question at this time."""
    shown = await host.slash(channel, "settings")
    await host.click(shown.response, label="Question of the day")
    form = await host.click(shown.response, label="Time and zone ...")
    await host.submit_modal(form, {"time": time, "zone": zone})
    await host.select(shown.response, [channel], custom_id="portside.settings-daily-channel")
    await host.click(shown.response, label="Switch on")
    return shown.response


def letter(message: Any, option: str) -> str:
    line = next(line for line in text(message).split("\n") if line.endswith(option))
    return str(line.split("**")[1])


async def plan_of(storage: Storage, env: simcord.Env) -> daily_plans.DailyPlan:
    return await storage.read(lambda db: daily_plans.of(db, env.guild.id))


async def test_from_the_plan_to_the_reveal(
    simcord_env: simcord.Env, host: simcord.MemberActor, ada: simcord.MemberActor, bob: simcord.MemberActor,
    channel: simcord.ChannelHandle, storage: Storage, clock: Clock,
) -> None:  # fmt: skip
    """Posted at the server's time, answered privately, changed, revealed a day later in the same message, counted once."""
    settings = await switched_on(host, channel, "14:00", "berlin")
    assert f"On: every day at 14:00 (`Europe/Berlin`) in <#{channel.id}>" in text(settings)
    await later(simcord_env, clock, minutes=59)
    assert channel.history() == []
    await later(simcord_env, clock, minutes=1, seconds=1)
    [question] = channel.history()
    assert "## Question of the day" in text(question)
    assert "I was away" not in text(question)
    assert buttons(question) == ["A", "B", "C", "Report"]

    right, wrong = letter(question, "It answers."), letter(question, "It is refused.")
    first = await ada.click(question, label=wrong)
    assert first.ephemeral
    assert f"Your answer: **{wrong}**" in text(first.response)
    assert "There are endpoints" not in text(first.response), "nothing is told before the reveal"
    await ada.click(question, label=right)
    await bob.click(question, label=wrong)
    assert await storage.read(lambda db: db.table("attempts").count) == 0

    edits = len([request for request in simcord_env.http_requests if request.method == "PATCH"])
    await later(simcord_env, clock, hours=24)
    assert len([request for request in simcord_env.http_requests if request.method == "PATCH"]) == edits + 1
    [following, question] = sorted(channel.history(), key=lambda message: -message.id)
    assert "1 of 2 · right" in text(question)
    assert "2 people have answered" in text(question)
    assert "**Right:** The labels match." in text(question)
    assert buttons(question) == ["My answer", "Why not the others", "Read more", "Report"]
    assert buttons(following) == ["A", "B", "C", "Report"]
    rows = await storage.read(lambda db: list(db.query("SELECT learner, correct, at FROM attempts")))
    assert {row["learner"]: row["correct"] for row in rows} == {ada.id: 1, bob.id: 0}
    assert {row["at"] for row in rows} == {(NOW + timedelta(hours=1, seconds=1)).isoformat()}, "the day on which it was answered counts"
    assert "✓ Right" in text((await ada.click(question, label="My answer")).response)
    assert f"Right is {right}." in text((await bob.click(question, label="My answer")).response)
    assert "You gave no answer" in text((await host.click(question, label="My answer")).response)
    assert "There are endpoints." in text((await host.click(question, label="Why not the others")).response)
    await later(simcord_env, clock, hours=2)
    assert len(channel.history()) == 2
    assert len(await storage.read(lambda db: list(db.query("SELECT * FROM attempts")))) == 2


async def test_no_question_comes_twice_and_the_stock_is_told(
    simcord_env: simcord.Env, host: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage, clock: Clock
) -> None:
    """Three questions last for three days; afterwards the settings say why there is none, and a wider choice goes on."""
    settings = await switched_on(host, channel)
    assert "These last for 3 days" in text(settings)
    await host.select(settings, ["services"], custom_id="portside.settings-daily-topic")
    assert "- In stock: 2 written questions. None comes twice within 90 days" in text(settings)
    for _ in range(4):
        await later(simcord_env, clock, hours=24)
    asked = [text(message) for message in channel.history()]
    assert len(asked) == 2
    assert sum("`q-why`" in each for each in asked) == sum("`q-labels`" in each for each in asked) == 1
    assert (await plan_of(storage, simcord_env)).fault is DailyFault.EXHAUSTED
    again = (await host.slash(channel, "settings")).response
    assert "all that fit were asked within the last 90 days" in text(again)
    await host.click(again, label="Question of the day")
    await host.select(again, ["any"], custom_id="portside.settings-daily-topic")
    await host.select(again, ["advanced", "architect"], custom_id="portside.settings-daily-levels")
    assert "- About: every topic, advanced, architect" in text(again)
    await later(simcord_env, clock, hours=24)
    assert "`q-dns`" in text(sorted(channel.history(), key=lambda message: message.id)[-1])


async def test_after_an_absence_one_question_comes_and_says_so_or_none(
    simcord_env: simcord.Env, host: simcord.MemberActor, channel: simcord.ChannelHandle, clock: Clock
) -> None:
    """Three hours late, after three days: one, which says so. Eight hours late: none, since the next one is near."""
    await switched_on(host, channel)
    await later(simcord_env, clock, days=3, hours=4)
    [question] = channel.history()
    assert "I was away" in text(question)
    await later(simcord_env, clock, days=2, hours=5)
    assert len(channel.history()) == 1
    await later(simcord_env, clock, hours=15)
    assert len(channel.history()) == 2


async def test_a_question_from_a_random_cluster(
    simcord_env: simcord.Env, host: simcord.MemberActor, ada: simcord.MemberActor, channel: simcord.ChannelHandle, clock: Clock,
    storage: Storage, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """It is found again by its seed, after a restart as well, and the run behind it can be seen."""
    template = TEMPLATES["gen-svc-selector-match"]
    monkeypatch.setattr("bot.app.questions.TEMPLATES", {template.id: template})
    settings = await switched_on(host, channel)
    assert "1 kind from random clusters" in text(settings)
    for day in range(5):
        await later(simcord_env, clock, hours=24)
        newest = max(channel.history(), key=lambda message: message.id)
        await ada.click(newest, label="A")
        assert len(channel.history()) == day + 1
    await later(simcord_env, clock, hours=24)
    rows = await storage.read(lambda db: list(db.query("SELECT item, instance FROM attempts")))
    assert len(rows) == 5
    assert len({(row["item"], row["instance"]) for row in rows}) == 5
    made = [message for message in channel.history() if "The run" in buttons(message)]
    assert made
    assert "What the simulated cluster shows" in text((await ada.click(made[0], label="The run")).response)


async def test_a_channel_that_was_deleted_switches_it_off(
    simcord_env: simcord.Env, host: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage, clock: Clock
) -> None:
    """Nothing fails, the host reads why, and the question that nobody saw is not lost."""
    doomed = simcord_env.guild.create_text_channel("doomed")
    shown = (await host.slash(channel, "settings")).response
    await host.click(shown, label="Question of the day")
    await host.select(shown, [doomed], custom_id="portside.settings-daily-channel")
    await host.click(shown, label="Switch on")
    await simcord_env.bot.get_channel(doomed.id).delete()
    await later(simcord_env, clock, hours=22)
    assert (await plan_of(storage, simcord_env)).following is None
    told = (await host.slash(channel, "settings")).response
    assert "The channel is no longer there. Choose another one." in text(told)
    await host.click(told, label="Question of the day")
    assert "Switch on" not in buttons(told), "there has to be a channel first"
    assert await storage.read(lambda db: daily_plans.asked(db, simcord_env.guild.id)) == {}
    assert await storage.read(lambda db: db.table("sessions").count) == 0


async def test_a_channel_in_which_the_bot_may_not_write(
    simcord_env: simcord.Env, host: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage, clock: Clock
) -> None:
    """Said when it is chosen and when it is tried; after a week it is switched off; with the permission it goes on."""
    guild = simcord_env.guild
    closed = guild.create_text_channel("closed", overwrites={guild.default_role: discord.PermissionOverwrite(send_messages=False)})
    shown = (await host.slash(channel, "settings")).response
    await host.click(shown, label="Question of the day")
    await host.select(shown, [closed], custom_id="portside.settings-daily-channel")
    assert f"In <#{closed.id}> I lack *Send Messages*: I cannot ask there" in text(shown)
    await host.click(shown, label="Switch on")
    for day in range(7):
        assert (await plan_of(storage, simcord_env)).failures == day
        await later(simcord_env, clock, hours=24)
    assert (await plan_of(storage, simcord_env)).following is None
    await simcord_env.bot.get_channel(closed.id).edit(overwrites={})
    told = (await host.slash(channel, "settings")).response
    assert "After a week of that I have switched it off" in text(told)
    await host.click(told, label="Question of the day")
    await host.click(told, label="Switch on")
    assert "⚠ The last" not in text(told)
    await later(simcord_env, clock, hours=24)
    assert len(closed.history()) == 1


async def test_a_zone_that_is_none_or_not_the_only_one(
    simcord_env: simcord.Env, host: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage
) -> None:
    """A part of a name leads to a menu, nonsense to a sentence, a time that is none as well; the command completes names."""
    shown = (await host.slash(channel, "settings")).response
    await host.click(shown, label="Question of the day")
    form = await host.click(shown, label="Time and zone ...")
    await host.submit_modal(form, {"time": "7:30", "zone": "new york"})
    assert (await plan_of(storage, simcord_env)).zone == "America/New_York"
    form = await host.click(shown, label="Time and zone ...")
    await host.submit_modal(form, {"time": "8:15", "zone": "america/argentina"})
    assert "time zones have `america/argentina` in their name" in text(shown)
    await host.select(shown, ["America/Argentina/Salta"], custom_id="portside.settings-daily-zone:08.15")
    assert "at 08:15 (`America/Argentina/Salta`)" in text(shown)
    form = await host.click(shown, label="Time and zone ...")
    refused = await host.submit_modal(form, {"time": "25:00", "zone": "UTC"})
    assert "I read times as" in text(refused.response)
    form = await host.click(shown, label="Time and zone ...")
    refused = await host.submit_modal(form, {"time": "9:00", "zone": "@everyone `"})
    assert "I know no time zone" in text(refused.response)
    assert "Europe/Berlin" in [choice["value"] for choice in await host.autocomplete(channel, "settings", "zone", "berl")]
    assert "(`Europe/Berlin`)" in text((await host.slash(channel, "settings", zone="Europe/Berlin")).response)
    looks_like = await host.slash(channel, "settings", zone="Europe/Berlln")
    assert "These look like it" in text(looks_like.response)


async def test_the_settings_of_the_day_are_a_hosts_alone(
    simcord_env: simcord.Env, host: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage
) -> None:
    """Every menu, button and form of it, however old."""
    shown = (await host.slash(channel, "settings")).response
    await host.click(shown, label="Question of the day")
    form = await host.click(shown, label="Time and zone ...")
    await host.select(shown, [channel], custom_id="portside.settings-daily-channel")
    before = await plan_of(storage, simcord_env)
    simcord_env.backend.remove_member_role(simcord_env.guild.id, host.id, simcord_env.guild.roles["Hosts"].id)
    for refused in (
        await host.submit_modal(form, {"time": "7:30", "zone": "UTC"}),
        await host.click(shown, label="Switch on"),
        await host.click(shown, label="Time and zone ..."),
        await host.select(shown, ["services"], custom_id="portside.settings-daily-topic"),
        await host.select(shown, ["beginner"], custom_id="portside.settings-daily-levels"),
        await host.select(shown, [], custom_id="portside.settings-daily-channel"),
    ):
        assert "people who have *Manage Server*" in text(refused.response)
    assert await plan_of(storage, simcord_env) == before


async def test_a_message_that_somebody_deleted_comes_back_neither_asked_nor_revealed(
    simcord_env: simcord.Env, host: simcord.MemberActor, ada: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage,
    clock: Clock,
) -> None:  # fmt: skip
    """Moderators have the last word on their channel; the answers count all the same."""
    await switched_on(host, channel)
    await later(simcord_env, clock, hours=24)
    [question] = channel.history()
    await ada.click(question, label="A")
    await question.delete()
    await later(simcord_env, clock, hours=2)
    assert channel.history() == []
    await later(simcord_env, clock, hours=22)
    assert len(channel.history()) == 1, "the next day's"
    assert await storage.read(lambda db: db.table("attempts").count) == 1


async def test_a_question_that_is_taken_out_while_it_is_asked_counts_for_nothing(
    simcord_env: simcord.Env, host: simcord.MemberActor, ada: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage,
    clock: Clock,
) -> None:  # fmt: skip
    """It can be reported where it stands, and is withdrawn as soon as it is taken out: nobody is shown as right what is wrong."""
    server = simcord_env.guild.id
    await switched_on(host, channel)
    await later(simcord_env, clock, hours=24)
    [question] = channel.history()
    await ada.click(question, label="A")
    window = await ada.click(question, label="Report")
    await ada.submit_modal(window, {"reason": "unclear", "words": ""})
    [report] = await storage.read(lambda db: reports.open_ones(db, server))
    judge = simcord_env.bot.app.judge_reports
    await judge.decide(server, Verdict.KEPT.value, "q", report.thing.id, "0", {})
    await later(simcord_env, clock, seconds=3)
    assert buttons(channel.history()[0]) == ["A", "B", "C", "Report"], "only what is taken out is withdrawn"
    await judge.decide(server, Verdict.TAKEN_OUT.value, "q", report.thing.id, "1", {})
    await later(simcord_env, clock, seconds=3)
    [question] = channel.history()
    assert text(question).startswith("## Question of the day\nThis question was changed or taken out")
    assert buttons(question) == []
    assert await storage.read(lambda db: db.table("attempts").count) == 0


async def test_a_channel_of_another_server_is_none(
    simcord_env: simcord.Env, host: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage
) -> None:
    """Whatever a client may send, the question comes to the host's own server."""
    elsewhere = simcord_env.create_guild("Elsewhere").create_text_channel("private")
    around = Around(simcord_env.bot.get_guild(simcord_env.guild.id))
    await simcord_env.bot.app.daily_plans.set_channel(simcord_env.guild.id, around, elsewhere.id)
    assert (await plan_of(storage, simcord_env)).channel == 0


async def test_what_could_not_be_posted_for_hours_is_not_posted_any_more(
    simcord_env: simcord.Env, host: simcord.MemberActor, channel: simcord.ChannelHandle, clock: Clock
) -> None:
    """Begun and never sent, as by a bot that was killed in between: within hours it is sent after a look, later it is left."""
    await switched_on(host, channel)
    daily = simcord_env.bot.app.daily_question
    clock.now += timedelta(hours=24)
    (session,) = await daily.go_on()
    clock.now += timedelta(minutes=30)
    [board] = await daily.board(session)
    assert board.message is None
    assert board.nonce == session
    assert board.since is not None, "it may have been sent: it is looked for first"
    clock.now += timedelta(hours=6)
    assert await daily.board(session) == ()
    assert await daily.come_back() == [session]


async def test_it_may_come_from_the_servers_own_questions(
    simcord_env: simcord.Env, host: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage, clock: Clock
) -> None:
    """A menu of the server's packs beside the topics; what is taken out is not in stock, and a pack that goes is told of."""
    server, questions = simcord_env.guild.id, simcord_env.bot.app.questions
    own = {name: replace(choice(name), server=server, pack="ours") for name in (f"{server}/one", f"{server}/two")}
    questions.take_in(Pack(server, "ours", "Ours", own))
    await storage.write(lambda db: quarantines.take_out(db, Thing(Kind.QUESTION, f"{server}/one"), server, NOW))
    settings = await switched_on(host, channel, "14:00")
    await host.select(settings, ["pack/ours"], custom_id="portside.settings-daily-pack")
    assert "About: Ours (this server), any level" in text(settings)
    assert "In stock: 1 written question." in text(settings)
    await later(simcord_env, clock, hours=2)
    [question] = channel.history()
    assert f"`{server}/two`" in text(question)
    questions.give_up(server, "ours")
    late = await host.click(question, label="A")
    assert "changed or taken out" in text(late.response)
    await host.click(settings, label="Back to all settings")
    assert "a topic that is no longer there" in text(settings)
    assert "No question fits" in text(settings)
