"""The way of a request or a lookup: what the tool prints, then hop by hop what decided and why.

Responsible for: the layout of a trace.
Leaves to others: the hops (the simulator).
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.rendering.notices import notice
from bot.rendering.reply import Block, Reply, Rule, Tone
from bot.rendering.templates import text
from bot.rendering.terminal import output
from simulator import Answer, Hop


def way(traced: tuple[str, str, Answer] | None) -> Reply:
    """From where, what the client saw, and the hops. None: there was nothing to dial."""
    if traced is None:
        return notice("There is no Service, Ingress or Gateway in this that a request could go to.")
    client, printed, answer = traced
    answered = answer.curl_exit == 0 and (answer.status or 200) < 400 and not answer.not_modelled
    blocks = (text("client", client=client), output(printed, "curl.txt"), *hops(answer.hops))
    return Reply(blocks, Tone.GOOD if answered else Tone.BAD, aside=True)


def lookup(command: str, printed: str, steps: Sequence[Hop]) -> Reply:
    """What nslookup prints, and why each query was answered as it was."""
    return Reply((text("command", command=command), output(printed, "nslookup.txt"), *hops(steps)), aside=True)


def hops(steps: Sequence[Hop]) -> tuple[Block, ...]:
    """Each hop: what stood there, what it decided, why, on whose word, and where the manifest says so."""
    return (Rule(), text("hops", hops=steps)) if steps else ()
