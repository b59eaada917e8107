"""The very lines, underlined, within the columns of a phone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.rendering.escape import CODE_WIDTH, width
from bot.rendering.excerpt import excerpt
from simulator import Place, Span


def place(line: int, column: int, end: int, label: str = "here", file: str = "a.yaml") -> Place:
    return Place(file, Span(line, column, line, end), label)


def test_first_place_with_carets_the_others_with_dashes() -> None:
    """Line numbers align, labels stand beside the underline, a file is named once."""
    text = "\n" * 8 + "spec:\n  app: web\n"

    shown = excerpt([place(10, 8, 11, "the Service asks for this"), place(9, 1, 5, "here")], {"a.yaml": text})

    assert shown.split("\n") == [
        "a.yaml",
        "10 |   app: web",
        "   |        ^^^ the Service asks for this",
        " 9 | spec:",
        "   | ---- here",
    ]


def test_a_long_label_stands_below() -> None:
    """What does not fit beside the underline goes on a line of its own, as near as there is room."""
    shown = excerpt([place(1, 20, 30, "the 2 Pods of Deployment backend-api carry this label")], {"a.yaml": "x" * 40})

    assert shown.split("\n") == [
        "a.yaml",
        "1 | " + "x" * 40,
        "  | " + " " * 19 + "^" * 10,
        "  |    the 2 Pods of Deployment backend-api carry this label",
    ]


def test_a_deep_line_keeps_what_is_marked_in_sight() -> None:
    """The beginning of a line that is too long gives way to `…`."""
    shown = excerpt([place(1, 101, 104)], {"a.yaml": "x" * 100 + "web"}).split("\n")

    assert "web" in shown[1]
    assert shown[1].index("web") == shown[2].index("^^^")


def test_places_that_are_nowhere_are_left_out() -> None:
    """A place in a file or on a line that is not there shows nothing, and raises nothing."""
    assert excerpt([place(5, 1, 2), place(1, 1, 2, file="b.yaml")], {"a.yaml": "one line"}) == ""


@given(
    st.text(max_size=200),
    st.lists(st.tuples(st.integers(1, 5), st.integers(1, 200), st.integers(1, 200), st.text(max_size=80)), max_size=3),
)
def test_any_place_in_any_text(text: str, places: list[tuple[int, int, int, str]]) -> None:
    """Nothing raises, and no line is wider than a block."""
    shown = excerpt([place(line, column, max(column, end), label) for line, column, end, label in places], {"a.yaml": text})

    assert all(width(line) <= CODE_WIDTH for line in shown.split("\n"))
