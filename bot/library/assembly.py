"""Filled-in forms -> questions: what a pack of ours and a pack of a server's have in common.

Responsible for: ids that are given once, manifests named instead of written out, turning the forms of questions into learning's types.
Leaves to others: where the forms come from (`loader`, `packs`), the fields of a form (`forms`), whether what it says is right (`checks`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from bot.learning.items import Choice, Item, KeyPoint, Manifest, Option, ScenarioItem, Step, Written
from bot.library import forms
from bot.library.documents import Document
from bot.library.faults import Slip
from bot.library.library import Place

F = TypeVar("F")


@dataclass
class Assembly:
    """What was put together so far. Slips are collected, not raised, so that an author sees all of them."""

    slips: list[Slip] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)

    def form(self, form: type[F], document: Document) -> F | None:
        self.slips.extend(document.slips)
        if document.slips:
            return None
        filled, slips = forms.fill(form, document)
        self.slips.extend(slips)
        return filled

    def claim(self, id_: str, place: Place) -> bool:
        """Takes an id for what stands at `place`. False, with a slip, if it is taken."""
        if id_ in self.places:
            first = self.places[id_]
            self.slips.append(
                Slip(
                    place.file,
                    place.line,
                    f"The id `{id_}` is taken.",
                    f"{first.file}:{first.line} has it; ids are never shared or reused.",
                )
            )
            return False
        self.places[id_] = place
        return True

    def manifests(self, given: Iterable[forms.ManifestForm | str], shared: dict[str, str], place: Place) -> tuple[Manifest, ...]:
        found = []
        for manifest in given:
            if isinstance(manifest, forms.ManifestForm):
                found.append(Manifest(manifest.name, manifest.text + "\n"))
            elif manifest in shared:
                found.append(Manifest(manifest, shared[manifest] + "\n"))
            else:
                known = ", ".join(shared) or "none"
                self.slips.append(
                    Slip(
                        place.file,
                        place.line,
                        f"There is no manifest `{manifest}` here.",
                        f"Known are: {known}. Or give a name and a text.",
                    )
                )
        return tuple(found)


def items_of(assembly: Assembly, pack: forms.PackForm, document: Document, beliefs: Mapping[str, str]) -> Iterator[tuple[str, Item]]:
    """Every item of a pack by its id. `beliefs` are the known misconceptions."""
    for index, form in enumerate(pack.items):
        place = Place(document.file, document.line("items", index))
        if assembly.claim(form.id, place):
            yield form.id, _item(assembly, form, pack, place, beliefs)


def _item(
    assembly: Assembly,
    form: forms.ChoiceForm | forms.WrittenForm | forms.ScenarioForm,
    pack: forms.PackForm,
    place: Place,
    beliefs: Mapping[str, str],
) -> Item:
    if not isinstance(form, forms.ScenarioForm):
        return _question(assembly, form, pack, place, beliefs)
    common = _common(assembly, form, pack, place)
    steps = [
        Step(_question(assembly, step, pack, place, beliefs, common["manifests"])) for step in form.steps if assembly.claim(step.id, place)
    ]
    return ScenarioItem(**common, steps=tuple(steps))


def _question(
    assembly: Assembly,
    form: forms.ChoiceForm | forms.WrittenForm,
    pack: forms.PackForm,
    place: Place,
    beliefs: Mapping[str, str],
    around: tuple[Manifest, ...] = (),
) -> Choice | Written:
    """A question of its own, or a step of a scenario whose manifests are `around` it."""
    common = _common(assembly, form, pack, place, around)
    if isinstance(form, forms.ChoiceForm):
        options = tuple(
            Option(o.text, o.correct, o.why, o.misconception or "", beliefs.get(o.misconception or "", ""), o.asserts, o.applies or "")
            for o in form.options
        )
        return Choice(**common, options=options)
    points = tuple(KeyPoint(p.id, p.says, p.kind, p.phrases, p.hint) for p in form.key_points)
    return Written(**common, kind=form.kind, key_points=points, model_answer=form.model_answer, probes=form.probes)


def _common(
    assembly: Assembly, form: forms.ItemForm, pack: forms.PackForm, place: Place, around: tuple[Manifest, ...] = ()
) -> dict[str, Any]:
    """The fields that every kind of item has."""
    manifests = assembly.manifests(form.manifests, pack.manifests, place)
    return {
        "id": form.id,
        "topic": pack.topic,
        "skill": form.skill,
        "level": form.level,
        "stem": form.stem,
        "explanation": form.explanation,
        "sources": form.sources,
        "manifests": manifests,
        "proof": _proof(assembly, form.proof, manifests or around, pack, place) if form.proof else None,
        "facts": form.facts,
        "read_next": form.read_next or "",
        "covers": form.covers,
    }


def _proof(
    assembly: Assembly, form: forms.ProofForm, manifests: tuple[Manifest, ...], pack: forms.PackForm, place: Place
) -> dict[str, Any]:
    proof = form.model_dump(exclude={"manifests"}, exclude_defaults=True)
    besides = assembly.manifests(form.manifests, pack.manifests, place)
    return {**proof, "manifests": [{"name": m.name, "text": m.text} for m in (*besides, *manifests)]}
