"""What the API server knows of each kind's fields, as data: loaded once, when first asked for.

Responsible for: kinds (`Kind`), their types (`Type`), finding them by apiVersion and kind.
Leaves to others: checking objects against them (`strict`), making the tables (`build`), the Gateway API's rules (`admission.crd`).
Mirrors: Kubernetes' published OpenAPI definitions, with the Go names that the server's messages carry.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from simulator.api.meta import Json

STRUCT, LIST, MAP, ANY = "struct", "list", "map", "any"


class Type:
    """One Go type. `shape` is struct, list, map, any or a scalar's Go name; `go` is the name that messages print.

    `fields` maps a struct's field to its `Field`; `element` is what a list or map holds; `required` names a struct's required fields.
    `merge_key` is the field by which a patch tells a list's items apart. `checker` is where `strict` keeps its test for this type.
    """

    def __init__(self, shape: str, go: str, table: Table, element: Type | None = None, name: str = "", merge_key: str = "") -> None:
        self.shape = shape
        self.go = go
        self.element = element
        self.name = name
        self.merge_key = merge_key
        self.checker: Callable[[Json], bool] | None = None
        self._table = table

    @cached_property
    def fields(self) -> dict[str, Field]:
        return {field.lstrip("!"): self._table.field(expression) for field, expression in self._table.types[self.name].items()}

    @cached_property
    def required(self) -> tuple[str, ...]:
        return tuple(field[1:] for field in self._table.types[self.name] if field.startswith("!"))

    @property
    def struct_name(self) -> str:
        """`ServiceSpec` of `v1.ServiceSpec`."""
        return self.go.rsplit(".", 1)[-1]


@dataclass(frozen=True, slots=True)
class Field:
    """A struct's field: its type, and the embedded struct that Go reaches it through, or ""."""

    type: Type
    embedded: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind that the server serves. `type` is None for a custom resource, whose fields `admission.crd` checks."""

    group: str
    version: str
    kind: str
    plural: str
    namespaced: bool
    type: Type | None = None

    @property
    def api_version(self) -> str:
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def printed(self) -> str:
        """`service` or `deployment.apps`: what stands before `/NAME created`."""
        return f"{self.kind.lower()}.{self.group}" if self.group else self.kind.lower()


class Table:
    """All kinds of one Kubernetes version, with or without those of the Gateway API."""

    def __init__(self, data: dict[str, Any], gateway_api: bool) -> None:
        self.types: dict[str, dict[str, str]] = data["types"]
        self._kinds: dict[str, Any] = data["kinds"]
        self._gateway_api = gateway_api
        self._by_expression: dict[str, Type] = {}
        self._found: dict[tuple[str, str], Kind | None] = {}

    def kind(self, api_version: str, kind: str) -> Kind | None:
        """The kind of that name in that API version, in Kubernetes' own spelling; None where there is none."""
        if (api_version, kind) not in self._found:
            entry = self._kinds.get(f"{api_version} {kind}")
            group, _, version = api_version.rpartition("/")
            custom = custom_kind(api_version, kind) if self._gateway_api else None
            self._found[api_version, kind] = Kind(group, version, kind, entry[1], entry[2], self.type(entry[0])) if entry else custom
        return self._found[api_version, kind]

    @property
    def names(self) -> list[tuple[str, str]]:
        """(apiVersion, kind) of everything that is served, custom resources included."""
        builtin = [tuple(key.split(" ")) for key in self._kinds]
        return [(api_version, kind) for api_version, kind in builtin] + (_custom_kinds() if self._gateway_api else [])

    def type(self, expression: str) -> Type:
        """The type that an expression of the table (`simulator.schema.build.table`) names."""
        if expression not in self._by_expression:
            self._by_expression[expression] = self._parse(expression)
        return self._by_expression[expression]

    def field(self, expression: str) -> Field:
        embedded, _, rest = expression.rpartition("|")
        return Field(self.type(rest), embedded)

    def _parse(self, expression: str) -> Type:
        if expression.startswith("[") and expression != "[]uint8":
            key, _, rest = expression[1:].partition("]")
            element = self.type(rest)
            return Type(LIST, f"[]{element.go}", self, element, merge_key=key)
        if expression.startswith("map[string]"):
            element = self.type(expression[len("map[string]") :])
            return Type(MAP, f"map[string]{element.go}", self, element)
        if "=" in expression:
            go, _, underlying = expression.partition("=")
            base = self.type(underlying)
            return Type(base.shape, go, self, base.element, base.name)
        if expression in self.types:
            return Type(STRUCT, ".".join(expression.split(".")[-2:]), self, name=expression)
        return Type(expression, expression, self)


@cache
def table(version: str = "1.36", gateway_api: bool = True) -> Table:
    """The table of a Kubernetes version; of the newest that is known where that version has none."""
    folder = files("simulator.schema")
    file = folder.joinpath(f"kubernetes-{version}.json.gz")
    if not file.is_file():
        newest = max(entry.name for entry in folder.iterdir() if entry.name.startswith("kubernetes-"))
        file = folder.joinpath(newest)
    return Table(json.loads(gzip.decompress(file.read_bytes())), gateway_api)


@cache
def gateway() -> dict[str, Any]:
    """The Gateway API's CustomResourceDefinitions: {kind: {"group", "plural", "scope", "versions": {version: {"served", "schema"}}}}."""
    return dict(json.loads(gzip.decompress(files("simulator.schema").joinpath("gateway.json.gz").read_bytes())))


KEPT_VERSIONS = frozenset({("TCPRoute", "v1alpha2"), ("UDPRoute", "v1alpha2")})
"""Served here although the standard channel of 1.6 does not: both kinds were experimental until then, and a cluster that had them serves
this version still, from the experimental channel's definitions. Nearly every such route that a learner pastes is written in it."""


def _serves(kind: str, version: str) -> bool:
    versions = gateway()[kind]["versions"]
    return version in versions and (versions[version]["served"] or (kind, version) in KEPT_VERSIONS)


def custom_kind(api_version: str, kind: str) -> Kind | None:
    """A kind of the Gateway API in a version that is served."""
    group, _, version = api_version.rpartition("/")
    if group != "gateway.networking.k8s.io":
        return None
    definition = gateway().get(kind)
    if not definition or definition["group"] != group or not _serves(kind, version):
        return None
    return Kind(group, version, kind, definition["plural"], definition["scope"] == "Namespaced")


def _custom_kinds() -> list[tuple[str, str]]:
    return [(f"{d['group']}/{version}", kind) for kind, d in gateway().items() for version in d["versions"] if _serves(kind, version)]
