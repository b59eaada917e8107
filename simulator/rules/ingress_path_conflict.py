"""Two rules for the same host and path with different backends: one of them is never asked.

Mirrors: ingress-nginx `internal/ingress/controller/controller.go` (Ingresses sorted by age; the first location of a path stays).
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.api.meta import Json, Object, Path
from simulator.diagnosis.ingresses import by_nginx, serving
from simulator.diagnosis.rule import Rule
from simulator.diagnosis.state import State, child
from simulator.diagnosis.wording import kubectl

_NGINX = "ingress-nginx keeps the older rule, and this one is never asked"
_OTHERS = "the specification leaves open which of them is asked"
CANARY = "nginx.ingress.kubernetes.io/canary"


def check(state: State) -> Iterator[Finding]:
    first: dict[tuple[str, str, str, str], tuple[Object, Path, Json]] = {}
    for ingress in state.given("Ingress"):
        if ingress.annotations.get(CANARY) == "true":
            continue
        for r, rule in enumerate(ingress.spec.get("rules") or ()):
            for p, entry in enumerate(child(rule, "http").get("paths") or ()):
                key = (serving(state, ingress).class_name, rule.get("host") or "*", entry.get("path") or "/", entry.get("pathType") or "")
                where: Path = ("spec", "rules", r, "http", "paths", p)
                other, there, backend = first.setdefault(key, (ingress, where, entry.get("backend")))
                if backend == entry.get("backend"):
                    continue
                yield RULE.finding(
                    ingress.ref,
                    f"{key[1]}{key[2]} ({key[3]}) is already taken by Ingress {other.namespace}/{other.name} with another backend: "
                    f"{_NGINX if by_nginx(state, ingress) else _OTHERS}",
                    path=where,
                    places=[
                        state.place(ingress, (*where, "path"), "the same host and path again"),
                        state.place(other, (*there, "path"), "comes first"),
                    ],
                    facts={"host": key[1], "path": key[2], "other": f"{other.namespace}/{other.name}"},
                    hint="Which other rule has this host and this path?",
                    check=kubectl(ingress.namespace, f"describe ingress {ingress.name}"),
                )


RULE = Rule(
    id="ingress-path-conflict",
    severity=Severity.WARNING,
    basis=Basis.IMPLEMENTED,
    sources=("https://github.com/kubernetes/ingress-nginx/blob/main/docs/how-it-works.md",),
    check=check,
)
