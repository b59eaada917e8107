"""How rules put values into sentences: selectors, counts, lists of names.

Responsible for: the same words for the same thing in every message. Leaves to others: the messages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from simulator.api.meta import Object
from simulator.diagnosis.state import State


def pairs(labels: Mapping[str, str]) -> str:
    """`app=web,tier=front`, as kubectl prints labels and selectors; `<none>` where there are none."""
    return ",".join(f"{key}={value}" for key, value in sorted(labels.items())) or "<none>"


def count(number: int, noun: str) -> str:
    """`1 Pod`, `3 Pods`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}es" if noun.endswith("ss") else f"{number} {noun}s"


def an(kind: str) -> str:
    """`a Service`, `an HTTPRoute`: a kind with its article, as it is spoken."""
    return f"{'an' if kind[0] in 'AEIO' or kind.startswith('HTTP') else 'a'} {kind}"


def listed(names: Iterable[str], at_most: int = 3) -> str:
    """`a, b and c`; what goes beyond `at_most` is counted."""
    all_names = list(dict.fromkeys(names))
    shown = all_names[:at_most]
    if len(all_names) > at_most:
        return f"{', '.join(shown)} and {len(all_names) - at_most} more"
    return " and ".join(([", ".join(shown[:-1])] if len(shown) > 1 else []) + shown[-1:])


def makers(state: State, pods: Sequence[Object]) -> str:
    """Who made these Pods: `the 2 Pods of Deployment web`, `the Pod of Job web`, `Pod web`, `5 Pods`."""
    origins = {state.origin(pod).ref: state.origin(pod) for pod in pods}
    if len(origins) == 1:
        origin = next(iter(origins.values()))
        pods_of = "Pod" if len(pods) == 1 else count(len(pods), "Pod")
        return f"Pod {origin.name}" if origin.kind == "Pod" else f"the {pods_of} of {origin.kind} {origin.name}"
    return count(len(pods), "Pod")


def meant(names: Sequence[str], before: str = "") -> str:
    """`; did you mean "web"?`, or nothing where no name is close."""
    if not names:
        return ""
    quoted = [f'{before}"{name}"' for name in names]
    return f"; did you mean {' or '.join(quoted)}?"


def kubectl(namespace: str, rest: str) -> str:
    """A kubectl line for a namespace: `-n` is left out for `default`."""
    return f"kubectl {rest}" if namespace in ("", "default") else f"kubectl -n {namespace} {rest}"
