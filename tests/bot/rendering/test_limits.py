"""Every message fits Discord: the linter names each breach, the fitter leaves none on text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rendering.limits import fitted, problems, text_of
from bot.rendering.reply import Block, Button, Buttons, Code, Entry, File, Kind, Menu, Pick, Picture, Reply, Rule, Text

OK = Button("Next", "quiz-next:abc:1")


@pytest.mark.parametrize(
    ("blocks", "said"),
    [
        ((), "an empty message"),
        ((Text(" "),), "an empty text"),
        ((Text("x" * 4001),), "4001 characters"),
        ((Code("x" * 61),), "61 columns"),
        ((Buttons(tuple(Button("a", f"a:{n}") for n in range(6))),), "6 buttons"),
        ((Buttons(()),), "0 buttons"),
        ((Buttons((Button("x" * 81, "a"),)),), "of 81"),
        ((Buttons((Button("", "a"),)),), "of 0"),
        ((Buttons((OK, OK)),), "stands twice"),
        ((Buttons((Button("a", "a" * 92),)),), "custom_id"),
        ((Buttons((Button("a", "Ä:b"),)),), "custom_id"),
        (tuple(Rule() for _ in range(40)), "41 components"),
        ((Menu("a", "p", ()),), "0 entries"),
        ((Menu("a", "p", (Entry("a", "1"), Entry("b", "1"))),), "one value twice"),
        ((Menu("a", "p" * 151, (Entry("a", "1"),)),), "placeholder"),
        ((Menu("a", "p", (Entry("a" * 101, "1"),)),), "too long or empty"),
        ((Menu("a", "p", (Entry("a", "1"),), most=2),), "2 to take"),
        ((Menu("a", "p", (Entry("a", "1", chosen=True), Entry("b", "2", chosen=True))),), "more than 1 chosen"),
        ((Pick("a", "p", Kind.ROLES, (1, 2)),), "2 chosen of at most 1"),
        ((Pick("a", "p", Kind.ROLES, most=26),), "Discord takes 25"),
        ((Pick("a", "p" * 151, Kind.CHANNELS),), "placeholder"),
        ((Pick("a", "p", Kind.CHANNELS), Pick("a", "p", Kind.ROLES)), "stands twice"),
        ((Picture("a.png", b"", ""),), "alt text of 0"),
        ((File("a", b""), File("a", b"")), "two files of one name"),
        ((File("a:b.yaml", b""),), "would be changed"),
        (tuple(File(f"{n}", b"") for n in range(11)), "11 files"),
    ],
)
def test_each_breach_is_named(blocks: tuple[Block, ...], said: str) -> None:
    """The linter says what is too long, too many or missing."""
    assert any(said in problem for problem in problems(Reply(blocks)))


def test_a_message_within_the_limits_passes() -> None:
    """Nothing is said of a message that Discord takes."""
    assert problems(Reply((Text("hello"), Code("a: b", "yaml"), Buttons((OK,)), Menu("m", "p", (Entry("a", "1"),))))) == []


def test_long_code_becomes_a_file_with_its_beginning_shown() -> None:
    """The first lines stay in the message, the whole goes along, under a name of its own."""
    long = "\n".join(f"line {number}" for number in range(500))
    reply = fitted(Reply((Code(long, "yaml", "a.yaml"), Code(long, "yaml", "a.yaml"))))

    files = [block for block in reply.blocks if isinstance(block, File)]
    assert [file.name for file in files] == ["a.yaml", "1-a.yaml"]
    assert files[0].data.decode() == long
    assert "line 0\n" in text_of(reply)
    assert "more lines in a.yaml" in text_of(reply)
    assert problems(reply) == []


def test_a_file_has_a_name_that_discord_leaves_alone() -> None:
    """Else the message would refer to a file that is not there."""
    reply = fitted(Reply((Code("x\n" * 500, name="clusterrole-system:a b.yaml"),)))

    assert [block.name for block in reply.blocks if isinstance(block, File)] == ["clusterrole-system-a-b.yaml"]
    assert problems(reply) == []


def test_what_fits_is_left_alone() -> None:
    """A short message comes out as it went in."""
    reply = Reply((Text("hello"), Code("a: b", "yaml"), Buttons((OK,))))

    assert fitted(reply) == reply


def repeated(least: int) -> st.SearchStrategy[str]:
    """Long texts, which hypothesis does not make by itself: a short piece many times."""
    return st.builds(lambda piece, times: (piece * times)[:9000], st.text(min_size=least, max_size=30), st.integers(1, 900))


texts = repeated(1).filter(str.strip)


@given(st.lists(st.one_of(st.builds(Text, texts), st.builds(Code, repeated(0))), min_size=1, max_size=5))
def test_any_text_fits_in_the_end(blocks: list[Block]) -> None:
    """However much there is to say, the message keeps to 4,000 characters and 60 columns."""
    assert [problem for problem in problems(fitted(Reply(tuple(blocks)))) if "characters of text" in problem or "columns" in problem] == []
