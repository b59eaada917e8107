"""How an interview drill looks: invitation, lobby, turns, scores, the summary to keep; and what each role sees alone.

Responsible for: the layout of a drill's messages and forms and what their buttons carry.
Leaves to others: words (`templates`), what a click does (`bot.app.run_drill`).
The clock is Discord's own countdown: it runs for everybody without an edit.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.learning import written
from bot.learning.drill import PASSES, Drill, Event, Leave, Outcome, Phase, TurnSummary, Write, summary
from bot.learning.drill import Card as ScoreCard
from bot.learning.items import Level, Written
from bot.learning.reporting import Kind
from bot.rendering.escape import plain, shortened
from bot.rendering.form import Form, Line, Options
from bot.rendering.notices import notice
from bot.rendering.quiz import MARKS
from bot.rendering.reply import Block, Button, Buttons, File, Reply, Style, Tone
from bot.rendering.reports import report_button
from bot.rendering.round import mention, mentions, moment
from bot.rendering.templates import text

SCORE_WORDS = ("could not answer", "with much help", "passes", "good", "could teach it")
_TICKS = 10
LOBBY, SUMMARY = "lobby", "summary"


def name(drill: Drill) -> str:
    """Which message shows the drill now: each turn has its own, so that what was said stays beside it."""
    return {Phase.LOBBY: LOBBY, Phase.OVER: SUMMARY}.get(drill.phase, f"turn-{len(drill.turns) - 1}")


def invitation(drill: Drill, level: str, *, apart: bool = True) -> Reply:
    """What the channel sees. It never changes, so its button works as long as the drill does."""
    words = text("drill_invitation", host=mentions([drill.host]), level=level, drill=drill, apart=apart)
    return Reply((words, Buttons((Button("Join", f"drill-join:{drill.id}", Style.PRIMARY),))), private=False)


def joined(channel: int) -> Reply:
    return notice(f"You are in. The drill is in <#{channel}>." if channel else "You are in.")


def board(drill: Drill, items: Mapping[str, Written]) -> Reply:
    match drill.phase:
        case Phase.LOBBY:
            return _lobby(drill)
        case Phase.OVER:
            return _summary(drill, items)
        case _:
            return _turn(drill, items[drill.turn.item])


def lost(name: str) -> Written:
    """Stands where a question was that has been removed with its pack since."""
    return Written(name, "", "", Level.BEGINNER, "*This question was removed while the drill went on. Go on with the next turn.*", "")


def past(drill: Drill, what: str, items: Mapping[str, Written]) -> Reply:
    """A message of before, without its buttons: the lobby, or a turn with its result."""
    if what == LOBBY:
        return Reply((text("drill_begun", people=mentions(drill.people)),), private=False)
    number = int(what.removeprefix("turn-"))
    turn = drill.turns[number]
    words = text("drill_past", number=number + 1, turn=turn, candidate=mentions([turn.candidate]), item=items[turn.item],
                 told=next((told for told in summary(drill, {}) if told.turn == number), None))  # fmt: skip
    sheet = Buttons((Button("Model answer", f"drill-sheet:{drill.id}:{number}"),))
    return Reply((words,) if turn.skipped else (words, sheet), private=False)


def _lobby(drill: Drill) -> Reply:
    words = text("drill_lobby", drill=drill, people=mentions(drill.present), host=mentions([drill.host]), until=moment(drill.deadline))
    buttons = (
        Button("Start", f"drill-start:{drill.id}", Style.SUCCESS, disabled=not drill.present), Button("Join", f"drill-join:{drill.id}"),
        Button("Leave", f"drill-leave:{drill.id}"), Button("Cancel", f"drill-stop:{drill.id}", Style.DANGER),
    )  # fmt: skip
    return Reply((words, Buttons(buttons)), private=False)


def _turn(drill: Drill, item: Written) -> Reply:
    turn, at = drill.turn, len(drill.turns) - 1
    scoring = drill.phase is Phase.SCORING
    grade = written.grade(turn.answer, item.key_points) if scoring and turn.answer else None
    words = text(
        "drill_turn", number=at + 1, left=len(drill.queue), item=item, turn=turn, candidate=mentions([turn.candidate]),
        interviewer=mentions([turn.interviewer]), solo=turn.interviewer == turn.candidate, scoring=scoring, paused=bool(drill.paused),
        observers=mentions([person for person in drill.present if person not in (turn.candidate, turn.interviewer)]),
        until=moment(drill.deadline), probes=[item.probes[number] for number in turn.probes if number < len(item.probes)],
        scored=len(turn.cards), present=len({*drill.present, *turn.cards}),
        heard=[(MARKS[how], point.says) for point, how in grade.heard if point.kind != "forbidden"] if grade else [],
    )  # fmt: skip
    sheet = Button("Model answer" if scoring else "Interviewer's sheet", f"drill-sheet:{drill.id}:{at}")
    leave, end = Button("Leave", f"drill-leave:{drill.id}"), Button("End the drill", f"drill-stop:{drill.id}", Style.DANGER)
    if scoring:
        score = Button("Score", f"drill-score:{drill.id}:{at}", Style.PRIMARY)
        following = Button("Next turn" if drill.queue else "See the summary", f"drill-next:{drill.id}:{at}", Style.SUCCESS)
        return Reply((words, Buttons((score, sheet)), Buttons((following, leave, end))), private=False)
    pause = Button("Go on", f"drill-resume:{drill.id}", Style.SUCCESS) if drill.paused else Button("Pause", f"drill-pause:{drill.id}")
    first = (
        Button("Answer complete", f"drill-done:{drill.id}:{at}", Style.SUCCESS),
        Button("Write the answer", f"drill-write:{drill.id}:{at}"), sheet,
    )  # fmt: skip
    return Reply((words, Buttons(first), Buttons((pause, leave, end))), private=False)


def sheet(drill: Drill, item: Written, turn: int | None = None) -> Reply:
    """The interviewer's sheet: model answer, points, and the probes that have not been asked yet."""
    at = len(drill.turns) - 1 if turn is None else turn
    asking = at == len(drill.turns) - 1 and drill.phase is Phase.ANSWERING
    points = [(point.kind, point.says, point.hint) for point in item.key_points]
    blocks: list[Block] = [text("drill_sheet", item=item, points=points)]
    left = [(number, probe) for number, probe in enumerate(item.probes[:5]) if number not in drill.turns[at].probes]
    if asking and left:
        ask = tuple(Button(shortened(f"Ask: {plain(probe)}", 80), f"drill-probe:{drill.id}:{at}:{number}") for number, probe in left)
        blocks.append(Buttons(ask))
    return Reply((*blocks, Buttons((report_button(Kind.QUESTION, item.id),))))


def write_form(drill: Drill) -> Form:
    at = len(drill.turns) - 1
    answer = Line("answer", "Your answer", "As you would say it", drill.turn.answer, long=True, required=True, most=written.LONGEST_ANSWER)
    return Form("Your answer", f"drill-wrote:{drill.id}:{at}", (answer,))


def score_form(drill: Drill, item: Written, person: int) -> Form:
    """The score, the points that were heard, a note; with what the person gave before."""
    at, before = len(drill.turns) - 1, drill.turn.cards.get(person)
    scores = tuple((str(n), f"{n} · {words}", bool(before and before.score == n)) for n, words in enumerate(SCORE_WORDS, 1))
    points = [point for point in item.key_points if point.kind != "forbidden"][:_TICKS]
    heard = tuple((point.id, shortened(plain(point.says), 100), bool(before and point.id in before.ticks)) for point in points)
    fields: list[Line | Options] = [Options("score", "How was it?", scores)]
    if heard:
        fields.append(Options("ticks", "What did you hear?", heard, many=True))
    fields.append(Line("note", "One thing to do better next time", value=before.note if before else "", most=200))
    return Form("Score this answer", f"drill-scored:{drill.id}:{at}", tuple(fields))


def scored(card: ScoreCard) -> Reply:
    return notice(f"Kept: {card.score}, {SCORE_WORDS[card.score - 1]}. You may change it until the next turn begins.")


def told(drill: Drill, event: Event, outcome: Outcome) -> Reply | None:
    """What whoever pressed a button is told; None where the board shows it."""
    match outcome:
        case Outcome.NOT_YOURS:
            return notice("This is another role's part: candidate, interviewer and host each have their own.")
        case Outcome.LATE:
            return notice("The drill is over." if drill.phase is Phase.OVER else "Too late, or too early: the drill has moved on.")
    match event:
        case Leave():
            return notice("You have left. What you said and scored stays; you can come back by *Join*.")
        case Write():
            return notice("Kept. You may change it until the answer is complete; the others see it then.")
    return None


def _summary(drill: Drill, items: Mapping[str, Written]) -> Reply:
    points = {item.id: [point.id for point in item.key_points if point.kind == "required"] for item in items.values()}
    turns = [(told, mention(told.candidate), items[told.item], _weak(told, items[told.item])) for told in summary(drill, points)]
    words = text("drill_summary", turns=turns, people=mentions(drill.people))
    if not turns:
        return Reply((words,), private=False)
    kept = "\n\n".join(_as_text(drill, told, item, weak) for told, _, item, weak in turns)
    return Reply((words, File("interview-drill.txt", kept.encode())), Tone.GOOD, private=False)


def _weak(told: TurnSummary, item: Written) -> list[str]:
    """The required points that less than half of the others heard. None of an answer that passed without a tick."""
    if told.median is not None and told.median >= PASSES and not any(told.heard.values()):
        return []
    return [point.says for point in item.key_points if told.heard.get(point.id, 1.0) < 0.5]


def _as_text(drill: Drill, told: TurnSummary, item: Written, weak: list[str]) -> str:
    """One turn of the text file to keep. People are in it by number, as they joined: names are theirs to add."""
    person = drill.people.index(told.candidate) + 1
    score = f"median {told.median:g}, from {told.low} to {told.high}" if told.median is not None else "not scored by others"
    lines = [
        f"Turn {told.turn + 1}: candidate {person}", plain(item.stem), f"Score: {score}" + (f"; own {told.own}" if told.own else ""),
        *([f"Answer: {drill.turns[told.turn].answer}"] if drill.turns[told.turn].answer else []),
        *(f"To work on: {plain(point)}" for point in weak), *(f"Advice: {note}" for note in told.notes),
        f"Model answer: {plain(item.model_answer)}",
    ]  # fmt: skip
    return "\n".join(lines)
