"""Takes the data out of Secrets, before anything of a paste is kept, shown or run.

Responsible for: finding Secrets by their structure (also in lists, in JSON, with `kind` last), placeholders in place of values.
Leaves to others: everything else that a paste may hold.
Keys stay, lines stay where they are, comments go, and a value keeps the properties by which the API server accepts or refuses it: its
type, and whether it is base64. A document that cannot be read as YAML and may be a Secret is given up as a whole: its structure, and so
its data, cannot be told.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

_BASE64 = "UkVEQUNURUQh"
_NOT_BASE64 = "redacted (not base64)"
_TEXT = "redacted"
_DATA = {"data": True, "stringData": False}
"""The fields of a Secret that hold what is secret; True: as base64."""

_COPY = "kubectl.kubernetes.io/last-applied-configuration"
"""The annotation in which kubectl keeps a copy of the whole object."""

_TYPED = (
    (re.compile(r"(?i)(~|null|)"), None),
    (re.compile(r"[-+]?(0x[0-9a-fA-F_]+|[0-9][0-9_]*(\.[0-9_]*)?([eE][-+]?[0-9]+)?)"), "0"),
    (re.compile(r"(?i)(y|yes|true|on)"), "true"),
    (re.compile(r"(?i)(n|no|false|off)"), "false"),
)
_COMMENT = re.compile(r"#[^\n]*")
_MAY_BE_SECRET = re.compile(r"(?i)\bkind\W{0,8}secret|\bstringData\b|kubernetes\.io/(tls|dockerconfigjson|dockercfg|basic-auth|ssh-auth)")


@dataclass(frozen=True, slots=True)
class Redacted:
    """`secrets` were found and emptied. Where `given_up`, `text` is empty: the file broke off, on that line, in what may be a Secret."""

    text: str
    secrets: int = 0
    given_up: int | None = None


@dataclass(slots=True)
class _Node:
    """A YAML node with its stretch of the text. A mapping's children are keys and values in turn; an alias has none and no value."""

    event: yaml.NodeEvent
    children: list[_Node] = field(default_factory=list)

    @property
    def start(self) -> int:
        return _index(self.event.start_mark)

    @property
    def end(self) -> int:
        """For a collection, the end of the token that opens it."""
        return _index(self.event.end_mark)

    @property
    def pairs(self) -> Iterator[tuple[str, _Node]]:
        if isinstance(self.event, yaml.MappingStartEvent):
            for key, value in zip(self.children[::2], self.children[1::2], strict=False):
                yield str(getattr(key.event, "value", "")), value

    def below(self) -> Iterator[_Node]:
        """This node and all under it."""
        todo = [self]
        while todo:
            node = todo.pop()
            yield node
            todo += node.children


def redact(text: str) -> Redacted:
    """The text with the data of its Secrets taken out. Never raises, whatever the text is."""
    body = text.removeprefix("\ufeff")
    masks: dict[tuple[int, int], str] = {}
    secrets, read = 0, 0
    try:
        for root, end in _documents(body):
            begun, read = read, end
            holders = [node for node in root.below() if _is_secret(node)]
            secrets += len(holders)
            masks |= {place: instead for holder in holders for place, instead in _masks(body, holder, root)}
            masks |= dict(_comments(body, begun, end, root)) if holders else {}
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        if _MAY_BE_SECRET.search(body, read):
            return Redacted("", secrets, (mark.line if mark else body.count("\n", 0, read)) + 1)
    for (start, end), instead in sorted(masks.items(), reverse=True):
        body = body[:start] + instead + body[end:]
    return Redacted(body, secrets)


def _documents(text: str) -> Iterator[tuple[_Node, int]]:
    """The root of every document with the place where it ends. Raises YAMLError where the text breaks off."""
    open_nodes: list[_Node] = []
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.NodeEvent):
            node = _Node(event)
            if open_nodes:
                open_nodes[-1].children.append(node)
            if isinstance(event, yaml.CollectionStartEvent):
                open_nodes.append(node)
            elif not open_nodes:
                yield node, _index(event.end_mark)
        elif isinstance(event, yaml.CollectionEndEvent):
            node = open_nodes.pop()
            if not open_nodes:
                yield node, _index(event.end_mark)


def _is_secret(node: _Node) -> bool:
    pairs = list(node.pairs)
    return any(key == "kind" and getattr(value.event, "value", "").lower() == "secret" for key, value in pairs) and any(
        key in _DATA or key == "metadata" for key, _ in pairs
    )


def _masks(text: str, secret: _Node, root: _Node) -> Iterator[tuple[tuple[int, int], str]]:
    for key, value in secret.pairs:
        if key in _DATA:
            # Keys stay: kubectl shows them too. Everything else under `data` goes, whatever its shape.
            entries = [inner for _, inner in value.pairs] or [value]
            for node in (node for entry in entries for node in entry.below()):
                yield from _mask(text, node, _DATA[key])
        if key == "metadata":
            copies = [copy for name, annotations in value.pairs if name == "annotations" for k, copy in annotations.pairs if k == _COPY]
            for copy in copies:
                yield from _mask(text, copy, base64_wanted=False)
    # What an alias in the data stands for may be written anywhere in the document.
    for node in root.below():
        if getattr(node.event, "anchor", None) and not isinstance(node.event, yaml.AliasEvent):
            for inner in node.below():
                yield from _mask(text, inner, base64_wanted=False)


def _comments(text: str, start: int, end: int, root: _Node) -> Iterator[tuple[tuple[int, int], str]]:
    """The comments of a document: beside a password stands what it is, more often than not."""
    scalars = sorted((n.start, n.end) for n in root.below() if isinstance(n.event, yaml.ScalarEvent))
    for gap_end, next_start in [*scalars, (end, end)]:
        for comment in _COMMENT.finditer(text, start, max(start, gap_end)):
            yield comment.span(), "#"
        start = next_start


def _mask(text: str, node: _Node, base64_wanted: bool) -> Iterator[tuple[tuple[int, int], str]]:
    event = node.event
    start, end = node.start, node.end
    if isinstance(event, yaml.AliasEvent):
        yield (start, end), _BASE64 if base64_wanted else _TEXT
    elif isinstance(event, yaml.ScalarEvent):
        yield (start, end), _placeholder(text[start:end], event, base64_wanted)


def _placeholder(written: str, event: yaml.ScalarEvent, base64_wanted: bool) -> str:
    word = (_BASE64 if _is_base64(event.value) else _NOT_BASE64) if base64_wanted else _TEXT
    anchor = f"&{event.anchor} " if event.anchor else ""
    if event.style in ("|", ">"):
        header, *lines = written.split("\n")
        return "\n".join([header, *(line[: len(line) - len(line.lstrip())] + word if line.strip() else line for line in lines)])
    if not event.style and event.tag is None:
        word = next((instead for form, instead in _TYPED if form.fullmatch(event.value)), word) or written
    elif event.style:
        word = f'"{word}"'
    return anchor + word + "\n" * written.count("\n")


def _index(mark: Any) -> int:
    """Characters before the mark."""
    return int(mark.index)


def _is_base64(value: str) -> bool:
    try:
        base64.b64decode(re.sub(r"[\r\n]", "", value), validate=True)
    except ValueError:
        return False
    return True
