"""Roles for what is mastered: what is earned, given, offered and taken."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.learning.hosting import Reward
from bot.learning.items import Level, Skill
from bot.learning.mastery import Standing
from bot.learning.rewards import Steps, Wish, counted, steps

THEN = datetime(2026, 11, 1, tzinfo=UTC)
REWARDS = (Reward(1, skills=3), Reward(2, topic="dns"))
SKILLS = [Skill(f"{topic}-{n}", "", topic, Level.BEGINNER, "proved") for topic in ("dns", "services") for n in range(3)]


def test_what_counts_is_mastered_now() -> None:
    """Skills of every topic, or all of one; one that opened again counts no longer; a topic without skills is never complete."""
    known = {"dns-0": Standing.MASTERED, "dns-1": Standing.REOPENED, "services-0": Standing.MASTERED, "elsewhere": Standing.MASTERED}
    assert counted(REWARDS[0], known, SKILLS) == (2, 3)
    assert counted(REWARDS[1], known, SKILLS) == (1, 3)
    assert counted(Reward(3, topic="gone"), known, SKILLS) == (0, 1)


def test_it_is_given_to_who_wants_to_be_seen_and_offered_to_who_has_not_said() -> None:
    """Asked once; a no is a no."""

    def todo(wish: Wish, held: set[int] | None = None) -> Steps:
        return steps(REWARDS, {1}, held or set(), {}, THEN, wish, take_back=False)

    assert todo(Wish.YES) == Steps(give=[1], take=[])
    assert todo(Wish.NONE) == Steps(take=[], ask=True)
    assert todo(Wish.ASKED) == Steps(take=[])
    assert todo(Wish.NO) == Steps(take=[])
    assert todo(Wish.NONE, {1}) == Steps(take=[]), "a moderator gave it by hand"


def test_what_a_moderator_took_stays_away_and_what_leaving_took_comes_back() -> None:
    """The day of joining tells the two apart."""
    before, after = THEN - timedelta(days=1), THEN + timedelta(days=1)
    for joined, wanted in ((before, []), (None, []), (after, [1])):
        assert steps(REWARDS, {1}, set(), {1: THEN}, joined, Wish.YES, take_back=False).give == wanted


def test_a_role_is_taken_back_only_if_the_host_chose_so_and_only_our_own() -> None:
    """Somebody's role from a moderator, and one that is a reward no longer, are not ours to take."""
    given_by_us = {1: THEN, 9: THEN}
    assert steps(REWARDS, set(), {1, 2, 9}, given_by_us, THEN, Wish.YES, take_back=False).take == []
    assert steps(REWARDS, set(), {1, 2, 9}, given_by_us, THEN, Wish.YES, take_back=True).take == [1]
    assert steps(REWARDS, {1}, {1, 2}, given_by_us, THEN, Wish.NO, take_back=False) == Steps(take=[1], unwanted=True)


@given(st.sets(st.integers(1, 2)), st.sets(st.integers(1, 2)), st.sets(st.integers(1, 2)), st.sampled_from(Wish), st.booleans())
def test_doing_it_leaves_nothing_to_do(earned: set[int], held: set[int], ours: set[int], wish: Wish, take_back: bool) -> None:
    """Given and taken as it says, the next look finds neither; nobody is given what they did not earn or do not want."""
    before = dict.fromkeys(ours, THEN)
    todo = steps(REWARDS, earned, held, before, None, wish, take_back=take_back)
    assert set(todo.give) <= earned
    assert not todo.give or wish is Wish.YES
    assert set(todo.take) <= ours & held
    then_held = (held | set(todo.give)) - set(todo.take)
    then_ours = {role: at for role, at in (before | dict.fromkeys(todo.give, THEN)).items() if role not in todo.take}
    asked = Wish.ASKED if todo.ask else wish
    again = steps(REWARDS, earned, then_held, then_ours, None, asked, take_back=take_back)
    assert (list(again.give), list(again.take), again.ask) == ([], [], False)
