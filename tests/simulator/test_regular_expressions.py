"""Regular expressions that always end, and agree with Python's on the patterns that routes use."""

from __future__ import annotations

import contextlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.dataplane.regular_expressions import UnsupportedError, match

PATTERNS = [
    r"/foo(/|$)(.*)", r"/[a-z]+\d*", r"(a|ab)(c|bcd)(d*)", r"/v[12]/(?:x|y)+z?", r"a{2,4}b{1,}?", r"(?P<name>\w+)-\bfoo\b", r".*\.jpe?g$",
    r"[^/]+", r"a*?b", r"x*", r"^/api", r"\S+\s\W", r"(a+)+$",
]  # fmt: skip


@given(pattern=st.sampled_from(PATTERNS), text=st.text("/abcdfoxyz-v12.jpeg \n", max_size=12), whole=st.booleans())
def test_agrees_with_python(pattern: str, text: str, whole: bool) -> None:
    """The same texts match, from the start or in full, with the same groups."""
    expected = (re.fullmatch if whole else re.match)(pattern.replace("$", r"\Z"), text)
    groups = None if expected is None else tuple(group or "" for group in (expected.group(0), *expected.groups()))
    assert match(pattern, text, whole=whole) == groups


@given(pattern=st.text("ab()*+?|[]{}^$\\.0123", max_size=12), text=st.text("ab", max_size=8))
def test_any_pattern_ends_in_an_answer_or_is_refused(pattern: str, text: str) -> None:
    """Nothing that a learner types raises anything else."""
    with contextlib.suppress(UnsupportedError):
        match(pattern, text, whole=True)


@pytest.mark.parametrize("pattern", ["(", "[", "(?=a)b", r"(a)\1", "(?:a{1000}){1000}"])
def test_what_cannot_be_used_is_refused(pattern: str) -> None:
    """No regular expression, more than RE2 has, or too large."""
    with pytest.raises(UnsupportedError):
        match(pattern, "a", whole=True)


def test_nested_repetition_takes_no_more_than_linear_time() -> None:
    """The pattern that makes backtracking matchers hang ends at once."""
    assert match(r"(a+)+$", "a" * 5000 + "b", whole=True) is None
    assert match("(?:(?:a{0}){65535}){65535}b" * 400, "a", whole=True) is None
    assert match(r"(.*)(.*)(.*)(.*)(.*)x", "a" * 2000, whole=True) is None


def test_case_can_be_ignored() -> None:
    """Literals and sets alike, as nginx's `~*` does."""
    assert match("/Foo/[a-c]+", "/fOO/ABC", whole=True, ignore_case=True) == ("/fOO/ABC",)
    assert match("/Foo", "/foo", whole=True) is None
