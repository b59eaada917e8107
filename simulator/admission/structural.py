"""A custom resource's structural schema, and values checked against it with the API server's words.

Responsible for: the schema as a compiled value (`Schema`), the OpenAPI validation of a tree, in the server's order.
Leaves to others: defaults, list types, CEL rules, which schema belongs to which kind (`crd`).
Mirrors: k8s.io/kube-openapi `pkg/validation/validate` (schema, type, string, number, slice, object validators), the conversion to field
errors in apiextensions-apiserver `pkg/apiserver/validation`. Where Go walks a map in random order, this goes by name.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from simulator.admission.cel import Program, compile_expression
from simulator.admission.cel_functions import re2
from simulator.admission.field_errors import FieldError, invalid, not_supported, printed, required, too_many
from simulator.admission.field_errors import too_long as too_long_error
from simulator.api.meta import Json, Path

_INTEGER_RANGES = {"int32": 2**31}
_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[-+]\d\d:\d\d)\Z")


@dataclass(frozen=True, slots=True)
class ValidationRule:
    """One of `x-kubernetes-validations`. `field_path` leads from the rule's node to the field that is blamed."""

    program: Program
    message: str
    message_expression: Program | None = None
    reason: str = "FieldValueInvalid"
    field_path: Path = ()

    @property
    def name(self) -> str:
        """What errors call the rule."""
        return self.message or self.program.source.strip()

    @property
    def is_transition(self) -> bool:
        return "oldSelf" in self.program.variables


@dataclass(frozen=True, slots=True)
class Schema:
    """One node of a schema; the fields are those of JSONSchemaProps that Gateway API's definitions use."""

    type: str = ""
    format: str = ""
    properties: Mapping[str, Schema] | None = None
    additional: Schema | None = None
    items: Schema | None = None
    required: Sequence[str] = ()
    enum: Sequence[Json] = ()
    pattern: str = ""
    bounds: Mapping[str, int] | None = None
    one_of: Sequence[Schema] = ()
    any_of: Sequence[Schema] = ()
    negated: Schema | None = None
    default: Json = None
    list_type: str = "atomic"
    map_keys: Sequence[str] = ()
    rules: Sequence[ValidationRule] = ()
    has_rules: bool = False
    """Whether this node or one below has rules."""

    @classmethod
    def of(cls, node: Mapping[str, Json]) -> Schema:
        """Compiles a JSON schema, its CEL rules included. Raises CelSyntaxError for a rule that cannot be compiled."""
        properties = {name: cls.of(child) for name, child in sorted((node.get("properties") or {}).items())}
        additional = cls.of(node["additionalProperties"]) if isinstance(node.get("additionalProperties"), Mapping) else None
        items = cls.of(node["items"]) if "items" in node else None
        rules = [_rule(rule) for rule in node.get("x-kubernetes-validations") or ()]
        below = [*properties.values(), *(child for child in (additional, items) if child)]
        return cls(
            type=node.get("type") or "",
            format=node.get("format") or "",
            properties=properties,
            additional=additional,
            items=items,
            required=node.get("required") or (),
            enum=node.get("enum") or (),
            pattern=node.get("pattern") or "",
            bounds={key: value for key, value in node.items() if key.startswith(("max", "min"))},
            one_of=[cls.of(child) for child in node.get("oneOf") or ()],
            any_of=[cls.of(child) for child in node.get("anyOf") or ()],
            negated=cls.of(node["not"]) if "not" in node else None,
            default=node.get("default"),
            list_type=node.get("x-kubernetes-list-type") or "atomic",
            map_keys=node.get("x-kubernetes-list-map-keys") or (),
            rules=rules,
            has_rules=bool(rules) or any(child.has_rules for child in below),
        )

    def child(self, name: str) -> Schema | None:
        """The schema of an object's field; None for a field that it does not know."""
        return (self.properties or {}).get(name) or self.additional


def _rule(rule: Mapping[str, Json]) -> ValidationRule:
    expression = rule.get("messageExpression")
    return ValidationRule(
        compile_expression(rule["rule"]),
        (rule.get("message") or "").strip(),
        compile_expression(expression) if expression else None,
        rule.get("reason") or "FieldValueInvalid",
        tuple(step for step in (rule.get("fieldPath") or "").split(".") if step),
    )


@dataclass(frozen=True, slots=True)
class Fault:
    """A field error; a `blocking` one keeps the CEL rules from being checked at all."""

    error: FieldError
    blocking: bool = False


def check(schema: Schema, value: Json, path: Path = ()) -> Iterator[Fault]:
    """Every violation of the schema in a tree, in the server's order: own type, combinations, value, items, fields, missing fields."""
    yield from _type(schema, value, path)
    if value is None:
        yield from _enum(schema, value, path)
        return
    yield from _combinations(schema, value, path)
    if isinstance(value, str):
        yield from _string(schema, value, path)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield from _number(schema, value, path)
    elif isinstance(value, list):
        yield from _list(schema, value, path)
    yield from _enum(schema, value, path)
    if isinstance(value, Mapping):
        yield from _object(schema, value, path)


def _in_body(path: Path, complaint: str) -> str:
    return f"{printed(path)} in body {complaint}"


def _type(schema: Schema, value: Json, path: Path) -> Iterator[Fault]:
    found, form = _type_and_format(value)
    wanted = ""
    if value is None:
        wanted = schema.type
    elif schema.type or schema.format:
        whole = isinstance(value, float) and value.is_integer() and schema.type == "integer"
        fits = schema.type == found or whole or (schema.type, found) == ("number", "integer")
        scalar = not isinstance(value, (str, list))
        if scalar and schema.format and not fits and form != schema.format:
            wanted, found = schema.format, form
        elif not fits and (scalar or not schema.format or schema.type in ("integer", "number")):
            wanted = schema.type
    if wanted:
        yield Fault(invalid(path, found, _in_body(path, f'must be of type {wanted}: "{found}"')), blocking=True)


def _type_and_format(value: Json) -> tuple[str, str]:
    match value:
        case None:
            return "null", ""
        case bool():
            return "boolean", ""
        case str():
            return "string", ""
        case int():
            return "integer", "int64"
        case float():
            return "number", "float64"
        case list():
            return "array", ""
    return "object", ""


def _combinations(schema: Schema, value: Json, path: Path) -> Iterator[Fault]:
    """`anyOf`, `oneOf`, `not`. Of alternatives that all fail, the server tells the faults of the one that checked most; here: the first."""
    if schema.any_of:
        failures = [list(check(option, value, path)) for option in schema.any_of]
        if all(failures):
            yield _whole(f'"{printed(path)}" must validate at least one schema (anyOf)')
            yield from failures[0]
    if schema.one_of:
        failures = [list(check(option, value, path)) for option in schema.one_of]
        valid = sum(not faults for faults in failures)
        if valid != 1:
            told = f"Found {valid} valid alternatives" if valid else "Found none valid"
            yield _whole(f'"{printed(path)}" must validate one and only one schema (oneOf). {told}')
            yield from () if valid else failures[0]
    if schema.negated is not None and not any(check(schema.negated, value, path)):
        yield _whole(f'"{printed(path)}" must not validate the schema (not)')


def _whole(complaint: str) -> Fault:
    """The server blames such faults on the object as a whole, with an empty value."""
    return Fault(invalid((), "", complaint))


def _string(schema: Schema, value: str, path: Path) -> Iterator[Fault]:
    bounds = schema.bounds or {}
    if len(value) > bounds.get("maxLength", len(value)):
        yield Fault(too_long_error(path, bounds["maxLength"], "character"), blocking=True)
    elif len(value) < bounds.get("minLength", 0):
        yield Fault(invalid(path, value, _in_body(path, f"should be at least {bounds['minLength']} chars long")))
    elif schema.pattern and not re2(schema.pattern).search(value):
        yield Fault(invalid(path, value, _in_body(path, f"should match '{schema.pattern}'")))
    if schema.format and not _has_format(schema.format, value):
        yield Fault(invalid(path, value, _in_body(path, f'must be of type {schema.format}: "{value}"')), blocking=True)


def _has_format(form: str, value: str) -> bool:
    if form in ("ipv4", "ipv6"):
        try:
            return ipaddress.ip_address(value).version == int(form[-1])
        except ValueError:
            return False
    return form != "date-time" or _TIME.match(value) is not None


def _number(schema: Schema, value: float, path: Path) -> Iterator[Fault]:
    bounds = schema.bounds or {}
    if schema.type == "integer":
        limit = _INTEGER_RANGES.get(schema.format, 2**63)
        if (isinstance(value, float) and not value.is_integer()) or not -limit <= value < limit:
            form = f"with format {schema.format}" if schema.format else "(default format)"
            yield _whole(f"Checked value must be of type integer {form} in {printed(path)}")
    if value < bounds.get("minimum", value):
        yield Fault(invalid(path, value, _in_body(path, f"should be greater than or equal to {bounds['minimum']}")))
    if value > bounds.get("maximum", value):
        yield Fault(invalid(path, value, _in_body(path, f"should be less than or equal to {bounds['maximum']}")))


def _list(schema: Schema, value: list[Json], path: Path) -> Iterator[Fault]:
    bounds = schema.bounds or {}
    if schema.items is not None:
        for index, item in enumerate(value):
            yield from check(schema.items, item, (*path, index))
    if len(value) < bounds.get("minItems", 0):
        yield Fault(invalid(path, len(value), _in_body(path, f"should have at least {bounds['minItems']} items")))
    if len(value) > bounds.get("maxItems", len(value)):
        yield Fault(too_many(path, len(value), bounds["maxItems"]), blocking=True)


def _enum(schema: Schema, value: Json, path: Path) -> Iterator[Fault]:
    if schema.enum and value not in schema.enum:
        yield Fault(not_supported(path, value, [str(allowed) for allowed in schema.enum]), blocking=True)


def _object(schema: Schema, value: Mapping[str, Json], path: Path) -> Iterator[Fault]:
    bounds = schema.bounds or {}
    if len(value) < bounds.get("minProperties", 0):
        yield Fault(invalid(path, len(value), _in_body(path, f"should have at least {bounds['minProperties']} properties")))
        return
    if len(value) > bounds.get("maxProperties", len(value)):
        yield Fault(too_many(path, len(value), bounds["maxProperties"]), blocking=True)
        return
    properties = schema.properties or {}
    if schema.additional is not None:
        for name in sorted(value.keys() - properties.keys()):
            yield from check(schema.additional, value[name], (*path, name))
    for name, child in properties.items():
        if name in value:
            yield from check(child, value[name], (*path, name))
    for name in schema.required:
        if name not in value:
            yield Fault(required((*path, name)), blocking=True)
