"""Which look-ups may take five seconds now and then: the node's kernel, the way of the questions, the C library and its options."""

from __future__ import annotations

from typing import Any

import pytest

from simulator import LookupAnswer, Scenario, run

SHOP = """
apiVersion: v1
kind: Pod
metadata: {name: shop, annotations: {sim/libc: %s}}
spec: {dnsPolicy: %s, dnsConfig: {options: [%s]}, containers: [{name: shop, image: shop}]}
---
apiVersion: v1
kind: Service
metadata: {name: prices}
spec: {ports: [{port: 80}]}
"""
ONE_COREDNS = """---
apiVersion: v1
kind: Pod
metadata: {name: coredns-2, namespace: kube-system, labels: {k8s-app: kube-dns}, annotations: {sim/ready: "false"}}
spec: {containers: [{name: coredns, image: coredns}]}
"""
OLD: dict[str, Any] = {"kernel": "5.4"}


def asked(
    profile: dict[str, Any], libc: str = "glibc", *options: str, policy: str = "ClusterFirst", name: str = "prices", more: str = ""
) -> LookupAnswer:
    text = SHOP % (libc, policy, ", ".join(options)) + more
    question = {"name": name, "from": {"pod": {"name": "shop"}}}
    return run(Scenario.of({"profile": profile, "manifests": [{"name": "a.yaml", "text": text}], "lookups": [question]}, str)).lookups[0]


@pytest.mark.parametrize(
    ("kernel", "one", "seconds"),
    [
        ("4.18", False, 5),
        ("4.18", True, 5),
        ("5.4", False, 5),
        ("5.4", True, 0),
        ("5.5.19", False, 5),
        ("5.6", False, 0),
        ("5.10", False, 0),
    ],
)
def test_the_kernel_keeps_the_second_question(kernel: str, one: bool, seconds: float) -> None:
    """Since 5.0 where both go to one Pod, since 5.6 in any case."""
    assert asked({"kernel": kernel}, more=ONE_COREDNS if one else "").stall == seconds


@pytest.mark.parametrize("option", ["single-request", "single-request-reopen", "use-vc"])
def test_options_part_the_questions_in_glibc_alone(option: str) -> None:
    spared, ignored = (asked(OLD, libc, f"{{name: {option}}}") for libc in ("glibc", "musl"))
    assert (spared.stall, ignored.stall) == (0, 2.5)
    assert spared.hops[-1].reason.startswith(option)
    assert f"does not know the option {option}" in ignored.hops[-1].reason


@pytest.mark.parametrize(
    ("libc", "options", "seconds"),
    [
        ("glibc", ["{name: timeout, value: '1'}"], 1),
        ("glibc", ["{name: timeout, value: '0'}"], 1),
        ("glibc", ["{name: timeout, value: '99999999999999999999'}"], 30),
        ("glibc", ["{name: timeout, value: soon}", "{name: attempts, value: '5'}"], 5),
        ("musl", ["{name: attempts, value: '5'}"], 1),
    ],
)
def test_a_shorter_patience_makes_the_wait_shorter(libc: str, options: list[str], seconds: float) -> None:
    assert asked(OLD, libc, *options).stall == seconds


def test_a_cache_on_the_node_is_not_translated() -> None:
    answer = asked({**OLD, "nodeLocalDNS": True}, "musl")
    assert (answer.stall, answer.hops[-1].decision) == (0, "no stall")
    assert answer.records


def test_nothing_is_said_where_it_is_no_question() -> None:
    """A new kernel, a server outside the cluster, a name that nobody has: the answer's own hops are the last."""
    for answer in (asked({}), asked(OLD, policy="Default"), asked(OLD, name="nowhere")):
        assert answer.stall == 0
        assert all(hop.stage == "dns" for hop in answer.hops)


def test_a_request_by_name_tells_of_the_wait() -> None:
    asks = [{"host": "prices", "from": {"pod": {"name": "shop"}}}]
    text = SHOP % ("glibc", "ClusterFirst", "")
    report = run(Scenario.of({"profile": OLD, "manifests": [{"name": "a.yaml", "text": text}], "requests": asks}, str))
    assert [hop.decision for hop in report.answers[0].hops if hop.stage == "resolver"] == ["may stall 5 s"]
