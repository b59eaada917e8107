"""What a plain YAML scalar means to Kubernetes: `y` is true, `010` is eight, `1_000` a thousand, `2026-01-01` text.

Responsible for: resolving scalars and naming map keys as the JSON that kubectl sends would hold them.
Leaves to others: structure (`tree`), what a field wants (`simulator.schema`).
Mirrors: sigs.k8s.io/yaml `goyaml.v2/resolve.go` (YAML 1.1 with Go's number syntax) and `convertToJSONableObject`.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from typing import Any

_WORDS: dict[str, Any] = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
}
_INTEGER = re.compile(r"[-+]?(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_NUMERIC_START = frozenset("+-.0123456789")
_LONGEST_NUMBER = 400

STANDARD = "tag:yaml.org,2002:"


class BadScalarError(Exception):
    """A scalar that cannot be what its tag says; the text is go-yaml's, without its `yaml: ` prefix."""


def plain(text: str) -> Any:
    """The value of an untagged, unquoted scalar."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMERIC_START or len(text) > _LONGEST_NUMBER:
        return text
    return _number(text)


def _number(text: str) -> Any:
    digits = text.replace("_", "") if text[0] != "." else text
    found = _INTEGER.match(digits)
    if found:
        hexadecimal, binary, octal, decimal = found.groups()
        if hexadecimal is not None:
            size = int(hexadecimal, 16)
        elif binary is not None:
            size = int(binary, 2)
        else:
            size = int(octal, 8) if octal is not None else int(decimal)
        value = -size if digits[0] == "-" else size
        if -(2**63) <= value < 2**64:
            return value
    if _FLOAT.match(digits):
        return json_number(float(digits))
    return text


def json_number(value: float) -> int | float:
    """A float as Go's JSON holds it: one without a fraction is printed, and read again, as an integer."""
    return int(value) if value.is_integer() and abs(value) < 2**63 else value


def tagged(tag: str, text: str) -> Any:
    """The value of a scalar with an explicit tag. A tag that go-yaml does not know leaves the text as it is."""
    short = tag.removeprefix(STANDARD) if tag.startswith(STANDARD) else None
    if short == "binary":
        try:
            return base64.b64decode("".join(text.split()), validate=True).decode("utf-8", "replace")
        except binascii.Error as fault:
            raise BadScalarError("!!binary value contains invalid base64 data") from fault
    if short not in ("bool", "int", "float", "null"):
        return text
    value = plain(text)
    kind = _kind(value)
    if kind == short or (kind == "int" and short == "float"):
        return value
    raise BadScalarError(f"cannot decode !!{kind} `{text}` as a !!{short}")


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    return {bool: "bool", int: "int", float: "float"}.get(type(value), "str")


def key(value: Any) -> str:
    """A map's key as JSON holds it. Raises BadScalarError for one that JSON cannot hold."""
    if isinstance(value, str):
        return value
    if value is None:
        raise BadScalarError("unsupported map key of type: null")
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
