"""Decodes an object as the API server does under `--validate=strict`: Go's types, unknown fields, both in its words.

Responsible for: the first wrong type (`json: cannot unmarshal ...`), every unknown field, leaving out nulls.
Leaves to others: values that have the right type and are wrong all the same (`admission`).
Mirrors: sigs.k8s.io/json (`internal/golang/encoding/json/decode.go`), apimachinery `intstr`, `resource.Quantity`, `metav1.Time`.
kubectl sends an object's fields sorted by name, so that is the order in which faults are found.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from simulator.api.meta import Json, Path
from simulator.schema import ANY, LIST, MAP, STRUCT, Type
from simulator.schema.near import near

_RANGES = {"int32": 2**31, "int64": 2**63}
_QUANTITY = re.compile(r"^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[-+]\d\d:\d\d)\Z")
QUANTITY_RULE = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"


@dataclass(frozen=True, slots=True)
class Unknown:
    """A field that the type does not have. `near` are the type's own fields whose names are close."""

    path: Path
    near: tuple[str, ...]


@dataclass(slots=True)
class Strict:
    """The object as decoded, without nulls. `fault` is Go's error for the first value of a wrong type, which stood at `fault_path`."""

    data: Json = None
    fault: str = ""
    fault_path: Path = ()
    fault_wanted: str = ""
    unknown: list[Unknown] = field(default_factory=list)


def fits(value: Json, wanted: Type) -> bool:
    """Whether a value decodes as it stands: right types, known fields, no nulls. Quick, and says nothing more."""
    return _checker(wanted)(value)


def decode(value: Json, wanted: Type, outer: str = "") -> Strict:
    """Decodes field by field and tells what is wrong. `outer` is the struct that a message names for a fault at the root."""
    if fits(value, wanted):
        return Strict(value)
    state = _State()
    data = state.value(value, wanted, (), (), outer)
    first = state.immediate or state.saved
    if first:
        return Strict(data, *first, unknown=state.unknown)
    return Strict(data, unknown=state.unknown)


_CHECKERS: dict[str, Callable[[Json], bool]] = {
    "string": lambda value: type(value) is str,
    "bool": lambda value: type(value) is bool,
    "int32": lambda value: type(value) is int and -(2**31) <= value < 2**31,
    "int64": lambda value: type(value) is int and -(2**63) <= value < 2**63,
    "float64": lambda value: type(value) is float or type(value) is int,
    "intstr.IntOrString": lambda value: type(value) is str or (type(value) is int and -(2**31) <= value < 2**31),
    "resource.Quantity": lambda value: type(value) is str and _QUANTITY.match(value) is not None,
    "v1.Time": lambda value: type(value) is str and _TIME.match(value) is not None,
    "[]uint8": lambda value: type(value) is str and _base64_fault(value) is None,
    ANY: lambda value: value is not None,
}


def _checker(wanted: Type) -> Callable[[Json], bool]:
    made = wanted.checker
    if made is None:
        made = wanted.checker = _make_checker(wanted)
    return made


def _make_checker(wanted: Type) -> Callable[[Json], bool]:
    if wanted.shape == STRUCT:
        checks: dict[str, Callable[[Json], bool]] = {}

        def fits_struct(value: Json) -> bool:
            if type(value) is not dict:
                return False
            for name, part in value.items():
                check = checks.get(name)
                if check is None:
                    known = wanted.fields.get(name)
                    if known is None:
                        return False
                    check = checks[name] = _checker(known.type)
                if not check(part):
                    return False
            return True

        return fits_struct
    if wanted.shape in (LIST, MAP):
        assert wanted.element is not None
        inner = _checker(wanted.element)
        if wanted.shape == LIST:
            return lambda value: type(value) is list and all(map(inner, value))
        return lambda value: type(value) is dict and all(map(inner, value.values()))
    return _CHECKERS[wanted.shape]


class _State:
    """One decoding: the first wrong type is kept and decoding goes on; what a type's own parser refuses ends it at once."""

    def __init__(self) -> None:
        self.saved: tuple[str, Path, str] | None = None
        self.immediate: tuple[str, Path, str] | None = None
        self.unknown: list[Unknown] = []

    def value(self, value: Json, wanted: Type, path: Path, stack: tuple[str, ...], struct: str) -> Json:
        if value is None or self.immediate:
            return None
        match wanted.shape:
            case "struct":
                return self._struct(value, wanted, path, stack, struct)
            case "list":
                return self._list(value, wanted, path, stack, struct)
            case "map":
                return self._map(value, wanted, path, stack, struct)
            case "any":
                return value
        return self._scalar(value, wanted, path, stack, struct)

    def _struct(self, value: Json, wanted: Type, path: Path, stack: tuple[str, ...], struct: str) -> Json:
        if not isinstance(value, dict):
            return self._wrong(_kind(value), wanted.go, path, stack, struct)
        kept = {}
        for name in sorted(value):
            known = wanted.fields.get(name)
            if known is None:
                self.unknown.append(Unknown((*path, name), near(name, wanted.fields)))
                continue
            steps = (*stack, known.embedded, name) if known.embedded else (*stack, name)
            decoded = self.value(value[name], known.type, (*path, name), steps, wanted.struct_name)
            if decoded is not None:
                kept[name] = decoded
        return kept

    def _list(self, value: Json, wanted: Type, path: Path, stack: tuple[str, ...], struct: str) -> Json:
        if not isinstance(value, list):
            return self._wrong(_kind(value), wanted.go, path, stack, struct)
        assert wanted.element is not None
        items = (self.value(item, wanted.element, (*path, number), stack, struct) for number, item in enumerate(value))
        return [_zero(wanted.element) if item is None else item for item in items]

    def _map(self, value: Json, wanted: Type, path: Path, stack: tuple[str, ...], struct: str) -> Json:
        if not isinstance(value, dict):
            return self._wrong(_kind(value), wanted.go, path, stack, struct)
        assert wanted.element is not None
        kept = {}
        for name in sorted(value):
            decoded = self.value(value[name], wanted.element, (*path, name), stack, struct)
            kept[name] = _zero(wanted.element) if decoded is None else decoded
        return kept

    def _scalar(self, value: Json, wanted: Type, path: Path, stack: tuple[str, ...], struct: str) -> Json:
        if _CHECKERS[wanted.shape](value):
            return value
        match wanted.shape:
            case "intstr.IntOrString":
                described = _kind(value) if not _is_number(value) else f"number {_number(value)}"
                return self._wrong(described, "int32", path, stack, struct, at_once=True)
            case "resource.Quantity":
                if _is_number(value):
                    return str(value)
                return self._refuse(QUANTITY_RULE, path, "a quantity")
            case "v1.Time":
                if isinstance(value, str):
                    return self._refuse(_time_fault(value), path, "a time")
                return self._wrong(_kind(value), "string", path, (), "", at_once=True)
            case "[]uint8":
                if isinstance(value, str):
                    fault = _base64_fault(value)
                    self.saved = self.saved or (f"illegal base64 data at input byte {fault}", path, "base64")
                    return None
        described = f"number {_number(value)}" if _is_number(value) and wanted.shape in _RANGES else _kind(value)
        return self._wrong(described, wanted.go, path, stack, struct)

    def _wrong(self, described: str, go: str, path: Path, stack: tuple[str, ...], struct: str, at_once: bool = False) -> None:
        where = f"Go struct field {struct}.{'.'.join(stack)}" if struct else "Go value"
        fault = (f"json: cannot unmarshal {described} into {where} of type {go}", path, go)
        if at_once:
            self.immediate = self.immediate or fault
        else:
            self.saved = self.saved or fault

    def _refuse(self, text: str, path: Path, wanted: str) -> None:
        self.immediate = self.immediate or (text, path, wanted)


def _kind(value: Json) -> str:
    """JSON's name for a value's kind, as Go prints it."""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, str):
        return "string"
    return "object" if isinstance(value, dict) else "array" if isinstance(value, list) else "number"


def _is_number(value: Json) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _number(value: float) -> str:
    return repr(value) if isinstance(value, float) else str(value)


def _zero(wanted: Type) -> Json:
    """What Go keeps for a null inside a list or map."""
    return {STRUCT: {}, LIST: [], MAP: {}, "bool": False, "int32": 0, "int64": 0, "float64": 0}.get(wanted.shape, "")


def _base64_fault(text: str) -> int | None:
    """The input byte at which Go's base64 decoder stops, or None."""
    clean = text.replace("\n", "").replace("\r", "")
    try:
        base64.b64decode(clean, validate=True)
    except (binascii.Error, ValueError):
        wrong = re.search(r"[^A-Za-z0-9+/]", text)
        return wrong.start() if wrong and wrong[0] != "=" else len(text.rstrip("=")) // 4 * 4 + (4 if "=" in text else 0)
    return None


def _time_fault(text: str) -> str:
    return f'parsing time "{text}" as "2006-01-02T15:04:05Z07:00": cannot parse "{text}" as "2006"'
