"""How a checked manifest looks: the diagnosis first; hint, fix and reasons behind buttons.

Responsible for: the layout of a check's messages and what their buttons carry.
Leaves to others: the findings (the simulator), the words (`templates`), what a click does (`bot.app.check_manifest`).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from typing import Protocol

from bot.learning.items import Explanation
from bot.learning.reporting import Kind
from bot.rendering.escape import shortened
from bot.rendering.excerpt import excerpt
from bot.rendering.notices import notice
from bot.rendering.policies import PolicyEffect, effects
from bot.rendering.reply import Block, Button, Buttons, Code, Entry, Menu, Reply, Style, Text, Tone
from bot.rendering.reports import report_button
from bot.rendering.templates import text
from simulator import Finding, Fix, Ref, Severity, SourceFile

_TONES = {Severity.ERROR: Tone.BAD, Severity.WARNING: Tone.CAREFUL, Severity.NOTE: Tone.PLAIN}
_MENU = 25


class Examined(Protocol):
    """What `bot.app.examination` found, as far as messages speak of it."""

    @property
    def findings(self) -> Sequence[Finding]: ...
    @property
    def files(self) -> Sequence[SourceFile]: ...
    @property
    def texts(self) -> Mapping[str, str]: ...
    @property
    def earlier(self) -> int: ...
    @property
    def granted(self) -> Sequence[str]: ...
    @property
    def printed(self) -> str: ...
    @property
    def services(self) -> Sequence[tuple[str, Sequence[str]]]: ...
    @property
    def policies(self) -> Sequence[PolicyEffect]: ...
    @property
    def secrets(self) -> int: ...
    @property
    def given_up(self) -> Sequence[tuple[str, int]]: ...


def diagnosis(examined: Examined, check: str, number: int, *, room: bool = True) -> Reply:
    """One finding in full, the others a menu away. `room`: the manifests fitted into the workspace."""
    if not (examined.findings or examined.printed or examined.given_up):
        return nothing_pasted()
    if not 0 <= number < len(examined.findings):
        return _sound(examined, check, room)
    finding = examined.findings[number]
    blocks = [*_told(examined, number), *_policies(examined), *_remarks(examined, room), *_menu(examined, check, number)]
    buttons = [Button("Hint", f"check-hint:{check}:{number}")] if finding.hint else []
    if finding.fixes:
        proved = finding.fixes[0].proved
        buttons.append(
            Button("Fix (proved)" if proved else "Fix", f"check-fix:{check}:{number}", Style.SUCCESS if proved else Style.SECONDARY)
        )
    buttons += [Button("Why", f"check-why:{finding.rule}"), *_looks(check, number)]
    blocks += [Buttons(tuple(buttons)), Buttons((_share(check, number),))]
    return Reply(tuple(blocks), _TONES[finding.severity])


def shared(examined: Examined, check: str, number: int) -> Reply:
    """The same for a whole channel."""
    private = diagnosis(examined, check, number)
    kept = tuple(block for block in private.blocks if not isinstance(block, Menu) and block != Buttons((_share(check, number),)))
    return Reply(kept, private.tone, private=False, aside=True)


def hint(examined: Examined, number: int) -> Reply:
    """Where to look, and no more."""
    finding = _at(examined, number)
    return Reply((text("hint", hint=finding.hint),), aside=True) if finding else _changed()


def fix(examined: Examined, number: int) -> Reply:
    """The change, as a difference of lines, with what a run of it showed."""
    finding = _at(examined, number)
    if finding is None or not finding.fixes:
        return _changed()
    best = finding.fixes[0]
    words = text("fix", fix=best, finding=finding, where=_where(finding.object))
    return Reply((words, *_difference(best, examined.texts)), Tone.GOOD if best.proved else Tone.CAREFUL, aside=True)


def explanation(page: Explanation) -> Reply:
    """The page of a rule, but for its worked example: the learner has one at hand."""
    sections = re.split(r"^##+ +(.+)$", page.body, flags=re.MULTILINE)
    told = [Text(f"## {page.title}\n{sections[0]}".strip())]
    for heading, body in zip(sections[1::2], sections[2::2], strict=True):
        if heading.strip().lower() not in ("broken", "fixed"):
            told.append(Text(f"**{heading.strip()}**\n{body.strip()}"))
    return Reply((*told, Buttons((report_button(Kind.PAGE, page.id),))), aside=True)


def nothing_pasted() -> Reply:
    return notice("There was no manifest in that. Paste YAML or JSON with `apiVersion` and `kind`, or attach a file.")


def too_much_work() -> Reply:
    return notice("This took the simulator too long, so I stopped it. Nothing was kept. Cut it down to what belongs to your question.")


def _told(examined: Examined, number: int) -> list[Block]:
    finding = examined.findings[number]
    told: list[Block] = [
        text(
            "diagnosis",
            finding=finding,
            where=_where(finding.object),
            summary=finding.facts.get("summary", ""),
            number=number + 1,
            total=len(examined.findings),
            listed=min(len(examined.findings), _MENU),
        )
    ]
    lines = excerpt(finding.places, examined.texts)
    if lines:
        told.append(Code(lines, name="lines.txt"))
    consequences = finding.consequences[:3]
    if consequences or finding.check or finding.basis.value != "specified":
        told.append(text("consequence", finding=finding, consequences=consequences, more=len(finding.consequences) - len(consequences)))
    return told


def _sound(examined: Examined, check: str, room: bool) -> Reply:
    blocks: list[Block] = []
    if examined.files:
        services = examined.services[:10]
        more = [f" and {len(addresses) - 4} more" if len(addresses) > 4 else "" for _, addresses in services]
        blocks.append(text("sound", services=[(name, addresses[:4]) for name, addresses in services], more=more))
        if examined.printed:
            blocks.append(Code(examined.printed, name="kubectl-apply.txt"))
        blocks += _policies(examined)
    blocks += _remarks(examined, room)
    if examined.files:
        blocks += [Buttons(_looks(check, 0)), Buttons((_share(check, 0),))]
    return Reply(tuple(blocks), Tone.GOOD if examined.files and not examined.given_up else Tone.CAREFUL)


def _policies(examined: Examined) -> list[Block]:
    return [effects(examined.policies)] if examined.policies else []


def _remarks(examined: Examined, room: bool) -> list[Block]:
    if not (examined.given_up or examined.secrets or examined.earlier or not room):
        return []
    before, granted = examined.earlier - bool(examined.granted), examined.granted
    return [text("remarks", given_up=examined.given_up, secrets=examined.secrets, earlier=before, granted=granted, room=room)]


def _menu(examined: Examined, check: str, number: int) -> list[Block]:
    if len(examined.findings) < 2:
        return []
    entries = tuple(
        Entry(
            shortened(f"{i + 1}. {found.severity.value} · {found.object.kind} {found.object.name}", 100),
            str(i),
            shortened(found.message, 100),
            i == number,
        )
        for i, found in enumerate(examined.findings[:_MENU])
    )
    return [Menu(f"check-show:{check}", f"{len(examined.findings)} findings", entries)]


def _looks(check: str, number: int) -> tuple[Button, ...]:
    return (Button("Trace", f"check-trace:{check}:{number}"), Button("kubectl", f"check-kubectl:{check}:{number}"))


def _share(check: str, number: int) -> Button:
    return Button("Share with the channel", f"check-share:{check}:{number}")


def _difference(best: Fix, texts: Mapping[str, str]) -> list[Block]:
    blocks: list[Block] = []
    for file in best.files:
        before, after = texts.get(file.name, "").splitlines(), file.text.splitlines()
        lines = [line for line in difflib.unified_diff(before, after, n=2, lineterm="") if not line.startswith(("---", "+++"))]
        if lines:
            blocks += [text("file", name=file.name), Code("\n".join(lines), "diff", f"{file.name}.diff")]
    return blocks


def _at(examined: Examined, number: int) -> Finding | None:
    return examined.findings[number] if 0 <= number < len(examined.findings) else None


def _where(ref: Ref) -> str:
    return f"{ref.namespace}/{ref.name}" if ref.namespace else ref.name


def _changed() -> Reply:
    return notice("I see this manifest differently now than when that message was written. Check it again.")
