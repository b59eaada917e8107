"""One step of a request's way, with the place in the manifests that it comes from.

Responsible for: naming the object, its file and its line.
Leaves to others: what happened there and why.
"""

from __future__ import annotations

from simulator.api.diagnostics import Basis
from simulator.api.meta import Object, Path
from simulator.api.traffic import Hop


def hop(stage: str, decision: str, reason: str, obj: Object | None = None, path: Path = (), basis: Basis = Basis.SPECIFIED) -> Hop:
    """A hop at the field `path` of `obj` (or at the nearest field that exists)."""
    if obj is None:
        return Hop(stage, decision, reason, basis=basis)
    if obj.document is None:
        return Hop(stage, decision, reason, obj.ref, basis)
    span = obj.document.nearest_span(path)
    return Hop(stage, decision, reason, obj.ref, basis, obj.document.file, span.line if span else obj.document.line)
