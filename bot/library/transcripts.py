"""Transcripts: what a question's stem shows of a terminal has to be what its run prints.

Responsible for: finding the commands in a stem's code blocks with what stands below each; comparing that with what was printed.
Leaves to others: running the commands (`terminal`), saying where a difference stands (`checks`).

    ```
    $ kubectl get pods
    NAME    READY   STATUS    RESTARTS   AGE
    web-1   1/1     Running   0          6d
    ```

Words are compared and not the spaces between them; an age is any age; a line `...` stands for lines left out. What the simulator adds below
an answer, the way that it went, is no part of a terminal.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_BLOCK = re.compile(r"^```\w*\n(.*?)^```", re.DOTALL | re.MULTILINE)
_AGE = re.compile(r"(?:\d+[smhd])+")
_ADDED = re.compile(
    r"^(?:Who (?:may answer|refuses)|How it went:|Queries, in order:|While its Pods are replaced:).*", re.DOTALL | re.MULTILINE
)
_LEFT_OUT = "..."


def transcripts(stem: str) -> Sequence[tuple[str, str]]:
    """(command, what is said to be printed) for each line of a code block that begins with `$ `."""
    found = []
    for block in _BLOCK.findall(stem):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, told = part.partition("\n")
            found.append((command.strip(), told))
    return found


def agrees(told: str, printed: str) -> bool:
    """Whether a transcript tells what was printed. What stands between two `...` may be found anywhere after what came before."""
    parts, lines, at = _parts(_lines(told)), _lines(_ADDED.sub("", printed)), 0
    for part in parts[:-1]:
        found = next((place for place in range(at, len(lines) + 1) if lines[place : place + len(part)] == part), None)
        if found is None or (part is parts[0] and found):
            return False
        at = found + len(part)
    last = parts[-1]
    rest = lines[at:]
    return rest == last if len(parts) == 1 else len(rest) >= len(last) and rest[len(rest) - len(last) :] == last


def _parts(lines: Sequence[str]) -> Sequence[Sequence[str]]:
    """The lines between those that stand for others."""
    parts: list[list[str]] = [[]]
    for line in lines:
        if line == _LEFT_OUT:
            parts.append([])
        else:
            parts[-1].append(line)
    return parts


def _lines(text: str) -> Sequence[str]:
    """The lines that say something, with one space between words and every age as `0s`."""
    words = [[("0s" if _AGE.fullmatch(word) else word) for word in line.split()] for line in text.splitlines()]
    return [" ".join(line) for line in words if line]
