"""The page that a describer writes on: indented lines with tabs, aligned when it is done.

Responsible for: indentation, labels and annotations in several lines, moments, values as Go prints them.
Leaves to others: which lines a kind has (the other modules of this package), alignment (`tabwriter`).
Mirrors: kubectl `pkg/describe/describe.go` (`PrefixWriter`, `tabbedString`, `printLabelsMultiline`, `printAnnotationsMultiline`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from simulator.api.meta import Json
from simulator.kubectl.selectors import NONE
from simulator.kubectl.tabwriter import aligned

_LONGEST_ANNOTATION = 140
_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Sheet:
    """Lines in the order written. A tab in a line ends a cell; `level` indents by two columns each."""

    def __init__(self) -> None:
        self._text: list[str] = []

    def line(self, level: int, *cells: object) -> None:
        self._text.append("  " * level + "\t".join(map(str, cells)) + "\n")

    def many(self, title: str, values: Sequence[str], indent: str = "") -> None:
        """`Title:` and one value a line below each other, or `<none>`."""
        for index, value in enumerate(values or [NONE]):
            self.line(0, indent if index else f"{indent}{title}:", value)

    def labels(self, title: str, labels: Mapping[str, str] | None, indent: str = "") -> None:
        self.many(title, [f"{key}={value}" for key, value in sorted((labels or {}).items())], indent)

    def annotations(self, title: str, annotations: Mapping[str, str] | None) -> None:
        """As labels; a long or broken value stands on lines of its own, each cut to 140 characters."""
        shown = sorted((key, value.removesuffix("\n")) for key, value in (annotations or {}).items() if key != _LAST_APPLIED)
        if not shown:
            self.line(0, f"{title}:", NONE)
        for index, (key, value) in enumerate(shown):
            head = "" if index else f"{title}:"
            if len(value) + len(key) + 2 <= _LONGEST_ANNOTATION and "\n" not in value:
                self.line(0, head, f"{key}: {value}")
                continue
            self.line(0, head, f"{key}:")
            for part in value.split("\n"):
                self.line(0, "", f"  {_shortened(part)}")

    def events(self) -> None:
        """Events are not modelled: a cluster in which nothing was recorded yet."""
        self.line(0, "Events:", NONE)

    def text(self) -> str:
        return aligned("".join(self._text), padding=2)


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_ANNOTATION - 2 else text[: _LONGEST_ANNOTATION - 2] + "..."


def moment(stamp: str | None) -> str:
    """`2026-01-02T03:04:05Z` as `Fri, 02 Jan 2026 03:04:05 +0000` (Go's RFC1123Z); `<unknown>` where none is known."""
    when = _parsed(stamp)
    if when is None:
        return "<unknown>"
    return f"{_DAYS[when.weekday()]}, {when.day:02} {_MONTHS[when.month - 1]} {when.year:04} {when:%H:%M:%S} +0000"


def go_moment(stamp: str | None) -> str:
    """`2026-01-02 03:04:05 +0000 UTC`: a time that Go prints without a format."""
    when = _parsed(stamp)
    return "<unknown>" if when is None else f"{when:%Y-%m-%d %H:%M:%S} +0000 UTC"


def _parsed(stamp: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(stamp or "").astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def go_value(value: Json) -> str:
    """A scalar or list as Go's `%v` prints it."""
    match value:
        case None:
            return "<nil>"
        case bool():
            return str(value).lower()
        case list():
            return "[" + " ".join(go_value(item) for item in value) + "]"
        case dict():
            return "map[" + " ".join(f"{key}:{go_value(item)}" for key, item in sorted(value.items())) + "]"
    return str(value)
