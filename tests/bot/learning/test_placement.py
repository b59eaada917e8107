"""Finding out in a dozen questions what somebody knows."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from bot.learning.ability import Ability, Candidate, Rating
from bot.learning.items import Level, Skill
from bot.learning.placement import Observation, conclude, next_candidate, placed, strength, taken_as_known

observations = st.lists(st.builds(Observation, st.sampled_from(["a", "b"]), st.floats(-2, 2), st.sampled_from([0, 3, 4]), st.booleans()))


@given(observations, st.floats(-2, 2))
def test_a_right_answer_never_lowers_the_estimate(seen: list[Observation], difficulty: float) -> None:
    """Nor does a wrong one raise it, in this topic or another."""
    for topic in ("a", "b"):
        before = strength("a", seen)
        assert strength("a", [*seen, Observation(topic, difficulty, 4, True)]) >= before
        assert strength("a", [*seen, Observation(topic, difficulty, 4, False)]) <= before


def test_topics_take_turns_and_difficulty_follows_the_answers() -> None:
    """The topic least asked about is next; after right answers a harder question than after wrong ones."""
    pool = [(topic, Candidate(f"{topic}{d}", topic, d, 4)) for topic in ("a", "b") for d in (-1, 0, 1, 2)]
    right = [Observation("a", 0.5, 4, True)] * 4 + [Observation("b", 0.5, 4, True)] * 3
    wrong = [Observation("a", 0.5, 4, False)] * 4 + [Observation("b", 0.5, 4, False)] * 3
    harder, easier = next_candidate(pool, right, Random(1)), next_candidate(pool, wrong, Random(1))
    assert harder is not None
    assert easier is not None
    assert harder.skill == easier.skill == "b"
    assert harder.difficulty > easier.difficulty
    assert next_candidate([], right, Random(1)) is None


def test_conclusions_are_taken_over_where_nothing_is_known() -> None:
    """A skill with answers of its own keeps its estimate; one without takes the topic's, and may be taken as known."""
    skills = [Skill("easy", "E", "a", Level.BEGINNER, "fact"), Skill("hard", "H", "a", Level.ARCHITECT, "fact"),
              Skill("met", "M", "a", Level.BEGINNER, "fact")]  # fmt: skip
    before = Ability(Rating(0.5, 12), {"met": Rating(-2.0, 5)})
    found = conclude(["a"], [Observation("a", 0.9, 4, True)] * 8)
    after = placed(before, skills, found)
    assert after.skills["met"] == Rating(-2.0, 5)
    assert abs(after.at("easy") - found[0].strength) < 1e-9
    assert taken_as_known(after, skills) == {"easy"}
    assert taken_as_known(Ability(), skills) == frozenset()
