"""Text that is not YAML: kubectl cannot read the document at all, and applies nothing that follows in the file.

Mirrors: sigs.k8s.io/yaml and cli-runtime `pkg/resource/visitor.go`.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.diagnosis.refusals import refusals
from simulator.diagnosis.rule import Rule
from simulator.diagnosis.state import State

_HINTS = (
    ("cannot start any token", "A tab may not indent YAML, and @ or ` may not begin a value without quotes."),
    ("end of stream", "A quote or a bracket is opened and never closed."),
    ("mapping values are not allowed", "Two colons on one line: is a line break or a quote missing, or the indentation off?"),
    (
        "did not find expected key",
        "Look at the indentation: fields of one object begin in the same column.",
    ),
    ("did not find expected", "Look at the indentation, the brackets and the quotes of this line and the one before."),
)


def check(state: State) -> Iterator[Finding]:
    for found in refusals(state, RULE.id):
        text = found.problem.message
        yield RULE.finding(
            found.object,
            f"the document cannot be read as YAML: {text}",
            places=found.places,
            facts={"error": text},
            hint=next((hint for part, hint in _HINTS if part in text), "Look at the line that is marked and the one before."),
            check="kubectl apply --dry-run=client -f FILE",
        )


RULE = Rule(
    id="yaml-syntax",
    severity=Severity.ERROR,
    basis=Basis.IMPLEMENTED,
    sources=("https://yaml.org/spec/1.1/",),
    check=check,
)
