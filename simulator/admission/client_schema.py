"""What kubectl itself checks before it sends the items of a list: fields and types against the published schemas.

kubectl leaves this to the server for single objects, and does it for lists, since no server endpoint takes a whole List.
Mirrors: kubectl `pkg/validation/schema.go`, kube-openapi `pkg/util/proto/validation`.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Problem
from simulator.api.meta import Json, Path
from simulator.schema import LIST, MAP, STRUCT, Type
from simulator.schema.near import near

_NUMERIC = {"int32": "integer", "int64": "integer", "float64": "number"}


def check(value: Json, wanted: Type, kind: str) -> Iterator[Problem]:
    """The faults of one object of a built-in kind."""
    yield from _check(value, wanted, wanted.name, kind, ())


def _check(value: Json, wanted: Type, type_path: str, shown: str, path: Path) -> Iterator[Problem]:
    if value is None:
        return
    if wanted.shape == STRUCT:
        yield from _struct(value, wanted, shown, path)
    elif wanted.shape == LIST:
        if not isinstance(value, list):
            yield _wrong(value, "array", type_path, shown, path)
            return
        assert wanted.element is not None
        for index, item in enumerate(value):
            yield from _check(item, wanted.element, type_path, f"{shown}[{index}]", (*path, index))
    elif wanted.shape == MAP:
        if not isinstance(value, dict):
            yield _wrong(value, "map", type_path, shown, path)
            return
        assert wanted.element is not None
        for name in sorted(value):
            yield from _check(value[name], wanted.element, type_path, f"{shown}.{name}", (*path, name))
    elif wanted.shape == "bool":
        if not isinstance(value, bool):
            yield _wrong(value, "boolean", type_path, shown, path)
    elif wanted.shape in _NUMERIC:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            yield _wrong(value, _NUMERIC[wanted.shape], type_path, shown, path)
    elif wanted.shape != "any" and isinstance(value, (dict, list)):
        yield _wrong(value, "string", type_path, shown, path)


def _struct(value: Json, wanted: Type, shown: str, path: Path) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield _wrong(value, "map", wanted.name, shown, path)
        return
    for name in sorted(value):
        known = wanted.fields.get(name)
        if value[name] is None:
            continue
        if known is None:
            text = f'ValidationError({shown}): unknown field "{name}" in {wanted.name}'
            yield Problem("unknown-field", text, (*path, name), facts={"near": list(near(name, wanted.fields))})
        else:
            yield from _check(value[name], known.type, f"{wanted.name}.{name}", f"{shown}.{name}", (*path, name))
    for name in wanted.required:
        if value.get(name) is None:
            yield Problem("required-value", f'ValidationError({shown}): missing required field "{name}" in {wanted.name}', (*path, name))


def _wrong(value: Json, wanted: str, type_path: str, shown: str, path: Path) -> Problem:
    got = "map" if isinstance(value, dict) else "array" if isinstance(value, list) else _primitive(value)
    text = f'ValidationError({shown}): invalid type for {type_path}: got "{got}", expected "{wanted}"'
    return Problem("wrong-type", text, path, facts={"wanted": wanted})


def _primitive(value: Json) -> str:
    if isinstance(value, bool):
        return "boolean"
    return {int: "integer", float: "number"}.get(type(value), "string")
