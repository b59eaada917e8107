"""What the rules on Ingresses share: who serves an Ingress, and what its clients meet there.

Responsible for: pairing `controllers.ingress` with the Ingresses given. Leaves to others: judging.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.ingress_v1 import Ingress
from simulator.api.meta import Object, Path
from simulator.controllers.ingress import NGINX, Served, served_by
from simulator.diagnosis.state import State

FAKE_CERTIFICATE = 'ingress-nginx shows browsers its "Kubernetes Ingress Controller Fake Certificate"'
CLASS_ANNOTATION = "kubernetes.io/ingress.class"


def unserved(state: State, reason: str) -> Iterator[tuple[Object, Served]]:
    """The Ingresses given that no controller takes up for this reason."""
    for ingress in state.given("Ingress"):
        served = serving(state, ingress)
        if served.reason == reason:
            yield ingress, served


def serving(state: State, ingress: Object) -> Served:
    """The class and the controller of an Ingress."""
    return served_by(state.cluster, Ingress.of(ingress))


def class_path(ingress: Object) -> Path:
    """Where an Ingress names its class: in the old annotation, which goes first, or in its field."""
    return ("metadata", "annotations", CLASS_ANNOTATION) if CLASS_ANNOTATION in ingress.annotations else ("spec", "ingressClassName")


def by_nginx(state: State, ingress: Object) -> bool:
    """Whether ingress-nginx would serve the Ingress, or nobody is known to: its ways are then told."""
    return serving(state, ingress).controller in (NGINX, "")


def without_certificate(state: State, ingress: Object) -> str:
    """What clients of an Ingress without its certificate are shown."""
    return FAKE_CERTIFICATE if by_nginx(state, ingress) else "its controller has no certificate to show"
