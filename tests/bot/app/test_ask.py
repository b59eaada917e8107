"""`/ask`: what is there is found in a learner's words, what is not there is said not to be."""

from __future__ import annotations

import pytest

from bot.app.ask import Ask
from bot.library import load


@pytest.fixture(scope="module")
def ask() -> Ask:
    return Ask(load())


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("what is a selector?", "selector"),
        ("my selector matches no pods", "The selector matches no Pod"),
        ("netpol egress dns", "Egress is restricted and DNS forgotten"),
        ("Pod cannot resolve a name in another namespace", "A bare name from another namespace"),
        ("canary weights", "A route with two weights"),
        ("targetPort in quotes", "A port number in quotes"),
        ("all weights zero", "All weights are zero"),
        ("ExternalName", "ExternalName"),
        ("hostNetwork dns", "On the node's network, with the node's DNS"),
    ],
)
def test_a_question_finds_its_page(ask: Ask, question: str, title: str) -> None:
    """Among the few hits that are shown."""
    hits, _ = ask.find(question)
    assert title in [hit.page.title for hit in hits]


@pytest.mark.parametrize(
    ("question", "typed", "meant"),
    [
        ("headles service", "headles", "headless"),
        ("readyness probe", "readyness", "readiness"),
        ("endpoitns empty", "endpoitns", "endpoints"),
    ],
)
def test_a_slip_of_the_pen_is_read_as_what_was_meant(ask: Ask, question: str, typed: str, meant: str) -> None:
    """And it is said which word was read differently."""
    hits, corrected = ask.find(question)
    assert hits
    assert (typed, meant) in corrected


@pytest.mark.parametrize(
    "question",
    [
        "how do I bake bread", "postgres replication lag", "capital of France", "football world cup", "terraform state locking",
        "best pizza in town", "how to train a neural network with pytorch", "git rebase conflicts", "css grid centering",
        "kotlin coroutines cancel", "mortgage interest", "??", "'; DROP TABLE page; --", '" OR NEAR(xyzzy', "*", "\u200b", "\ud800", "\0",
    ],
)  # fmt: skip
def test_what_is_not_there_is_not_found(ask: Ask, question: str) -> None:
    """A page that shares a word by chance is no answer, and no question breaks the search."""
    assert ask.find(question)[0] == []


def test_every_page_is_found_by_its_own_title(ask: Ask) -> None:
    """Whatever its title is made of."""
    library = load()
    titles = [chunk.title for chunk in library.chunks.values()] + [page.title for page in library.explanations.values()]
    missed = [title for title in titles if title.replace("`", "") not in [hit.page.title for hit in ask.find(title)[0]]]
    assert len(missed) <= len(titles) // 20, missed
