"""What a learner has reached, as facts to show: mastery by topic, what comes due, calibration, the streak.

Responsible for: gathering them from answers, standings and cards.
Leaves to others: the judgements themselves (`mastery`, `review`), the words and the picture (`bot.rendering`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.learning.items import Skill
from bot.learning.mastery import Calibration, Evidence, Standing, calibration, streak
from bot.learning.reminder import day_of
from bot.learning.review import Card, forecast

DAYS = 28
"""How far the forecast of reviews looks ahead."""


@dataclass(frozen=True, slots=True)
class TopicProgress:
    """The skills of a topic, counted: mastered, begun (or opened again), all."""

    topic: str
    mastered: int
    begun: int
    skills: int


@dataclass(frozen=True, slots=True)
class Progress:
    """`due` counts cards for each of the next `DAYS` days, today first. `recent` and `recent_right`: answers of the last 30 days.

    `questions_due` and `labs_due` are those that are due already.
    """

    topics: tuple[TopicProgress, ...]
    due: tuple[int, ...]
    calibration: tuple[Calibration, ...]
    streak: int
    answers: int
    recent: int
    recent_right: int
    questions_due: int = 0
    labs_due: int = 0

    @property
    def due_now(self) -> int:
        return self.questions_due + self.labs_due

    @property
    def due_later(self) -> int:
        """What comes due before the day is over."""
        return self.due[0] - self.due_now

    @property
    def mastered(self) -> int:
        return sum(topic.mastered for topic in self.topics)

    @property
    def skills(self) -> int:
        return sum(topic.skills for topic in self.topics)

    @property
    def weeks(self) -> Sequence[int]:
        """Cards due in each of the coming weeks."""
        return [sum(self.due[start : start + 7]) for start in range(0, len(self.due), 7)]


def progress(
    skills: Iterable[Skill],
    standings: Mapping[str, Standing],
    answers: Sequence[Evidence],
    questions: Sequence[Card],
    labs: Sequence[Card],
    zone: ZoneInfo,
    now: datetime,
) -> Progress:
    """The facts at `now`. `answers` and the cards of `questions` and `labs` are all of one learner's; days are those of `zone`."""
    by_topic: dict[str, list[Standing]] = {}
    for skill in skills:
        by_topic.setdefault(skill.topic, []).append(standings.get(skill.id, Standing.NEW))
    topics = tuple(
        TopicProgress(
            topic,
            sum(standing is Standing.MASTERED for standing in found),
            sum(standing in (Standing.LEARNING, Standing.REOPENED) for standing in found),
            len(found),
        )
        for topic, found in by_topic.items()
    )
    recent = [answer for answer in answers if answer.at > now - timedelta(days=30)]
    return Progress(
        topics,
        tuple(forecast((day_of(card.due, zone) for card in (*questions, *labs)), day_of(now, zone), DAYS)),
        tuple(calibration(answers)),
        streak({day_of(answer.at, zone) for answer in answers}, day_of(now, zone)),
        len(answers),
        len(recent),
        sum(answer.correct for answer in recent),
        sum(card.due <= now for card in questions),
        sum(card.due <= now for card in labs),
    )
