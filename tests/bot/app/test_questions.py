"""Questions by themselves: what a step of a scenario needs to be read outside of it."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from bot.app.questions import Questions
from bot.learning.items import Level, Manifest, ScenarioItem, Step
from tests.bot.material import choice, library


def test_a_step_of_a_scenario_brings_its_setting_along() -> None:
    """Its words first, and its manifests; any other question is as it was written."""
    cluster = Manifest("cluster.yaml", "kind: Namespace")
    setting = ScenarioItem(
        "s", "dns", "dns-names", Level.BEGINNER, "A shop is down.\n", "", manifests=(cluster,), steps=(Step(choice("s-1")),)
    )
    questions = Questions(replace(library(), items={"s": setting, "q-why": choice("q-why")}), Random(1))

    step = questions.alone("s-1")
    assert step is not None
    assert step.stem == "A shop is down.\n\nWhat happens in `s-1`?"
    assert step.manifests == (cluster, *choice("s-1").manifests)
    assert questions.alone("q-why") == choice("q-why")
    assert questions.alone("gen-svc-selector-match") is None
