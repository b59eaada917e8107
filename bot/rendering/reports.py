"""How reporting looks to whoever reports: the button, what to choose from, the form, the receipt, and later the decision.

Responsible for: the layout of these messages and what their buttons carry.
Leaves to others: words (`templates`), what a click does (`bot.app.report_item`), what moderators see (`judgement`).
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.learning.reporting import IN_WORDS, Decision, Kind, Reason, Thing
from bot.rendering.form import Form, Line, Options
from bot.rendering.notices import notice
from bot.rendering.reply import Button, Entry, Menu, Reply, Text, Tone
from bot.rendering.templates import text

NAMES = {Kind.QUESTION: "question", Kind.LAB: "lab", Kind.STEP: "lesson step", Kind.PAGE: "page"}
_TOLD = 8
_OF_LABS = {Reason.KEY: "It refuses what is right, or takes what is wrong"}
_OF_TEXTS = {Reason.KEY: "Something in it is wrong"}


def report_button(kind: Kind, item: str, instance: str = "") -> Button:
    """The quiet button that stands under whatever can be reported."""
    return Button("Report", f"report-ask:{kind.value}:{item}:{instance}")


def recent(things: Sequence[tuple[Thing, str, str]]) -> Reply:
    """What was met last: thing, instance and title of each."""
    if not things:
        return notice(
            "You have met nothing yet that could be reported. `/report about:` takes the title of a lab, a lesson step or a page."
        )
    entries = tuple(Entry(title, f"{thing.kind.value}/{thing.id}/{instance}", NAMES[thing.kind]) for thing, instance, title in things[:25])
    return Reply((text("report_recent"), Menu("report-pick", "What is it about?", entries)))


def in_words(kind: Kind, reason: Reason) -> str:
    """A reason as it is told of this kind of thing."""
    words = _OF_LABS if kind is Kind.LAB else {} if kind is Kind.QUESTION else _OF_TEXTS
    return words.get(reason, IN_WORDS[reason])


def form(thing: Thing, instance: str, longest: int) -> Form:
    reasons = tuple((r.value, in_words(thing.kind, r), False) for r in Reason if thing.kind is Kind.QUESTION or r is not Reason.ALSO_RIGHT)
    letters = "Name an option by its words: the letters differ for everybody. " if thing.kind is Kind.QUESTION else ""
    said = Line("words", "In a few words", f"{letters}You may leave this out", long=True, most=longest)
    return Form(f"Report this {NAMES[thing.kind]}", f"report-send:{thing.kind.value}:{thing.id}:{instance}", (
        Options("reason", "What is wrong with it?", reasons), said,
    ))  # fmt: skip


def received(thing: Thing, title: str, reason: Reason, *, in_server: bool, given_up: bool) -> Reply:
    said = in_words(thing.kind, reason).lower()
    words = text("report_received", title=title, reason=said, own=bool(thing.owner), in_server=in_server, given_up=given_up)
    return Reply((words,), Tone.GOOD, aside=True)


def known_already() -> Reply:
    return notice("You have reported this already. You will hear what was decided.")


def too_many(a_day: int) -> Reply:
    return notice(f"That is more than {a_day} reports within a day. Please send the rest tomorrow; nothing of this one was kept.")


def not_there() -> Reply:
    return notice("This is no longer here, so there is nothing to report. It may have been replaced by a corrected one.")


def tidings(told: Sequence[tuple[str, Decision, str, str]]) -> Reply:
    """What was decided: for each `decided` or `corrected`, the decision, the thing's title, and the text of an option accepted as well."""
    lines = [
        {"corrected": what == "corrected", "decision": decision, "verdict": decision.verdict.value, "title": title, "option": option}
        for what, decision, title, option in told[:_TOLD]
    ]
    return Reply((text("tidings", lines=lines, more=len(told) - _TOLD), Text("-# `/progress` shows how you stand.")), aside=True)
