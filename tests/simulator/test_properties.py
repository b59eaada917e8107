"""What holds for every input: no exception, places inside their files, the same answer every time, and nothing depends on what it should not."""

from __future__ import annotations

import random
import re
import resource
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from simulator import Scenario, SourceFile, run
from simulator.answer import answer
from simulator.api.meta import Document, Path
from simulator.decode import decode
from simulator.scenario import WORKLOADS, lookup_of, request_of

NAMES = ["web", "api", "db"]
NAMESPACES = ["default", "shop"]
REQUESTS = [
    {"from": {"node": "node-1"}, "via": {"kind": "Service", "namespace": namespace, "name": name, "address": "clusterIP"}, "port": port}
    for namespace in NAMESPACES
    for name in NAMES
    for port in (80, 8080)
] + [{"via": {"kind": "Ingress", "namespace": "default", "name": "web"}, "host": "web.example.com", "path": "/api"}]
LOOKUPS = [{"name": f"{name}.{namespace}.svc.cluster.local."} for name in NAMES for namespace in NAMESPACES]


def metadata(name: str, namespace: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "namespace": namespace, **more}


names, namespaces = st.sampled_from(NAMES), st.sampled_from(NAMESPACES)
labels = st.dictionaries(st.sampled_from(["app", "tier"]), names, min_size=1, max_size=2)
ports = st.sampled_from([80, 8080, "http", "htp", 70_000, "80"])
annotations = st.dictionaries(
    st.sampled_from(["sim/ready", "sim/not-ready-count", "sim/phase", "sim/schedule", "sim/terminating", "sim/listens", "sim/ip"]),
    st.sampled_from(["false", "true", "1", "Failed", "none", "8080", ""]),
    max_size=2,
)
services = st.builds(
    lambda name, namespace, selector, port, target, kind, policy: {
        "apiVersion": "v1", "kind": "Service", "metadata": metadata(name, namespace),
        "spec": {"type": kind, "selector": selector, "ports": [{"port": port, "targetPort": target}], "internalTrafficPolicy": policy},
    },
    names, namespaces, labels, st.sampled_from([80, 8080]), ports, st.sampled_from(["ClusterIP", "NodePort", "LoadBalancer", "Wrong"]),
    st.sampled_from(["Cluster", "Local"]),
)  # fmt: skip
deployments = st.builds(
    lambda name, namespace, own, replicas, port, notes: {
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata(name, namespace),
        "spec": {"replicas": replicas, "selector": {"matchLabels": own}, "template": {
            "metadata": {"labels": own, "annotations": notes},
            "spec": {"containers": [{"name": "c", "image": "example.com/c:1", "ports": [{"containerPort": port, "name": "http"}]}]}}},
    },
    names, namespaces, labels, st.integers(0, 4), st.sampled_from([80, 8080]), annotations,
)  # fmt: skip
policies = st.builds(
    lambda name, namespace, own, peer, port: {
        "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata(name, namespace),
        "spec": {"podSelector": {"matchLabels": own}, "ingress": [{"from": [{"podSelector": {"matchLabels": peer}}], "ports": [{"port": port}]}]},
    },
    names, namespaces, labels, labels, st.sampled_from([80, 8080, "http"]),
)  # fmt: skip
ingresses = st.builds(
    lambda name, service, port: {
        "apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": metadata(name, "default"),
        "spec": {"ingressClassName": "nginx", "rules": [{"host": "web.example.com", "http": {"paths": [
            {"path": "/", "pathType": "Prefix", "backend": {"service": {"name": service, "port": {"number": port}}}}]}}]},
    },
    names, names, st.sampled_from([80, 8080]),
)  # fmt: skip
SHOP = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}
documents = st.lists(services | deployments | policies | ingresses, min_size=1, max_size=6)


def text_of(objects: list[dict[str, Any]]) -> str:
    return yaml.safe_dump_all(objects, sort_keys=False)


def scenario(text: str, **more: Any) -> Scenario:
    return Scenario(
        manifests=(SourceFile("pasted.yaml", text),),
        requests=tuple(request_of(asked) for asked in REQUESTS),
        lookups=tuple(lookup_of(asked) for asked in LOOKUPS),
        **more,
    )


@st.composite
def mangled(draw: st.DrawFn) -> str:
    """A manifest that a few slips of the keyboard have been through."""
    lines = text_of([SHOP, *draw(documents)]).split("\n")
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        slip = draw(st.sampled_from(["drop", "twice", "indent", "dedent", "token", "cut", "swap"]))
        if slip == "drop":
            lines.pop(at)
        elif slip == "twice":
            lines.insert(at, lines[at])
        elif slip == "indent":
            lines[at] = " " + lines[at]
        elif slip == "dedent":
            lines[at] = lines[at].removeprefix(" ")
        elif slip == "token":
            tokens = [
                "\t",
                "{",
                "[",
                "&a ",
                "*a",
                "<<: ",
                "!!int ",
                "|",
                "---",
                "'",
                '"',
                "#",
                "null",
                "~",
                "\x00",
                "\ufeff",
                "- ",
                "? ",
                "1e999",
                "0o7",
            ]
            lines[at] += draw(st.sampled_from(tokens))
        elif slip == "cut":
            lines[at] = lines[at][: draw(st.integers(0, len(lines[at])))]
        else:
            lines[at], lines[at - 1] = lines[at - 1], lines[at]
        if not lines:
            break
    return "\n".join(lines)


texts = st.text(max_size=200) | st.text("{}[]:,-&*!|>'\"%@`#?~ \n\tab1.0<", max_size=80) | mangled()


def paths_of(tree: Any, path: Path = ()) -> Iterator[Path]:
    yield path
    steps = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for step, child in steps:
        yield from paths_of(child, (*path, step))


def lines_of(text: str) -> list[str]:
    """As YAML 1.1 parts lines."""
    return re.split("\r\n|[\n\r\x85\u2028\u2029]", text)


def assert_spans_inside(document: Document, text: str) -> None:
    lines = lines_of(text)
    for path in paths_of(document.data):
        for span in (document.value_span(path), document.key_span(path)):
            if span is not None:
                assert 1 <= span.line <= span.end_line <= len(lines), (path, span)
                assert 1 <= span.column <= len(lines[span.line - 1]) + 1, (path, span)
                assert 1 <= span.end_column <= len(lines[span.end_line - 1]) + 1, (path, span)
                assert (span.line, span.column) <= (span.end_line, span.end_column), (path, span)


@given(texts)
@example("? 0")
@example("a:\x85  b: 1")
@example("a:\u2028- b")
@example("a: 1\rb: 2\r\nc: 3")
def test_any_text_decodes_and_every_span_lies_inside_it(text):
    """Decoding gives documents and problems, never an exception; each field's place is a place of the file."""
    decoded = decode([SourceFile("pasted.yaml", text)])
    for document in decoded.documents:
        assert_spans_inside(document, text)
    for problem in decoded.problems:
        if problem.place is not None:
            assert 1 <= problem.place.span.line <= len(lines_of(text))


@given(texts)
def test_any_text_gives_a_report_and_the_same_one_again(text):
    """The whole pipeline takes whatever is pasted, and says the same of it twice."""
    first, second = (answer(run(scenario(text, connections=WORKLOADS))) for _ in range(2))
    assert first == second


@given(texts)
def test_findings_point_into_the_text(text):
    """A place that is underlined lies in the file that it names."""
    lines = lines_of(text)
    for finding in run(scenario(text)).findings:
        for place in finding.places:
            assert place.file == "pasted.yaml"
            assert 1 <= place.span.line <= len(lines)


def essence(report: dict[str, Any]) -> Any:
    """What was answered, free of allocated addresses and generated Pod names."""

    def owner(name: str) -> str:
        return name.rsplit("-", 2)[0]

    requests = [
        (
            a["outcome"], a["curl_exit"], a["status"], a["answered_by"],
            sorted((owner(b["pod"]["name"]) if b["pod"] else b["ip"], b["port"], round(b["share"], 6)) for b in a["backends"]),
        )
        for a in report["requests"]
    ]  # fmt: skip
    return requests, [(a["rcode"], [record["type"] for record in a["records"]]) for a in report["lookups"]]


def without_namesakes(objects: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One object per kind, namespace and name: of two, the one that is applied last would win, and order would matter by right."""
    return list({(item["kind"], item["metadata"]["namespace"], item["metadata"]["name"]): item for item in objects}.values())


@given(documents, st.integers(0, 1_000))
def test_the_order_of_documents_changes_no_trace(objects, seed):
    """Applying the same objects in another order gives the same answers (addresses and generated names aside)."""
    objects = without_namesakes(objects)
    shuffled = random.Random(seed).sample(objects, len(objects))
    assert essence(answer(run(scenario(text_of([SHOP, *objects]))))) == essence(answer(run(scenario(text_of([SHOP, *shuffled])))))


@given(documents, st.lists(services | deployments | policies, max_size=4))
def test_an_unrelated_namespace_changes_nothing(objects, others):
    """Objects of a namespace that nothing asks for leave every answer as it was."""
    elsewhere = [{**item, "metadata": {**item["metadata"], "namespace": "elsewhere"}} for item in without_namesakes(others)]
    elsewhere.insert(0, {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "elsewhere"}})
    base = [SHOP, *objects]
    assert essence(answer(run(scenario(text_of(base))))) == essence(answer(run(scenario(text_of([*base, *elsewhere])))))


BOMBS = {
    "aliases": "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(12)),
    "depth": "[" * 20_000,
    "mappings": "{a: " * 20_000,
    "indentation": "\n".join(" " * i + "a:" for i in range(3_000)),
    "one long line": "a: '" + "x" * 1_000_000 + "'",
    "many documents": "---\na: 1\n" * 20_000,
    "many keys": "\n".join(f"k{i}: {i}" for i in range(50_000)),
    "merge keys": "a: &a {b: 1}\n" + "".join(f"c{i}: {{<<: [{', '.join(['*a'] * 50)}]}}\n" for i in range(500)),
    "tags": "a: !!python/object/apply:os.system ['true']\n",
    "binary": "\x00\x01\x02" * 10_000,
    "replicas": "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {replicas: 2000000000, selector: {matchLabels: {a: b}},"
    " template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: x}]}}}}",
    "digits": "a: " + "9" * 100_000,
    "ports": "{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: [" + ", ".join(f"{{port: {i}, name: p{i}}}" for i in range(1, 5_000)) + "]}}",
}  # fmt: skip


MOST_STEPS = 20_000_000
"""Calls and returns; some three seconds of an unhurried machine. Steps are counted, since time depends on who else is running."""


@pytest.mark.parametrize("name", BOMBS)
def test_hostile_text_costs_little(name):
    """A bounded number of steps and 300 MiB, whatever it tries."""
    steps = 0

    def count(*_: object) -> None:
        nonlocal steps
        steps += 1
        if steps > MOST_STEPS:
            raise TimeoutError(f"more than {MOST_STEPS:,} steps")

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sys.setprofile(count)
    try:
        _ = run(scenario(BOMBS[name], connections=WORKLOADS)).findings
    finally:
        sys.setprofile(None)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300 * 1024
