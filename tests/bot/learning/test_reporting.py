"""Which reports come first: proposals, then many reporters, and answers that say the same."""

from __future__ import annotations

from bot.learning.item_analysis import Analysis, Mark
from bot.learning.reporting import PROPOSED_FROM, Case, Kind, Reason, Report, Thing, by_urgency


def case(name: str, reporters: int, *marks: Mark, kind: Kind = Kind.QUESTION, first: int = 0, placed: int = 0) -> Case:
    thing = Thing(kind, name)
    those = tuple(Report(first + n, n, thing, "", 1, Reason.KEY, "", "") for n in range(reporters))
    return Case(thing, those, Analysis(answers=60, right=30, marks=marks, placed=placed, discrimination=0.05 if placed else None))


def test_order() -> None:
    """Three people propose; one whose answers cast doubt on the key comes before two without; the older of equals comes first."""
    ordered = by_urgency(
        [
            case("one", 1, first=5), case("older", 1, first=1), case("two", 2), case("doubtful", 1, Mark.KEY_DOUBTFUL),
            case("many", PROPOSED_FROM), case("step", 9, kind=Kind.STEP), case("unfit", 0, placed=100),
        ]
    )  # fmt: skip
    assert [each.thing.id for each in ordered] == ["unfit", "many", "step", "doubtful", "two", "older", "one"]


def test_who_proposes() -> None:
    """Three different people, or a discrimination below 0.1 in a hundred answers; a page cannot be taken out."""
    assert not case("a", PROPOSED_FROM - 1).proposed
    assert case("a", PROPOSED_FROM).proposed
    assert case("a", 0, placed=100).proposed
    assert not case("a", 0, placed=99).proposed
    assert not case("a", PROPOSED_FROM, kind=Kind.PAGE).proposed
    thing = Thing(Kind.QUESTION, "gen")
    same = tuple(Report(n, 7, thing, f"i{n}", 1, Reason.KEY, "", "") for n in range(5))
    assert Case(thing, same, Analysis()).reporters == 1


def test_reasons_are_counted() -> None:
    """The most frequent one first."""
    thing = Thing(Kind.QUESTION, "a")
    reasons = [Reason.UNCLEAR, Reason.KEY, Reason.KEY]
    found = Case(thing, tuple(Report(n, n, thing, "", 1, reason, "", "") for n, reason in enumerate(reasons)), Analysis())
    assert found.reasons == [(Reason.KEY, 2), (Reason.UNCLEAR, 1)]
