"""What the rules on Ingresses share: the class of an Ingress, and the controller behind it.

Responsible for: reading both. Leaves to others: judging.
"""

from __future__ import annotations

from simulator.api.meta import Object
from simulator.diagnosis.state import State

CLASS_ANNOTATION = "kubernetes.io/ingress.class"
DEFAULT_CLASS_ANNOTATION = "ingressclass.kubernetes.io/is-default-class"


def class_of(ingress: Object) -> str:
    """The class that an Ingress names, by its field or the old annotation; "" where it names none."""
    return str(ingress.spec.get("ingressClassName") or ingress.annotations.get(CLASS_ANNOTATION) or "")


def controller_of(state: State, ingress: Object) -> str:
    """The controller that the Ingress's class names; "" where the class does not exist."""
    found = state.cluster.get("IngressClass", "", class_of(ingress))
    return str(found.spec.get("controller") or "") if found else ""


def served(state: State, ingress: Object) -> bool:
    """Whether a controller that runs in this cluster takes the Ingress as its own."""
    return controller_of(state, ingress) in state.cluster.profile.ingress_controllers
