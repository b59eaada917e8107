"""A server's own question pack -> questions, or every slip at once.

Responsible for: one hostile file in the form of our own packs: bounds, reading, checking, running its proofs; ids of the server's own.
Leaves to others: keeping packs (`bot.storage.packs`), time and memory (`check_pack` runs in a worker), who may upload (`bot.frontend`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files

import yaml

from bot.learning.items import Choice, Fact, Item, Pack, ScenarioItem, Skill, Step, Written
from bot.library import forms
from bot.library.assembly import Assembly, items_of
from bot.library.checks import answers, fairness, proved, wording
from bot.library.documents import read_yaml
from bot.library.faults import Slip
from bot.library.library import Library
from bot.library.loader import dangling

LARGEST = 256 * 1024
"""Bytes of one pack."""
MOST_NODES = 20_000
DEEPEST = 24
_UNSAFE = re.compile(r"@everyone|@here|<@[&!]?\d+>?|\]\(\s*<?\w+:")
ADVICE = frozenset({"claims", "readers"})
"""Checks whose slips are told and do not stand in the way: tone and the chances of a blind reader are the host's to weigh."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a pack may refer to: skills, misconceptions with their beliefs, facts, ids of lesson chunks."""

    skills: Mapping[str, Skill]
    beliefs: Mapping[str, str]
    facts: Mapping[str, Fact]
    chunks: frozenset[str]

    @classmethod
    def of(cls, library: Library) -> Known:
        return cls(library.skills, library.misconceptions, library.facts, frozenset(library.chunks))

    def in_words(self) -> str:
        """All that a pack may name, by the field that names it."""
        parts = {
            "skill:": [f"{skill.id}: {skill.title}" for skill in self.skills.values()],
            "read_next: (lesson steps)": sorted(self.chunks),
            "misconception:": [f"{name}: {belief}" for name, belief in self.beliefs.items()],
            "facts:": [f"{fact.id}: {fact.statement}" for fact in self.facts.values()],
        }
        return "\n\n".join("\n  ".join((field, *lines)) for field, lines in parts.items()) + "\n"


def read_pack(text: str, file: str, server: int, known: Known) -> tuple[Pack | None, Sequence[Slip]]:
    """The pack as its form and references say, and every slip in them; None where there is none. Nothing of it is run."""
    pack, _, slips = _read(text, file, server, known)
    return (None if slips else pack), slips


def check_pack(text: str, file: str, server: int, known: Known) -> tuple[Pack | None, Sequence[Slip]]:
    """The pack with all checks of our own packs made and its proofs run. It is None if a slip is more than ADVICE. Runs for seconds."""
    pack, library, slips = _read(text, file, server, known)
    if library is not None:
        slips = sorted({*slips, *_unsafe(library), *wording(library), *fairness(library), *answers(library), *proved(library)})
    return (pack if all(slip.check in ADVICE for slip in slips) else None), slips


def _read(text: str, file: str, server: int, known: Known) -> tuple[Pack | None, Library | None, Sequence[Slip]]:
    """The pack, the same as a library for the checks, and the slips of form."""
    if bound := _out_of_bounds(text, file):
        return None, None, [bound]
    assembly, document = Assembly(), read_yaml(text, file)
    form = assembly.form(forms.ServerPackForm, document)
    if form is None:
        return None, None, sorted(set(assembly.slips))
    beliefs = {**known.beliefs, **form.misconceptions}
    items = dict(items_of(assembly, form, document, beliefs))
    library = Library(known.skills, beliefs, known.facts, {}, items, {}, {}, places=assembly.places)
    loose = list(dangling(library, known.chunks))
    own = {id_: _of_server(item, server, form.name) for id_, item in items.items()}
    pack = Pack(server, form.name, form.title, {item.id: item for item in own.values()})
    # What refers to nothing cannot be checked further: a proof may lack its manifests, a question its skill.
    slips = sorted({*assembly.slips, *loose})
    return pack, (None if slips else library), slips


def _out_of_bounds(text: str, file: str) -> Slip | None:
    """What makes a file too large to be read at all. Aliases could make it larger than it looks."""
    depth = nodes = 0
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            line = event.start_mark.line + 1 if event.start_mark else 1
            if isinstance(event, yaml.AliasEvent):
                return Slip(file, line, f"`*{event.anchor}` repeats another place of the file.", "Write it out: packs have no aliases.")
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            nodes += isinstance(event, yaml.NodeEvent)
            if depth > DEEPEST:
                return Slip(file, line, f"The file is nested deeper than {DEEPEST} levels here.", "No field of a pack lies that deep.")
            if nodes > MOST_NODES:
                return Slip(file, line, f"The file has more than {MOST_NODES:,} values.", "Split it into several packs.")
    except (yaml.YAMLError, ValueError):
        return None  # reading it says what is wrong, and where
    return None


def _of_server(item: Item, server: int, pack: str) -> Item:
    """The item under an id of the server's, with its steps."""
    named = replace(item, id=own_id(server, item.id), server=server, pack=pack)
    if not isinstance(named, ScenarioItem):
        return named
    steps = (replace(step.question, id=own_id(server, step.question.id), server=server, pack=pack) for step in named.steps)
    return replace(named, steps=tuple(Step(question) for question in steps))


def example() -> str:
    """The text of a small pack that can be handed in as it is, with a word on each field."""
    return (files("bot.library") / "example-pack.yaml").read_text(encoding="utf-8")


def own_id(server: int, item: str) -> str:
    """What a server's item is called everywhere: in attempts, cards and sessions."""
    return f"{server}/{item}"


def _unsafe(library: Library) -> Iterator[Slip]:
    """Marks that would do something in Discord besides being read: mentions, and links that hide where they lead."""
    for id_, question in library.questions.items():
        texts = [question.stem, question.explanation]
        if isinstance(question, Choice):
            texts += [text for option in question.options for text in (option.text, option.why)]
        elif isinstance(question, Written):
            texts += [question.model_answer, *question.probes, *(point.says for point in question.key_points)]
            texts += [point.hint for point in question.key_points]
        place = library.place(id_)
        for found in dict.fromkeys(match.group(0) for text in texts for match in _UNSAFE.finditer(text)):
            yield Slip(place.file, place.line, f"`{id_}` says {found!r}.", "Name nobody, and give links in `sources:`.", "marks")
