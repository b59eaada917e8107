"""One fault of one field, printed as the API server prints it: `spec.ports[0].port: Invalid value: 0: must be ...`.

Responsible for: the kinds of field errors, their wording, the printed form of a path and of a bad value.
Leaves to others: finding faults (`admission`'s validators), wrapping several into a status (`admission.kubectl_errors`).
Mirrors: apimachinery `pkg/util/validation/field` (`errors.go`, `path.go`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from simulator.api.meta import Json, Path


class Key(str):
    """A step of a path that is a map's key, printed in brackets: `metadata.annotations[Key]`, not `.Key`."""

    __slots__ = ()


class ErrorType(StrEnum):
    """The kinds of field errors; the value is the text the server prints, the name is the `reason` of the status cause."""

    INVALID = "Invalid value"
    REQUIRED = "Required value"
    NOT_SUPPORTED = "Unsupported value"
    DUPLICATE = "Duplicate value"
    FORBIDDEN = "Forbidden"
    TOO_LONG = "Too long"
    TOO_MANY = "Too many"
    NOT_FOUND = "Not found"
    INTERNAL = "Internal error"

    @property
    def code(self) -> str:
        """A rule-like id for this kind of fault, e.g. `invalid-value`."""
        return self.value.lower().replace(" ", "-")


class _Omitted:
    """The bad value is not printed."""


OMITTED = _Omitted()
_VALUELESS = frozenset({ErrorType.REQUIRED, ErrorType.FORBIDDEN, ErrorType.TOO_LONG, ErrorType.INTERNAL})


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with the field at `path`. `shown` replaces the printed path where the server prints another than the manifest has.

    `value` is printed as the server does; OMITTED leaves it out. `body` is the text without the path, `str()` the whole line.
    """

    type: ErrorType
    path: Path
    value: Json | _Omitted = OMITTED
    detail: str = ""
    shown: str = ""

    @property
    def field(self) -> str:
        return self.shown or printed(self.path)

    @property
    def body(self) -> str:
        text: str = self.type.value
        if self.type not in _VALUELESS and not isinstance(self.value, _Omitted):
            text += f": {go_value(self.value)}"
        return f"{text}: {self.detail}" if self.detail else text

    def __str__(self) -> str:
        return f"{self.field}: {self.body}"


def invalid(path: Path, value: Json | _Omitted, detail: str, shown: str = "") -> FieldError:
    return FieldError(ErrorType.INVALID, path, value, detail, shown)


def required(path: Path, detail: str = "", shown: str = "") -> FieldError:
    return FieldError(ErrorType.REQUIRED, path, OMITTED, detail, shown)


def not_supported(path: Path, value: Json, supported: Sequence[str], shown: str = "") -> FieldError:
    """`supported` is printed in the order given; most callers of the server give it sorted."""
    detail = "supported values: " + ", ".join(go_quote(v) for v in supported) if supported else ""
    return FieldError(ErrorType.NOT_SUPPORTED, path, value, detail, shown)


def duplicate(path: Path, value: Json, shown: str = "") -> FieldError:
    return FieldError(ErrorType.DUPLICATE, path, value, "", shown)


def forbidden(path: Path, detail: str, shown: str = "") -> FieldError:
    return FieldError(ErrorType.FORBIDDEN, path, OMITTED, detail, shown)


def not_found(path: Path, value: Json) -> FieldError:
    return FieldError(ErrorType.NOT_FOUND, path, value)


def too_long(path: Path, limit: int, unit: str = "byte") -> FieldError:
    """`unit` is "byte" or "character"; the value itself is never printed."""
    return FieldError(ErrorType.TOO_LONG, path, OMITTED, f"may not be more than {limit} {unit}{'' if limit == 1 else 's'}")


def too_many(path: Path, actual: int, limit: int) -> FieldError:
    return FieldError(ErrorType.TOO_MANY, path, actual, f"must have at most {limit} item{'' if limit == 1 else 's'}")


def printed(path: Path) -> str:
    """A path as the server prints it; the root is `<nil>`, a map's key stands in brackets."""
    text = ""
    for step in path:
        if isinstance(step, (int, Key)):
            text += f"[{step}]"
        else:
            text += f".{step}" if text else step
    return text or "<nil>"


def go_value(value: Json) -> str:
    """A value as Go prints it in such an error: quoted strings, bare numbers, JSON for the rest."""
    if isinstance(value, str):
        return go_quote(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


_ESCAPES = {'"': '\\"', "\\": "\\\\", "\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"}


def go_quote(text: str) -> str:
    """Go's `strconv.Quote`."""
    return '"' + "".join(_ESCAPES.get(c) or (c if c.isprintable() else _escaped(c)) for c in text) + '"'


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x80 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
