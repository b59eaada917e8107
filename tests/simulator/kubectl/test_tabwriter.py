"""Columns line up as Go's text/tabwriter makes them."""

from hypothesis import given
from hypothesis import strategies as st

from simulator.kubectl.tabwriter import WIDEST, aligned, table


def test_a_column_is_as_wide_as_its_widest_cell():
    """Every cell that ends with a tab is padded to the widest of its run and the padding."""
    assert aligned("a\tb\nlonger\tc\n", padding=2) == "a       b\nlonger  c\n"


def test_a_line_without_the_cell_ends_the_run():
    """Two blocks that a line without tabs parts are aligned each on its own."""
    assert aligned("a\tb\nno tab here\nlonger\tc\n", padding=2) == "a  b\nno tab here\nlonger  c\n"


def test_the_last_cell_of_a_line_has_no_width():
    """What follows the last tab is not padded, and an empty one leaves the padding at the line's end."""
    assert aligned("Endpoints:\t\nIP:\t10.0.0.1\n", padding=2) == "Endpoints:  \nIP:         10.0.0.1\n"


def test_a_table_cell_is_at_least_six_wide():
    """kubectl's tables have a minimum cell of six, so that a narrow column still stands apart."""
    assert table([["A", "B"], ["1", "2"]]) == "A     B\n1     2\n"


def test_one_huge_cell_does_not_widen_every_line():
    """Padding stops at a bound: the size of the output stays in proportion to the input."""
    lines = "x" * 10_000 + "\ty\n" + "a\tb\n" * 100
    assert len(aligned(lines, padding=2)) < 10_000 + 102 * (WIDEST + 10)


@given(st.lists(st.lists(st.text("ab", max_size=5), min_size=3, max_size=3), min_size=1, max_size=6))
def test_alignment_only_adds_spaces(rows):
    """Taking the spaces out of a table gives the cells back in order."""
    assert table(rows).replace(" ", "") == "".join("".join(row) + "\n" for row in rows)
