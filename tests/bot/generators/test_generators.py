"""Every template gives many questions; a seed gives one; keys differ from distractors; options betray nothing."""

from dataclasses import replace
from functools import cache
from itertools import combinations
from random import Random
from unittest.mock import patch

import pytest

from bot.generators import TEMPLATES, different, generate
from bot.generators.draft import Draft, Reason, Template, UnfitError, Wrong, fitting, question
from bot.learning.items import Choice, Level
from bot.learning.quiz import Quiz, question_of
from bot.library.checks.fairness import MARGIN, scores
from bot.library.loader import load
from bot.rendering.escape import CODE_WIDTH
from bot.rendering.limits import CODE_LINES, fitted, problems
from bot.rendering.quiz import screen

SEEDS = [f"seed-{number}" for number in range(30)]


@cache
def _made_of(template: str) -> tuple[tuple[Choice, ...], tuple[Draft, ...]]:
    """The questions of all seeds, and the drafts that were looked at on the way."""
    found, drafts = TEMPLATES[template], []

    def make(dice: Random) -> Draft:
        drafts.append(found.make(dice))
        return drafts[-1]

    with patch.dict(TEMPLATES, {template: replace(found, make=make)}):
        made = [generate(template, seed) for seed in SEEDS]
    return tuple(question for question in made if question), tuple(drafts)


def questions(template: str) -> tuple[Choice, ...]:
    return _made_of(template)[0]


def drafts(template: str) -> tuple[Draft, ...]:
    return _made_of(template)[1]


@cache
def library():
    return load()


each = pytest.mark.parametrize("template", TEMPLATES)


@each
def test_twenty_distinct_questions_come_of_thirty_seeds(template: str) -> None:
    """Two questions differ in what is told, shown or offered."""
    assert different(questions(template)) >= 20


@each
def test_a_seed_gives_the_same_question_again(template: str) -> None:
    """After a restart the bot makes the question anew from its seed."""
    assert [generate(template, made.instance) for made in questions(template)[:3]] == list(questions(template)[:3])


@each
def test_one_option_is_right_and_all_differ(template: str) -> None:
    """Three or four options, one right; each wrong one has its misconception and its reason, and the run is kept."""
    for made in questions(template):
        assert 3 <= len(made.options) <= 4
        assert len({option.text for option in made.options}) == len(made.options)
        assert [option.misconception == "" for option in made.options] == [option.correct for option in made.options]
        assert sum(option.correct for option in made.options) == 1
        assert all(option.why for option in made.options)
        assert made.trace.strip()


@each
def test_the_right_answer_varies(template: str) -> None:
    """Neither its place nor its text can be learnt by heart."""
    made = questions(template)
    assert len({[option.correct for option in q.options].index(True) for q in made}) >= 3
    rights = [next(option.text for option in q.options if option.correct) for q in made]
    assert max(rights.count(text) for text in rights) < 0.9 * len(rights)


@each
def test_a_question_fits_the_library_and_discord(template: str) -> None:
    """Skill, topic, level, lesson and misconceptions are those of the library, and Discord takes the message."""
    known, skills = library(), library().skills
    found = TEMPLATES[template]
    assert (found.topic, found.level) == (skills[found.skill].topic, skills[found.skill].level)
    assert found.read_next in known.chunks
    for made in questions(template)[:10]:
        assert {option.misconception for option in made.options if not option.correct} <= set(known.misconceptions)
        assert problems(fitted(screen(Quiz("quiz", 1, (question_of(made, Random(1)),)), made))) == []


@each
def test_what_is_shown_can_be_read_on_a_phone(template: str) -> None:
    """No line and no manifest is so long that it is cut and moved into a file."""
    for made in questions(template):
        for manifest in made.manifests:
            lines = manifest.text.splitlines()
            assert max(len(line) for line in lines) <= CODE_WIDTH
            assert len(lines) <= CODE_LINES


@each
def test_every_reason_is_borne_out_by_its_cluster(template: str) -> None:
    """What is said of a cluster, to the right option and to every wrong one, is so in it and in its run."""
    for draft in drafts(template):
        told = [draft.why, *(wrong.why for wrong in draft.wrong if wrong.answer != draft.right)]
        assert [why.text for why in told if isinstance(why, Reason) and not why.holds] == []


@each
def test_a_reason_that_speaks_of_its_cluster_says_what_bears_it_out(template: str) -> None:
    """A text that is not the same in every cluster quotes one: it has to be a `Reason`. Plain texts are laws, and were read."""
    laws: dict[str, set[str]] = {}
    for draft in drafts(template):
        for name, why in [("", draft.why), *((wrong.misconception, wrong.why) for wrong in draft.wrong if wrong.answer != draft.right)]:
            if isinstance(why, str):
                laws.setdefault(name, set()).add(why)
    assert {name: texts for name, texts in laws.items() if len(texts) > 1} == {}


def test_readers_of_the_options_alone_do_not_beat_chance() -> None:
    """The longest, the most precise, the first option and the like are right as often as chance would have it."""
    made = [q for template in TEMPLATES for q in questions(template)]
    chance = sum(1 / len(q.options) for q in made) / len(made)
    assert {reader: score for reader, score in scores(made).items() if abs(score - chance) > MARGIN} == {}


def test_no_two_templates_share_a_skill() -> None:
    """A template is known by its skill."""
    assert all(a.skill != b.skill for a, b in combinations(TEMPLATES.values(), 2))


def test_a_reason_that_the_cluster_does_not_bear_out_is_not_told() -> None:
    """A wrong option whose reason is not so is left out; a right one makes no question."""
    no = Reason("because of that", holds=False)
    draft = Draft("?", (), "a", "so", [Wrong("m", "b", "no"), Wrong("m", "c", "no"), Wrong("m", "d", no)], "because", "trace")
    assert {option.text for option in _question(draft).options} == {"a", "b", "c"}
    with pytest.raises(UnfitError):
        _question(replace(draft, why=no))
    assert fitting(no, Reason("because of this", holds=True)).text == "because of this"


def _question(draft: Draft) -> Choice:
    return question(Template("skill", "topic", Level.BEGINNER, lambda _: draft, "source"), "seed", Random(1))


def _made(right: str, *wrong: str, without: str | None = None) -> Choice:
    draft = Draft("?", (), right, "so", [Wrong(f"m-{n}", text, "no") for n, text in enumerate(wrong)], "because", "trace", without)
    return _question(draft)


def test_wrong_rules_that_are_right_here_are_no_distractors() -> None:
    """At least two have to come to another answer than the run did, and to different ones."""
    assert {option.text for option in _made("a", "b", "a", "c", "b").options} == {"a", "b", "c"}
    for wrong in (("a", "b"), ("b", "b"), ()):
        with pytest.raises(UnfitError):
            _made("a", *wrong)


def test_a_cluster_in_which_the_key_fact_does_not_matter_is_passed_over() -> None:
    """Without the fact the run has to answer otherwise."""
    with pytest.raises(UnfitError):
        _made("a", "b", "c", without="a")


def test_a_draft_says_on_whose_behaviour_its_own_answer_rests() -> None:
    """Its note takes the place of the template's, which speaks of what all questions have in common."""
    draft = Draft("?", (), "a", "so", [Wrong("m", "b", "no"), Wrong("n", "c", "no")], "because", "trace")
    template = Template("skill", "topic", Level.BEGINNER, lambda _: draft, "source", model="the usual.")
    assert question(template, "seed", Random(1)).explanation == "because\n\nThis is a model, not a law: the usual."
    made = question(replace(template, make=lambda _: replace(draft, model="this one.")), "seed", Random(1))
    assert made.explanation == "because\n\nThis is a model, not a law: this one."


def test_an_unknown_template_gives_nothing() -> None:
    """An id that was never given, as after a change of version."""
    assert generate("gen-nothing", "1") is None
