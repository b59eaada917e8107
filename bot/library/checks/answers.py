"""Written questions: whether their key points grade as their author means them.

Responsible for: the model answer is right, each point is heard in its own sentence, the question does not answer itself, each phrase can be
made, hints are there.
Leaves to others: grading (`bot.learning.written`).
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.learning.items import Written
from bot.learning.written import Heard, Verdict, grade, never_heard
from bot.library.faults import Slip
from bot.library.library import Library


def answers(library: Library) -> Iterator[Slip]:
    for item in library.questions.values():
        if isinstance(item, Written):
            place = library.place(item.id)
            yield from (Slip(place.file, place.line, what, next_step, "answers") for what, next_step in _faults(item))


def _faults(item: Written) -> Iterator[tuple[str, str]]:
    model = grade(item.model_answer, item.key_points)
    if model.verdict is not Verdict.RIGHT:
        lacking = [f"`{point.id}` is {how.value}" for point, how in model.heard if point.kind == "required" and how is not Heard.SAID]
        lacking += [f"`{point.id}` is {how.value}" for point, how in model.heard if point.kind == "forbidden" and how is not Heard.MISSED]
        yield f"The model answer of `{item.id}` is graded {model.verdict.value}: {', '.join(lacking)}.", "Change its words, or the phrases."
    if grade(item.stem, item.key_points).verdict is Verdict.RIGHT:
        yield f"The question `{item.id}` answers itself.", "Give phrases that say more than the question does."
    if not any(point.kind == "required" for point in item.key_points):
        yield f"`{item.id}` requires nothing.", "Mark what a full answer has to say as required."
    for point in item.key_points:
        heard = {other.id: how for other, how in grade(point.says, item.key_points).heard}[point.id]
        if point.kind == "forbidden" and heard is Heard.SAID:
            yield f"`{item.id}`: the correction of `{point.id}` would itself be marked wrong.", "Say in `says` what is true instead."
        if point.kind != "forbidden" and heard is not Heard.SAID:
            yield f"`{item.id}`: the point `{point.id}` is {heard.value} in its own sentence.", "Add a phrase in the words of `says`."
        for phrase in filter(never_heard, point.phrases):
            yield f"`{item.id}`: no answer can make the phrase `{phrase}` of `{point.id}`.", "Write `not` for its negation."
        if point.kind == "required" and not point.hint:
            yield f"`{item.id}`: the point `{point.id}` has no hint.", "Add a question that leads to it."
