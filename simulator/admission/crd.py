"""What the API server does with the Gateway API's kinds, which it knows from CustomResourceDefinitions alone.

Responsible for: unknown fields, defaults, validation: structure, list types, CEL rules, in the server's order and words.
Leaves to others: metadata (as for every kind), structure (`structural`), expressions (`cel`), the definitions (`simulator.schema`).
Mirrors: apiextensions-apiserver `pkg/registry/customresource/strategy.go`, `pkg/apiserver/schema/{pruning,defaulting,listtype,cel}`.
Where Go walks a map in random order, this goes by name. Limits on the cost of rules are not modelled.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from simulator.admission.cel_functions import CelError
from simulator.admission.field_errors import OMITTED, FieldError, Key, duplicate, forbidden, invalid, required
from simulator.admission.structural import Schema, ValidationRule, check
from simulator.api.meta import Json, Path
from simulator.schema import gateway
from simulator.schema.near import near
from simulator.schema.strict import Unknown

RULES_NOT_CHECKED = (
    "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation"
)

_ROOT_FIELDS = ("apiVersion", "kind", "metadata")
_SCALARS = Schema()


@cache
def schema_of(kind: str, version: str) -> Schema | None:
    """The compiled schema of a kind; None if there is none of that name and version (`v1`, without the group)."""
    versions = (gateway().get(kind) or {}).get("versions") or {}
    node = (versions.get(version) or {}).get("schema")
    while node and "sameAs" in node:
        node = versions[node["sameAs"]]["schema"]
    return Schema.of(node) if node else None


def unknown_fields(kind: str, version: str, data: Mapping[str, Json]) -> list[Unknown]:
    """The fields that the kind does not have, by name. Inside metadata and below an unknown field nothing is looked for."""
    schema = schema_of(kind, version)
    return list(_unknown(schema, data, ())) if schema else []


def _unknown(schema: Schema, value: Json, path: Path) -> Iterator[Unknown]:
    if isinstance(value, Mapping):
        for name in sorted(value):
            child = schema.child(name)
            if not path and name in _ROOT_FIELDS:
                continue
            if child is None:
                yield Unknown((*path, name), near(name, schema.properties or ()))
            else:
                yield from _unknown(child, value[name], (*path, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _unknown(schema.items or _SCALARS, item, (*path, index))


def default(kind: str, version: str, data: Mapping[str, Json]) -> Json:
    """The object with the schema's defaults, as the server would store and return it. The given tree is left as it is.

    A status that was sent along is dropped, for status is a subresource; where the schema has a default for it, that is there instead.
    """
    schema = schema_of(kind, version)
    if schema is None:
        return data
    sent = {name: value for name, value in data.items() if name != "status" or schema.child("status") is None}
    return _defaulted(schema, sent)


def _defaulted(schema: Schema | None, value: Json) -> Json:
    if schema is None:
        return value
    if isinstance(value, list):
        return [_defaulted(schema.items, item) for item in value]
    if not isinstance(value, Mapping):
        return value
    filled = {name: child for name, child in value.items() if child is not None or schema.child(name) is None}
    for name, child in (schema.properties or {}).items():
        if child.default is not None and name not in filled:
            filled[name] = copy.deepcopy(child.default)
    return {name: _defaulted(schema.child(name), child) for name, child in filled.items()}


def validate(kind: str, version: str, data: Mapping[str, Json], old: Mapping[str, Json] | None = None) -> list[FieldError]:
    """What is wrong with an object that was defaulted. `old` is the stored object on an update: transition rules are checked only then."""
    schema = schema_of(kind, version)
    if schema is None:
        return []
    faults = list(check(schema, data))
    errors = [fault.error for fault in faults]
    errors += _list_types(schema, data, ())
    if any(fault.blocking for fault in faults):
        return [*errors, invalid((), None, RULES_NOT_CHECKED)]
    return [*errors, *broken_rules(schema, data, old)]


def _list_types(schema: Schema, value: Json, path: Path) -> Iterator[FieldError]:
    """Items that a `set` has twice, and keys that a `map` has twice; the third and further are not told again."""
    if isinstance(value, Mapping):
        for name in sorted(value):
            child = schema.child(name)
            if child is not None:
                yield from _list_types(child, value[name], (*path, _step(schema, name)))
    elif isinstance(value, list):
        if schema.list_type in ("set", "map"):
            keys = value if schema.list_type == "set" else [_map_key(schema, item) for item in value]
            counts: dict[str, int] = {}
            for index, key in enumerate(keys):
                identity = json.dumps(key, sort_keys=True)
                counts[identity] = counts.get(identity, 0) + 1
                if counts[identity] == 2:
                    yield duplicate((*path, index), key)
        for index, item in enumerate(value):
            if schema.items is not None:
                yield from _list_types(schema.items, item, (*path, index))


def _step(schema: Schema, name: str) -> str:
    """A field, or the key of a map: the server prints them differently, though not where it checks the structure."""
    return name if name in (schema.properties or {}) else Key(name)


def _map_key(schema: Schema, item: Json) -> Mapping[str, Json]:
    return {key: item[key] for key in schema.map_keys if key in item} if isinstance(item, Mapping) else {}


def broken_rules(schema: Schema, value: Json, old: Json = None, path: Path = ()) -> Iterator[FieldError]:
    """The errors of a node's CEL rules, then of those below. `old` None: there is nothing stored to compare with."""
    if value is None or not schema.has_rules:
        return
    for rule in schema.rules:
        yield from _broken(schema, rule, value, old, path)
    if isinstance(value, list) and schema.items is not None:
        for index, item in enumerate(value):
            yield from broken_rules(schema.items, item, _counterpart(schema, item, old), (*path, index))
    elif isinstance(value, Mapping):
        for name in sorted(value):
            child = schema.child(name)
            if child is not None:
                before = old.get(name) if isinstance(old, Mapping) else None
                yield from broken_rules(child, value[name], before, (*path, _step(schema, name)))


def _counterpart(schema: Schema, item: Json, old: Json) -> Json:
    """The item of the stored list that has the same key; only lists of type `map` have such."""
    if schema.list_type != "map" or not isinstance(old, list):
        return None
    key = _map_key(schema, item)
    return next((each for each in old if _map_key(schema, each) == key), None)


def _broken(schema: Schema, rule: ValidationRule, value: Json, old: Json, path: Path) -> Sequence[FieldError]:
    if rule.is_transition and old is None:
        return ()
    variables = {"self": value, "oldSelf": old}
    try:
        if rule.program.evaluate(variables) is True:
            return ()
    except CelError as fault:
        if str(fault).startswith("no such overload"):
            signature = "call arguments did not match a supported operator, function or macro signature"
            return (invalid(path, schema.type, f"'{fault}': {signature} for rule: {rule.name}"),)
        return (invalid(path, schema.type, f"{fault} evaluating rule: {rule.name}"),)
    message = _message(rule, variables)
    place = (*path, *rule.field_path)
    shown = OMITTED if schema.type in ("object", "array") else value
    match rule.reason:
        case "FieldValueRequired":
            return (required(place, message),)
        case "FieldValueForbidden":
            return (forbidden(place, message),)
        case "FieldValueDuplicate":
            return (duplicate(place, shown),)
    return (invalid(place, shown, message),)


def _message(rule: ValidationRule, variables: Mapping[str, Json]) -> str:
    if rule.message_expression is not None:
        try:
            message = rule.message_expression.evaluate(variables)
        except CelError:
            message = ""
        if isinstance(message, str) and message.strip() and "\n" not in message.strip():
            return message.strip()
    return rule.message or f"failed rule: {rule.name}"
