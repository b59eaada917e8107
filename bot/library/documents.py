"""Text -> plain data that remembers its lines.

Responsible for: YAML and Markdown with front matter as they lie in `content/` and `quizzes/`; the line of every field; duplicate keys.
Leaves to others: what the fields mean (`forms`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import yaml

from bot.library.faults import Slip

Path: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """One file's data. `lines` gives the line on which the field at a path begins; `body` is what follows a front matter."""

    file: str
    data: Any
    lines: Mapping[Path, int]
    body: str = ""
    body_line: int = 1
    slips: tuple[Slip, ...] = field(default=())

    def line(self, *path: str | int) -> int:
        """The line of the field at `path`, or of its nearest ancestor that exists."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return 1


def read_yaml(text: str, file: str, first_line: int = 1) -> Document:
    """Reads one YAML document. What is not YAML becomes a slip, and the data is None."""
    try:
        loader = yaml.CSafeLoader(text)
        node = loader.get_single_node()
        data = None if node is None else loader.construct_document(node)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = first_line + (mark.line if mark else 0)
        said = getattr(error, "problem", None) or "it cannot be read"
        return Document(
            file, None, {}, slips=(Slip(file, line, f"This is not YAML: {said}.", "Look at the indentation and the quotes on this line."),)
        )
    lines: dict[Path, int] = {}
    slips: list[Slip] = []
    if node is not None:
        for path, line, repeated in _walk(node, ()):
            lines.setdefault(path, first_line + line)
            if repeated:
                slips.append(Slip(file, first_line + line, f"The key `{path[-1]}` stands here twice.", "Keep one of the two."))
    return Document(file, data, lines, slips=tuple(slips))


def _walk(node: yaml.Node, path: Path) -> Iterator[tuple[Path, int, bool]]:
    """(path, line from 0, whether the key is a repetition) of the node and all below it."""
    if not path:
        yield (), node.start_mark.line, False
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            here = (*path, str(key.value))
            yield here, key.start_mark.line, here in seen
            seen.add(here)
            yield from _walk(value, here)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield (*path, index), item.start_mark.line, False
            yield from _walk(item, (*path, index))


def read_markdown(text: str, file: str) -> Document:
    """Reads Markdown that begins with a YAML front matter between two lines `---`."""
    lines = text.split("\n")
    if not lines or lines[0].strip() != "---" or "---" not in (line.strip() for line in lines[1:]):
        slip = Slip(
            file, 1, "The page has no front matter.", "Begin with a line `---`, then the fields (id, title, ...), then another line `---`."
        )
        return Document(file, None, {}, text, slips=(slip,))
    end = next(number for number, line in enumerate(lines[1:], 1) if line.strip() == "---")
    head = read_yaml("\n".join(lines[1:end]), file, first_line=2)
    rest = lines[end + 1 :]
    blank = next((number for number, line in enumerate(rest) if line.strip()), 0)
    return Document(file, head.data, head.lines, "\n".join(rest).strip(), end + 2 + blank, head.slips)
