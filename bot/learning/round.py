"""A group round as a value: everyone answers the same questions privately, may change until the lock, then sees the shares.

Responsible for: who plays in which team, phases and deadlines, answers and changes, scores in each mode, its form as data.
Leaves to others: the clock and messages (`bot.app`, `bot.frontend`), keeping (`bot.storage`), wording (`bot.rendering`).
The order of questions and options is the same for all and never changes. Unanswered counts as full time, so nobody gains by silence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum, StrEnum
from statistics import fmean
from typing import Any, TypeAlias

from bot.learning.gathering import Back, Pause, Resume, Start, Stop, TimeUp, moment, opened_after, opened_at_latest
from bot.learning.quiz import Question


class Mode(StrEnum):
    """How a round is won. Everyone answers every question in each of them."""

    CLASSIC = "classic"
    """Most right answers; the quicker of two equals."""
    RACE = "race"
    """Points by the order of right answers: as many as there are players for the first, one less for each that follows."""
    TEAMS = "teams"
    """The mean of right answers in a team, so that a small team is not at a loss."""
    TOGETHER = "together"
    """All against the quiz: a question is won when more than half of the players are right."""


REVEAL = timedelta(seconds=30)
"""For how long an answer stays on the screen before the round goes on by itself."""
LAST_CALL = timedelta(seconds=5)
"""What is left to change an answer once everyone has given one."""
AFTER_ABSENCE = timedelta(seconds=15)
"""What at least is left of a question when the bot comes back from an absence of its own."""
ABANDONED = timedelta(hours=1)
"""A lobby that nobody starts, or a pause that nobody ends, ends the round."""


class Phase(StrEnum):
    LOBBY = "lobby"
    ASKING = "asking"
    REVEALED = "revealed"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Given:
    """One player's newest answer to one question. `seconds` since the question opened, pauses and absences of the bot left out."""

    option: int
    seconds: float
    confidence: str = ""
    changes: int = 0


@dataclass(frozen=True, slots=True)
class Round:
    """`answers` holds, for each question asked so far, what every player answered. `left` are players who went away.

    `opened` is when the phase on the screen began (the lobby's too), `complete` when the last player gave an answer to the question.
    `void` numbers the questions that were lost while they were asked: they count for nobody.
    """

    id: str
    host: int
    mode: Mode
    questions: tuple[Question, ...]
    seconds: float
    players: Mapping[int, str] = field(default_factory=dict)
    left: tuple[int, ...] = ()
    phase: Phase = Phase.LOBBY
    at: int = 0
    answers: tuple[Mapping[int, Given], ...] = ()
    opened: str = ""
    paused: str = ""
    complete: str = ""
    teams: tuple[str, ...] = ()
    void: tuple[int, ...] = ()

    @property
    def question(self) -> Question:
        return self.questions[self.at]

    @property
    def present(self) -> Sequence[int]:
        return [player for player in self.players if player not in self.left]

    @property
    def deadline(self) -> datetime | None:
        """When the round goes on by itself: the question locks, the next one comes, or nobody cares any more. None once it is over."""
        if self.phase is Phase.OVER:
            return None
        if self.paused:
            return moment(self.paused) + ABANDONED
        began = moment(self.opened)
        match self.phase:
            case Phase.LOBBY:
                return began + ABANDONED
            case Phase.REVEALED:
                return began + REVEAL
            case _:
                end = began + timedelta(seconds=self.seconds)
                return min(end, moment(self.complete) + LAST_CALL) if self.complete else end

    def as_data(self) -> dict[str, Any]:
        """Plain data for JSON; `Round.of` reads it back. Answers are rows, since a round of fifty players has a thousand of them."""
        return {
            "id": self.id, "host": self.host, "mode": self.mode.value, "questions": [asdict(question) for question in self.questions],
            "seconds": self.seconds, "players": {str(player): team for player, team in self.players.items()}, "left": list(self.left),
            "phase": self.phase.value, "at": self.at, "opened": self.opened, "paused": self.paused, "complete": self.complete,
            "teams": list(self.teams), "void": list(self.void),
            "answers": [
                {str(player): [one.option, one.seconds, one.confidence, one.changes] for player, one in given.items()}
                for given in self.answers
            ],
        }  # fmt: skip

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Round:
        return cls(
            **{
                **data,
                "mode": Mode(data["mode"]),
                "phase": Phase(data["phase"]),
                "questions": tuple(Question(**{**question, "order": tuple(question["order"])}) for question in data["questions"]),
                "players": {int(player): team for player, team in data["players"].items()},
                "left": tuple(data["left"]),
                "teams": tuple(data["teams"]),
                "void": tuple(data.get("void") or ()),
                "answers": tuple({int(player): Given(*given) for player, given in one.items()} for one in data["answers"]),
            }
        )


@dataclass(frozen=True, slots=True)
class Join:
    """Somebody plays. Without a team where there are some, the smallest one."""

    player: int
    team: str = ""


@dataclass(frozen=True, slots=True)
class Leave:
    player: int


@dataclass(frozen=True, slots=True)
class Choose:
    """A player chooses the option shown at `place` (from 0) of question `step`."""

    player: int
    step: int
    place: int
    confidence: str = ""


@dataclass(frozen=True, slots=True)
class Lock:
    """The host ends the time of question `step`."""

    by: int
    step: int


@dataclass(frozen=True, slots=True)
class Next:
    by: int
    step: int


Event: TypeAlias = Join | Leave | Start | Choose | Lock | Next | TimeUp | Back | Pause | Resume | Stop


class Outcome(Enum):
    """What an event did to a round."""

    CHANGED = "changed"
    """Players, a phase or an answer changed: the message wants an edit soon."""
    LOCKED = "locked"
    """A question was locked: its answers are final and must be recorded."""
    REPEATED = "repeated"
    LATE = "late"
    """The event belongs to a question that is no longer open."""
    NOT_YOURS = "not-yours"
    """Only the host may do this, or only a player."""


def step(game: Round, event: Event, now: datetime) -> tuple[Round, Outcome]:
    """Takes one step. An event that does not fit leaves the round as it is and says so."""
    if game.phase is Phase.OVER:
        return game, Outcome.LATE
    match event:
        case Join(player=player, team=team):
            return _join(game, player, team)
        case Leave(player=player):
            return _leave(game, player, now)
        case Choose():
            return _choose(game, event, now)
        case TimeUp():
            return _time_up(game, now)
        case Back():
            return _back(game, now)
    if event.by != game.host:
        return game, Outcome.NOT_YOURS
    return _hosted(game, event, now)


def without(game: Round, held: Collection[str]) -> Round:
    """The round without those questions that are still to come and have been taken out meanwhile; one question at least is left."""
    asked = len(game.answers)
    left = tuple(question for question in game.questions[asked:] if question.item not in held)
    return replace(game, questions=(*game.questions[:asked], *left)) if asked or left else game


def _hosted(game: Round, event: Start | Lock | Next | Pause | Resume | Stop, now: datetime) -> tuple[Round, Outcome]:
    match event:
        case Start() if game.phase is Phase.LOBBY and game.present:
            return _ask(game, 0, now), Outcome.CHANGED
        case Lock(step=asked) if game.phase is Phase.ASKING and asked == game.at:
            return _lock(game, now), Outcome.LOCKED
        case Next(step=asked) if game.phase is Phase.REVEALED and asked == game.at:
            return _go_on(game, now), Outcome.CHANGED
        case Pause() if game.phase in (Phase.ASKING, Phase.REVEALED) and not game.paused:
            return replace(game, paused=now.isoformat()), Outcome.CHANGED
        case Resume() if game.paused:
            opened = opened_after(game.paused, game.opened, now)
            return _last_call(replace(game, opened=opened, paused="", complete=""), now), Outcome.CHANGED
        case Stop():
            return _end(game)
    return game, Outcome.REPEATED


def _time_up(game: Round, now: datetime) -> tuple[Round, Outcome]:
    if game.deadline is None or now < game.deadline:
        return game, Outcome.REPEATED
    if game.paused or game.phase is Phase.LOBBY:
        return _end(game)
    return (_lock(game, now), Outcome.LOCKED) if game.phase is Phase.ASKING else (_go_on(game, now), Outcome.CHANGED)


def _back(game: Round, now: datetime) -> tuple[Round, Outcome]:
    if game.phase is not Phase.ASKING or game.paused or game.deadline is None:
        return game, Outcome.REPEATED
    opened = opened_at_latest(game.deadline, game.seconds, AFTER_ABSENCE, now)
    if opened is None:
        return game, Outcome.REPEATED
    return replace(game, opened=max(moment(game.opened), opened).isoformat(), complete=""), Outcome.CHANGED


def _lock(game: Round, now: datetime) -> Round:
    return replace(game, phase=Phase.REVEALED, opened=now.isoformat(), paused="", complete="")


def _go_on(game: Round, now: datetime) -> Round:
    if game.at + 1 == len(game.questions):
        return replace(game, phase=Phase.OVER, paused="")
    return _ask(game, game.at + 1, now)


def _end(game: Round) -> tuple[Round, Outcome]:
    return replace(game, phase=Phase.OVER, paused="", complete=""), Outcome.LOCKED if game.phase is Phase.ASKING else Outcome.CHANGED


def _ask(game: Round, at: int, now: datetime) -> Round:
    return replace(game, phase=Phase.ASKING, at=at, answers=(*game.answers, {}), opened=now.isoformat(), paused="", complete="")


def _join(game: Round, player: int, team: str) -> tuple[Round, Outcome]:
    if player in game.players and (not team or game.phase is not Phase.LOBBY):
        team = game.players[player]
    elif team not in game.teams:
        sizes = Counter(game.players[each] for each in game.present)
        team = min(game.teams, key=lambda name: sizes[name], default="")
    if player in game.present and game.players[player] == team:
        return game, Outcome.REPEATED
    left = tuple(each for each in game.left if each != player)
    return replace(game, players={**game.players, player: team}, left=left, complete=""), Outcome.CHANGED


def _leave(game: Round, player: int, now: datetime) -> tuple[Round, Outcome]:
    """Whoever leaves keeps what was answered. A leaving host hands over to the next player; without players the round ends."""
    if player not in game.present and player != game.host:
        return game, Outcome.REPEATED
    game = replace(game, left=(*game.left, player))
    if not game.present:
        return _end(game)
    if game.host == player:
        game = replace(game, host=game.present[0])
    return _last_call(game, now), Outcome.CHANGED


def _choose(game: Round, event: Choose, now: datetime) -> tuple[Round, Outcome]:
    if event.player not in game.present:
        return game, Outcome.NOT_YOURS
    late = game.deadline is not None and now > game.deadline
    if game.phase is not Phase.ASKING or event.step != game.at or late or game.paused or not 0 <= event.place < len(game.question.order):
        return game, Outcome.LATE
    option = game.question.order[event.place]
    before = game.answers[game.at].get(event.player)
    if before is not None and before.option == option and before.confidence == event.confidence:
        return game, Outcome.REPEATED
    seconds = max(0.0, (now - moment(game.opened)).total_seconds())
    given = Given(option, seconds, event.confidence, before.changes + 1 if before else 0)
    answers = (*game.answers[: game.at], {**game.answers[game.at], event.player: given})
    return _last_call(replace(game, answers=answers), now), Outcome.CHANGED


def _last_call(game: Round, now: datetime) -> Round:
    """When everyone who is present has answered, nobody need wait for the clock; a moment is left to change one's mind."""
    if game.phase is not Phase.ASKING or game.complete or not all(player in game.answers[game.at] for player in game.present):
        return game
    return replace(game, complete=now.isoformat())


@dataclass(frozen=True, slots=True)
class Score:
    """`points` by the mode's rule; `seconds` over all locked questions, full time for each unanswered."""

    player: int
    team: str
    right: int
    points: int
    seconds: float


def shares(game: Round, at: int) -> Mapping[int, int]:
    """How many players chose each option of question `at`, in the author's numbering."""
    counts = Counter(given.option for given in game.answers[at].values())
    return {option: counts[option] for option in game.questions[at].order}


def locked(game: Round) -> int:
    """How many questions have been locked: the one on the screen counts once it is revealed."""
    return len(game.answers) - (game.phase is Phase.ASKING)


def counted(game: Round) -> Sequence[int]:
    """The numbers of the questions that have been locked and count."""
    return [at for at in range(locked(game)) if at not in game.void]


def voided(game: Round) -> Round:
    """The round, in which the question on the screen counts for nobody."""
    return game if game.at in game.void else replace(game, void=(*game.void, game.at))


def scores(game: Round) -> Sequence[Score]:
    """The table, best first."""
    points: Counter[int] = Counter()
    for at in counted(game):
        key = game.questions[at].key
        right = sorted((given.seconds, player) for player, given in game.answers[at].items() if given.option == key)
        for place, (_, player) in enumerate(right):
            points[player] += len(game.players) - place if game.mode is Mode.RACE else 1
    table = [_score(game, player, points[player]) for player in game.players]
    return sorted(table, key=lambda score: (-score.points, score.seconds, score.player))


def _score(game: Round, player: int, points: int) -> Score:
    right, seconds = 0, 0.0
    for at in counted(game):
        given = game.answers[at].get(player)
        right += given is not None and given.option == game.questions[at].key
        seconds += game.seconds if given is None else given.seconds
    return Score(player, game.players[player], right, points, seconds)


def team_scores(game: Round) -> Sequence[tuple[str, float]]:
    """Each team with the mean of its players' right answers, best first."""
    table = scores(game)
    teams = sorted({score.team for score in table})
    means = [(team, fmean(score.right for score in table if score.team == team)) for team in teams]
    return sorted(means, key=lambda entry: -entry[1])


def won_together(game: Round) -> int:
    """How many locked questions more than half of the players had right."""
    return sum(
        2 * sum(given.option == game.questions[at].key for given in game.answers[at].values()) > len(game.players) for at in counted(game)
    )
