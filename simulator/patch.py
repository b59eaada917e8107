"""Edits to trees -> the same edits in the manifest's own text, comments and layout kept.

Responsible for: splicing set, rename, remove and insert at the spans that `decode` found; the tree that the edits ask for.
Leaves to others: deciding on edits (`rules`), proving that the text now says what was meant (`fixes`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import yaml

from simulator.api.diagnostics import Edit
from simulator.api.meta import Document, Json, Path, SourceFile, Span

_LINE_BREAK = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")
_PLAIN = re.compile(r"[A-Za-z_][\w./-]*")
_BOOLEANS = {"y", "n", "Y", "N"}


class CannotPatchError(Exception):
    """The text is laid out in a way that this edit cannot be written into; the fix is then not offered."""


def patched_tree(data: Json, edits: Sequence[Edit]) -> Json:
    """The document's tree after the edits, made anew along the changed paths. Raises CannotPatchError for a path that is not there."""
    for edit in edits:
        data = _with(data, edit.path, edit)
    return data


def _with(data: Json, path: Path, edit: Edit) -> Json:
    if not path:
        return edit.value
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        if not isinstance(data, list) or step > len(data):
            raise CannotPatchError
        if edit.remove and not rest:
            return data[:step] + data[step + 1 :]
        return [*data[:step], _with(data[step] if step < len(data) else None, rest, edit), *data[step + 1 :]]
    if data is not None and not isinstance(data, dict):
        raise CannotPatchError
    kept = dict(data or {})
    if edit.remove and not rest:
        kept.pop(step, None)
    else:
        kept[step] = _with(kept.get(step), rest, edit)
    return kept


def patched_text(source: SourceFile, documents: Sequence[Document], edits: Sequence[Edit]) -> SourceFile:
    """One file after the edits that concern it. Raises CannotPatchError where the layout does not allow one of them."""
    writer = _Writer(source.text)
    own = [document for document in documents if document.file == source.name]
    waiting = [edit for edit in edits if edit.file == source.name]
    added = []
    while waiting:
        edit = waiting.pop(0)
        if not edit.path:
            added.append(edit.value)
            continue
        document, inner = _target(own, edit)
        if waiting and _renames(document, inner, _target(own, waiting[0])):
            writer.splice(*writer.offsets(document.key_span(inner.path)), str(waiting.pop(0).path[-1]))
        else:
            writer.edit(document, inner)
    text = writer.result()
    for document in added:
        text = f"{text.rstrip()}\n---\n{_block(document)}\n"
    return SourceFile(source.name, text)


def _target(documents: Sequence[Document], edit: Edit) -> tuple[Document, Edit]:
    """The document that an edit concerns, and the edit with its path counted from that document's own root (an item of a List has one)."""
    for document in documents:
        depth = len(document.root)
        if document.index == edit.index and edit.path[:depth] == document.root:
            return document, replace(edit, path=edit.path[depth:])
    raise CannotPatchError


def _renames(document: Document, edit: Edit, next_target: tuple[Document, Edit]) -> bool:
    """Whether two edits only give a field another name: take away here, set to the same value there."""
    other, following = next_target
    same_parent = edit.remove and not following.remove and edit.path[:-1] == following.path[:-1] and other is document
    if not same_parent or document.value_span(following.path) is not None or document.key_span(edit.path) is None:
        return False
    return bool(_at(document.data, edit.path) == following.value)


def _at(data: Json, path: Path) -> Json:
    for step in path:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
    return data


class _Writer:
    """Collects splices against the original text, so that spans stay valid until all are known."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [0, *(found.end() for found in _LINE_BREAK.finditer(text))]
        self.splices: list[tuple[int, int, str]] = []

    def splice(self, start: int, end: int, new: str) -> None:
        self.splices.append((start, end, new))

    def result(self) -> str:
        text, reached = self.text, len(self.text) + 1
        for start, end, new in sorted(self.splices, key=lambda s: (s[0], s[1]), reverse=True):
            if end > reached:
                raise CannotPatchError
            text, reached = text[:start] + new + text[end:], start
        return text

    def offsets(self, span: Span | None) -> tuple[int, int]:
        """The stretch of text of a span, without the blanks and line ends that a block may trail."""
        if span is None:
            raise CannotPatchError
        start = self._offset(span.line, span.column)
        end = self._offset(span.end_line, span.end_column)
        return start, start + len(self.text[start:end].rstrip())

    def _offset(self, line: int, column: int) -> int:
        return self.starts[min(line, len(self.starts)) - 1] + column - 1

    def line_start(self, offset: int) -> int:
        return max(start for start in self.starts if start <= offset)

    def line_end(self, offset: int) -> int:
        found = _LINE_BREAK.search(self.text, offset)
        return found.start() if found else len(self.text)

    def edit(self, document: Document, edit: Edit) -> None:
        if edit.remove:
            self._remove(document, edit.path)
        elif document.value_span(edit.path) is not None and _at(document.data, edit.path) is not None:
            self._replace(document.value_span(edit.path), edit.value)
        else:
            self._insert(document, edit.path, edit.value)

    def _replace(self, span: Span | None, value: Json) -> None:
        """A new value in the place of the old: in block style where a block stood at the beginning of its line."""
        start, end = self.offsets(span)
        indent = self.text[self.line_start(start) : start]
        block = isinstance(value, dict | list) and value and not indent.strip() and self.text[start] not in "{["
        self.splice(start, end, _block(value).replace("\n", f"\n{indent}") if block else _flow(value))

    def _insert(self, document: Document, path: Path, value: Json) -> None:
        length = next(n for n in range(len(path) - 1, -1, -1) if n == 0 or document.value_span(path[:n]) is not None)
        parent, key = path[:length], path[length]
        for step in reversed(path[length + 1 :]):
            value = [value] if isinstance(step, int) else {step: value}
        holder = _at(document.data, parent)
        if not isinstance(holder, dict | list) or isinstance(holder, list) != isinstance(key, int):
            raise CannotPatchError
        if isinstance(holder, list) and key != len(holder):
            raise CannotPatchError
        start, _ = self.offsets(document.value_span(parent))
        if self.text[start] in "{[":
            self._insert_flow(document, parent, _flow(value) if isinstance(key, int) else f"{key}: {_flow(value)}")
        elif not holder:
            raise CannotPatchError
        elif isinstance(holder, list):
            self._append_item(document, parent, len(holder), value)
        else:
            self._insert_key(document, parent, holder, f"{key}:" + _under(value))

    def _insert_flow(self, document: Document, parent: Path, entry: str) -> None:
        start, end = self.offsets(document.value_span(parent))
        close = end - 1
        if self.text[close] not in "}]":
            raise CannotPatchError
        inside = self.text[start + 1 : close].rstrip()
        at = start + 1 + len(inside)
        self.splice(at, at, f", {entry}" if inside.strip() and not inside.endswith(",") else entry)

    def _insert_key(self, document: Document, parent: Path, holder: dict[str, Json], entry: str) -> None:
        keys = [document.key_span((*parent, key)) for key in holder]
        spans = [span for span in keys if span is not None]
        if not spans:
            raise CannotPatchError
        indent = " " * (spans[0].column - 1)
        entry = entry.replace("\n", "\n" + indent)
        for span in spans:
            start = self._offset(span.line, 1)
            if not self.text[start : start + span.column - 1].strip():
                self.splice(start, start, f"{indent}{entry}\n")
                return
        _, end = self.offsets(document.value_span((*parent, next(iter(holder)))))
        end = self.line_end(end)
        self.splice(end, end, f"\n{indent}{entry}")

    def _append_item(self, document: Document, parent: Path, held: int, value: Json) -> None:
        _, column = self._dash(document, (*parent, 0))
        _, end = self.offsets(document.value_span((*parent, held - 1)))
        end, indent = self.line_end(end), " " * column
        self.splice(end, end, f"\n{indent}- " + _block(value).replace("\n", f"\n{indent}  "))

    def _dash(self, document: Document, path: Path) -> tuple[int, int]:
        """Where the line of a block list's item starts, and the column (from 0) of its dash."""
        offset, _ = self.offsets(document.value_span(path))
        start = self.line_start(offset)
        before = self.text[start:offset]
        if before.strip() != "-":
            raise CannotPatchError
        return start, before.index("-")

    def _remove(self, document: Document, path: Path) -> None:
        _, end = self.offsets(document.value_span(path))
        if isinstance(path[-1], int):
            start, _ = self._dash(document, path)
            self.splice(start, min(self.line_end(end) + 1, len(self.text)), "")
            return
        start, _ = self.offsets(document.key_span(path))
        line = self.line_start(start)
        siblings = list(_siblings(document, path))
        if not self.text[line:start].strip():
            self.splice(line, min(self.line_end(end) + 1, len(self.text)), "")
        elif siblings:
            self.splice(start, self.offsets(siblings[0])[0], "")
        else:
            behind = re.compile(r",\s*$").search(self.text[:start])
            self.splice(behind.start() if behind else start, end, "")


def _siblings(document: Document, path: Path) -> Iterator[Span]:
    """The keys that stand after this one in its mapping."""
    keys = list(_at(document.data, path[:-1]) or ())
    for key in keys[keys.index(path[-1]) + 1 :]:
        span = document.key_span((*path[:-1], key))
        if span is not None:
            yield span


def _under(value: Json) -> str:
    """A value as it follows `key:`, on the same line or as an indented block."""
    if isinstance(value, dict | list) and value:
        return "\n  " + _block(value).replace("\n", "\n  ")
    return " " + _flow(value)


def _block(value: Json) -> str:
    if not isinstance(value, dict | list) or not value:
        return _flow(value)
    return yaml.safe_dump(value, sort_keys=False, default_flow_style=False, allow_unicode=True).rstrip()


def _flow(value: Json) -> str:
    """A value on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_flow(key)}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value not in _BOOLEANS and yaml.safe_load(value) == value:
        return value
    quoted = json.dumps(value, ensure_ascii=False)
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" if ord(c) < 0x10000 else f"\\U{ord(c):08x}" for c in quoted)
