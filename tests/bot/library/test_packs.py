"""A server's pack: hostile, bounded, checked like ours, its ids its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.learning.items import Choice, Pack
from bot.library import Slip, load
from bot.library.packs import ADVICE, MOST_NODES, Known, check_pack, example, read_pack

SERVER = 7001


@pytest.fixture(scope="module")
def known() -> Known:
    return Known.of(load())


@pytest.fixture
def slips_of(known: Known) -> Callable[[str], list[Slip]]:
    def slips(text: str) -> list[Slip]:
        pack, found = check_pack(text, "pack.yaml", SERVER, known)
        assert (pack is None) == any(slip.check not in ADVICE for slip in found)
        return list(found)

    return slips


def checked(text: str, known: Known) -> Pack:
    pack, slips = check_pack(text, "pack.yaml", SERVER, known)
    assert pack is not None, slips
    return pack


def test_the_example_can_be_handed_in_as_it_is(known: Known) -> None:
    """It has a proof, refers to a belief of its own, and is nobody else's."""
    pack, slips = check_pack(example(), "pack.yaml", SERVER, known)
    assert pack is not None
    assert slips == []
    assert list(pack.items) == ["7001/our-service-port"]
    assert pack.proved == 1
    item = pack.items["7001/our-service-port"]
    assert isinstance(item, Choice)
    assert (item.server, item.pack, item.counts_for, item.skill) == (SERVER, "our-first-pack", "", "svc-port-target-port")
    assert item.options[1].belief == "A Service listens on whatever port the image documents."


def test_two_servers_can_have_the_same_pack(known: Known) -> None:
    mine, yours = check_pack(example(), "a", 1, known)[0], check_pack(example(), "a", 2, known)[0]
    assert mine is not None
    assert yours is not None
    assert not mine.questions.keys() & yours.questions.keys()


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("status: 200}, {}]}", "status: 503}, {}]}", "the option '`http://web`, port 80'"),
        (
            "asserts: {requests: [{}, {status: 200}]}",
            "asserts: {requests: [{status: 200}, {}]}",
            "is marked wrong, and what it asserts is true",
        ),
        ("skill: svc-port-target-port", "skill: svc-prot", "names the skill `svc-prot`, which does not exist"),
        ("read_next: svc-three-ports", "read_next: svc-no-chunk", "names the chunk `svc-no-chunk`"),
        ("manifests: [web.yaml]", "manifests: [wbe.yaml]", "There is no manifest `wbe.yaml` here."),
        ("correct: true", "correct: false", "has 0 correct options"),
        ("    misconception: our-port-is-the-image-port\n    why: The", "    why: The", "names no misconception"),
        ("level: beginner", "level: easy", "`items[0].level` is 'easy'"),
        ("title: Our first pack", "title: ''", "`title` is too short"),
        ("topic: services", "topics: services", "`topics` is not a field"),
        ("Which address", "Tell @everyone which address", "says '@everyone'"),
        ("Which address", "Read [this](https://example.com): which address", "says '](https:'"),
        ("Which address", "<@123456> asks which address", "says '<@123456>'"),
        ("skill: svc-port-target-port", "skill: svc-port-targetport", "names the skill `svc-port-targetport`, which does not exist"),
        ("id: our-service-port", "id: Our Port", "is not an id"),
        ("web.yaml: |", "web.yaml: &anchor |", ""),
        ("title: Our first pack", "title: !!python/object:os.system x", "This is not YAML"),
        ("stem: |", "stem: |\n    \a bell", "This is not YAML"),
    ],
)
def test_every_kind_of_fault_is_told(slips_of: Callable[[str], list[Slip]], right: str, wrong: str, told: str) -> None:
    """With the line on which it stands; an anchor that nobody uses does no harm."""
    assert right in example()
    found = slips_of(example().replace(right, wrong, 1))
    assert any(told in slip.what for slip in found) if told else found == []
    assert all(slip.line >= 1 and slip.next_step for slip in found)


def test_all_faults_are_told_at_once(slips_of: Callable[[str], list[Slip]]) -> None:
    """Faults of form, of reference and of content do not hide others of their own kind."""
    found = slips_of(example().replace("svc-port-target-port", "svc-no").replace("read_next: svc-three-ports", "read_next: none-such"))
    assert len(found) == 2
    found = slips_of(example().replace("level: beginner", "level: easy").replace("kind: choice ", "kind: choice\n  colour: red #"))
    assert {slip.what.split("`")[1] for slip in found} == {"items[0].level", "items[0].colour"}
    found = slips_of(example().replace("status: 200}, {}", "status: 418}, {}").replace("Which", "@here, which"))
    assert {slip.check for slip in found} == {"proved", "marks"}


def test_tone_is_advice(known: Known) -> None:
    """A host's words are the host's."""
    pack, slips = check_pack(example().replace("`port` is the Service's,", "A Service guarantees nothing."), "p", SERVER, known)
    assert pack is not None
    assert [slip.check for slip in slips] == ["claims"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "42",
        "\t- a",
        "a: *b",
        "a: &a [*a]",
        "x: " + "[" * 5000,
        "x: " + "[" * 100 + "]" * 100,
        "x: [" + "0," * MOST_NODES + "0]",
        "- " * 3000,
        "? {a: b}\n: c",
        "name: \ud800".encode(errors="replace").decode(),
        "a: &x {k: v}\nb: *x",
        "items: [{id: a}]\n" * 3,
        "name: 2026-99-99",
        "=: 1",
        "<<: {a: 1}",
        "!!binary x",
    ],
)
def test_hostile_files_are_told_and_cost_little(slips_of: Callable[[str], list[Slip]], text: str) -> None:
    assert slips_of(text)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_damage_to_a_pack_is_data(known: Known, data: st.DataObject) -> None:
    """Lines lost, doubled, exchanged or replaced: a pack or slips, and never an exception."""
    lines = example().splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(lines) - 1))
        lines[at : at + 1] = data.draw(st.sampled_from([[], [lines[at]] * 2, [lines[at] + ":"], [" " + lines[at]], ["- " + lines[at]]]))
        lines = lines or [""]
    pack, slips = read_pack("\n".join(lines), "pack.yaml", SERVER, known)
    assert (pack is None) == bool(slips)


@given(st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_any_text_is_data(known: Known, text: str) -> None:
    assert read_pack(text, "pack.yaml", SERVER, known)[0] is None
