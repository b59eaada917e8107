"""Conditions, as every controller writes them into a status.

Responsible for: one condition's shape (`metav1.Condition`).
Leaves to others: which conditions an object has (`controllers`).
Mirrors: apimachinery `meta/v1` Condition. There is no clock: a condition's transition is dated to its object's creation.
"""

from __future__ import annotations

from simulator.api.meta import Json, Object

EPOCH = "1970-01-01T00:00:00Z"


def condition(obj: Object, kind: str, holds: bool, reason: str, message: str = "") -> dict[str, Json]:
    """A condition of `obj` that a controller has seen in its present generation."""
    return {
        "type": kind,
        "status": "True" if holds else "False",
        "reason": reason,
        "message": message,
        "observedGeneration": obj.metadata.get("generation") or 1,
        "lastTransitionTime": obj.metadata.get("creationTimestamp") or EPOCH,
    }


def waiting(kind: str) -> dict[str, Json]:
    """The condition that the API server puts where no controller has written one yet (the CRD's default)."""
    return {"type": kind, "status": "Unknown", "reason": "Pending", "message": "Waiting for controller", "lastTransitionTime": EPOCH}
