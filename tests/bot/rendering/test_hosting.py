"""Hosts' screens at their fullest, and every question as one of the day, fit Discord's limits."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from random import Random

from bot.generators import TEMPLATES, generate
from bot.learning import daily
from bot.learning.hosting import DailyFault, DailyPlan, GroupChoices, Reward, RoleFault
from bot.learning.items import Choice
from bot.learning.quiz import question_of
from bot.learning.rewards import Wish
from bot.library import load
from bot.rendering import daily as look
from bot.rendering import daily_plan, rewards, server_settings
from bot.rendering.limits import fitted, problems

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
FIRST = 10**18
"""Discord's ids have nineteen digits."""
EVERYTHING = ("View Channel", "Send Messages", "Attach Files", "Create Private Threads", "Send Messages in Threads")


def test_every_question_as_one_of_the_day() -> None:
    """Asked late by a crowd, answered, revealed; what was written needs no file."""
    material = load()
    written = [item for item in material.items.values() if isinstance(item, Choice)]
    made = [item for name in TEMPLATES if (item := generate(name, "seed"))]
    found = {}
    for item in (*written, *made):
        answers = {FIRST + person: daily.Given(person % 3, 60) for person in range(3000)}
        due = (NOW - timedelta(hours=5)).isoformat()
        asked = daily.Daily("abcdefghijkm", question_of(item, Random(1)), due, NOW.isoformat(), answers)
        revealed, _ = daily.step(asked, daily.Reveal(), NOW)
        screens = [look.question(asked, item), look.chosen(asked, item, FIRST), look.reveal(revealed, item), look.others(revealed, item)]
        screens += [look.mine(revealed, item, FIRST + person) for person in (0, 1, 2, 3000)]
        found[item.id] = [fault for screen in screens for fault in problems(fitted(screen))]
        if not item.instance:
            found[item.id] += [f"cut: {screen.blocks[0]}" for screen in screens if len(fitted(screen).blocks) > len(screen.blocks)]

    assert {name: what for name, what in found.items() if what} == {}


def test_the_fullest_settings() -> None:
    """Ten channels in which everything is missing, five roles none of which can be given, a plan in trouble."""
    channels = tuple(FIRST + n for n in range(10))
    choices = GroupChoices(channels, str(FIRST + 20), "intermediate")
    group = server_settings.rounds_in_words(choices, [(channel, EVERYTHING) for channel in channels], 10, role_gone=True)
    plan = DailyPlan(FIRST, time(9), "America/Argentina/ComodRivadavia", "troubleshooting", ("advanced",), NOW, DailyFault.EXHAUSTED, 6)
    day = daily_plan.in_words(plan, "p" * 100, 12, 0, EVERYTHING)
    offered = [
        (Reward(FIRST + n, skills=n, topic="" if n else "network-policy"), fault) for n, fault in zip(range(5), RoleFault, strict=False)
    ]
    roles = rewards.in_words(offered, take_back=True)
    topics = [f"topic-{n}" for n in range(40)]
    offer = {**{topic: topic for topic in topics}, **{f"pack/{n}": "p" * 120 for n in range(20)}}
    named = [(reward, "r" * 100) for reward, _ in offered]
    learner = [(reward, 70, 66) for reward, _ in offered]
    screens = [
        server_settings.overview([group, day, roles]),
        server_settings.rounds(group, choices, channels, FIRST + 20, most=10),
        daily_plan.settings(day, plan, FIRST, offer),
        daily_plan.which_zone("x" * 4000, [f"Zone/{n}" for n in range(25)], time(9), several=400),
        rewards.settings(roles, named, take_back=False, full=True),
        rewards.settings(roles, named[:4], take_back=True, full=False),
        rewards.what_for(FIRST, (3, 5, 10, 15, 20, 30, 40, 50), 66, topics),
        rewards.mine(learner, (), Wish.NONE, [reward.role for reward, _ in offered]),
        rewards.changed([FIRST + n for n in range(5)], [FIRST + n for n in range(5)], unwanted=False),
        rewards.offer(),
    ]
    assert [fault for screen in screens for fault in problems(screen)] == []
    assert [screen for screen in screens if fitted(screen) != screen] == []
