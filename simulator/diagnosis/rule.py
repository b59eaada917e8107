"""What a rule is: an id that names a fault, its severity and basis, its sources, and a check of the state.

Responsible for: the shape of a rule, making its findings.
Leaves to others: what each rule looks for (one file each), folding and proving (`explain`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from simulator.api.diagnostics import Basis, Edit, Finding, Fix, Place, Severity
from simulator.api.meta import Json, Path, Ref
from simulator.diagnosis.state import State


@dataclass(frozen=True, slots=True)
class Rule:
    """One diagnostic. `check` yields findings and changes nothing; `sources` are where the behaviour is written down."""

    id: str
    severity: Severity
    basis: Basis
    sources: tuple[str, ...]
    check: Callable[[State], Iterable[Finding]]
    of_absence: bool = False
    """Whether it tells that something is not there. Where a document could not be read, such a finding stands only with a near name."""
    of_request: bool = False
    """Whether it tells why a request failed. Such a finding stands only where no other fault explains the request."""

    def finding(
        self,
        about: Ref,
        message: str,
        *,
        path: Path = (),
        places: Sequence[Place | None] = (),
        facts: Mapping[str, Json] | None = None,
        hint: str = "",
        check: str = "",
        fixes: Sequence[Fix] = (),
        severity: Severity | None = None,
    ) -> Finding:
        """A finding of this rule. Places that are None (an object that no manifest gave) are left out."""
        return Finding(
            rule=self.id, severity=severity or self.severity, basis=self.basis, object=about, message=message, path=path,
            places=tuple(p for p in places if p is not None), facts=dict(facts or {}), hint=hint, check=check, fixes=tuple(fixes),
        )  # fmt: skip


def likely(*edits: Edit | None) -> tuple[Fix, ...]:
    """One fix of near certainty, e.g. a name that is close; none where an edit could not be placed."""
    return _fix("likely", edits)


def certain(*edits: Edit | None) -> tuple[Fix, ...]:
    """One fix where only one change can be meant."""
    return _fix("certain", edits)


def possible(*edits: Edit | None) -> tuple[Fix, ...]:
    """One fix that would work, among others that would as well."""
    return _fix("possible", edits)


def _fix(certainty: str, edits: Sequence[Edit | None]) -> tuple[Fix, ...]:
    placed = tuple(edit for edit in edits if edit is not None)
    return (Fix(certainty, placed),) if placed and len(placed) == len(edits) else ()
