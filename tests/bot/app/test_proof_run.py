"""The run behind a written question: every proof of the bank can be shown, and says what was asked."""

from __future__ import annotations

import pytest

from bot.app.proof_run import run_behind
from bot.learning.items import Item
from bot.library import load
from bot.rendering.limits import problems, text_of
from bot.rendering.reply import Picture

BANK = load().questions


@pytest.mark.parametrize("item", [item for item in BANK.values() if item.proof], ids=lambda item: item.id)
def test_every_proof_can_be_shown(item: Item) -> None:
    """It fits a message, and no question that the proof asks is left out."""
    assert item.proof is not None
    shown = run_behind(item.proof)
    assert problems(shown) == []
    words = text_of(shown)
    for kind in ("lookups", "commands"):
        for asked in item.proof.get(kind) or ():
            assert (asked if isinstance(asked, str) else asked["name"]) in words or "more lines in" in words or "The rest is in" in words
    assert words.count("```") >= 2


def test_a_single_request_is_drawn() -> None:
    """With the way it takes, hop by hop."""
    item = next(
        item
        for item in BANK.values()
        if item.proof
        and set(item.proof) & {"requests", "lookups", "commands", "connections"} == {"requests"}
        and len(item.proof["requests"]) == 1
        and "503" not in str(item.proof)
    )
    assert item.proof is not None
    assert any(isinstance(block, Picture) for block in run_behind(item.proof).blocks)


def test_what_the_server_refuses_is_said_in_its_words() -> None:
    proof = {"manifests": [{"name": "a.yaml", "text": "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 0}]}\n"}]}
    assert 'The Service "a" is invalid' in text_of(run_behind(proof))


def test_connections_and_objects() -> None:
    """Who is let through, and what there is to see where nothing is asked."""
    pods = "".join(
        f"apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}}}\nspec: {{containers: [{{name: c, image: c, ports: [{{containerPort: 80}}]}}]}}\n---\n"
        for name in "ab"
    )
    ask = {"from": {"pod": {"namespace": "default", "name": "a"}}, "to": {"pod": {"namespace": "default", "name": "b"}}, "port": 80}
    proof = {"manifests": [{"name": "a.yaml", "text": pods}]}
    words = text_of(run_behind({**proof, "connections": [ask]}))
    assert "`default/a` to `default/b`, port 80" in words
    assert "let through" in words
    assert "kubectl get pod" in text_of(run_behind({**proof, "expect": {"objects": [{"kind": "Pod"}]}}))
