"""One YAML document's text -> the tree that Kubernetes sees, in one pass over libyaml's events.

Responsible for: mappings, sequences, anchors, merge keys, and the limits that keep hostile text cheap.
Leaves to others: where fields stand (`places`, only when somebody asks), scalars (`scalars`).
Mirrors: sigs.k8s.io/yaml `goyaml.v2/decode.go` and `yaml.go`. Only the first document of the text is read, as `yaml.Unmarshal` does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from yaml import YAMLError
from yaml._yaml import CParser
from yaml.error import MarkedYAMLError
from yaml.events import AliasEvent, DocumentEndEvent, MappingEndEvent, MappingStartEvent, ScalarEvent, SequenceEndEvent, SequenceStartEvent
from yaml.parser import ParserError

from simulator.decode.scalars import STANDARD, BadScalarError, key, plain, tagged

MAX_DEPTH = 100
MAX_NODES = 400_000
MERGE = "<<"


class UnreadableYAMLError(Exception):
    """The text is no YAML, or more than is read here. `text` is kubectl's wording, without the file's name.

    `line` and `column` count from 0 within the document, or are None. `began` is the line on which what went wrong began, e.g. a
    quotation mark that is never closed. `limit` tells that this simulator refuses, not kubectl.
    """

    def __init__(
        self, text: str, line: int | None = None, column: int | None = None, limit: bool = False, began: tuple[int, int] | None = None
    ) -> None:
        super().__init__(text)
        self.text = text
        self.line = line
        self.column = column
        self.limit = limit
        self.began = began


@dataclass(slots=True)
class Tree:
    """A document as data. `repeats`: some mapping gives a key twice. `tags`: tags in it that mean nothing to Kubernetes."""

    data: Any = None
    repeats: bool = False
    tags: list[str] = field(default_factory=list)
    nodes: int = 0


def read(text: str, nodes_left: int = MAX_NODES) -> Tree:
    """Reads the first document of `text`. Raises UnreadableYAMLError and nothing else."""
    try:
        return _Reader(nodes_left).read(CParser(text))
    except MarkedYAMLError as fault:
        raise _syntax_error(fault) from fault
    except YAMLError as fault:
        raise UnreadableYAMLError(f"error converting YAML to JSON: yaml: {getattr(fault, 'reason', None) or fault}") from fault
    except BadScalarError as fault:
        raise UnreadableYAMLError(f"error converting YAML to JSON: yaml: {fault}") from fault


def _syntax_error(fault: MarkedYAMLError) -> UnreadableYAMLError:
    """go-yaml's `parser.fail`: scanner errors count lines from 1, parser errors from 0, and line 0 is not printed."""
    mark, context = fault.problem_mark, fault.context_mark
    line = 0
    if mark is not None and mark.line:
        line = mark.line + (not isinstance(fault, ParserError))
    elif context is not None and context.line:
        line = context.line
    where = f"line {line}: " if line else ""
    place = mark or context
    text = f"error converting YAML to JSON: yaml: {where}{fault.problem or 'unknown problem parsing YAML content'}"
    began = (context.line, context.column) if context is not None and place is not None and context.line < place.line else None
    return UnreadableYAMLError(text, place.line if place else None, place.column if place else None, began=began)


class _Reader:
    """The state of one pass: the open collections, the anchors, and what has been spent of the limits."""

    def __init__(self, nodes_left: int) -> None:
        self.tree = Tree()
        self.nodes_left = nodes_left
        self.anchors: dict[str, Any] = {}
        self.sizes: dict[str, int] = {}
        self.open_anchors: list[tuple[int, str]] = []
        self.aliased = 0

    def read(self, parser: CParser) -> Tree:
        """A loop rather than recursion: `stack` holds the open collections, `wanted` the key that waits for its value."""
        tree = self.tree
        next_event: Callable[[], Any] = parser.get_event
        stack: list[tuple[Any, Any]] = []
        current: Any = None  # the open dict or list
        wanted: Any = None  # in a dict: the key whose value comes next, or None
        root: Any = None
        nodes = 0
        while True:
            event = next_event()
            kind = type(event)
            if kind is ScalarEvent:
                nodes += 1
                text = event.value
                if event.implicit[0]:
                    value = plain(text)
                elif event.tag is None or event.implicit[1]:
                    value = text
                else:
                    value = self._tagged(event.tag, text)
                if event.anchor is not None:
                    self.anchors[event.anchor] = value
                    self.sizes[event.anchor] = 1
                if type(current) is dict and wanted is None:
                    wanted = _Merge if text == MERGE and event.implicit[0] else value if type(value) is str else key(value)
                    continue
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                nodes += 1
                if type(current) is dict and wanted is None:
                    raise UnreadableYAMLError(
                        "error converting YAML to JSON: yaml: invalid map key", event.start_mark.line, event.start_mark.column
                    )
                stack.append((current, wanted))
                if len(stack) > MAX_DEPTH:
                    raise UnreadableYAMLError(
                        f"fields are nested more than {MAX_DEPTH} deep", event.start_mark.line, event.start_mark.column, limit=True
                    )
                current = {} if kind is MappingStartEvent else []
                wanted = None
                if event.tag is not None:
                    self._note_tag(event.tag)
                if event.anchor is not None:
                    self.anchors[event.anchor] = _Open
                    self.open_anchors.append((len(stack), event.anchor))
                    self.sizes[event.anchor] = nodes + self.aliased
                continue
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                value = current
                if self.open_anchors and self.open_anchors[-1][0] == len(stack):
                    name = self.open_anchors.pop()[1]
                    self.anchors[name] = value
                    self.sizes[name] = nodes + self.aliased - self.sizes[name] + 1
                current, wanted = stack.pop()
            elif kind is AliasEvent:
                value = self._alias(event, nodes)
                if type(current) is dict and wanted is None:
                    wanted = key(value) if isinstance(value, (str, int, float)) else None
                    if wanted is None:
                        raise BadScalarError("invalid map key")
                    continue
            elif kind is DocumentEndEvent or event is None:
                tree.data = root
                tree.nodes = nodes + self.aliased
                return tree
            else:
                continue
            if type(current) is dict:
                if wanted is _Merge:
                    _merge(value, current)
                else:
                    if wanted in current:
                        tree.repeats = True
                    current[wanted] = value
                wanted = None
            elif current is not None:
                current.append(value)
            else:
                root = value
            if nodes + self.aliased > self.nodes_left:
                raise UnreadableYAMLError(
                    f"there are more than {MAX_NODES:,} fields and values", event.start_mark.line, event.start_mark.column, limit=True
                )

    def _tagged(self, tag: str, text: str) -> Any:
        self._note_tag(tag)
        return tagged(tag, text)

    def _note_tag(self, tag: str) -> None:
        if not tag.startswith(STANDARD) or "/" in tag:
            self.tree.tags.append(tag)

    def _alias(self, event: Any, nodes: int) -> Any:
        """The anchored value itself, shared, not copied; what a copy would have cost is counted as go-yaml counts it."""
        if event.anchor not in self.anchors:
            raise UnreadableYAMLError(
                f"error converting YAML to JSON: yaml: unknown anchor '{event.anchor}' referenced",
                event.start_mark.line,
                event.start_mark.column,
            )
        value = self.anchors[event.anchor]
        if value is _Open:
            raise UnreadableYAMLError(
                f"error converting YAML to JSON: yaml: anchor '{event.anchor}' value contains itself",
                event.start_mark.line,
                event.start_mark.column,
            )
        self.aliased += self.sizes[event.anchor]
        total = nodes + self.aliased
        if self.aliased > 100 and total > 1000 and self.aliased / total > 0.99:
            raise UnreadableYAMLError(
                "error converting YAML to JSON: yaml: document contains excessive aliasing", event.start_mark.line, event.start_mark.column
            )
        return value


class _Merge:
    """Stands for the key `<<`."""


class _Open:
    """Stands for an anchored collection that has not ended yet."""


def _merge(value: Any, into: dict[str, Any]) -> None:
    """What `<<: value` puts into a mapping; it overrides what stands above it and yields to what stands below."""
    if isinstance(value, Mapping):
        into.update(value)
        return
    if isinstance(value, list) and all(isinstance(part, Mapping) for part in value):
        for part in reversed(value):
            into.update(part)
        return
    raise BadScalarError("map merge requires map or sequence of maps as the value")
