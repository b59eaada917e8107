"""The way of a request or a lookup: what the tool prints, pictures of it, then hop by hop what decided and why.

Responsible for: the layout of a trace, of what would change in it, and what its menu carries.
Leaves to others: the hops (the simulator), the pictures' facts (`shares`, `way`), drawing (`pictures`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.rendering import shares
from bot.rendering import way as stations
from bot.rendering.escape import shortened
from bot.rendering.notices import notice
from bot.rendering.pictures import shares as bars
from bot.rendering.pictures import way as drawing
from bot.rendering.reply import Block, Entry, Menu, Picture, Reply, Rule, Text, Tone
from bot.rendering.templates import text
from bot.rendering.terminal import output
from simulator import Answer, Hop, Outcome, RolloutAnswer, rollout_text

_ENTRIES = 25
_CHANGES = 8


def way(traced: tuple[str, str, Answer] | None, events: Sequence[tuple[str, str]] = (), session: str = "") -> Reply:
    """From where, what the client saw, who answers how much, and the hops. None: there was nothing to dial.

    `events` (value and label) may be supposed by the menu of this `session`.
    """
    if traced is None:
        return notice("There is no Service, Ingress or Gateway in this that a request could go to.")
    client, printed, answer = traced
    blocks = [text("client", client=client), output(printed, "curl.txt"), *_shares(answer), _picture(client, answer, "way.png")]
    blocks += hops(answer.hops)
    if events:
        entries = tuple(Entry(shortened(label, 100), value) for value, label in events[:_ENTRIES])
        blocks.append(Menu(f"what-if:{session}", "What if ...", entries))
    return Reply(tuple(blocks), _tone(answer), aside=True)


def supposed(label: str, client: str, before: tuple[str, Answer], after: tuple[str, Answer], outcome: Outcome) -> Reply:
    """What an event does to a request, to the endpoints of Services and to connections that were open."""
    (printed, answer), (printed_then, answer_then) = before, after
    blocks: list[Block] = [text("what_if", label=label, client=client, same=printed == printed_then)]
    if printed != printed_then:
        blocks += [Text("**Before**"), output(printed, "before.txt"), Text("**After**")]
    blocks.append(output(printed_then, "after.txt"))
    if shares.parts_of(answer) != shares.parts_of(answer_then):
        blocks += _shares(answer_then)
    blocks.append(_picture(client, answer_then, "way-after.png"))
    blocks.append(text("changes", endpoints=outcome.endpoints, connections=outcome.connections, most=_CHANGES))
    return Reply(tuple(blocks), _tone(answer_then), aside=True)


def rolled_out(label: str, answer: RolloutAnswer) -> Reply:
    """What clients meet while the Pods of a Deployment are replaced, and which part of it is why."""
    noticed = answer.refused or answer.cut or answer.gap or answer.not_modelled
    printed = output(rollout_text(replace(answer, hops=())), "rollout.txt")
    return Reply((text("rolled_out", label=label), printed, *hops(answer.hops)), Tone.CAREFUL if noticed else Tone.GOOD, aside=True)


def no_longer() -> Reply:
    return notice("Your workspace is not the same as when that request was made. Send it anew with `/curl`.")


def _tone(answer: Answer) -> Tone:
    return Tone.GOOD if stations.answered(answer) else Tone.BAD


def _shares(answer: Answer) -> list[Block]:
    """Nothing where a single Pod answers everything."""
    parts = shares.parts_of(answer)
    if not parts or (len(parts) == 1 and len(parts[0].pods) < 2):
        return []
    return [
        Picture("shares.png", bars.draw(parts, shares.supposing(answer)), shares.alt(parts)),
        shares.in_words(parts, shares.supposing(answer)),
    ]


def _picture(client: str, answer: Answer, name: str) -> Picture:
    told = stations.stations(client, answer)
    return Picture(name, drawing.draw(told), stations.alt(told))


def lookup(command: str, printed: str, steps: Sequence[Hop]) -> Reply:
    """What nslookup prints, and why each query was answered as it was."""
    return Reply((text("command", command=command), output(printed, "nslookup.txt"), *hops(steps)), aside=True)


def hops(steps: Sequence[Hop]) -> tuple[Block, ...]:
    """Each hop: what stood there, what it decided, why, on whose word, and where the manifest says so."""
    return (Rule(), text("hops", hops=steps)) if steps else ()
