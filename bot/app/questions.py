"""Every question that can be asked: those that our authors wrote, those that servers brought, and those made from random clusters.

Responsible for: finding the question that was asked by its id and instance, a new instance where a question is made anew each time, what
there is to choose from on a server.
Leaves to others: the written ones (`bot.library`), making the others (`bot.generators`), choosing among them (the modules that ask).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from random import Random

from bot.generators import TEMPLATES, Template, generate
from bot.learning.items import Choice, Item, Pack, ScenarioItem, Written
from bot.library import Library

_MADE = 2_000
"""Generated questions that are kept at hand; making one takes up to half a second, and it is looked at with every click."""

_SEED = "abcdefghijkmnpqrstuvwxyz23456789"


class Questions:
    def __init__(self, library: Library, random: Random) -> None:
        self._library, self._random = library, random
        self._made = lru_cache(_MADE)(self._make)
        self._packs: dict[tuple[int, str], Pack] = {}
        self._of_servers: dict[str, Item] = {}
        self._scenarios = _scenarios(library.items.values())

    def take_in(self, pack: Pack) -> None:
        """A server's pack may be asked from now on, in place of the one of its name."""
        self._packs[pack.server, pack.name] = pack
        self._look_again()

    def give_up(self, server: int, name: str | None = None) -> None:
        """A server's pack of this name, or all of them, may not be asked any more."""
        self._packs = {key: pack for key, pack in self._packs.items() if key[0] != server or name not in (None, key[1])}
        self._look_again()

    def packs(self, server: int) -> Sequence[Pack]:
        """The packs that can be asked on this server, by title."""
        return sorted((pack for (owner, _), pack in self._packs.items() if owner == server), key=lambda pack: pack.title)

    def pool(self, server: int) -> Sequence[Item]:
        """All written items that may be asked on this server (0: in direct messages)."""
        return [*self._library.items.values(), *(item for pack in self.packs(server) for item in pack.items.values())]

    def scenario_of(self, question: str) -> ScenarioItem | None:
        """What the question is a step of."""
        return self._scenarios.get(question)

    def find(self, item: str, instance: str = "") -> Choice | Written | None:
        """The question as it was asked; None if it is no longer there."""
        found = self._made(item, instance) if instance else self._written(item)
        return found if isinstance(found, Choice | Written) else None

    def alone(self, item: str) -> Choice | Written | None:
        """An authored question as it can be read by itself: a step of a scenario with the words and manifests of its setting."""
        found, setting = self.find(item), self.scenario_of(item)
        if found is None or setting is None:
            return found
        return replace(found, stem=f"{setting.stem.strip()}\n\n{found.stem}", manifests=(*setting.manifests, *found.manifests))

    def another(self, item: str) -> Choice | Written | None:
        """The question to ask when this item comes again: a new cluster if it is made from one."""
        return self._made(item, "".join(self._random.choices(_SEED, k=8))) if item in TEMPLATES else self.find(item)

    def again(self, items: Iterable[str]) -> Sequence[Choice | Written]:
        """The questions to ask when these items come again. Some may take a while to make: not for the event loop."""
        return [question for item in items if (question := self.another(item))]

    def knows(self, item: str) -> bool:
        """Can this item be asked?"""
        return item in TEMPLATES or self.find(item) is not None

    def topic(self, item: str) -> str:
        template = TEMPLATES.get(item)
        written = self._written(item)
        return template.topic if template else written.topic if written else ""

    def made_anew(self, fits: Callable[[Template], bool]) -> Sequence[str]:
        """The ids of the questions that come from another cluster each time they are asked."""
        return [name for name, template in TEMPLATES.items() if fits(template) and template.skill in self._library.skills]

    def fresh(self, fits: Callable[[Template], bool], count: int) -> Sequence[Choice]:
        """At most so many new questions from random clusters, each of another template."""
        fitting = self.made_anew(fits)
        made = (self.another(name) for name in self._random.sample(fitting, min(count, len(fitting))))
        return [question for question in made if isinstance(question, Choice)]

    def _written(self, item: str) -> Item | None:
        return self._library.questions.get(item) or self._of_servers.get(item)

    def _look_again(self) -> None:
        self._of_servers = {name: question for pack in self._packs.values() for name, question in pack.questions.items()}
        own = (item for pack in self._packs.values() for item in pack.items.values())
        self._scenarios = _scenarios((*self._library.items.values(), *own))

    def _make(self, item: str, instance: str) -> Choice | None:
        made = generate(item, instance)
        beliefs = self._library.misconceptions
        return made and replace(
            made, options=tuple(replace(option, belief=option.belief or beliefs.get(option.misconception, "")) for option in made.options)
        )


def _scenarios(items: Iterable[Item]) -> dict[str, ScenarioItem]:
    """The scenario of each question that is a step of one."""
    return {step.question.id: item for item in items if isinstance(item, ScenarioItem) for step in item.steps}
