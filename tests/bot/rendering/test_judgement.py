"""Every item of the library as a moderator sees it fits Discord's limits; hostile words stay words; few answers show no figure."""

from __future__ import annotations

from functools import cache

import pytest

from bot.app.material import Material
from bot.app.questions import Questions
from bot.learning.item_analysis import Analysis, Tally, analyse
from bot.learning.items import Choice
from bot.learning.reporting import Case, Decision, Kind, Reason, Report, Thing, Verdict
from bot.library import load
from bot.rendering import judgement, reports
from bot.rendering.judgement import Checked, Judged
from bot.rendering.limits import fitted, problems, text_of
from bot.rendering.reply import Menu
from tests.bot.learning.test_item_analysis import tally
from tests.bot.material import choice

HOSTILE = "# heading\n@everyone <@123> ``` ** \u202e [x](https://evil.example) https://evil.example"


@cache
def material() -> Material:
    from random import Random

    return Material(load(), Questions(load(), Random(1)))


def many(thing: Thing, count: int = 40) -> tuple[Report, ...]:
    return tuple(Report(n, 10**18 + n, thing, "", 1, list(Reason)[n % 5], (HOSTILE * 9)[:500], "") for n in range(count))


FIGURES = analyse(
    [tally(0, True, [0, 10] * 20), tally(1, False, [900] * 30), tally(2, False, [500])],
    [0, 0, 1, 10, 20, 10, 5, 0, 0, 0, 0, 0, 25],
    (0, 1, 2),
)


def test_every_thing_fits_with_forty_hostile_reports() -> None:
    """Questions, labs, steps and pages, with all figures, a failed proof and a decision; the buttons carry their ids."""
    library = load()
    kinds = {
        Kind.QUESTION: [item.id for item in library.questions.values() if material().find(Thing(Kind.QUESTION, item.id))],
        Kind.LAB: library.labs, Kind.STEP: library.chunks, Kind.PAGE: library.explanations,
    }  # fmt: skip
    for kind, names in kinds.items():
        for name in names:
            thing = Thing(kind, name)
            found = material().find(thing)
            assert found is not None
            decision = Decision(10**6, thing, 0, Verdict.TAKEN_OUT, -1, HOSTILE, "")
            judged = Judged(Case(thing, many(thing), FIGURES), material().title(thing), 0, decision, frozenset({0}), True)
            checked = Checked(("the proof: `requests[0]` is another one than expected",) * 3)
            shown = fitted(judgement.case(judged, found, material().scenario(found), checked))
            assert problems(shown) == [], thing
            assert problems(fitted(judgement.issue(judged, material().place(thing), checked))) == [], thing
            for verdict in Verdict:
                form = judgement.form(judged, verdict, 300, choice("q"))
                assert len(form.title) <= 45
                assert len(f"portside.{form.action}") <= 100, form.action
            assert len(f"portside.{reports.form(thing, 'abcdefgh', 500).action}") <= 100


def test_the_queue_fits_however_long_it_is() -> None:
    """Three hundred cases: ten of a page are listed, twenty-five can be opened; each case, and all that is taken out, is on some page."""
    questions = [Thing(Kind.QUESTION, name) for name, item in load().questions.items() if isinstance(item, Choice)]
    cases = [(Case(thing, many(thing), FIGURES), material().title(thing)) for thing in questions]
    held = [(thing, material().title(thing)) for thing in questions]
    shown = fitted(judgement.queue(cases, held, operator=True))
    assert problems(shown) == []
    assert "And 15 more in the menu" in text_of(shown)
    assert f"{len(cases)} wait for a decision, {len(held)} taken out" in text_of(shown)
    assert "taken out already" in text_of(shown)
    assert "proposed to be taken out" not in text_of(shown)
    pages = [judgement.queue(cases, held[:30], page, operator=True) for page in range(-(-len(cases) // 25))]
    assert all(problems(fitted(each)) == [] for each in pages)
    menus = [block for each in pages for block in each.blocks if isinstance(block, Menu)]
    for action, things in (("reports-open", [case.thing for case, _ in cases]), ("reports-held", [thing for thing, _ in held[:30]])):
        assert [entry.value for menu in menus if menu.action == action for entry in menu.entries] == [f"q/{each.id}" for each in things]
    assert judgement.queue(cases, held[:30], 10**6, operator=True) == pages[0]
    listed = [(thing, title, FIGURES) for thing, title in held]
    for page in (0, 3, 10**6, -1):
        assert problems(fitted(judgement.items(listed, page, operator=False))) == []
    assert problems(fitted(judgement.items([], 0, operator=False))) == []


def test_what_reporters_wrote_is_text_and_nothing_else() -> None:
    """No heading, mention, link, fence or turned direction comes of it, in the case, the issue and the tidings."""
    thing = Thing(Kind.QUESTION, "q")
    judged = Judged(Case(thing, many(thing, 1), Analysis()), "A title", 1, None, frozenset())
    tidings = reports.tidings([("decided", Decision(1, thing, 1, Verdict.KEPT, -1, HOSTILE, ""), "A title", "")] * 30)
    for shown in (judgement.case(judged, None, None, None), tidings):
        said = text_of(fitted(shown))
        assert problems(fitted(shown)) == []
        assert "\n# heading" not in said
        assert r"\@everyone" in said
        assert r"\<\@123>" in said
        assert r"https\://evil" in said
        assert "\u202e" not in said
    assert problems(fitted(judgement.issue(judged, "content:1", None))) == []


@pytest.mark.parametrize(
    ("answers", "said"), [(0, "too few answers to show any"), (9, "too few answers to show any"), (29, "Too few answers to judge by")]
)
def test_few_answers_tell_nothing_of_anybody(answers: int, said: str) -> None:
    """Below ten no figure at all; below thirty the share, and that it is too little to judge by."""
    found = analyse([Tally(0, "", True, answers, 0, answers, 0, 0)] if answers else [])
    line = judgement._figures(found)[0]
    assert said in line
    assert ("%" in line) == (answers >= 10)
    assert "⚑" not in text_of(judgement.items([(Thing(Kind.QUESTION, "q"), "q", found)], 0, operator=False))


def test_the_longest_id_of_a_servers_pack_fits_into_every_button() -> None:
    """Nineteen digits of the server, forty-eight characters of the question, a million decisions."""
    thing = Thing(Kind.QUESTION, f"{10**18}/{'q' * 48}")
    judged = Judged(
        Case(thing, many(thing), FIGURES), "A title", 10**18, Decision(10**6, thing, 1, Verdict.KEPT, -1, "", ""), frozenset({0})
    )
    assert problems(fitted(judgement.case(judged, None, None, None))) == []
    for verdict in Verdict:
        assert len(f"portside.{judgement.form(judged, verdict, 300, choice('q')).action}") <= 100
    assert len(f"portside.{reports.form(thing, '', 500).action}") <= 100
    assert thing.owner == 10**18


def test_a_reason_is_told_in_the_words_that_were_chosen() -> None:
    """Of a lab the form says `It refuses what is right`, of a page `Something in it is wrong`; so do receipt and queue."""
    for kind, words in (
        (Kind.LAB, "it refuses what is right"),
        (Kind.PAGE, "something in it is wrong"),
        (Kind.QUESTION, "the answer given"),
    ):
        thing = Thing(kind, "some-id")
        assert words in text_of(reports.received(thing, "A title", Reason.KEY, in_server=True, given_up=False))
        case = Case(thing, (Report(1, 2, thing, "", 1, Reason.KEY, "", ""),), Analysis())
        assert words in text_of(judgement.queue([(case, "A title")], [], operator=False))


def test_an_option_is_named_with_its_code_as_code() -> None:
    """As the learner saw it, without bare backticks."""
    decision = Decision(1, Thing(Kind.QUESTION, "q"), 1, Verdict.ACCEPTED, 1, "", "")
    assert "“`http://web`” is right as well" in text_of(reports.tidings([("corrected", decision, "A title", "`http://web`")]))
