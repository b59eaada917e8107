"""What a policy does now, and what would change without it, in a sentence each."""

from __future__ import annotations

from bot.app.policy_effects import effects_of
from bot.rendering.policies import effects
from simulator import Scenario, SourceFile, run
from tests.bot.frontend.test_reach import PODS, POLICY


def told(*policies: str) -> str:
    manifests = (SourceFile("pods.yaml", PODS), SourceFile("policies.yaml", "---\n".join(policies)))
    return effects(effects_of(run(Scenario(manifests=manifests)).cluster, {"policies.yaml"})).markdown


def test_what_would_change_without_it() -> None:
    """The pairs that it narrows, from what is open with it to what would be without."""
    said = told(POLICY)

    assert "**NetworkPolicy** `shop/back` selects 1 Pod: in goes what its rule admits" in said
    assert "`shop/front → shop/back` would go from TCP 80 to all" in said
    assert "`outside → shop/back` would go from none to all" in said


def test_a_policy_that_adds_nothing() -> None:
    """Two alike: without either of them nothing would change."""
    said = told(POLICY, POLICY.replace("name: back, namespace", "name: again, namespace"))

    assert said.count("Without it nothing would change among the workloads given") == 2


def test_a_policy_that_selects_nothing() -> None:
    """It does nothing now, and that is all that is said."""
    said = told(POLICY.replace("app: back", "app: nobody"))

    assert said == "**NetworkPolicy** `shop/back` selects no Pod of those given, so it does nothing now."


def test_policies_of_other_files_are_not_spoken_of() -> None:
    """Only what was pasted last is told about."""
    cluster = run(Scenario(manifests=(SourceFile("pods.yaml", PODS + "---\n" + POLICY),))).cluster

    assert effects_of(cluster, {"policies.yaml"}) == ()


def test_deny_all_in_both_directions() -> None:
    """Nothing goes in, and nothing out; the difference says what that closed."""
    deny = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: deny, namespace: shop}\nspec: {podSelector: {}, policyTypes: [Ingress, Egress]}\n"

    said = told(deny)

    assert "selects 2 Pods: in goes nothing, and out goes nothing" in said
    assert "more pairs" in said
