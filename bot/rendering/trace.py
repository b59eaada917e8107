"""The way of a request: what curl prints, then hop by hop what decided and why.

Responsible for: the layout of a trace.
Leaves to others: the hops (the simulator).
"""

from __future__ import annotations

from bot.rendering.notices import notice
from bot.rendering.reply import Code, Reply, Rule, Tone
from bot.rendering.templates import text
from simulator import Answer


def way(traced: tuple[str, str, Answer] | None) -> Reply:
    """From where, what the client saw, and the hops. None: there was nothing to dial."""
    if traced is None:
        return notice("There is no Service, Ingress or Gateway in this that a request could go to.")
    client, printed, answer = traced
    blocks = (text("client", client=client), Code(printed.rstrip("\n"), name="curl.txt"), Rule(), text("hops", hops=answer.hops))
    return Reply(blocks, Tone.GOOD if answer.curl_exit == 0 and (answer.status or 200) < 400 else Tone.BAD, aside=True)
