"""The hint ladder of a lab: where to look, which rule, the rule on this case, the answer.

Responsible for: four different rungs, the first two of which do not give the answer away, while the last one does.
Leaves to others: whether the solutions solve (`proved`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.learning.items import Lab
from bot.library.faults import Slip
from bot.library.library import Library


def hints(library: Library) -> Iterator[Slip]:
    for lab in library.labs.values():
        place = library.place(lab.id)
        for what, next_step in _faults(lab):
            yield Slip(place.file, place.line, what, next_step, "hints")


def _faults(lab: Lab) -> Iterator[tuple[str, str]]:
    rungs = [hint.strip() for hint in lab.hints]
    if len(rungs) != 4 or not all(rungs) or len(set(rungs)) < 4:
        yield f"The hints of `{lab.id}` are no ladder.", "Four of them: where to look, which rule, this case, the answer."
        return
    answers = _new_values(lab)
    for number in (0, 1):
        told = sorted(value for value in answers if _says(rungs[number], value))
        if told:
            yield f"Hint {number + 1} of `{lab.id}` gives {told[0]!r} away.", "Keep what the solution writes for the third and fourth hint."
    titles = {operation.title for operation in lab.operations if operation.id in lab.helpful}
    for number in (0, 1):
        if told := sorted(title for title in titles if title.casefold() in rungs[number].casefold()):
            yield f"Hint {number + 1} of `{lab.id}` names the operation {told[0]!r}.", "Keep what is to be done for the fourth hint."
    if titles and not any(title.casefold() in rungs[3].casefold() for title in titles):
        yield f"The last hint of `{lab.id}` names no operation of a solution.", f"Say what to do: {sorted(titles)[0]!r}."
    elif not titles and answers and not any(_says(rungs[3], value) for value in answers):
        yield f"The last hint of `{lab.id}` does not give the answer.", f"Say what to write, e.g. {sorted(answers)[0]!r}."


def _new_values(lab: Lab) -> set[str]:
    """The values that a solution writes in a line of its own, that stand nowhere among that file's broken lines."""
    values: set[str] = set()
    for solution in lab.solutions:
        broken = {manifest.name: manifest.text for manifest in lab.manifests}
        for manifest in solution.manifests:
            before = broken.get(manifest.name, "")
            added = set(manifest.text.splitlines()) - set(before.splitlines())
            values |= {value for line in added if (value := line.rpartition(": ")[2].strip(" \"'-[]")) and not _says(before, value)}
    return values


def _says(text: str, value: str) -> bool:
    return re.search(rf"(?<![\w.-]){re.escape(value)}(?![\w-])", text) is not None
