"""Hostile text comes out as text."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.rendering.escape import clipped, code_block, inline_code, listed, prose, sentence, shortened, visible, width


def test_markdown_and_mentions_in_prose_are_shown_literally() -> None:
    """No bold, no mention, no link, no heading: every mark that Discord would act on is escaped."""
    assert prose("@everyone **x** `y`") == r"\@everyone \*\*x\*\* \`y\`"
    assert prose("<@123> [a](b)") == r"\<\@123> \[a\](b)"
    assert prose("# title\n- item\n> quote") == "\\# title\n\\- item\n\\> quote"
    assert prose("see https://evil.example") == r"see https\://evil.example"
    assert prose("production-backend-api: 10.244.1.10") == "production-backend-api: 10.244.1.10"


def test_names_between_backticks_become_code() -> None:
    """A simulator's sentence keeps its code; an odd backtick, which only a hostile name brings, makes none."""
    assert sentence("selects `app=web` in *x*") == r"selects `app=web` in \*x\*"
    assert sentence("a ` b") == r"a \` b"


def test_inline_code_stays_inline() -> None:
    """Backticks and newlines in a name end neither the code nor the line."""
    assert inline_code("app=web") == "`app=web`"
    assert inline_code("a`b") == "`` a`b ``"
    assert "\n" not in inline_code("a\nb")
    assert inline_code("") == "` `"


def test_a_fence_in_a_manifest_does_not_end_the_block() -> None:
    """Three backticks cannot occur between the first and the last line."""
    block = code_block("a\n```\n@everyone\n````", "yaml")

    assert block.startswith("```yaml\n")
    assert block.count("```") == 2


def test_what_cannot_be_seen_is_spelt_out() -> None:
    """Zero width, direction marks and controls are the invisible faults of a manifest: they are shown."""
    assert visible("app: w\u200beb\u202e\x07") == "app: w<U+200B>eb<U+202E><U+0007>"
    assert visible("\tapp") == "→   app"
    assert visible("näher 日本") == "näher 日本"


def test_width_counts_columns() -> None:
    """Wide characters take two columns, combining ones none."""
    assert width("日本") == 4
    assert width("e\u0301") == 1
    assert clipped("x" * 61) == "x" * 59 + "…"
    assert clipped("日" * 31) == "日" * 29 + "…"


def test_shortening_keeps_words() -> None:
    """A long sentence ends after a word."""
    assert shortened("one two three", 12) == "one two…"
    assert shortened("One two. Three", 11) == "One two…"
    assert shortened("one", 3) == "one"


def test_lists_read_as_sentences() -> None:
    """One, two, three names."""
    assert listed(["a"]) == "`a`"
    assert listed(["a", "b"]) == "`a` and `b`"
    assert listed(["a", "b", "c"]) == "`a`, `b` and `c`"


@given(st.text())
def test_no_text_ends_its_code(text: str) -> None:
    """Whatever stands in it, a block has one fence at each end and inline code one line."""
    assert len(re.findall("`{3,}", code_block(text))) == 2
    code = inline_code(text)
    assert "\n" not in code
    assert "``" not in (code[2:-2] if code.startswith("`` ") else code)


@given(st.text())
def test_no_text_mentions_anybody(text: str) -> None:
    """Before every @ in prose stands a backslash."""
    assert not re.search(r"(?<!\\)@", prose(text))
