"""Runs everything that can be run: proofs of questions, labs, demonstrations.

Responsible for: every claim that a run does not bear out, as a slip where the claim stands.
Leaves to others: running and comparing (`bot.library.proofs`).
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.library.faults import Slip
from bot.library.library import Library
from bot.library.proofs import disproved, play, unsolved


def proved(library: Library) -> Iterator[Slip]:
    for item in library.questions.values():
        for sentence in disproved(item):
            yield _slip(
                library, item.id, f"`{item.id}`: {sentence}", "Correct the key, the option or the manifests; the run is what counts."
            )
        if item.proof is None and library.skills[item.skill].proof == "fact" and not (item.facts or item.sources):
            yield _slip(library, item.id, f"`{item.id}` has neither proof nor fact.", "Name the facts that it depends on.")
    for lab in library.labs.values():
        for sentence in unsolved(lab):
            yield _slip(library, lab.id, f"`{lab.id}`: {sentence}", "A lab begins broken, and each of its solutions repairs it.")
    for chunk in library.chunks.values():
        if chunk.demonstration is None:
            continue
        try:
            silent = [command for command, text in play(chunk.demonstration) if not text.strip()]
        except ValueError as error:
            yield _slip(library, chunk.id, f"The demonstration of `{chunk.id}` cannot be run: {error}.", "Correct the command.")
            continue
        for command in silent:
            yield _slip(library, chunk.id, f"`{command}` prints nothing.", "Show a command that says something.")


def _slip(library: Library, id_: str, what: str, next_step: str) -> Slip:
    place = library.place(id_)
    return Slip(place.file, place.line, what, next_step, "proved")
