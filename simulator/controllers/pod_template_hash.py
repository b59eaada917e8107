"""The hash of a Pod template: the `pod-template-hash` in the names of a Deployment's ReplicaSets and Pods.

Responsible for: printing a template as Go would print it, and hashing that text.
Leaves to others: the types and their order (`pod_template_types`), names (`names`).
Mirrors: kubernetes `pkg/controller/controller_utils.go` (ComputeHash), `pkg/util/hash`, and what go-spew's `%#v` prints. Checked
against hashes of a real 1.36 control plane for plain templates; a template that uses what the table of types only knows by name
has a hash of its own too, but not a real cluster's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache

from simulator.api.meta import Json
from simulator.controllers.names import FNV_PRIME, fnv32a, safe_encode
from simulator.controllers.pod_template_types import STRUCTS

_Print = Callable[[Json, list[str]], None]
"""Adds the text of a value to a list, in pieces that templates have in common as often as may be."""

_BASIC = {"string": "", "bool": "false", "int32": "0", "int64": "0"}
_NIL = "<nil>"
_JSON_NAMES = {"DeprecatedServiceAccount": "serviceAccount"}
_GO_NAMES = {"PodTemplateSpec.Metadata": "ObjectMeta"}
_TIME = "{Time:(time.Time){wall:(uint64)0 ext:(int64)0 loc:(*time.Location)<nil>}}"
_BINARY = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}
_DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_QUANTITY = re.compile(r"([+-]?)([0-9]{1,15})(?:\.([0-9]{0,9}))?([KMGTPE]i|[numkMGTPE]?)")


def pod_template_hash(template: Mapping[str, Json]) -> str:
    """Eight to ten letters that follow from a template, as `ComputeHash` makes them."""
    state = fnv32a(b"")
    for part in printed(template):
        state = _hashed(state, part)
    return safe_encode(str(state))


def printed(value: Json, type_: str = "PodTemplateSpec") -> list[str]:
    """The text that is hashed, in pieces."""
    parts = [f"({_go_type(type_)})"]
    _printer(type_)(value, parts)
    return parts


def _hashed(state: int, text: str) -> int:
    """FNV-1a goes on over `text`. All but the lowest byte of the state passes through linearly, so the parts that templates have in
    common are hashed once for each lowest byte and then looked up."""
    low = state & 0xFF
    factor, rest = _run(text, low)
    return (state - low) * factor + rest & 0xFFFFFFFF


@lru_cache(maxsize=1 << 15)
def _run(text: str, low: int) -> tuple[int, int]:
    data = text.encode()
    return pow(FNV_PRIME, len(data), 1 << 32), fnv32a(data, low)


@cache
def _struct(name: str) -> _Print:
    """Prints `{Field:(type)value ...}`. A struct that the table knows by name only prints as empty braces."""
    fields = [_field(name, *given.split(":")) for given in STRUCTS.get(name, "").split()]

    def add(value: Json, parts: list[str]) -> None:
        parts.append("{")
        for label, key, unset, print_value in fields:
            inner = value if key is None else value.get(key)
            if inner is None:
                parts.append(unset)
            else:
                parts.append(label)
                print_value(inner, parts)
        parts.append("}")

    return add


def _field(struct: str, name: str, type_: str) -> tuple[str, str | None, str, _Print]:
    """Label with type, key in the manifest (None: inline), the whole text where the field is not set, what prints a value."""
    inline = name.startswith("+")
    name = name.removeprefix("+")
    first = STRUCTS[struct].split()[0].removeprefix("+").startswith(f"{name}:")
    label = f"{'' if first else ' '}{_GO_NAMES.get(f'{struct}.{name}', name)}:({_go_type(type_)})"
    key = None if inline else _JSON_NAMES.get(name) or _json_name(name)
    return label, key, label + _unset(type_), _printer(type_)


def _json_name(name: str) -> str:
    """dnsPolicy for DNSPolicy, hostIP for HostIP, tty for TTY."""
    return re.sub(r"^[A-Z]+(?=[A-Z][a-z]|$)|^[A-Z]", lambda found: found[0].lower(), name)


def _go_type(type_: str) -> str:
    if type_.startswith(("*", "[]")):
        mark = "*" if type_.startswith("*") else "[]"
        return mark + _go_type(type_.removeprefix(mark))
    special = {"map": "map[string]string", "IntOrString": "intstr.IntOrString", "Quantity": "resource.Quantity"}
    if type_ in _BASIC:
        return type_
    bare = type_.removeprefix("=")
    return special.get(bare) or (bare if "." in bare else f"v1.{bare}")


def _unset(type_: str) -> str:
    if type_.startswith(("*", "[]")) or type_ in ("map", "ResourceList"):
        return _NIL
    if type_.startswith("="):
        return ""
    return _BASIC[type_] if type_ in _BASIC else "".join(printed({}, type_)[1:])


def _printer(type_: str) -> _Print:
    if type_.startswith("*"):
        return _printer(type_[1:])
    if type_.startswith("[]"):
        return _list(_printer(type_[2:]))
    special = {"map": _map, "ResourceList": _resources, "IntOrString": _int_or_string, "Quantity": _quantity, "Time": lambda _: _TIME}
    if type_ in special:
        return _leaf(special[type_])
    if type_ in _BASIC or type_.startswith("="):
        return _leaf(_basic)
    return _struct(type_)


def _list(print_item: _Print) -> _Print:
    def add(value: Json, parts: list[str]) -> None:
        if not value:
            parts.append(_NIL)
            return
        parts.append("[")
        for index, item in enumerate(value):
            if index:
                parts.append(" ")
            print_item(item, parts)
        parts.append("]")

    return add


def _leaf(text_of: Callable[[Json], str]) -> _Print:
    return lambda value, parts: parts.append(text_of(value))


def _basic(value: Json) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _map(value: Json) -> str:
    return f"map[{' '.join(f'{key}:{value[key]}' for key in sorted(value))}]" if value else _NIL


def _resources(value: Json) -> str:
    return f"map[{' '.join(f'{key}:{_quantity(value[key])}' for key in sorted(value))}]" if value else _NIL


def _int_or_string(value: Json) -> str:
    kind, number, text = (1, 0, value) if isinstance(value, str) else (0, value or 0, "")
    return f"{{Type:(intstr.Type){kind} IntVal:(int32){number} StrVal:(string){text}}}"


def _quantity(value: Json) -> str:
    """A `resource.Quantity` as it was parsed: number, power of ten, the text itself, the kind of its suffix."""
    text = "" if value == {} else str(value)
    number, scale, form = 0, 0, "DecimalSI" if text else ""
    found = _QUANTITY.fullmatch(text)
    if found:
        sign, whole, fraction, suffix = found.groups(default="")
        binary = suffix in _BINARY
        number = int(f"{sign}{whole}{fraction}") * (1 << _BINARY[suffix] if binary else 1)
        scale, form = -len(fraction) + (0 if binary else _DECIMAL[suffix]), "BinarySI" if binary else "DecimalSI"
    amount = f"i:(resource.int64Amount){{value:(int64){number} scale:(resource.Scale){scale}}}"
    return f"{{{amount} d:(resource.infDecAmount){{Dec:(*inf.Dec)<nil>}} s:(string){text} Format:(resource.Format){form}}}"
