"""Every question that can be asked of one learner: those that authors wrote, and those made from random clusters.

Responsible for: finding the question that was asked by its id and instance, and a new instance where a question is made anew each time.
Leaves to others: the written ones (`bot.library`), making the others (`bot.generators`), choosing among them (the modules that ask).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from random import Random

from bot.generators import TEMPLATES, Template, generate
from bot.learning.items import Choice, Written
from bot.library import Library

_MADE = 2_000
"""Generated questions that are kept at hand; making one takes up to half a second, and it is looked at with every click."""

_SEED = "abcdefghijkmnpqrstuvwxyz23456789"


class Questions:
    def __init__(self, library: Library, random: Random) -> None:
        self._library, self._random = library, random
        self._made = lru_cache(_MADE)(self._make)

    def find(self, item: str, instance: str = "") -> Choice | Written | None:
        """The question as it was asked; None if it is no longer there."""
        found = self._made(item, instance) if instance else self._library.questions.get(item)
        return found if isinstance(found, Choice | Written) else None

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
        return template.topic if template else self._library.questions[item].topic

    def fresh(self, fits: Callable[[Template], bool], count: int) -> Sequence[Choice]:
        """At most so many new questions from random clusters, each of another template."""
        fitting = [name for name, template in TEMPLATES.items() if fits(template) and template.skill in self._library.skills]
        made = (self.another(name) for name in self._random.sample(fitting, min(count, len(fitting))))
        return [question for question in made if isinstance(question, Choice)]

    def _make(self, item: str, instance: str) -> Choice | None:
        made = generate(item, instance)
        beliefs = self._library.misconceptions
        return made and replace(
            made, options=tuple(replace(option, belief=option.belief or beliefs.get(option.misconception, "")) for option in made.options)
        )
