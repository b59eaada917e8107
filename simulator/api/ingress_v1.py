"""Typed views over stored Ingresses: only the fields that routing needs, with the API's defaults applied.

Responsible for: reading rules, paths, backends, TLS entries, the class asked for.
Leaves to others: which controller serves it (`controllers.ingress`), traffic (`dataplane.ingress`).
Mirrors: kubernetes `networking/v1` Ingress and IngressClass.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from simulator.api.meta import Json, Object, Path, Ref

CLASS_ANNOTATION = "kubernetes.io/ingress.class"
DEFAULT_CLASS_ANNOTATION = "ingressclass.kubernetes.io/is-default-class"


@dataclass(frozen=True, slots=True)
class IngressBackend:
    """A Service and its port, by number or name; `resource` names a backend of another kind, "" without one."""

    service: Ref
    port: int | str
    resource: str = ""

    @classmethod
    def of(cls, given: Mapping[str, Json], namespace: str) -> IngressBackend:
        service = given.get("service") or {}
        port = service.get("port") or {}
        resource = given.get("resource") or {}
        named = f"{resource.get('kind')} {resource.get('name')}" if resource else ""
        return cls(Ref("Service", namespace, service.get("name") or ""), port.get("number") or port.get("name") or 0, named)


@dataclass(frozen=True, slots=True)
class IngressPath:
    """One path of a rule: Exact, Prefix or ImplementationSpecific. `where` is its place in the object."""

    host: str
    path: str
    type: str
    backend: IngressBackend
    where: Path


@dataclass(frozen=True, slots=True)
class Ingress:
    """`tls` are (hosts, Secret's name). `class_name` is the spec's, `class_annotation` the older annotation's, "" where absent."""

    object: Object
    class_name: str
    class_annotation: str
    paths: tuple[IngressPath, ...]
    hosts: tuple[str, ...]
    default_backend: IngressBackend | None
    tls: tuple[tuple[tuple[str, ...], str], ...]

    @classmethod
    def of(cls, obj: Object) -> Ingress:
        spec = obj.spec
        default = spec.get("defaultBackend")
        rules = spec.get("rules") or ()
        return cls(
            object=obj,
            class_name=spec.get("ingressClassName") or "",
            class_annotation=obj.annotations.get(CLASS_ANNOTATION, ""),
            paths=tuple(
                IngressPath(
                    (rule.get("host") or "").lower(),
                    path.get("path") or "/",
                    path.get("pathType") or "ImplementationSpecific",
                    IngressBackend.of(path.get("backend") or {}, obj.namespace),
                    ("spec", "rules", i, "http", "paths", j),
                )
                for i, rule in enumerate(rules)
                for j, path in enumerate((rule.get("http") or {}).get("paths") or ())
            ),
            hosts=tuple(dict.fromkeys((rule.get("host") or "").lower() for rule in rules)),
            default_backend=IngressBackend.of(default, obj.namespace) if default else None,
            tls=tuple((tuple(h.lower() for h in t.get("hosts") or ()), t.get("secretName") or "") for t in spec.get("tls") or ()),
        )
