"""What every object's metadata must satisfy: names, labels, annotations, owners; and label selectors.

Mirrors: apimachinery `pkg/api/validation/objectmeta.go`, `pkg/apis/meta/v1/validation/validation.go`.
"""

from __future__ import annotations

from collections.abc import Mapping

from simulator.admission.field_errors import FieldError, forbidden, invalid, not_supported, required, too_long
from simulator.admission.validation import formats
from simulator.admission.validation.formats import Format
from simulator.api.meta import Json, Path

METADATA: Path = ("metadata",)
_ANNOTATIONS_LIMIT = 256 * 1024


def object_meta(data: Json, namespaced: bool, name_format: Format, path: Path = METADATA) -> list[FieldError]:
    meta = data.get("metadata") or {}
    faults: list[FieldError] = []
    generate = meta.get("generateName")
    if generate:
        faults += [invalid((*path, "generateName"), generate, m) for m in name_format(_without_trailing_dash(generate))]
    name = meta.get("name") or ""
    if not name:
        faults.append(required((*path, "name"), "name or generateName is required"))
    else:
        faults += [invalid((*path, "name"), name, m) for m in name_format(name)]
    namespace = meta.get("namespace") or ""
    if namespaced:
        if not namespace:
            faults.append(required((*path, "namespace")))
        else:
            faults += [invalid((*path, "namespace"), namespace, m) for m in formats.dns_label(namespace)]
    elif namespace:
        faults.append(forbidden((*path, "namespace"), "not allowed on this type"))
    if meta.get("labels"):
        faults += labels(meta["labels"], (*path, "labels"))
    if meta.get("annotations"):
        faults += annotation_faults(meta["annotations"], (*path, "annotations"))
    faults += _owners(meta.get("ownerReferences") or [], (*path, "ownerReferences"))
    return faults


def _without_trailing_dash(name: str) -> str:
    return name[:-2] + "a" if len(name) > 1 and name.endswith("-") else name


def _owners(owners: Json, path: Path) -> list[FieldError]:
    faults = []
    for index, owner in enumerate(owners):
        faults += [
            invalid((*path, index, key), owner.get(key) or "", "must not be empty")
            for key in ("apiVersion", "kind", "name", "uid")
            if not owner.get(key) or (key == "apiVersion" and "/" in owner[key] and not owner[key].split("/")[1])
        ]
    return faults


def labels(given: Mapping[str, str], path: Path) -> list[FieldError]:
    faults = []
    for key, value in sorted(given.items()):
        faults += [invalid(path, key, m) for m in formats.qualified_name(key)]
        faults += [invalid(path, value, m) for m in formats.label_value(value)]
    return faults


def annotation_faults(given: Mapping[str, str], path: Path) -> list[FieldError]:
    faults = [invalid(path, key, m) for key in sorted(given) for m in formats.qualified_name(key.lower())]
    if sum(len(key.encode()) + len(value.encode()) for key, value in given.items()) > _ANNOTATIONS_LIMIT:
        faults.append(too_long(path, _ANNOTATIONS_LIMIT))
    return faults


def label_selector(selector: Json, path: Path) -> list[FieldError]:
    """A LabelSelector's keys, values and operators. An absent selector has no faults."""
    if not selector:
        return []
    faults = labels(selector.get("matchLabels") or {}, (*path, "matchLabels"))
    for index, expression in enumerate(selector.get("matchExpressions") or []):
        faults += _requirement(expression, (*path, "matchExpressions", index))
    return faults


def _requirement(expression: Json, path: Path) -> list[FieldError]:
    faults = []
    operator, values = expression.get("operator") or "", expression.get("values") or []
    if operator in ("In", "NotIn"):
        if not values:
            faults.append(required((*path, "values"), "must be specified when `operator` is 'In' or 'NotIn'"))
    elif operator in ("Exists", "DoesNotExist"):
        if values:
            faults.append(forbidden((*path, "values"), "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"))
    else:
        faults.append(invalid((*path, "operator"), operator, "not a valid selector operator"))
    faults += [invalid((*path, "key"), expression.get("key") or "", m) for m in formats.qualified_name(expression.get("key") or "")]
    for index, value in enumerate(values):
        faults += [invalid((*path, "values", index), value, m) for m in formats.label_value(value)]
    return faults


def nonnegative(value: Json, path: Path) -> list[FieldError]:
    return [invalid(path, value, "must be greater than or equal to 0")] if value is not None and value < 0 else []


def one_of(value: Json, supported: tuple[str, ...], path: Path) -> list[FieldError]:
    """A value out of a list, which is printed in the order given."""
    return [] if value in supported else [not_supported(path, value, supported)]


def immutable(new: Json, old: Json, path: Path) -> list[FieldError]:
    return [] if new == old else [invalid(path, new, "field is immutable")]
