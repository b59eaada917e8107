"""The words: lengths, Discord's limits, claims that are known to be wrong, tone.

Responsible for: what can be seen by reading a text alone.
Leaves to others: whether it is true (`proved`), whether options are fair (`fairness`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.learning.items import Choice, Item
from bot.library.faults import Slip
from bot.library.library import Library

CHUNK_WORDS = 120
CODE_COLUMNS = 60
MESSAGE_CHARACTERS = 3600
"""Discord shows 4,000 in one message; the rest is for headings, the count and the buttons' surroundings."""
OPTION_CHARACTERS = 100
ALT_CHARACTERS = 1024
TITLE_CHARACTERS = 80

BANNED = {
    r"restart\w*[^.]{0,40}\bIP vanishes|\bIP vanishes": "A restarted container keeps the Pod's address; say *replaced*.",
    r"exactly 10\s?%": "A weight is a proportion; say *about*.",
    r"LoadBalancer[^.\n]{0,60}(?:provisions|gives|creates|is) an? (?:AWS )?ALB": "On AWS a LoadBalancer Service gives an NLB.",
    r"legacy Ingress": "Ingress is *frozen*, not legacy.",
    r"IPVS[^.]{0,60}superior": "ipvs is deprecated; nftables carries the idea on.",
    r"slices?`? (?:shows|prints|lists) `?<none>": "A table of slices prints `<unset>`.",
    r"\bguarantees?\b": "Say what is done, not that it is guaranteed.",
    r"\bpermanently\b": "Few things are permanent; say what ends it.",
    r"black hole": "kube-proxy rejects; nothing falls into a hole.",
    r"\b(?:catastrophic|elite|pristine|flawless\w*|beautiful\w*|monumental|master (?:Gateway|node))\b": "Plain words for plain things.",
    r"\bjust (?:use|do|add|run)\b|\bobviously\b|\bof course\b": "What is plain to the author is not plain to a learner.",
}
"""Claims and tones that the corrections take out, with what to say instead."""


def wording(library: Library) -> Iterator[Slip]:
    yield from _chunks(library)
    for item in library.questions.values():
        yield from _item(library, item)
    for lab in library.labs.values():
        yield from _banned(library, lab.id, "\n".join([lab.title, lab.story, *lab.hints, lab.explanation]))
        yield from _too_long(library, lab.id, "The story", lab.story, 1500)
        for hint in lab.hints:
            yield from _too_long(library, lab.id, "A hint", hint, 600)
    for term in library.glossary:
        yield from _banned(library, f"term {term.term}", term.means)


def _slip(library: Library, id_: str, what: str, next_step: str) -> Slip:
    place = library.place(id_)
    return Slip(place.file, place.line, what, next_step, "wording")


def _chunks(library: Library) -> Iterator[Slip]:
    for chunk in library.chunks.values():
        prose = re.sub(r"```.*?```", "", chunk.body, flags=re.DOTALL)
        words = len(prose.split())
        if words > CHUNK_WORDS:
            yield _slip(
                library,
                chunk.id,
                f"`{chunk.id}` has {words} words.",
                f"One idea, at most {CHUNK_WORDS} words: split it, or leave something out.",
            )
        if not prose.strip():
            yield _slip(library, chunk.id, f"`{chunk.id}` says nothing.", "Write the idea below the front matter.")
        if chunk.picture and not chunk.picture_alt:
            yield _slip(
                library, chunk.id, f"The picture of `{chunk.id}` has no text twin.", "Add `picture_alt:`, for those who do not see it."
            )
        yield from _too_long(library, chunk.id, "The text twin of the picture", chunk.picture_alt, ALT_CHARACTERS)
        yield from _too_long(library, chunk.id, "The title", chunk.title, TITLE_CHARACTERS)
        yield from _too_wide(library, chunk.id, "The picture", chunk.picture)
        for block in re.findall(r"```\w*\n(.*?)```", chunk.body, flags=re.DOTALL):
            yield from _too_wide(library, chunk.id, "A code block", block)
        if chunk.demonstration and not chunk.predict:
            yield _slip(
                library, chunk.id, f"`{chunk.id}` demonstrates before it asks.", "Add `predict:`, a question to answer before the run."
            )
        if chunk.body.count("!") - chunk.body.count("!=") > 1:
            yield _slip(library, chunk.id, f"`{chunk.id}` shouts.", "One exclamation mark at the most.")
        yield from _banned(library, chunk.id, "\n".join([chunk.title, chunk.body, chunk.picture, chunk.predict]))


def _item(library: Library, item: Item) -> Iterator[Slip]:
    texts = [item.stem, item.explanation]
    shown = len(item.stem) + sum(len(m.name) + len(m.text) + 12 for m in item.manifests)
    if isinstance(item, Choice):
        texts += [text for option in item.options for text in (option.text, option.why)]
        shown += sum(len(option.text) + 6 for option in item.options)
        for option in item.options:
            yield from _too_long(library, item.id, f"The option {option.text!r}", option.text, OPTION_CHARACTERS)
    if shown > MESSAGE_CHARACTERS:
        yield _slip(
            library,
            item.id,
            f"`{item.id}` shows {shown} characters at once.",
            f"Discord takes {MESSAGE_CHARACTERS} here: shorten the manifests.",
        )
    for manifest in item.manifests:
        yield from _too_wide(library, item.id, f"The manifest {manifest.name}", manifest.text)
    yield from _banned(library, item.id, "\n".join(texts))


def _too_long(library: Library, id_: str, what: str, text: str, limit: int) -> Iterator[Slip]:
    if len(text) > limit:
        yield _slip(library, id_, f"{what} of `{id_}` has {len(text)} characters.", f"At most {limit}.")


def _too_wide(library: Library, id_: str, what: str, text: str) -> Iterator[Slip]:
    widest = max((len(line) for line in text.splitlines()), default=0)
    if widest > CODE_COLUMNS:
        yield _slip(library, id_, f"{what} of `{id_}` is {widest} columns wide.", f"A phone shows {CODE_COLUMNS}: break the line.")


def _banned(library: Library, id_: str, text: str) -> Iterator[Slip]:
    for pattern, instead in BANNED.items():
        found = re.search(pattern, text, flags=re.IGNORECASE)
        if found:
            place = library.place(id_)
            yield Slip(place.file, place.line, f"`{id_}` says {found.group(0)!r}.", instead, "claims")
