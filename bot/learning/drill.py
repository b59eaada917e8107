"""An interview drill as a value: candidates take turns, somebody interviews, the others observe, everybody scores.

Responsible for: roles and their rotation, the clock, probes, rubric ticks and scores, absences, the summary, its form as data.
Leaves to others: threads, timers and modals (`bot.frontend`), keeping (`bot.storage`), what comes into review (`bot.app`).
Nothing in it depends on any one person: a candidate who leaves is skipped, a host who leaves hands over, a restart changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum, StrEnum
from statistics import median
from typing import Any, TypeAlias

from bot.learning.gathering import Back, Pause, Resume, Start, Stop, TimeUp, moment, opened_after, opened_at_latest

SCORES = range(1, 6)
"""1 could not answer, 2 with much help, 3 passes, 4 good, 5 could teach it."""
PASSES = 3
"""The score from which an answer passes."""


ABANDONED = timedelta(hours=1)
"""A lobby that nobody starts ends the drill."""
ASLEEP = timedelta(hours=24)
"""A pause that nobody ends, or scores that nobody closes, end the drill with its summary."""
AFTER_ABSENCE = timedelta(seconds=60)
"""What at least is left of a turn when the bot comes back from an absence of its own."""


class Phase(StrEnum):
    LOBBY = "lobby"
    ANSWERING = "answering"
    SCORING = "scoring"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Card:
    """One person's judgement of one turn. `ticks` are ids of key points that were heard; a candidate's own card is kept apart."""

    score: int
    ticks: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """One candidate's question. `answer` is what was written, if anything was: many drills are spoken."""

    candidate: int
    interviewer: int
    item: str
    probes: tuple[int, ...] = ()
    answer: str = ""
    cards: Mapping[int, Card] = field(default_factory=dict)
    skipped: bool = False


@dataclass(frozen=True, slots=True)
class Drill:
    """`turns` are those begun so far, the last one on the screen. `queue` holds the items still to be asked."""

    id: str
    host: int
    seconds: float
    queue: tuple[str, ...]
    people: tuple[int, ...] = ()
    away: tuple[int, ...] = ()
    phase: Phase = Phase.LOBBY
    turns: tuple[Turn, ...] = ()
    opened: str = ""
    paused: str = ""

    @property
    def present(self) -> Sequence[int]:
        return [person for person in self.people if person not in self.away]

    @property
    def turn(self) -> Turn:
        return self.turns[-1]

    @property
    def deadline(self) -> datetime | None:
        """When the drill goes on by itself: the candidate's time is over, or nobody cares any more. None once it is over."""
        if self.phase is Phase.OVER:
            return None
        if self.paused:
            return moment(self.paused) + ASLEEP
        waits = {Phase.LOBBY: ABANDONED, Phase.SCORING: ASLEEP, Phase.ANSWERING: timedelta(seconds=self.seconds)}
        return moment(self.opened) + waits[self.phase]

    def as_data(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Drill:
        return cls(
            **{
                **data,
                "phase": Phase(data["phase"]),
                **{key: tuple(data[key]) for key in ("queue", "people", "away")},
                "turns": tuple(_turn(turn) for turn in data["turns"]),
            }
        )


def _turn(data: Mapping[str, Any]) -> Turn:
    cards = {int(person): Card(card["score"], tuple(card["ticks"]), card["note"]) for person, card in data["cards"].items()}
    return Turn(**{**data, "probes": tuple(data["probes"]), "cards": cards})


@dataclass(frozen=True, slots=True)
class Join:
    person: int


@dataclass(frozen=True, slots=True)
class Leave:
    person: int


@dataclass(frozen=True, slots=True)
class Write:
    """The candidate puts an answer in writing; a later one takes its place."""

    by: int
    turn: int
    text: str


@dataclass(frozen=True, slots=True)
class Probe:
    """The interviewer asks the item's follow-up question number `probe`."""

    by: int
    turn: int
    probe: int


@dataclass(frozen=True, slots=True)
class EndTurn:
    """The candidate, the interviewer or the host says that the answer is complete."""

    by: int
    turn: int


@dataclass(frozen=True, slots=True)
class Judge:
    by: int
    turn: int
    card: Card


@dataclass(frozen=True, slots=True)
class NextTurn:
    """The host (or the interviewer) goes on to the next candidate."""

    by: int
    turn: int


Event: TypeAlias = Join | Leave | Start | Write | Probe | EndTurn | TimeUp | Back | Judge | NextTurn | Pause | Resume | Stop


class Outcome(Enum):
    CHANGED = "changed"
    REPEATED = "repeated"
    LATE = "late"
    """The event belongs to a turn that is over, or does not fit the phase."""
    NOT_YOURS = "not-yours"
    """Somebody else's part: each role may do only its own."""


def without(drill: Drill, held: Collection[str]) -> Drill:
    """The drill without those questions of its queue that have been taken out meanwhile; one question at least is left."""
    left = tuple(item for item in drill.queue if item not in held)
    return replace(drill, queue=left) if drill.turns or left else drill


def step(drill: Drill, event: Event, now: datetime) -> tuple[Drill, Outcome]:
    """Takes one step. An event that does not fit leaves the drill as it is and says so."""
    if drill.phase is Phase.OVER:
        return drill, Outcome.LATE
    match event:
        case Join(person=person):
            return _join(drill, person)
        case Leave(person=person):
            return _leave(drill, person, now)
        case Start(by=by):
            if drill.phase is not Phase.LOBBY:
                return drill, Outcome.REPEATED
            if by != drill.host:
                return drill, Outcome.NOT_YOURS
            return (_begin_turn(drill, now), Outcome.CHANGED) if drill.present and drill.queue else (drill, Outcome.LATE)
        case TimeUp():
            return _time_up(drill, now)
        case Back():
            return _back(drill, now)
        case Pause(by=by) | Resume(by=by):
            return _clock(drill, event, by, now)
        case Stop(by=by):
            return (replace(drill, phase=Phase.OVER, paused=""), Outcome.CHANGED) if by == drill.host else (drill, Outcome.NOT_YOURS)
    if event.turn != len(drill.turns) - 1:
        return drill, Outcome.LATE
    return _in_turn(drill, event, now)


def _in_turn(drill: Drill, event: Write | Probe | EndTurn | Judge | NextTurn, now: datetime) -> tuple[Drill, Outcome]:
    turn, answering = drill.turn, drill.phase is Phase.ANSWERING
    match event:
        case Write(by=by, text=text):
            if by != turn.candidate:
                return drill, Outcome.NOT_YOURS
            return (_with(drill, answer=text), Outcome.CHANGED) if answering else (drill, Outcome.LATE)
        case Probe(by=by, probe=probe):
            if by != turn.interviewer:
                return drill, Outcome.NOT_YOURS
            if not answering or probe in turn.probes:
                return drill, Outcome.REPEATED if probe in turn.probes else Outcome.LATE
            return _with(drill, probes=(*turn.probes, probe)), Outcome.CHANGED
        case EndTurn(by=by):
            if by not in (turn.candidate, turn.interviewer, drill.host):
                return drill, Outcome.NOT_YOURS
            return (_to_scoring(drill, now), Outcome.CHANGED) if answering else (drill, Outcome.REPEATED)
        case Judge(by=by, card=card):
            if by not in drill.present or card.score not in SCORES:
                return drill, Outcome.NOT_YOURS
            if drill.phase is not Phase.SCORING:
                return drill, Outcome.LATE
            return _with(drill, cards={**turn.cards, by: card}), Outcome.CHANGED
        case NextTurn(by=by):
            if by not in (drill.host, turn.interviewer):
                return drill, Outcome.NOT_YOURS
            return (_begin_turn(drill, now), Outcome.CHANGED) if drill.phase is Phase.SCORING else (drill, Outcome.LATE)


def _to_scoring(drill: Drill, now: datetime) -> Drill:
    return replace(drill, phase=Phase.SCORING, opened=now.isoformat(), paused="")


def _time_up(drill: Drill, now: datetime) -> tuple[Drill, Outcome]:
    if drill.deadline is None or now < drill.deadline:
        return drill, Outcome.REPEATED
    if drill.phase is Phase.ANSWERING and not drill.paused:
        return _to_scoring(drill, now), Outcome.CHANGED
    return replace(drill, phase=Phase.OVER, paused=""), Outcome.CHANGED


def _back(drill: Drill, now: datetime) -> tuple[Drill, Outcome]:
    if drill.phase is not Phase.ANSWERING or drill.paused or drill.deadline is None:
        return drill, Outcome.REPEATED
    opened = opened_at_latest(drill.deadline, drill.seconds, AFTER_ABSENCE, now)
    return (replace(drill, opened=opened.isoformat()), Outcome.CHANGED) if opened else (drill, Outcome.REPEATED)


def _with(drill: Drill, **change: Any) -> Drill:
    return replace(drill, turns=(*drill.turns[:-1], replace(drill.turn, **change)))


def _begin_turn(drill: Drill, now: datetime) -> Drill:
    """The next candidate is whoever has had the fewest turns, in the order of joining; the interviewer is the one after."""
    if not drill.queue or not drill.present:
        return replace(drill, phase=Phase.OVER)
    taken = [turn.candidate for turn in drill.turns if not turn.skipped]
    candidate = min(drill.present, key=lambda person: (taken.count(person), drill.people.index(person)))
    place = drill.present.index(candidate)
    interviewer = drill.present[(place + 1) % len(drill.present)]
    turn = Turn(candidate, interviewer, drill.queue[0])
    return replace(drill, phase=Phase.ANSWERING, queue=drill.queue[1:], turns=(*drill.turns, turn), opened=now.isoformat(), paused="")


def _join(drill: Drill, person: int) -> tuple[Drill, Outcome]:
    if person in drill.present:
        return drill, Outcome.REPEATED
    people = drill.people if person in drill.people else (*drill.people, person)
    return replace(drill, people=people, away=tuple(p for p in drill.away if p != person)), Outcome.CHANGED


def _leave(drill: Drill, person: int, now: datetime) -> tuple[Drill, Outcome]:
    """A candidate who leaves is skipped and the item goes back; an interviewer's part goes to the next one present."""
    if person not in drill.present:
        return drill, Outcome.REPEATED
    drill = replace(drill, away=(*drill.away, person))
    if not drill.present:
        return replace(drill, phase=Phase.OVER), Outcome.CHANGED
    if drill.host == person:
        drill = replace(drill, host=drill.present[0])
    if drill.phase is Phase.ANSWERING and drill.turn.candidate == person:
        drill = replace(_with(drill, skipped=True), queue=(drill.turn.item, *drill.queue))
        return _begin_turn(drill, now), Outcome.CHANGED
    if drill.phase in (Phase.ANSWERING, Phase.SCORING) and drill.turn.interviewer == person:
        others = [p for p in drill.present if p != drill.turn.candidate] or drill.present
        drill = _with(drill, interviewer=others[0])
    return drill, Outcome.CHANGED


def _clock(drill: Drill, event: Pause | Resume, by: int, now: datetime) -> tuple[Drill, Outcome]:
    if by not in drill.present and by != drill.host:
        return drill, Outcome.NOT_YOURS
    if drill.phase is not Phase.ANSWERING or bool(drill.paused) == isinstance(event, Pause):
        return drill, Outcome.REPEATED
    if isinstance(event, Pause):
        return replace(drill, paused=now.isoformat()), Outcome.CHANGED
    return replace(drill, opened=opened_after(drill.paused, drill.opened, now), paused=""), Outcome.CHANGED


def closed(drill: Drill) -> Sequence[int]:
    """The numbers of the turns that are over and were not skipped: their scores are final."""
    over = len(drill.turns) if drill.phase is Phase.OVER else len(drill.turns) - 1
    return [number for number, turn in enumerate(drill.turns[: max(0, over)]) if not turn.skipped]


@dataclass(frozen=True, slots=True)
class TurnSummary:
    """`low`, `median`, `high` over the others' scores, None without any. `heard` tells for each key point who share heard it."""

    turn: int
    candidate: int
    item: str
    low: int | None
    median: float | None
    high: int | None
    own: int | None
    heard: Mapping[str, float]
    notes: tuple[str, ...]


def summary(drill: Drill, points: Mapping[str, Sequence[str]]) -> Sequence[TurnSummary]:
    """What was shown in each turn. `points` gives each item's key point ids; one heard by less than half is a weak one."""
    told = []
    for number, turn in enumerate(drill.turns):
        if turn.skipped:
            continue
        others = {person: card for person, card in turn.cards.items() if person != turn.candidate}
        scores = sorted(card.score for card in others.values())
        own = turn.cards.get(turn.candidate)
        told.append(
            TurnSummary(
                number,
                turn.candidate,
                turn.item,
                scores[0] if scores else None,
                median(scores) if scores else None,
                scores[-1] if scores else None,
                own.score if own else None,
                {p: sum(p in card.ticks for card in others.values()) / len(others) for p in points.get(turn.item, ())} if others else {},
                tuple(card.note for card in others.values() if card.note),
            )
        )
    return told
