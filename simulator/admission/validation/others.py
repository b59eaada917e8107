"""Namespace, Node, ConfigMap, Secret, and every kind that has no validator of its own.

Mirrors: kubernetes `pkg/apis/core/validation/validation.go` (ValidateNamespace, ValidateNode, ValidateConfigMap, ValidateSecret).
"""

from __future__ import annotations

import base64
import binascii
import json

from simulator.admission.field_errors import FieldError, Key, forbidden, invalid, not_supported, required
from simulator.admission.validation import formats
from simulator.admission.validation.metadata import immutable, object_meta
from simulator.api.meta import Json, Path

_NEEDED = {
    "kubernetes.io/tls": ("tls.crt", "tls.key"),
    "kubernetes.io/dockerconfigjson": (".dockerconfigjson",),
    "kubernetes.io/dockercfg": (".dockercfg",),
    "kubernetes.io/ssh-auth": ("ssh-privatekey",),
}
_TAINT_EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")


def namespace(data: Json, _old: Json = None) -> list[FieldError]:
    return object_meta(data, False, formats.dns_label)


def node(data: Json, _old: Json = None) -> list[FieldError]:
    faults = object_meta(data, False, formats.dns_subdomain)
    spec = data.get("spec") or {}
    for index, taint in enumerate(spec.get("taints") or []):
        path: Path = ("spec", "taints", index)
        key, value, effect = taint.get("key") or "", taint.get("value") or "", taint.get("effect") or ""
        shown = f"metadata.taints[{index}]"
        faults += [invalid((*path, "key"), key, m, shown=f"{shown}.key") for m in formats.qualified_name(key)]
        faults += [invalid((*path, "value"), value, m, shown=f"{shown}.value") for m in formats.label_value(value)]
        if effect not in _TAINT_EFFECTS:
            faults.append(not_supported((*path, "effect"), effect, _TAINT_EFFECTS, shown=f"{shown}.effect"))
    for index, cidr in enumerate(spec.get("podCIDRs") or []):
        faults += [invalid(("spec", "podCIDRs", index), cidr, m) for m in formats.cidr(cidr)]
    return faults


def config_map(data: Json, old: Json = None) -> list[FieldError]:
    faults = object_meta(data, True, formats.dns_subdomain)
    plain, binary = data.get("data") or {}, data.get("binaryData") or {}
    for key in sorted(plain):
        path: Path = ("data", Key(key))
        faults += [invalid(path, key, m) for m in formats.config_key(key)]
        if key in binary:
            faults.append(invalid(path, key, "duplicate of key present in binaryData"))
    for key in sorted(binary):
        faults += [invalid(("binaryData", Key(key)), key, m) for m in formats.config_key(key)]
    return faults + _frozen(data, old, ("data", "binaryData"))


def secret(data: Json, old: Json = None) -> list[FieldError]:
    faults = object_meta(data, True, formats.dns_subdomain)
    held, kind = data.get("data") or {}, data.get("type")
    for key in sorted(held):
        faults += [invalid(("data", Key(key)), key, m) for m in formats.config_key(key)]
    if kind == "kubernetes.io/basic-auth" and "username" not in held and "password" not in held:
        faults += [required(("data", Key(key))) for key in ("username", "password")]
    for key in _NEEDED.get(kind or "", ()):
        if key not in held:
            faults.append(required(("data", Key(key))))
        elif kind in ("kubernetes.io/dockerconfigjson", "kubernetes.io/dockercfg"):
            faults += _json_value(held[key], ("data", Key(key)))
    if old is not None:
        faults += immutable(kind, old.get("type"), ("type",))
    return faults + _frozen(data, old, ("data",))


def _json_value(encoded: str, path: Path) -> list[FieldError]:
    try:
        json.loads(base64.b64decode(encoded))
    except (ValueError, binascii.Error, RecursionError):
        return [invalid(path, "<secret contents redacted>", "invalid character looking for beginning of value")]
    return []


def _frozen(data: Json, old: Json, fields: tuple[str, ...]) -> list[FieldError]:
    if old is None or not old.get("immutable"):
        return []
    return [
        forbidden((name,), "field is immutable when `immutable` is set")
        for name in (*fields, "immutable")
        if data.get(name) != old.get(name)
    ]


def any_namespaced(data: Json, _old: Json = None) -> list[FieldError]:
    return object_meta(data, True, formats.dns_subdomain)


def any_cluster_scoped(data: Json, _old: Json = None) -> list[FieldError]:
    return object_meta(data, False, formats.dns_subdomain)


def named_like_a_path(data: Json, _old: Json = None) -> list[FieldError]:
    """RBAC names need only fit into a URL."""
    return object_meta(data, bool((data.get("metadata") or {}).get("namespace")), formats.path_segment)
