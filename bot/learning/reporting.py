"""What learners report, what is decided about it, and what wants a decision first.

Responsible for: the things that can be reported, reasons, verdicts, cases and their order.
Leaves to others: the figures of an item (`item_analysis`), keeping reports (`bot.storage.reports`), what follows (`bot.app.judge_reports`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from bot.learning.item_analysis import Analysis, Mark

PROPOSED_FROM = 3
"""Reporters from which it is proposed that an item be taken out. It is a proposal: nothing is taken out without somebody's decision."""


class Kind(str, Enum):
    """What can be reported. Its value stands in buttons, which hold little beside an id, and in the file."""

    QUESTION = "q"
    LAB = "l"
    STEP = "s"
    PAGE = "p"

    @property
    def asked(self) -> bool:
        """Can it be taken out, so that nobody is asked it any more?"""
        return self in (Kind.QUESTION, Kind.LAB)


@dataclass(frozen=True, slots=True, order=True)
class Thing:
    """What a report is about: a question, a lab, a step of a lesson, the page on a finding, by its permanent id."""

    kind: Kind
    id: str

    @property
    def owner(self) -> int:
        """The server that brought it in a pack of its own, as its id says; 0: it is ours."""
        server, slash, _ = self.id.partition("/")
        return int(server) if slash and server.isdigit() else 0


class Reason(Enum):
    KEY = "key"
    ALSO_RIGHT = "also-right"
    UNCLEAR = "unclear"
    OUTDATED = "outdated"
    OTHER = "other"


IN_WORDS: Mapping[Reason, str] = {
    Reason.KEY: "The answer given as right is wrong",
    Reason.ALSO_RIGHT: "Another option is right too",
    Reason.UNCLEAR: "It is unclear",
    Reason.OUTDATED: "It is out of date",
    Reason.OTHER: "Something else",
}


class Verdict(Enum):
    """What was decided. `ACCEPTED` and `VOIDED` correct answers that were given already, and take the item out until it is mended."""

    KEPT = "keep"
    TO_BE_MENDED = "mend"
    TAKEN_OUT = "out"
    BROUGHT_BACK = "back"
    ACCEPTED = "also"
    VOIDED = "void"

    @property
    def corrects(self) -> bool:
        return self in (Verdict.ACCEPTED, Verdict.VOIDED)


@dataclass(frozen=True, slots=True)
class Report:
    """One report. `learner` is None once whoever wrote it was forgotten; `server` is 0 outside of servers."""

    id: int
    learner: int | None
    thing: Thing
    instance: str
    server: int
    reason: Reason
    words: str
    at: str


@dataclass(frozen=True, slots=True)
class Decision:
    """`server` is 0 for the operator's, which holds everywhere. `option` is the one that was accepted as well, else -1."""

    id: int
    thing: Thing
    server: int
    verdict: Verdict
    option: int
    words: str
    at: str


@dataclass(frozen=True, slots=True)
class Case:
    """A thing with its open reports, oldest first, and what answers tell about it."""

    thing: Thing
    reports: tuple[Report, ...]
    figures: Analysis

    @property
    def reasons(self) -> Sequence[tuple[Reason, int]]:
        """The reasons given, most frequent first."""
        return Counter(report.reason for report in self.reports).most_common()

    @property
    def reporters(self) -> int:
        """How many people. Of the forgotten, each report counts as somebody's."""
        known = {report.learner for report in self.reports if report.learner is not None}
        return len(known) + sum(report.learner is None for report in self.reports)

    @property
    def proposed(self) -> bool:
        """Is it proposed that it be taken out?"""
        return self.thing.kind.asked and (self.reporters >= PROPOSED_FROM or self.figures.unfit)

    @property
    def agreement(self) -> int:
        """How far the answers say the same as the reports: 2 where they cast doubt on the key, 1 where they look odd, else 0."""
        doubt = {Mark.KEY_DOUBTFUL, Mark.MISLEADING} & set(self.figures.marks)
        return 2 if doubt or self.figures.unfit else 1 if {Mark.TOO_HARD, Mark.WEAK} & set(self.figures.marks) else 0


def by_urgency(cases: Iterable[Case]) -> Sequence[Case]:
    """What is proposed to be taken out first, then by reporters, each grade of agreement counting like two; the oldest of equals first."""
    return sorted(
        cases,
        key=lambda case: (not case.proposed, -case.reporters - 2 * case.agreement, case.reports[0].id if case.reports else 0, case.thing),
    )
