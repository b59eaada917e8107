"""Where every field of one YAML document stands, computed when somebody asks for the first place, and not before.

Responsible for: spans of values and keys, counted within the file; keys that a mapping gives twice.
Leaves to others: the data itself (`tree`), which it must read the same way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from yaml import YAMLError
from yaml._yaml import CParser
from yaml.events import AliasEvent, DocumentEndEvent, MappingEndEvent, MappingStartEvent, ScalarEvent, SequenceEndEvent, SequenceStartEvent

from simulator.api.meta import Path, Span
from simulator.decode.scalars import BadScalarError, key, plain
from simulator.decode.tree import MERGE

_LINE_BREAK = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")
"""What libyaml counts as the end of a line."""


@dataclass(slots=True, eq=False)
class _Node:
    """A value's place and what is in it: `keys` where its fields' names stand, `fields` and `items` what they hold."""

    span: Span
    keys: dict[str, Span] = field(default_factory=dict)
    fields: dict[str, _Node] = field(default_factory=dict)
    items: list[_Node] = field(default_factory=list)
    repeats: list[tuple[str, Span, Span]] = field(default_factory=list)
    own: set[str] = field(default_factory=set)

    def at(self, step: str | int) -> _Node | None:
        if isinstance(step, str):
            return self.fields.get(step)
        return self.items[step] if -1 < step < len(self.items) else None


@dataclass(frozen=True, slots=True)
class Repeat:
    """A key that stands twice in one mapping; the later one counts."""

    path: Path
    first: Span
    second: Span


class Places:
    """The places of the first document of `text`, which begins at line `first_line` (from 1) of its file."""

    def __init__(self, text: str, first_line: int) -> None:
        self._text = text
        self._first_line = first_line

    def value(self, path: Path) -> Span | None:
        """Where the value at `path` stands, or None where there is no such field."""
        node = self._find(path)
        return node.span if node else None

    def key(self, path: Path) -> Span | None:
        """Where the name of the field at `path` stands; for an item of a list, the item itself."""
        if not path:
            return None
        parent, last = self._find(path[:-1]), path[-1]
        if parent is None:
            return None
        if isinstance(last, str):
            return parent.keys.get(last)
        item = parent.at(last)
        return item.span if item else None

    def repeats(self) -> Iterator[Repeat]:
        """Every key that is given twice, in the order of the text."""
        if self._root is None:
            return
        todo: list[tuple[Path, _Node]] = [((), self._root)]
        while todo:
            path, node = todo.pop()
            yield from (Repeat((*path, name), first, second) for name, first, second in node.repeats)
            inner: list[tuple[Path, _Node]] = [((*path, name), node.fields[name]) for name in node.own if name in node.fields]
            inner += [((*path, index), item) for index, item in enumerate(node.items)]
            todo += sorted(inner, key=lambda pair: (pair[1].span.line, pair[1].span.column), reverse=True)

    def _find(self, path: Path) -> _Node | None:
        node = self._root
        for step in path:
            if node is None:
                return None
            node = node.at(step)
        return node

    @cached_property
    def _root(self) -> _Node | None:
        try:
            return self._read()
        except (YAMLError, BadScalarError):
            return None

    @cached_property
    def _lines(self) -> list[str]:
        return _LINE_BREAK.split(self._text)

    def _span(self, start: Any, end: Any) -> Span:
        line, column, end_line, end_column = start.line, start.column, end.line, end.column
        if line >= len(self._lines):  # an empty value after the last line: libyaml sees a line break there that the text does not have
            line = end_line = len(self._lines) - 1
            column = end_column = len(self._lines[line])
        if end_column == 0 and end_line > line:
            end_line -= 1
            end_column = len(self._lines[end_line]) if end_line < len(self._lines) else 0
            if end_line == line:
                end_column = max(end_column, column)
        return Span(line + self._first_line, column + 1, end_line + self._first_line, end_column + 1)

    def _read(self) -> _Node | None:
        next_event: Callable[[], Any] = CParser(self._text).get_event
        anchors: dict[str, _Node] = {}
        anchored_keys: dict[str, str] = {}
        stack: list[tuple[_Node | None, tuple[str, Span] | None]] = []
        current: _Node | None = None
        mapping: list[bool] = []
        wanted: tuple[str, Span] | None = None
        root: _Node | None = None
        while True:
            event = next_event()
            kind = type(event)
            if event is None or kind is DocumentEndEvent:
                return root
            if kind is ScalarEvent or kind is AliasEvent:
                span = self._span(event.start_mark, event.end_mark)
                if kind is AliasEvent:
                    node = anchors.get(event.anchor) or _Node(span)
                else:
                    node = _Node(span)
                    if event.anchor is not None:
                        anchors[event.anchor] = node
                if mapping and mapping[-1] and wanted is None:
                    if kind is AliasEvent:
                        wanted = (anchored_keys.get(event.anchor, ""), span)
                    elif event.implicit[0]:
                        wanted = (event.value if event.value == MERGE else key(plain(event.value)), span)
                        if event.value == MERGE:
                            wanted = (MERGE, span)
                    else:
                        wanted = (event.value, span)
                    continue
                if kind is ScalarEvent and event.anchor is not None:
                    value = plain(event.value) if event.implicit[0] else event.value
                    anchored_keys[event.anchor] = "" if value is None else key(value)
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                node = _Node(self._span(event.start_mark, event.end_mark))
                if event.anchor is not None:
                    anchors[event.anchor] = node
                stack.append((current, wanted))
                mapping.append(kind is MappingStartEvent)
                current, wanted = node, None
                continue
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                assert current is not None
                node = current
                node.span = self._closed(node, event.end_mark)
                mapping.pop()
                current, wanted = stack.pop()
            else:
                continue
            if current is None:
                root = node
            elif not mapping[-1]:
                current.items.append(node)
            else:
                assert wanted is not None
                _put(current, wanted, node)
                wanted = None

    def _closed(self, node: _Node, end: Any) -> Span:
        """A collection's span ends where its last part does; an end mark of block style stands at the next token."""
        parts = [*node.fields.values(), *node.items]
        start = node.span
        if not parts:
            marked = Span(start.line, start.column, end.line + self._first_line, end.column + 1)
            return marked if (marked.end_line, marked.end_column) >= (start.line, start.column) else start
        flow = self._text_at(start.line, start.column) in "[{"
        if flow:
            return Span(start.line, start.column, end.line + self._first_line, end.column + 1)
        own = [n.span for n in parts if (n.span.line, n.span.column) >= (start.line, start.column)]
        last = max(((s.end_line, s.end_column) for s in [*own, *node.keys.values()]), default=(start.end_line, start.end_column))
        return Span(start.line, start.column, *max(last, (start.line, start.column)))

    def _text_at(self, line: int, column: int) -> str:
        row = line - self._first_line
        return self._lines[row][column - 1 : column] if row < len(self._lines) else ""


def _put(node: _Node, wanted: tuple[str, Span], value: _Node) -> None:
    name, span = wanted
    if name == MERGE:
        for source in reversed(value.items) if value.items else (value,):
            node.keys.update(source.keys)
            node.fields.update(source.fields)
        return
    if name in node.own:
        node.repeats.append((name, node.keys[name], span))
    node.own.add(name)
    node.keys[name] = span
    node.fields[name] = value
