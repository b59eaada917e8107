"""Material is read whole, and every slip is told at once, with file, line and next step."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.learning.items import Choice, Written
from bot.library import MaterialError, load
from bot.library.documents import read_markdown, read_yaml

PACK = "quizzes/services.yaml"
CHUNK = "content/lessons/01-services/01-selector.md"


def test_sound_material_becomes_a_library(plant: Any) -> None:
    """Without a fault there are no slips, and everything is found by its id."""
    reading = plant()
    assert reading.slips == []
    library = reading.library
    assert list(library.chunks) == ["svc-selector", "svc-two-ports"]
    assert isinstance(library.items["svc-empty"], Choice)
    assert isinstance(library.items["svc-port"], Written)
    assert library.items["svc-empty"].options[1].belief == "An empty Service hangs."
    assert library.topics == ("services",)
    assert library.labs["empty-service"].solutions[0].manifests[0].text != library.labs["empty-service"].manifests[0].text


def test_items_can_be_chosen_by_topic_level_and_skill(plant: Any) -> None:
    """None leaves a question open; a skill narrows it."""
    library = plant().library
    assert len(library.items_of()) == 2
    assert [item.id for item in library.items_of(skill="svc-ports")] == ["svc-port"]
    assert library.items_of(topic="dns") == ()


def test_manifests_around_a_proof_come_before_the_items_own(plant: Any) -> None:
    """What stands around (namespaces, the client) is applied first, as a person would."""
    proof = plant().library.items["svc-empty"].proof
    assert [manifest["name"] for manifest in proof["manifests"]] == ["client.yaml", "service.yaml"]


def test_all_slips_are_told_at_once_with_their_lines(plant: Any) -> None:
    """Three faults in two files: three slips, each with its line, and load() raises all of them together."""
    reading = plant(
        (PACK, "  stem: No Pod matches. What does curl meet?\n", "  steem: No Pod matches. What does curl meet?\n"),
        (PACK, "  level: beginner\n  stem: Which", "  level: expert\n  stem: Which"),
        (CHUNK, "question: svc-empty\n", ""),
    )
    told = [(slip.file, slip.line, slip.what) for slip in reading.slips]
    assert (PACK, 10, "`items[0].stem` is missing.") in told
    assert (PACK, 14, "`items[0].steem` is not a field.") in told
    assert any(file == PACK and "expert" in what for file, _, what in told)
    assert any(file == CHUNK and "`question` is missing" in what for file, _, what in told)
    assert next(slip.next_step for slip in reading.slips if "steem" in slip.what) == "Did you mean `stem`?"
    with pytest.raises(MaterialError) as raised:
        load(reading.content, reading.quizzes)
    assert len(raised.value.slips) >= 4


@pytest.mark.parametrize(
    ("file", "old", "new", "what"),
    [
        (PACK, "skill: svc-match", "skill: svc-nothing", "names the skill `svc-nothing`"),
        (PACK, "read_next: svc-selector", "read_next: svc-gone", "names the chunk `svc-gone`"),
        (PACK, "misconception: names-match", "misconception: names-mutch", "names the misconception `names-mutch`"),
        (PACK, "facts: [empty-is-rejected]", "facts: [no-such-fact]", "names the fact `no-such-fact`"),
        (PACK, "id: svc-port", "id: svc-empty", "The id `svc-empty` is taken."),
        (PACK, "id: svc-empty", "id: Svc_Empty", "is not an id"),
        (PACK, "kind: short", "kind: essay", "kind that is not known"),
        (PACK, "manifests: [client.yaml]", "manifests: [server.yaml]", "There is no manifest `server.yaml` here."),
        (CHUNK, "question: svc-empty", "question: svc-gone", "names the item `svc-gone`"),
        (CHUNK, "covers: [C1, D1]", "covers: [C9]", "names the inventory line `C9`"),
        ("content/labs/empty/lab.yaml", "fixed/service.yaml", "mended/service.yaml", "There is no file `mended/service.yaml`."),
        ("content/labs/empty/lab.yaml", "- Labels make the match.\n", "", "`hints` is too short."),
        ("content/skills.yaml", "- {id: svc-match", "{id: svc-match", "This is not YAML"),
        ("content/glossary.yaml", "- {term", "{term", "The file is not a list."),
    ],
)
def test_a_planted_fault_is_told(plant: Any, file: str, old: str, new: str, what: str) -> None:
    """Each kind of slip in the form is found, with a place and a next step."""
    slips = [slip for slip in plant((file, old, new)).slips if what in slip.what]
    assert slips
    assert all(slip.line >= 1 and slip.next_step and slip.file.startswith(("content/", "quizzes/")) for slip in slips)


def test_a_file_that_is_missing_is_a_slip(tmp_path: Path) -> None:
    """An empty folder raises slips, not a traceback."""
    with pytest.raises(MaterialError) as raised:
        load(tmp_path, tmp_path)
    assert any("cannot be read" in slip.what for slip in raised.value.slips)


def test_lines_are_remembered_for_every_field() -> None:
    """The line of a field, or of its nearest ancestor."""
    document = read_yaml("a: 1\nb:\n- c: 2\n- d: 3\n", "x.yaml")
    assert (document.line("b", 1, "d"), document.line("b", 1, "missing"), document.line("nothing")) == (4, 4, 1)


def test_a_repeated_key_is_a_slip() -> None:
    """YAML would keep the last one silently."""
    slips = read_yaml("a: 1\nb: 2\na: 3\n", "x.yaml").slips
    assert [(slip.line, slip.what) for slip in slips] == [(3, "The key `a` stands here twice.")]


def test_front_matter_and_body_keep_their_lines() -> None:
    """Lines count within the file, front matter and body alike."""
    document = read_markdown("---\nid: x\ntitle: y\n---\n\nThe idea.\n", "x.md")
    assert (document.line("title"), document.body_line, document.body) == (3, 6, "The idea.")
    assert "no front matter" in read_markdown("The idea.\n", "x.md").slips[0].what


@given(st.text(st.characters(codec="utf-8")) | st.text("-:{}[]&*!|>'\"#%@,?\n\t a1"))
def test_any_text_is_read_without_an_exception(text: str) -> None:
    """What is not YAML, or has no front matter, is a slip."""
    for document in (read_yaml(text, "x.yaml"), read_markdown(f"---\n{text}\n---\nbody", "x.md")):
        assert document.slips or document.line() >= 1


@pytest.mark.parametrize("text", ["checked: 2026-13-45", "\ud800", "{" * 3000, "a: !!python/object:os.system x", "? [a]\n: b"])
def test_odd_yaml_is_a_slip(text: str) -> None:
    """A day that does not exist, half a character, a tower of brackets, somebody's object, a list as a key."""
    assert read_yaml(text, "x.yaml").slips
