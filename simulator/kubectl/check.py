"""Findings as text: what happened, the very lines with the matter underlined, what follows, and a proved fix.

Responsible for: the terminal's wording of a finding. Leaves to others: finding (`rules`, `explain`), the bot's wording (its templates).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from simulator.api.diagnostics import Edit, Finding, Fix, Place, Severity
from simulator.api.meta import SourceFile, Span, dotted
from simulator.kubectl.yaml_text import inline

_WINDOW = 100
"""Columns of a source line that are shown; a longer line is cut around the matter."""

_LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""What YAML 1.1 takes for the end of a line, and so what places count by."""


def check_text(findings: Sequence[Finding], files: Sequence[SourceFile]) -> str:
    """All findings, root causes first as they come, and a line that counts them; ends with a newline."""
    lines = {file.name: _LINE_BREAK.split(file.text) for file in files}
    told = ["".join(f"{line}\n" for line in _finding(finding, lines)) for finding in findings]
    return "\n".join([*told, _summary(findings)])


def _summary(findings: Sequence[Finding]) -> str:
    count = Counter(finding.severity for finding in findings)
    parts = [f"{count[severity]} {severity.value}{'s' * (count[severity] != 1)}" for severity in Severity if count[severity]]
    return f"{', '.join(parts)}.\n" if parts else "Nothing wrong was found.\n"


def _finding(finding: Finding, lines: Mapping[str, Sequence[str]]) -> Iterator[str]:
    yield f"{finding.severity.value} · {finding.object} · {finding.rule} [{finding.basis.value}]"
    yield f"  {finding.message}"
    yield from _places(finding.places, lines)
    for consequence in finding.consequences:
        yield f"  So: {consequence}"
    if finding.hint:
        yield f"  Hint: {finding.hint}"
    for fix in finding.fixes:
        yield from _fix(fix)
    if finding.check:
        yield f"  In a cluster: {finding.check}"


def _places(places: Sequence[Place], lines: Mapping[str, Sequence[str]]) -> Iterator[str]:
    width = max((len(str(place.span.line)) for place in places), default=1)
    file = None
    for index, place in enumerate(places):
        if place.file != file:
            file = place.file
            yield f"  {file}"
        text = lines.get(place.file, ())[place.span.line - 1 : place.span.line]
        shown, at, length = _window(text[0] if text else "", place.span)
        yield f"  {place.span.line:{width}} | {shown}"
        yield f"  {'':{width}} | {' ' * at}{('-' if index else '^') * length} {place.label}".rstrip()


def _window(line: str, span: Span) -> tuple[str, int, int]:
    """The line as it can be shown, where the mark begins under it, and how long the mark is (at least one column)."""
    start = min(max(span.column - 1, 0), len(line))
    end = min(span.end_column - 1, len(line)) if span.end_line == span.line else len(line)
    end = max(end, start)
    left = 0
    if len(line) > _WINDOW:
        left = max(0, min(start - _WINDOW // 4, len(line) - _WINDOW))
    cut = line[left : left + _WINDOW]
    lead = "…" if left else ""
    shown = lead + "".join(map(_visible, cut)) + ("…" if left + len(cut) < len(line) else "")
    before = lead + "".join(map(_visible, line[left:start]))
    return shown, _columns(before), max(1, _columns("".join(map(_visible, line[start : min(end, left + _WINDOW)]))))


def _visible(character: str) -> str:
    if character == "\t":
        return " "
    return character if character.isprintable() else "\N{REPLACEMENT CHARACTER}"


def _columns(text: str) -> int:
    """How many columns a terminal gives the text: wide East Asian characters take two, combining marks none."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _fix(fix: Fix) -> Iterator[str]:
    proof = f"proved: {fix.outcome}" if fix.proved and fix.outcome else "proved" if fix.proved else "not proved"
    yield f"  Fix ({fix.certainty}, {proof}):"
    for edit in fix.edits:
        yield f"    {edit.file} · {_edit(edit)}"


def _edit(edit: Edit) -> str:
    if edit.remove:
        return f"remove {dotted(edit.path)}"
    return f"{dotted(edit.path)}: {inline(edit.value)}" if edit.path else f"add {inline(edit.value)}"
