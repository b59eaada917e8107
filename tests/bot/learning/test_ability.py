"""Strength of learners, difficulty of items, and choosing between them."""

from __future__ import annotations

from random import Random

from bot.learning.ability import Ability, Candidate, Rating, chance, choose, interleaved, update


def test_the_chance_counts_guessing() -> None:
    """An even match is one half without options, and more with something to guess from."""
    assert chance(0, 0) == 0.5
    assert chance(0, 0, options=4) == 0.625
    assert chance(-9, 0, options=4) < 0.26


def test_estimates_find_the_truth_in_simulated_answers() -> None:
    """After 200 answers the order of strong, middling and weak learners is the true one, each within half a logit."""
    random, found = Random(7), []
    for truth in (-1.0, 0.0, 1.2):
        ability = Ability()
        for n in range(200):
            difficulty = random.uniform(-1.5, 1.5)
            correct = random.random() < chance(truth, difficulty, 4)
            ability, _ = update(ability, Rating(difficulty, 500), f"skill-{n % 5}", correct=correct, options=4)
        found.append(sum(ability.at(f"skill-{n}") for n in range(5)) / 5)
        assert abs(found[-1] - truth) < 0.5
    assert found == sorted(found)


def test_a_hard_item_becomes_hard() -> None:
    """An item that good learners miss rises."""
    item = Rating()
    for _ in range(30):
        _, item = update(Ability(Rating(1.0, 100)), item, "s", correct=False)
    assert item.value > 1.0


def test_the_choice_aims_at_three_in_four_and_mixes_look_alikes() -> None:
    """Items too easy or too hard stand back; the two of one group come one after the other."""
    candidates = [
        Candidate("too-easy", "s1", -4, 4), Candidate("too-hard", "s2", 4, 4), Candidate("refused", "s3", 0.0, 4, "refused-or-timeout"),
        Candidate("other", "s4", 0.1, 4), Candidate("timeout", "s5", 0.0, 4, "refused-or-timeout"),
    ]  # fmt: skip
    chosen = [c.item for c in interleaved(choose(candidates, Ability(Rating(0.7, 50)), 3, Random(1)))]
    assert sorted(chosen) == ["other", "refused", "timeout"]
    assert abs(chosen.index("refused") - chosen.index("timeout")) == 1
