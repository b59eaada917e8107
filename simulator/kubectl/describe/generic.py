"""`kubectl describe` of a kind that kubectl has no describer for, such as the Gateway API's: the object's own tree, with spaced titles.

Mirrors: `genericDescriber`, `printUnstructuredContent` and `smartLabelFor` of kubectl `pkg/describe/describe.go`; fatih/camelcase.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from simulator.api.meta import Json, Object
from simulator.cluster import Cluster
from simulator.kubectl.describe.sheet import Sheet, go_value

_SKIPPED = {".metadata.managedFields", ".metadata.name", ".metadata.namespace", ".metadata.labels", ".metadata.annotations"}
_ACRONYMS = {"API", "URL", "UID", "OSB", "GUID"}
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^A-Za-z]+")
_DEEPEST = 60
"""Deeper trees are cut with a note. The API server takes no manifest that is deeper than a hundred; none that means something is."""


def describe_generic(sheet: Sheet, item: Object, _: Cluster) -> None:
    sheet.line(0, "Name:", item.name)
    sheet.line(0, "Namespace:", item.namespace)
    sheet.labels("Labels", item.labels)
    sheet.annotations("Annotations", item.annotations)
    _content(sheet, 0, item.data, "")
    sheet.events()


def _content(sheet: Sheet, level: int, content: Mapping[str, Json], prefix: str) -> None:
    if level > _DEEPEST:
        sheet.line(level, "...")
        return
    for field, value in sorted(content.items()):
        path = f"{prefix}.{field}"
        if path in _SKIPPED:
            continue
        match value:
            case dict():
                sheet.line(level, f"{_title(field)}:")
                _content(sheet, level + 1, value, path)
            case list():
                sheet.line(level, f"{_title(field)}:")
                for child in value:
                    if isinstance(child, dict):
                        _content(sheet, level + 1, child, path)
                    else:
                        sheet.line(level + 1, go_value(child))
            case _:
                sheet.line(level, f"{_title(field)}:", go_value(value))


def _title(field: str) -> str:
    """`parentRefs` -> `Parent Refs`, `apiVersion` -> `API Version`; a name with anything but letters and dashes stays as it is."""
    if any(not (character.isalpha() or character == "-") for character in field):
        return field
    return " ".join(word.upper() if word.upper() in _ACRONYMS else word[:1].upper() + word[1:] for word in _WORD.findall(field))
