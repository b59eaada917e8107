"""Questions as files: what other tools read of them."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
import zipfile
from pathlib import Path

from bot.learning.items import Choice, Written
from bot.library import load
from bot.rendering import exports

ITEMS = [item for item in load().questions.values() if isinstance(item, Choice | Written)]


def notes(package: bytes, folder: Path) -> list[tuple[str, str]]:
    """(guid, fields) of the notes in an Anki package."""
    (folder / "a.apkg").write_bytes(package)
    with zipfile.ZipFile(folder / "a.apkg") as archive:
        archive.extract("collection.anki2", folder)
    return list(sqlite3.connect(folder / "collection.anki2").execute("SELECT guid, flds FROM notes ORDER BY guid"))


def test_an_anki_note_keeps_its_identity(tmp_path: Path) -> None:
    """One note for each item, with the same identity in every export, and no markup of ours left in it."""
    first, second = notes(exports.anki(ITEMS), tmp_path), notes(exports.anki(ITEMS[:2]), tmp_path)
    assert [guid for guid, _ in first] == sorted(f"portside-{item.id}" for item in ITEMS)
    assert set(second) <= set(first)
    assert not any("```" in fields for _, fields in first)


def test_a_card_or_row_shows_what_there_is_to_choose_from(tmp_path: Path) -> None:
    """Many a stem cannot be answered without the options; their order does not tell the right one."""
    item = next(item for item in ITEMS if item.id == "arch-case-first-step")
    assert isinstance(item, Choice)
    [(_, fields)] = notes(exports.anki([item]), tmp_path)
    shown = [line.strip() for line in fields.split("\x1f")[0].split("<br>") if line.startswith("* ")]
    assert shown == [f"* {text}" for text in sorted(option.text for option in item.options)]
    assert next(csv.DictReader(io.StringIO(exports.table([item]).decode("utf-8-sig"))))["options"].split("\n\n") == shown


def test_gift_holds_every_question_unbroken() -> None:
    """No blank line inside a question, every special character escaped, one right option for each choice."""
    blocks = exports.gift(ITEMS).decode().strip().split("\n\n")
    assert len(blocks) == len(ITEMS)
    for item, block in zip(ITEMS, blocks, strict=True):
        assert f"::{item.id}::" in block
        bare = re.sub(r"\\.", "", block)
        assert bare.count("{") == bare.count("}") == 1
        assert bare.count("=") == isinstance(item, Choice)
        assert bare.count("~") == (len(item.options) - 1 if isinstance(item, Choice) else 0)


def test_the_table_reads_back() -> None:
    """One row for each item; no cell can be taken for a formula."""
    rows = list(csv.reader(io.StringIO(exports.table(ITEMS).decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == [item.id for item in ITEMS]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


def test_json_holds_all_of_an_item() -> None:
    """Options or key points, and the manifests."""
    for item, data in zip(ITEMS, json.loads(exports.as_json(ITEMS)), strict=True):
        assert data["id"] == item.id
        assert len(data["manifests"]) == len(item.manifests)
        assert len(data["options"] if isinstance(item, Choice) else data["key_points"]) > 0
