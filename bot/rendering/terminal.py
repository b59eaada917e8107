"""What the tools of a cluster print, as a terminal would show it.

Responsible for: the layout of commands with their output.
Leaves to others: the output (the simulator).
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.rendering.reply import Block, Code, Reply, Text
from bot.rendering.templates import text


def session(said: Sequence[tuple[str, str]]) -> Reply:
    """Commands, each with what it printed."""
    blocks: list[Block] = []
    for number, (command, printed) in enumerate(said, 1):
        blocks += [text("command", command=command), Code(printed.rstrip("\n") or " ", name=f"output-{number}.txt")]
    blocks.append(Text("-# From the simulated cluster that your manifests make."))
    return Reply(tuple(blocks), aside=True)
