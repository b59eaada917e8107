"""A YAML tag such as `!!python/object` or `!Ref`: Kubernetes ignores it and reads what it marks as plain data.

Mirrors: sigs.k8s.io/yaml, which turns YAML into JSON; JSON has no tags.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.diagnosis.refusals import refusals
from simulator.diagnosis.rule import Rule
from simulator.diagnosis.state import State


def check(state: State) -> Iterator[Finding]:
    for found in refusals(state, RULE.id):
        yield RULE.finding(
            found.object,
            found.problem.message,
            places=found.places,
            facts={"message": found.problem.message},
            hint="Tags belong to other tools, such as CloudFormation. Leave them out.",
            check="kubectl apply --dry-run=client -o yaml -f FILE",
        )


RULE = Rule(
    id="custom-tag",
    severity=Severity.WARNING,
    basis=Basis.IMPLEMENTED,
    sources=("https://yaml.org/spec/1.1/#id858600",),
    check=check,
)
