"""The change that a refused object needs, where the problem itself says so plainly.

Responsible for: one list of edits per problem, with how sure it is. The same edits are offered as a fix, and make the cluster
"as it was meant" (`lenient`).
Leaves to others: the telling (`rules`), the proof (`fixes`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from simulator.api.diagnostics import Edit, Fix
from simulator.api.meta import Json, Path
from simulator.diagnosis.near import near
from simulator.diagnosis.refusals import Refusal, rule_of
from simulator.diagnosis.rule import likely, possible
from simulator.diagnosis.state import POD_TEMPLATE, child
from simulator.schema import table

TOP_LEVEL = ("spec", "data", "stringData", "status", "type", "rules")
SELECTORS = ("selector", "podSelector", "namespaceSelector")
WELL_KNOWN_PORTS = {80: "http", 443: "https", 5432: "postgres", 6379: "redis", 9090: "metrics"}


def repair(found: Refusal, version: str = "1.36") -> tuple[Fix, ...]:
    """The fix of a refusal, unproved; none where nothing is plain."""
    if found.document is None:
        return ()
    kind = found.verdict.kind if found.verdict else ""
    rule = rule_of(found.problem, kind)
    if rule == "no-such-kind":
        return _kind(found, version)
    make = _REPAIRS.get(rule)
    return make(found) if make else ()


def served_as(found: Refusal, version: str) -> tuple[str, Sequence[str]]:
    """The kind that was meant ("" where none is close) and the versions that serve it, stable and newest first."""
    data: Json = found.document.data if found.document else {}
    kind = str(data.get("kind") or "")
    names = table(version).names
    kinds = dict.fromkeys(k for _, k in names)
    meant = kind if kind in kinds else next((k for k in kinds if k.lower() == kind.lower()), (near(kind, kinds) or [""])[0])
    return meant, sorted((v for v, k in names if k == meant), key=_age)


def _age(version: str) -> tuple[bool, int, str]:
    """Sorts stable versions first, and newer before older."""
    number = re.search(r"v(\d+)(\w*)$", version)
    return (bool(number and number[2]), -int(number[1]) if number else 0, version)


def _kind(found: Refusal, version: str) -> tuple[Fix, ...]:
    data: Json = found.document.data if found.document else {}
    meant, versions = served_as(found, version)
    if not versions:
        return ()
    edits = [] if meant == data.get("kind") else [found.edit(meant, ("kind",))]
    if data.get("apiVersion") not in versions:
        edits.append(found.edit(versions[0], ("apiVersion",)))
    return likely(*edits)


def _unknown_field(found: Refusal) -> tuple[Fix, ...]:
    path, value = found.problem.path, found.value
    name, holder = path[-1], path[:-1]
    close = list(found.problem.facts.get("near") or ())
    if len(path) == 2 and holder == ("metadata",) and name in TOP_LEVEL:
        return likely(found.edit(remove=True), found.edit(value, (name,)))
    if name in ("serviceName", "servicePort") and holder[-1:] in (("backend",), ("defaultBackend",)):
        return _old_backend(found, holder)
    if holder[-1:] and holder[-1] in SELECTORS and isinstance(value, str):
        return likely(found.edit(remove=True), found.edit(value, (*holder, "matchLabels", name)))
    if not close:
        return ()
    return likely(found.edit(remove=True), found.edit(value, (*holder, close[0])))


def _old_backend(found: Refusal, holder: Path) -> tuple[Fix, ...]:
    """The backend of `networking.k8s.io/v1beta1` as v1 has it."""
    backend = found.at(holder).value or {}
    port = backend.get("servicePort")
    service: dict[str, Json] = {"name": backend.get("serviceName")}
    if port is not None:
        service["port"] = {"number" if isinstance(port, int) else "name": port}
    return likely(found.edit({"service": service}, holder))


def _wrong_type(found: Refusal) -> tuple[Fix, ...]:
    """Quotes around a bare word or number where text is wanted, none around a number; a list around the one mapping that was given."""
    value, text = found.value, found.problem.message
    if " of type []" in text and isinstance(value, dict):
        return likely(found.edit([value]))
    if "of type string" in text and isinstance(value, bool | int | float):
        return likely(found.edit(str(value).lower() if isinstance(value, bool) else str(value)))
    if "of type int" in text and isinstance(value, str) and value.isdecimal():
        return likely(found.edit(int(value)))
    return ()


def _invalid_value(found: Refusal) -> tuple[Fix, ...]:
    """The supported value that is close, or the name in lower case."""
    text = found.problem.message
    if "must be an absolute path" in text:
        given_path = found.value if isinstance(found.value, str) else ""
        return likely(found.edit(f"/{given_path}")) if given_path else possible(found.edit("/"))
    supported = re.findall(r'"([^"]*)"', text.partition("supported values:")[2])
    given = re.search(r'(?:Unsupported|Invalid) value: "([^"]*)"', text)
    if given is None:
        return ()
    close = near(given[1], supported) or ([given[1].lower()] if "RFC 1123" in text and given[1].lower() != given[1] else [])
    return likely(found.edit(close[0])) if close else ()


def _required_value(found: Refusal) -> tuple[Fix, ...]:
    path = found.problem.path
    data: Json = found.document.data if found.document else {}
    if path[-1:] == ("pathType",):
        return possible(found.edit("Prefix"))
    if path == ("spec", "selector") and data.get("kind") in POD_TEMPLATE:
        labels = child(child(child(child(data, "spec"), "template"), "metadata"), "labels")
        return likely(found.edit({"matchLabels": labels})) if labels else ()
    return ()


def _port_name(found: Refusal) -> tuple[Fix, ...]:
    number = found.at((*found.problem.path[:-1], "port")).value
    if not isinstance(number, int):
        return ()
    return likely(found.edit(WELL_KNOWN_PORTS.get(number, f"port-{number}")))


def _bare_number(found: Refusal) -> tuple[Fix, ...]:
    return likely(found.edit(int(found.value))) if isinstance(found.value, str) and found.value.isdecimal() else ()


def _host_alone(found: Refusal) -> tuple[Fix, ...]:
    given = str(found.value)
    host = given.partition("://")[2] or given
    for end in "/:":
        host = host.partition(end)[0]
    return likely(found.edit(host.lower())) if host not in ("", given) else ()


def _template_labels(found: Refusal) -> tuple[Fix, ...]:
    """The template takes on the labels that the selector asks for."""
    data: Json = found.document.data if found.document else {}
    wanted = child(child(child(data, "spec"), "selector"), "matchLabels")
    carried = child(child(child(child(data, "spec"), "template"), "metadata"), "labels")
    lacking = {key: value for key, value in wanted.items() if carried.get(key) != value}
    labels = ("spec", "template", "metadata", "labels")
    edits: list[Edit | None] = [found.edit(value, (*labels, key)) for key, value in lacking.items()]
    return likely(*edits)


_REPAIRS: Mapping[str, Callable[[Refusal], tuple[Fix, ...]]] = {
    "unknown-field": _unknown_field,
    "wrong-type": _wrong_type,
    "invalid-value": _invalid_value,
    "required-value": _required_value,
    "service-port-unnamed": _port_name,
    "node-port-out-of-range": lambda found: possible(found.edit(remove=True)),
    "target-port-quoted-number": _bare_number,
    "external-name-not-a-host": _host_alone,
    "workload-selector-mismatch": _template_labels,
}
