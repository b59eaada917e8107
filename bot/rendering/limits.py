"""Discord's limits on a message: a linter that names every breach, and a fitter that keeps replies within them.

Responsible for: counts and lengths of components (Discord's reference: Components, Messages), and moving what is too long into files.
Leaves to others: being brief.
"""

from __future__ import annotations

import re
from dataclasses import replace

from bot.rendering.escape import CODE_WIDTH, clipped, code_block, visible, width
from bot.rendering.reply import Block, Buttons, Code, File, Menu, Pick, Picture, Reply, Rule, Text

COMPONENTS = 40
TEXT = 4000
LABEL = 80
ACTION = 91
"""A custom_id has 100 characters, of which nine are our prefix."""
ROW = 5
ENTRIES = 25
PLACEHOLDER = 150
ALT = 1024
FILES = 10
FILE_BYTES = 10 * 2**20
CODE_LINES = 40
"""Lines of a code block that one still reads in a message; more go into a file."""

_ODD = re.compile(r"[^A-Za-z0-9._-]")
_ACTION = re.compile(r"[a-z]+(-[a-z]+)*(:[A-Za-z0-9._/-]*)*")


def text_of(reply: Reply) -> str:
    """All that the message displays as text, block by block."""
    return "\n".join(
        block.markdown if isinstance(block, Text) else code_block(block.text, block.language)
        for block in reply.blocks
        if isinstance(block, Text | Code)
    )


def problems(reply: Reply) -> list[str]:
    """One sentence for every limit that the reply breaks; none means that Discord takes it."""
    found: list[str] = []
    components = 1 + sum(
        1 + len(block.buttons) if isinstance(block, Buttons) else 2 if isinstance(block, Menu | Pick | Picture) else 1
        for block in reply.blocks
    )
    if components > COMPONENTS:
        found.append(f"{components} components; Discord takes {COMPONENTS}")
    if not reply.blocks:
        found.append("an empty message")
    length = len(text_of(reply))
    if length > TEXT:
        found.append(f"{length} characters of text; Discord takes {TEXT}")
    files = [block for block in reply.blocks if isinstance(block, File | Picture)]
    if len(files) > FILES:
        found.append(f"{len(files)} files; Discord takes {FILES}")
    if len({file.name for file in files}) < len(files):
        found.append("two files of one name")
    found += [f"file name {file.name!r} would be changed by Discord" for file in files if _ODD.search(file.name) or not file.name]
    found += [f"file {file.name}: {len(file.data)} bytes; Discord takes {FILE_BYTES}" for file in files if len(file.data) > FILE_BYTES]
    actions = [button.action for block in reply.blocks if isinstance(block, Buttons) for button in block.buttons]
    actions += [block.action for block in reply.blocks if isinstance(block, Menu | Pick)]
    found += [f"action {action!r} stands twice" for action in sorted({a for a in actions if actions.count(a) > 1})]
    for action in actions:
        if not 1 <= len(action) <= ACTION or not _ACTION.fullmatch(action):
            found.append(f"action {action!r} does not fit a custom_id")
    for block in reply.blocks:
        match block:
            case Text(markdown=markdown) if not markdown.strip():
                found.append("an empty text")
            case Code(text=text):
                found += [f"code line of {width(line)} columns: {line!r}" for line in text.split("\n") if width(line) > CODE_WIDTH]
            case Buttons(buttons=buttons):
                if not 1 <= len(buttons) <= ROW:
                    found.append(f"a row of {len(buttons)} buttons; Discord takes {ROW}")
                found += [f"label {button.label!r} of {len(button.label)}" for button in buttons if not 1 <= len(button.label) <= LABEL]
            case Pick(placeholder=placeholder, chosen=chosen, most=most):
                if not len(chosen) <= most <= ENTRIES:
                    found.append(f"{len(chosen)} chosen of at most {most}; Discord takes {ENTRIES}")
                if len(placeholder) > PLACEHOLDER:
                    found.append(f"a placeholder of {len(placeholder)}")
            case Menu(entries=entries, placeholder=placeholder, most=most):
                if not 1 <= most <= len(entries) <= ENTRIES:
                    found.append(f"a menu of {len(entries)} entries, {most} to take; Discord takes {ENTRIES}")
                if sum(entry.chosen for entry in entries) > most:
                    found.append(f"a menu with more than {most} chosen")
                if len({entry.value for entry in entries}) < len(entries):
                    found.append("a menu with one value twice")
                if len(placeholder) > PLACEHOLDER:
                    found.append(f"a placeholder of {len(placeholder)}")
                for entry in entries:
                    if not 1 <= len(entry.label) <= 100 or not 1 <= len(entry.value) <= 100 or len(entry.description) > 100:
                        found.append(f"entry {entry!r} is too long or empty")
            case Picture(alt=alt):
                if not 1 <= len(alt) <= ALT:
                    found.append(f"alt text of {len(alt)} characters")
            case File() | Rule() | _:
                pass
    return found


def fitted(reply: Reply) -> Reply:
    """The reply within the limits on text: long or wide code goes into files of its own, with its beginning shown."""
    files: dict[int, File] = {}
    blocks, most = _fit_codes(reply, CODE_LINES, files), CODE_LINES
    while (excess := len(text_of(replace(reply, blocks=blocks))) - TEXT) > 0 and most > 3:
        most = most * 2 // 3
        blocks = _fit_codes(reply, most, files)
    while (excess := len(text_of(replace(reply, blocks=blocks))) - TEXT) > 0:
        index = max(range(len(blocks)), key=lambda i: len(block.markdown) if isinstance(block := blocks[i], Text) else 0)
        longest = blocks[index]
        if not isinstance(longest, Text) or len(longest.markdown) < 80:
            break
        whole = reply.blocks[index]
        name = f"part-{index + 1}.txt"
        files[index] = File(name, whole.markdown.encode(errors="replace") if isinstance(whole, Text) else b"")
        note = f"\n-# The rest is in `{name}`."
        short = Text(_cut(longest.markdown, max(0, len(longest.markdown) - excess - len(note))) + note)
        blocks = (*blocks[:index], short, *blocks[index + 1 :])
    taken = {block.name for block in blocks if isinstance(block, File | Picture)}
    for index, file in files.items():
        name = file.name if file.name not in taken else f"{index}-{file.name}"
        taken.add(name)
        blocks = (*blocks, replace(file, name=name))
    return replace(reply, blocks=blocks)


def _fit_codes(reply: Reply, most: int, files: dict[int, File]) -> tuple[Block, ...]:
    return tuple(_fit_code(block, index, most, files) if isinstance(block, Code) else block for index, block in enumerate(reply.blocks))


def _fit_code(block: Code, index: int, most: int, files: dict[int, File]) -> Code:
    lines = block.text.rstrip("\n").split("\n")
    # No more of a line than can be shown is looked at: hostile ones are long.
    whole = [visible(line[: CODE_WIDTH + 1]) for line in lines[:most]]
    shown = [clipped(line) for line in whole]
    if len(lines) > most:
        shown.append(clipped(f"… {len(lines) - most} more lines in {block.name}"))
    if shown != whole:
        files[index] = File(_ODD.sub("-", block.name), block.text.encode(errors="replace"))
    return replace(block, text="\n".join(shown))


def _cut(markdown: str, length: int) -> str:
    """The beginning of a Markdown text, ended at a line, with an open code fence closed."""
    kept = markdown[: max(0, length - 8)]
    kept = kept[: kept.rfind("\n")] if "\n" in kept else kept
    return kept + ("\n```" if kept.count("```") % 2 else "")
