"""A finding as text: its very lines with the matter underlined."""

from hypothesis import given
from hypothesis import strategies as st

from simulator.api.diagnostics import Basis, Edit, Finding, Fix, Place, Severity
from simulator.api.meta import Ref, SourceFile, Span
from simulator.kubectl.check import check_text

FILE = SourceFile("web.yaml", "spec:\n  selector:\n    app: webb\n  labels:\n    app: web\n")


def finding(**changes: object) -> Finding:
    given = {
        "rule": "selector-matches-no-pod",
        "severity": Severity.ERROR,
        "basis": Basis.SPECIFIED,
        "object": Ref("Service", "default", "web"),
        "message": "Selector app=webb matches 0 Pods.",
        "places": (
            Place("web.yaml", Span(3, 10, 3, 14), "the Service asks for this"),
            Place("web.yaml", Span(5, 10, 5, 13), "the Pods carry this"),
        ),
    }
    return Finding(**{**given, **changes})


def test_places_are_underlined_with_carets_and_then_dashes():
    """The primary place is underlined with carets, what it is compared with in dashes; each says what it has to do with the matter."""
    assert check_text([finding()], [FILE]) == (
        "error · Service default/web · selector-matches-no-pod [specified]\n"
        "  Selector app=webb matches 0 Pods.\n"
        "  web.yaml\n"
        "  3 |     app: webb\n"
        "    |          ^^^^ the Service asks for this\n"
        "  5 |     app: web\n"
        "    |          --- the Pods carry this\n"
        "\n"
        "1 error.\n"
    )


def test_consequences_fix_and_check_follow():
    """A fix says whether it was proved, and what the run showed."""
    fix = Fix("likely", (Edit("web.yaml", 0, ("spec", "selector", "app"), "web"),), True, "2 endpoints")
    text = check_text([finding(places=(), consequences=("curl is refused.",), fixes=(fix,), check="kubectl get ep web")], [FILE])
    assert text.startswith(
        "error · Service default/web · selector-matches-no-pod [specified]\n  Selector app=webb matches 0 Pods.\n  So: curl is refused.\n"
        "  Fix (likely, proved: 2 endpoints):\n    web.yaml · spec.selector.app: web\n  In a cluster: kubectl get ep web\n"
    )


def test_the_last_line_counts():
    """Errors first, then warnings and notes; nothing found says so."""
    found = [finding(), finding(), finding(severity=Severity.NOTE)]
    assert check_text(found, [FILE]).endswith("\n2 errors, 1 note.\n")
    assert check_text([], [FILE]) == "Nothing wrong was found.\n"


def test_a_long_line_is_cut_around_the_matter():
    """Minified JSON does not flood the terminal, and the caret still stands under its text."""
    text = "x" * 5_000 + "HERE" + "y" * 5_000
    told = check_text([finding(places=(Place("a", Span(1, 5_001, 1, 5_005), ""),))], [SourceFile("a", text)]).splitlines()
    shown, marks = told[3], told[4]
    assert len(shown) < 120
    assert shown[marks.index("^") : marks.rindex("^") + 1] == "HERE"


def test_wide_and_invisible_characters_keep_the_caret_in_place():
    """Wide characters take two columns, tabs one; what cannot be printed is replaced."""
    told = check_text([finding(places=(Place("a", Span(1, 4, 1, 5), ""),))], [SourceFile("a", "日\t\x1bX")]).splitlines()
    assert told[3:5] == ["  1 | 日 \N{REPLACEMENT CHARACTER}X", "    |     ^"]


@given(st.text(max_size=300), st.integers(0, 9), st.integers(0, 400), st.integers(0, 9), st.integers(0, 400))
def test_any_place_can_be_shown(text, line, column, more_lines, end_column):
    """A span that lies outside its file is no reason to fail."""
    place = Place("a", Span(line + 1, column, line + 1 + more_lines, end_column), "here")
    assert "here" in check_text([finding(places=(place,))], [SourceFile("a", text)])
