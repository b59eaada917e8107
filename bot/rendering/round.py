"""How a quiz round looks: the lobby, a question for all, the shares of its options, the table; and what a player sees alone.

Responsible for: the layout of a round's messages and what their buttons carry.
Leaves to others: words (`templates`), what a click does (`bot.app.run_round`), how often a board is edited (`bot.frontend.boards`).
People are named by mention, which nobody is notified of: no name has to be looked up, however many there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.learning.gathering import forgotten
from bot.learning.items import Choice, Chunk, ScenarioItem
from bot.learning.reporting import Kind
from bot.learning.round import (
    Event,
    Join,
    Leave,
    Mode,
    Outcome,
    Phase,
    Round,
    Score,
    counted,
    locked,
    scores,
    shares,
    team_scores,
    won_together,
)
from bot.rendering.escape import plain, shortened
from bot.rendering.notices import notice
from bot.rendering.quiz import LETTERS, setting
from bot.rendering.reply import Block, Button, Buttons, Code, Reply, Rule, Style, Text
from bot.rendering.reports import report_button
from bot.rendering.templates import text

_BAR = 12
_NAMED = 40
"""People whom a board names; the rest are counted."""


def moment(time: datetime | None) -> str:
    """A point in time that Discord counts down to by itself, in the reader's language."""
    return f"<t:{round(time.timestamp())}:R>" if time else ""


def mention(person: int) -> str:
    return "somebody who left" if forgotten(person) else f"<@{person}>"


def mentions(people: Sequence[int]) -> str:
    known = [person for person in people if not forgotten(person)]
    more, gone = len(known) - _NAMED, len(people) - len(known)
    parts = [" ".join(map(mention, known[:_NAMED])), f"{more} more" if more > 0 else ""]
    parts.append("somebody who left" if gone == 1 else f"{gone} who left" if gone else "")
    return " and ".join(filter(None, parts))


def board(game: Round, item: Choice | None, scenario: ScenarioItem | None = None) -> Reply:
    """What everybody sees of the round now. `item` is the question on the screen, `scenario` what it is a step of.

    None: while it was asked, the question was changed, or removed with its pack.
    """
    if game.phase is Phase.LOBBY:
        return _lobby(game)
    if game.phase is Phase.OVER:
        return _table(game)
    if item is None:
        return _lost(game)
    return _question(game, item, scenario) if game.phase is Phase.ASKING else _reveal(game, item, scenario)


def _lobby(game: Round) -> Reply:
    sides = [(team, mentions([p for p in game.present if game.players[p] == team])) for team in game.teams] or [
        ("", mentions(game.present))
    ]
    words = text("round_lobby", game=game, mode=game.mode.value, sides=sides, until=moment(game.deadline), host=mention(game.host))
    joins = [Button(f"Join {team}".strip(), f"round-join:{game.id}:{team}", Style.PRIMARY) for team in game.teams or ("",)]
    start = Button("Start", f"round-start:{game.id}", Style.SUCCESS, disabled=not game.present)
    leave, cancel = Button("Leave", f"round-leave:{game.id}"), Button("Cancel", f"round-stop:{game.id}", Style.DANGER)
    return Reply((words, Buttons(tuple(joins)), Buttons((start, leave, cancel))), private=False)


def _question(game: Round, item: Choice, scenario: ScenarioItem | None) -> Reply:
    options = [(LETTERS[place], item.options[number]) for place, number in enumerate(game.question.order)]
    words = text(
        "round_question", options=options, answered=sum(player in game.answers[game.at] for player in game.present),
        total=len(game.present), until=moment(game.deadline), paused=bool(game.paused), complete=bool(game.complete),
        host=mention(game.host),
    )  # fmt: skip
    letters = tuple(
        Button(LETTERS[place], f"round-answer:{game.id}:{game.at}:{place}", Style.PRIMARY, disabled=bool(game.paused))
        for place in range(len(options))
    )
    lock = Button("Lock now", f"round-lock:{game.id}:{game.at}")
    return Reply((*_stem(game, item, scenario), words, Buttons(letters), Buttons((lock, *_clock(game)))), private=False)


def _reveal(game: Round, item: Choice, scenario: ScenarioItem | None) -> Reply:
    counts, total = shares(game, game.at), len(game.players)
    options = [
        (LETTERS[place], item.options[number], number == game.question.key, counts[number], bar(counts[number], total))
        for place, number in enumerate(game.question.order)
    ]
    last = game.at + 1 == len(game.questions)
    words = text(
        "round_reveal", options=options, total=total, silent=total - sum(counts.values()), item=item, right=item.options[game.question.key],
        moral=scenario.explanation if scenario and item == scenario.steps[-1].question else "", last=last,
        until=moment(game.deadline), paused=bool(game.paused),
        won=2 * counts[game.question.key] > total if game.mode is Mode.TOGETHER else None,
    )  # fmt: skip
    looks = [Button("Why not the others", f"round-others:{game.id}:{game.at}")]
    if item.trace or item.proof or (scenario and scenario.proof):
        looks.append(Button("The run", f"round-run:{game.id}:{game.at}"))
    if item.read_next:
        looks.append(Button("Read more", f"lesson-look:{item.read_next}"))
    looks.append(report_button(Kind.QUESTION, item.id))
    following = Button(_following(game), f"round-next:{game.id}:{game.at}", Style.PRIMARY)
    rows = (Buttons(tuple(looks)), Buttons((following, *_clock(game))))
    return Reply((*_stem(game, item, scenario), words, *rows), private=False)


def _lost(game: Round) -> Reply:
    """The board of a question that is no longer there, with the ways on."""
    on = (
        Button("Lock now", f"round-lock:{game.id}:{game.at}")
        if game.phase is Phase.ASKING
        else Button(_following(game), f"round-next:{game.id}:{game.at}", Style.PRIMARY)
    )
    words = text("round_lost", number=game.at + 1, game=game, until=moment(game.deadline), paused=bool(game.paused))
    return Reply((words, Buttons((on, *_clock(game)))), private=False)


def _table(game: Round) -> Reply:
    table = scores(game)
    asked = locked(game)
    words = text(
        "round_table", game=game, mode=game.mode.value, asked=asked, counted=len(counted(game)),
        lines=[_line(n, score) for n, score in enumerate(table[:_NAMED], 1)],
        more=len(table) - _NAMED, teams=team_scores(game) if game.teams and asked else [],
        won=won_together(game) if game.mode is Mode.TOGETHER else None,
    )  # fmt: skip
    if not asked:
        return Reply((words,), private=False)
    return Reply((words, Buttons((Button("My answers", f"round-mine:{game.id}", Style.PRIMARY),))), private=False)


def _line(place: int, score: Score) -> str:
    points = f" · {score.points} points" if score.points != score.right else ""
    team = f" · {score.team}" if score.team else ""
    return f"{place}. {mention(score.player)}{team} · {score.right} right{points} · {score.seconds:.1f} s"


def chosen(game: Round, item: Choice, at: int, place: int) -> Reply:
    """What a player alone sees after answering."""
    option = item.options[game.questions[at].order[place]]
    return Reply((text("round_chosen", letter=LETTERS[place], option=option, until=moment(game.deadline)),), aside=True)


def late(game: Round) -> Reply:
    if game.paused:
        return notice("The round is paused. Answer once it goes on.")
    return notice("Too late: this question is locked. What you had answered before counts.")


def withdrawn() -> Reply:
    return notice("This question was changed or removed while it was asked, so answers to it are kept nowhere. The next one comes.")


def told(game: Round, event: Event, outcome: Outcome) -> Reply | None:
    """What whoever pressed a button is told; None where the board shows it."""
    if outcome is Outcome.NOT_YOURS:
        return notice(f"Only the host, {mention(game.host)}, can do this.")
    if outcome is Outcome.LATE:
        return notice("This round is over.")
    match event:
        case Join(player=player):
            team = game.players[player]
            return notice(f"You are in, for team {team}." if team else "You are in. Answers are given by buttons, and only you see yours.")
        case Leave():
            on = f" {mention(game.host)} hosts it." if game.present else ""
            return notice(f"You have left the round.{on} What you answered stays yours, and a letter lets you in again.")
    return None


def others(game: Round, item: Choice, at: int) -> Reply:
    """Why each wrong option is wrong."""
    question = game.questions[at]
    wrong = [(LETTERS[place], item.options[number]) for place, number in enumerate(question.order) if number != question.key]
    return Reply((text("others", options=wrong),), aside=True)


def mine(game: Round, player: int, items: Sequence[Choice | None], chunks: Mapping[str, Chunk]) -> Reply:
    """A player's own round: each question with the answer given and the right one, and what to read. None: it is no longer there."""
    if player not in game.players:
        return notice("You were not in this round. `/quiz` asks you alone.")
    lines, missed = [], []
    for at in range(locked(game)):
        given, question, item = game.answers[at].get(player), game.questions[at], items[at]
        right = given is not None and given.option == question.key
        letter = LETTERS[question.order.index(given.option)] if given else "nothing"
        stem = shortened(plain(item.gist), 80) if item else "A question that is no longer there"
        lines.append(("–" if at in game.void else "✓" if right else "✗", stem, letter, LETTERS[question.order.index(question.key)]))
        if item and not right and item.read_next in chunks:
            missed.append(item.read_next)
    read_next = list(dict.fromkeys(missed))[:4]
    blocks: list[Block] = [text("round_mine", lines=lines, read_next=[chunks[chunk].title for chunk in read_next])]
    if read_next:
        blocks.append(Buttons(tuple(Button(f"Read {number}", f"lesson-look:{chunk}") for number, chunk in enumerate(read_next, 1))))
    return Reply(tuple(blocks), aside=True)


def _following(game: Round) -> str:
    return "See the table" if game.at + 1 == len(game.questions) else "Next question"


def _stem(game: Round, item: Choice, scenario: ScenarioItem | None) -> tuple[Block, ...]:
    heading = Text(f"**Question {game.at + 1} of {len(game.questions)}** · {item.topic} · {item.level.value} · {game.mode.value}")
    around = [setting(scenario, item), *manifests(scenario)] if scenario else []
    return (heading, *around, text("question", item=item), *manifests(item), Rule())


def manifests(item: Choice | ScenarioItem) -> tuple[Block, ...]:
    """The manifests that are shown with a question, each under its name."""
    return tuple(block for each in item.manifests for block in (text("file", name=each.name), Code(each.text, "yaml", each.name)))


def _clock(game: Round) -> tuple[Button, ...]:
    pause = Button("Go on", f"round-resume:{game.id}", Style.SUCCESS) if game.paused else Button("Pause", f"round-pause:{game.id}")
    return (pause, Button("Leave", f"round-leave:{game.id}"), Button("End the round", f"round-stop:{game.id}", Style.DANGER))


def bar(count: int, total: int) -> str:
    """A share as a bar of text."""
    filled = round(_BAR * count / total) if total else 0
    return "█" * filled + "░" * (_BAR - filled)
