"""A question in the making: what is asked of a cluster, the right rule's answer, and the answers of wrong rules.

Responsible for: the shapes that generators give, and the judgement whether a draft makes a question.
Leaves to others: clusters and runs (`play`), what is asked (the topics' modules).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from bot.learning.items import Choice, Level, Manifest, Option

ENOUGH = 2
"""So many wrong rules have to answer otherwise than the right one."""
MOST = 3


class UnfitError(Exception):
    """This cluster makes no question: wrong rules agree with the right one, or something is not modelled."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A sentence that speaks of this cluster, and whether the cluster and its run bear it out.

    A reason that is plain text is a law: the same words in every cluster, true in each of them.
    """

    text: str
    holds: bool


def fitting(*reasons: Reason) -> Reason:
    """The first reason that this cluster bears out; the last one if there is none."""
    return next((reason for reason in reasons if reason.holds), reasons[-1])


@dataclass(frozen=True, slots=True)
class Wrong:
    """What somebody with this misconception would answer, in the words of an option, and why it is not so in this cluster."""

    misconception: str
    answer: str
    why: str | Reason


@dataclass(frozen=True, slots=True)
class Draft:
    """`right` and the answers of `wrong` are worded by the same function. `without`: what a run answers when the key fact is left out.

    `trace` is what the simulator printed; it is shown after the answer. `shown` are the manifests and tables that the learner sees.
    """

    stem: str
    shown: Sequence[Manifest]
    right: str
    why: str | Reason
    wrong: Sequence[Wrong]
    explanation: str
    trace: str
    without: str | None = None
    model: str = ""
    """In place of the template's, where it is drawn by whose behaviour the answer stands."""


@dataclass(frozen=True, slots=True)
class Template:
    """A generator with what its questions have in common. `model` names the model where Kubernetes does not decide the answer."""

    skill: str
    topic: str
    level: Level
    make: Callable[[Random], Draft]
    source: str
    read_next: str = ""
    model: str = ""

    @property
    def id(self) -> str:
        return f"gen-{self.skill}"


def _holds(why: str | Reason) -> bool:
    return why.holds if isinstance(why, Reason) else True


def _text(why: str | Reason) -> str:
    return why.text if isinstance(why, Reason) else why


def question(template: Template, seed: str, dice: Random) -> Choice:
    """The question that the dice give. Raises UnfitError where they give none."""
    draft = template.make(dice)
    if draft.without == draft.right:
        raise UnfitError("the answer does not depend on what is asked about")
    if not _holds(draft.why):
        raise UnfitError("the reason of the right answer is not so here")
    different = {wrong.answer: wrong for wrong in reversed(draft.wrong) if wrong.answer != draft.right and _holds(wrong.why)}
    if len(different) < ENOUGH:
        raise UnfitError("wrong rules come to the right answer")
    distractors = dice.sample(list(different.values()), min(MOST, len(different)))
    options = [Option(draft.right, True, _text(draft.why)), *(Option(w.answer, False, _text(w.why), w.misconception) for w in distractors)]
    dice.shuffle(options)
    said = draft.model or template.model
    model = f"\n\nThis is a model, not a law: {said}" if said else ""
    return Choice(
        id=template.id,
        topic=template.topic,
        skill=template.skill,
        level=template.level,
        stem=draft.stem,
        explanation=draft.explanation + model,
        sources=(template.source,),
        manifests=tuple(draft.shown),
        read_next=template.read_next,
        options=tuple(options),
        instance=seed,
        trace=draft.trace,
    )
