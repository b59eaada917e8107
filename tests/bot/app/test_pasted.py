"""What counts as a manifest in what a learner hands in."""

from __future__ import annotations

import pytest

from bot.app.pasted import MAX_BYTES, NotAManifestError, check_size, from_bytes, from_message
from simulator import SourceFile


@pytest.mark.parametrize(
    ("message", "found"),
    [
        ("look:\n```yaml\nkind: A\n```\nthanks", ["kind: A\n"]),
        ("```\nkind: A\n```", ["kind: A\n"]),
        ("~~~yml\nkind: A\n~~~", ["kind: A\n"]),
        ("```json\n{}\n```\nand\n```YAML\nkind: B\n```", ["{}\n", "kind: B\n"]),
        ("````\n```\nkind: A\n```\n````", ["```\nkind: A\n```\n"]),
        ("```python\nprint()\n```", []),
        ("apiVersion: v1\nkind: Pod", ["apiVersion: v1\nkind: Pod"]),
        ("just chatting about kind people", []),
        ("```\n\n```", []),
        ("", []),
    ],
)
def test_manifests_in_a_message(message: str, found: list[str]) -> None:
    """Code blocks of the right language, or a whole text that looks like a manifest; else nothing."""
    assert [file.text for file in from_message(message)] == found


def test_several_blocks_have_names_of_their_own() -> None:
    """One block is `pasted.yaml`; of several each has its number."""
    assert from_message("```\na: 1\n```")[0].name == "pasted.yaml"
    assert [file.name for file in from_message("```\na: 1\n```\n```\nb: 1\n```")] == ["pasted-1.yaml", "pasted-2.yaml"]


def test_files() -> None:
    """Text in UTF-8 is read, with or without a byte order mark; the name is cut down to harmless characters."""
    assert from_bytes("svc.yaml", "name: ü".encode("utf-8-sig")) == SourceFile("svc.yaml", "name: ü")
    assert from_bytes("a b/../@c.yaml", b"x").name == "a-b-..-c.yaml"
    assert from_bytes("日本", b"x").name == "manifest.yaml"
    for data in (b"\xff\xfe", b"a\0b"):
        with pytest.raises(NotAManifestError):
            from_bytes("a.yaml", data)
    with pytest.raises(NotAManifestError, match=r"1\.0 MB; I read at most 1 MB"):
        check_size(MAX_BYTES + 1)
