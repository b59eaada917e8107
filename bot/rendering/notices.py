"""Short answers that any command may need to give.

Responsible for: one sentence on what happened and one on what to do next.
Leaves to others: deciding when.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.rendering.escape import inline_code, listed, shortened
from bot.rendering.reply import Reply, Text, Tone


def notice(sentence: str) -> Reply:
    """One or two sentences of ours in Markdown, for the learner alone."""
    return Reply((Text(sentence),), Tone.CAREFUL, aside=True)


def try_again(sentence: str) -> Reply:
    return notice(f"{sentence} Please try again in a moment.")


def incident(number: str) -> Reply:
    words = f"Something went wrong on my side, not on yours. Tell the host about incident `{number}` if it happens again."
    return Reply((Text(words),), Tone.BAD, aside=True)


def not_yours() -> Reply:
    return notice("This belongs to somebody else. Start your own with `/quiz`, `/lesson` or `/check-manifest`.")


def gone(command: str) -> Reply:
    return notice(f"This message is from a session that I no longer keep. Start afresh with `/{command}`.")


def unknown(what: str, given: str, known: Sequence[str]) -> Reply:
    """The learner named something that is not there; what there is instead."""
    more = f", and {len(known) - 20} more that the command's menu finds as you type" if len(known) > 20 else ""
    names = f" Some are {listed(known[:20])}{more}." if more else f" There are {listed(known)}." if known else ""
    return notice(f"I know no {what} {inline_code(shortened(given, 80))}.{names}")
