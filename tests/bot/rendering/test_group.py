"""Every question of the bank fits Discord's limits in a round of sixty, every interview question in a drill, at every moment."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from random import Random

import pytest

from bot.learning import drill as drills
from bot.learning import round as rounds
from bot.learning.items import Choice, Written
from bot.learning.quiz import question_of
from bot.library import Library, load
from bot.rendering import drill as drill_look
from bot.rendering import round as round_look
from bot.rendering.limits import fitted, problems

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
FIRST = 10**18
"""Discord's ids have nineteen digits."""


@cache
def bank() -> Library:
    return load()


@pytest.mark.parametrize("mode", rounds.Mode)
def test_a_round_of_sixty_fits_at_every_moment(mode: rounds.Mode) -> None:
    """Lobby, question, reveal and table, with all people in them."""
    questions = [item for item in bank().questions.values() if isinstance(item, Choice)]
    teams = ("Red", "Blue", "Green", "Gold") if mode is rounds.Mode.TEAMS else ()
    for item in questions[:: 1 if mode is rounds.Mode.TOGETHER else 10]:
        game = rounds.Round("abcdefghijkm", FIRST, mode, (question_of(item, Random(1)),), 30, opened=NOW.isoformat(), teams=teams)
        events = [rounds.Join(FIRST + n) for n in range(60)]
        moves = [rounds.Start(FIRST), rounds.Choose(FIRST + 1, 0, 1), rounds.Lock(FIRST, 0), rounds.Next(FIRST, 0)]
        for event in (*events, *moves):
            game, _ = rounds.step(game, event, NOW)
            if event not in events[:-1]:
                assert problems(fitted(round_look.board(game, item))) == [], (item.id, game.phase)
        assert game.phase is rounds.Phase.OVER


def test_a_drill_fits_at_every_moment() -> None:
    """With the longest answer and the longest notes; the form within what Discord's forms take."""
    items = {item.id: item for item in bank().items.values() if isinstance(item, Written) and item.kind == "interview"}
    assert items
    for item in items.values():
        game = drills.Drill("abcdefghijkm", FIRST, 300, (item.id,), tuple(FIRST + n for n in range(20)), opened=NOW.isoformat())
        shown = [drill_look.board(game, items)]
        judged = [drills.Judge(FIRST + n, 0, drills.Card(2, (), "*" * 200)) for n in range(20)]
        moves = (drills.Start(FIRST), drills.Write(FIRST, 0, "*" * 4000), drills.EndTurn(FIRST, 0), *judged, drills.NextTurn(FIRST, 0))
        for event in moves:
            game, _ = drills.step(game, event, NOW)
            shown.append(drill_look.board(game, items))
            if game.phase is drills.Phase.SCORING:
                form = drill_look.score_form(game, item, FIRST)
                assert len(form.fields) <= 5
                assert all(len(field.label) <= 45 for field in form.fields)
        assert game.phase is drills.Phase.OVER
        shown += [drill_look.sheet(game, item, 0), drill_look.past(game, "turn-0", items), drill_look.past(game, "lobby", items)]
        for reply in shown:
            assert problems(fitted(reply)) == [], item.id
