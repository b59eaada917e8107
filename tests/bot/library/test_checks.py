"""Each check is silent on sound material and speaks up on a planted fault."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.learning.items import Choice, Level, Option
from bot.library.checks import answers, check, coverage, fairness, freshness, hints, proved, structure, wording
from bot.library.checks.coverage import COUNTS, covering, table
from bot.library.checks.fairness import ENOUGH, scores

TODAY = date(2026, 12, 1)
PACK = "quizzes/services.yaml"
CHUNK = "content/lessons/01-services/01-selector.md"
SECOND = "content/lessons/01-services/02-ports.md"
LAB = "content/labs/empty/lab.yaml"


@pytest.mark.parametrize("room", [structure, wording, fairness, answers, hints, proved, lambda library: freshness(library, TODAY)])
def test_sound_material_is_passed(plant: Any, room: Any) -> None:
    """No check finds fault with the small library."""
    assert list(room(plant().library)) == []


@pytest.mark.parametrize(
    ("room", "file", "old", "new", "what"),
    [
        (structure, PACK, "id: svc-port", "id: svc-port-v2", "ends in `v2`"),
        (structure, "content/skills.yaml", "proof: proved}\n- ", "proof: proved, requires: [svc-ports]}\n- ", "svc-match > svc-ports > svc-match"),
        (structure, CHUNK, "skills: [svc-match]", "requires: [svc-two-ports]", "svc-selector > svc-two-ports > svc-selector"),
        (structure, CHUNK, "skills: [svc-match]", "requires: [svc-two-ports]", "`svc-selector` comes before `svc-two-ports`"),
        (structure, SECOND, "question: svc-port", "question: svc-empty", "`svc-empty` ends `svc-selector` already"),
        (structure, PACK, "  read_next: svc-two-ports\n", "", "does not say what to read next"),
        (structure, SECOND, "https://kubernetes.io", "http://kubernetes.io", "is no link"),
        (structure, SECOND, "sources: [https://kubernetes.io/docs/concepts/services-networking/service/]\n", "", "has no source"),
        (wording, SECOND, "Clients dial", "word " * 121 + "Clients dial", "words."),
        (wording, CHUNK, "picture_alt: A Service leads to Pods.\n", "", "has no text twin"),
        (wording, CHUNK, "  Service -> Pods", "  Service " + "-" * 60 + "> Pods", "columns wide"),
        (wording, CHUNK, "predict: Which addresses will the slice show?\n", "", "demonstrates before it asks"),
        (wording, SECOND, "Service's port.", "Service's port! Yes! Really!", "shouts"),
        (wording, SECOND, "Clients dial", "When a Pod restarts, the IP vanishes. Clients dial", "IP vanishes"),
        (wording, SECOND, "Clients dial", "The canary gets exactly 10% of it. Clients dial", "exactly 10%"),
        (wording, SECOND, "Clients dial", "A LoadBalancer Service creates an ALB. Clients dial", "creates an ALB"),
        (wording, SECOND, "Clients dial", "A legacy Ingress. Clients dial", "legacy Ingress"),
        (wording, SECOND, "Clients dial", "IPVS is vastly superior. Clients dial", "IPVS is vastly superior"),
        (wording, SECOND, "Clients dial", "An empty slice shows `<none>`. Clients dial", "slice shows"),
        (wording, SECOND, "Clients dial", "It guarantees this. Clients dial", "guarantees"),
        (wording, SECOND, "Clients dial", "It is gone permanently. Clients dial", "permanently"),
        (wording, PACK, "why: kube-proxy rejects.", "why: The packets fall into a black hole.", "black hole"),
        (wording, LAB, "story: curl is refused.", "story: A catastrophic failure.", "catastrophic"),
        (wording, PACK, "text: It hangs for a while", "text: It hangs " + "for a long while " * 6, "At most 100"),
        (wording, PACK, "          app: web\n", "          app: web\n" + "".join(f"          label-{n}: something\n" for n in range(150)), "at once"),
        (fairness, PACK, "    correct: true\n", "", "has 0 correct options"),
        (fairness, PACK, "    misconception: names-match\n", "    misconception: names-match\n    correct: true\n", "has 2 correct options"),
        (fairness, PACK, "text: It hangs for a while", "text: It is refused at once", "two options with one text"),
        (fairness, PACK, "    misconception: names-match\n", "", "names no misconception"),
        (fairness, PACK, "text: It is refused at once", "text: It is refused at once, because there is nobody at all to whom it could go", "alike in length"),
        (fairness, PACK, "text: It is answered by a Pod", "text: None of the above", "throwaway"),
        (fairness, PACK, "    asserts: {requests: [{outcome: refused}]}\n", "", "claims nothing"),
        (answers, PACK, "model_answer: The port of the Service.", "model_answer: The port of the Pod.", "graded wrong: `service-port` is missed"),
        (answers, PACK, "Which port does a client dial?", "Does a client dial the port of the Service?", "answers itself"),
        (answers, PACK, ", hint: Whose is it?", "", "has no hint"),
        (answers, PACK, "kind: required", "kind: optional", "requires nothing"),
        (answers, PACK, "says: The port of the Service.", "says: The Pod has it.", "is missed in its own sentence"),
        (answers, PACK, "[port_of_the_service]", "[port_of_the_service, without_a port]", "no answer can make the phrase `without_a port`"),
        (answers, PACK, "kind: required, says: The port", "kind: forbidden, says: The port", "would itself be marked wrong"),
        (hints, LAB, "- Look at the slice of the Service.", "- Set it to frontend-web.", "Hint 1 of `empty-service` gives 'frontend-web' away"),
        (hints, LAB, "- Set the selector to `frontend-web`.", "- Set the selector right.", "does not give the answer"),
        (hints, LAB, "- Labels make the match.", "- Look at the slice of the Service.", "are no ladder"),
        (proved, PACK, "asserts: {requests: [{outcome: refused}]}", "asserts: {requests: [{outcome: answered}]}", "found 'refused'"),
        (proved, LAB, "host: web}", "host: wob}", "solution 1 does not reach the goal"),
        (proved, CHUNK, "kubectl get svc web", "kubectl delete svc web", "cannot be run"),
        (coverage, CHUNK, "covers: [C1, D1]", "covers: [D1]", "C1, 'Selectors', is taken up nowhere"),
        (coverage, CHUNK, "picture: |\n  Service -> Pods\n", "", "D1, 'A drawing', is not drawn"),
        (coverage, PACK, "skill: svc-ports", "skill: svc-match", "No question asks for `svc-ports`"),
        (coverage, LAB, "mistake: 1", "mistake: 2", "Mistake 1 of the forty has neither lab nor chunk"),
        (coverage, "content/inventory.yaml", "- {id: D1", "- {id: Q1, kind: question, title: One}\n- {id: D1", "There are 1 lines of kind 'question' and not 10"),
    ],
)  # fmt: skip
def test_a_planted_fault_is_found(plant: Any, room: Any, file: str, old: str, new: str, what: str) -> None:
    """The fault is told where it stands, with a next step, and was not told before it was planted."""
    assert not any(what in slip.what + slip.next_step for slip in room(plant().library))
    found = [slip for slip in room(plant((file, old, new)).library) if what in slip.what + slip.next_step]
    assert found
    assert all(slip.next_step and slip.line >= 1 for slip in found)


@pytest.mark.parametrize(
    ("today", "old", "new", "what"),
    [
        (date(2027, 11, 24), "checked", "checked", "more than a year ago"),
        (date(2026, 11, 1), "checked", "checked", "is to come"),
        (TODAY, "- id: empty-is-rejected\n", "- {id: unused-fact, statement: a, value: b, source: c, checked: 2026-11-23}\n- id: empty-is-rejected\n", "Nobody cites"),
    ],
)  # fmt: skip
def test_facts_grow_old(plant: Any, today: date, old: str, new: str, what: str) -> None:
    """A year after it was checked a fact is stale; today is an argument."""
    assert any(what in slip.what for slip in freshness(plant(("content/facts.yaml", old, new)).library, today))


def _bank(options: list[list[str]], key: int) -> list[Choice]:
    """Questions whose correct option is the one at `key`."""
    return [
        Choice(f"q-{n}", "services", "svc-match", Level.BEGINNER, "?", "!", options=tuple(Option(t, i == key, "why", "" if i == key else "m") for i, t in enumerate(texts)))
        for n, texts in enumerate(options)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("reader", "texts", "key"),
    [
        ("the longest option", ["short one", "a short one", "the one that is longest of them"], 2),
        ("the most precise option", ["some port", "port 8080 of `web`", "another port"], 1),
        ("an option without absolute words", ["it always works", "it usually works", "it never works"], 1),
        ("the first option", ["one", "two", "six"], 0),
        ("the odd one out", ["a Pod of web", "a Pod of shop", "the kernel rejects"], 2),
    ],
)
def test_each_reader_of_options_alone_finds_a_key_that_gives_itself_away(reader: str, texts: list[str], key: int) -> None:
    """Where the key always has the reader's sign, the reader is always right; where it never has, never."""
    assert scores(_bank([texts] * 5, key))[reader] == 1
    assert scores(_bank([texts] * 5, (key + 1) % 3))[reader] == 0


def test_a_reader_without_a_preference_chooses_by_lot() -> None:
    """Options that are alike for a reader share his choice."""
    assert scores(_bank([["port 1", "port 2", "port 3"]], 1))["the longest option"] == pytest.approx(1 / 3)


def test_a_bank_that_favours_a_position_is_told(plant: Any) -> None:
    """With enough questions the five readers are sent, and one who does better than chance is a slip."""
    library = plant().library
    template = library.items["svc-empty"]
    biased = {f"svc-empty-{n}": replace(template, id=f"svc-empty-{n}") for n in range(ENOUGH)}
    told = [slip.what for slip in fairness(replace(library, items=biased))]
    assert any("the first option is right in 100.0%" in what for what in told)


def test_slips_of_all_checks_come_in_the_order_of_the_files(plant: Any) -> None:
    """One list, sorted by file and line."""
    library = plant((SECOND, "Clients dial", "It guarantees this. Clients dial"), (PACK, "  read_next: svc-two-ports\n", "")).library
    slips = [slip for slip in check(library, TODAY) if slip.check in ("claims", "structure")]
    assert [slip.file for slip in slips] == sorted(slip.file for slip in slips)
    assert len(slips) == 2


def test_the_table_counts_what_is_covered(plant: Any) -> None:
    """Lines, skills, kinds, proofs, mistakes with labs."""
    library = plant().library
    assert covering(library)["C1"] == ["svc-selector"]
    text = table(library)
    assert "multiple choice" in text
    assert "as a lab                   1  1" in text
    assert "proofs of questions" in text
    assert sum(COUNTS.values()) > 100
