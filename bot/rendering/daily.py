"""How the question of the day looks: asked, answered, revealed.

Responsible for: the layout of its message and of what each person sees alone, and what the buttons carry.
Leaves to others: words (`templates`), what a click does (`bot.app.daily_question`).
"""

from __future__ import annotations

from datetime import datetime

from bot.learning.daily import Daily, shares
from bot.learning.items import Choice
from bot.learning.reporting import Kind
from bot.rendering.notices import notice
from bot.rendering.quiz import LETTERS
from bot.rendering.reply import Block, Button, Buttons, Reply, Rule, Style, Text, Tone
from bot.rendering.reports import report_button
from bot.rendering.round import bar, manifests, moment
from bot.rendering.templates import text

_WITHDRAWN = (
    "This question was changed or taken out after it had been asked, so the answers to it count for nothing."
    " The next one comes at its usual time."
)


def question(daily: Daily, item: Choice) -> Reply:
    """The question for everybody, with a button for each option."""
    options = [(LETTERS[place], item.options[number]) for place, number in enumerate(daily.question.order)]
    due = moment(datetime.fromisoformat(daily.due)) if daily.late else ""
    words = text("daily_question", options=options, until=moment(daily.deadline), due=due)
    letters = tuple(Button(LETTERS[place], f"daily-answer:{daily.id}:{place}", Style.PRIMARY) for place in range(len(options)))
    report = Buttons((report_button(Kind.QUESTION, item.id, item.instance),))
    return Reply((*_stem(item), words, Buttons(letters), report), private=False)


def reveal(daily: Daily, item: Choice) -> Reply:
    """How the answers fell, which one is right and why."""
    counts, total = shares(daily), len(daily.answers)
    options = [
        (LETTERS[place], item.options[number], number == daily.question.key, counts[number], bar(counts[number], total))
        for place, number in enumerate(daily.question.order)
    ]
    words = text("daily_reveal", options=options, total=total, item=item, right=item.options[daily.question.key])
    looks = [Button("My answer", f"daily-mine:{daily.id}", Style.PRIMARY), Button("Why not the others", f"daily-others:{daily.id}")]
    if item.trace or item.proof:
        looks.append(Button("The run", f"daily-run:{daily.id}"))
    if item.read_next:
        looks.append(Button("Read more", f"lesson-look:{item.read_next}"))
    looks.append(report_button(Kind.QUESTION, item.id, item.instance))
    return Reply((*_stem(item), words, Buttons(tuple(looks))), private=False)


def chosen(daily: Daily, item: Choice, person: int) -> Reply:
    """What somebody alone sees after answering."""
    option = daily.answers[person].option
    letter = LETTERS[daily.question.order.index(option)]
    return Reply((text("daily_chosen", letter=letter, option=item.options[option], until=moment(daily.deadline)),), aside=True)


def late() -> Reply:
    return notice("This question is revealed, or about to be. What you had answered before counts. `/quiz` asks you others.")


def withdrawn() -> Reply:
    """What somebody alone reads who answers it nevertheless."""
    return notice(_WITHDRAWN)


def withdrawal() -> Reply:
    """What stands for everybody in the place of a question that was withdrawn."""
    return Reply((Text(f"## Question of the day\n{_WITHDRAWN}"),), Tone.CAREFUL, private=False)


def others(daily: Daily, item: Choice) -> Reply:
    """Why each wrong option is wrong."""
    order = daily.question.order
    wrong = [(LETTERS[place], item.options[number]) for place, number in enumerate(order) if number != daily.question.key]
    return Reply((text("others", options=wrong),), aside=True)


def mine(daily: Daily, item: Choice, person: int) -> Reply:
    """One's own answer beside the right one."""
    given, order, key = daily.answers.get(person), daily.question.order, daily.question.key
    if given is None:
        return notice("You gave no answer to this one. The next question of the day is for you as well.")
    letter, right = LETTERS[order.index(given.option)], LETTERS[order.index(key)]
    words = text("daily_mine", letter=letter, chosen=item.options[given.option], right_letter=right, right=item.options[key])
    return Reply((words,), aside=True)


def _stem(item: Choice) -> tuple[Block, ...]:
    heading = Text(f"## Question of the day\n-# {item.topic} · {item.level.value}")
    return (heading, text("question", item=item), *manifests(item), Rule())
