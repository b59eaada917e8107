"""Ids, prerequisites and links: whether one can find one's way through the material.

Responsible for: permanent ids, prerequisites without circles and before those who need them, a question of its own for each chunk, links.
Leaves to others: ids that do not exist at all (the loader refuses them).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from bot.learning.items import Choice, Written
from bot.library.faults import Slip
from bot.library.library import Library

RELATIVE_WORDS = {"new", "old", "draft", "copy", "tmp", "test", "fixed", "v2"}
"""Words that say when something was written and not what it is about; an id keeps its name for good."""


def structure(library: Library) -> Iterator[Slip]:
    yield from _ids(library)
    yield from _circles(library, "skill", {skill.id: skill.requires for skill in library.skills.values()}, "skill ")
    yield from _circles(library, "chunk", {chunk.id: chunk.requires for chunk in library.chunks.values()}, "")
    yield from _order(library)
    yield from _own_questions(library)
    yield from _links(library)


def _slip(library: Library, id_: str, what: str, next_step: str) -> Slip:
    place = library.place(id_)
    return Slip(place.file, place.line, what, next_step, "structure")


def _ids(library: Library) -> Iterator[Slip]:
    for id_ in (*library.questions, *library.chunks, *library.labs):
        words = id_.split("-")
        if words[-1] in RELATIVE_WORDS or words[-1].isdigit():
            yield _slip(
                library,
                id_,
                f"The id `{id_}` ends in `{words[-1]}`.",
                "Ids are permanent: name what it is about, not its version or number.",
            )


def _circles(library: Library, kind: str, requires: Mapping[str, Sequence[str]], prefix: str) -> Iterator[Slip]:
    done: set[str] = set()

    def circle(id_: str, way: tuple[str, ...]) -> tuple[str, ...]:
        """The first circle that begins on `way`, or ()."""
        if id_ in way:
            return (*way[way.index(id_) :], id_)
        if id_ in done:
            return ()
        for required in requires.get(id_, ()):
            found = circle(required, (*way, id_))
            if found:
                return found
        done.add(id_)
        return ()

    for id_ in requires:
        found = circle(id_, ())
        if found:
            yield _slip(library, prefix + id_, f"These {kind}s require each other: {' > '.join(found)}.", "Remove one of the `requires`.")
            return


def _order(library: Library) -> Iterator[Slip]:
    seen: set[str] = set()
    for chunk in library.chunks.values():
        for required in chunk.requires:
            if required not in seen:
                yield _slip(
                    library, chunk.id, f"`{chunk.id}` comes before `{required}`, which it requires.", "Change the order, or the `requires`."
                )
        seen.add(chunk.id)


def _own_questions(library: Library) -> Iterator[Slip]:
    first: dict[str, str] = {}
    for chunk in library.chunks.values():
        other = first.setdefault(chunk.question, chunk.id)
        if other != chunk.id:
            yield _slip(library, chunk.id, f"`{chunk.question}` ends `{other}` already.", "Each chunk ends with a question of its own.")
        if not isinstance(library.questions.get(chunk.question), Choice | Written):
            yield _slip(library, chunk.id, f"`{chunk.question}` has several steps.", "A chunk ends with a single question.")
    for item in library.items.values():
        if not item.read_next:
            yield _slip(
                library, item.id, f"`{item.id}` does not say what to read next.", "Add `read_next:` with the chunk that teaches it."
            )


def _links(library: Library) -> Iterator[Slip]:
    sourced = [(item.id, item.sources) for item in library.items.values()]
    sourced += [(chunk.id, chunk.sources) for chunk in library.chunks.values()]
    sourced += [(f"fact {fact.id}", (fact.source,)) for fact in library.facts.values()]
    for id_, sources in sourced:
        if not sources:
            yield _slip(library, id_, f"`{id_}` has no source.", "Add `sources:` with the page that says so.")
        for source in sources:
            parts = urlsplit(source)
            if parts.scheme != "https" or "." not in parts.netloc or " " in source:
                yield _slip(library, id_, f"`{source}` is no link.", "A source is the https address of a page.")
