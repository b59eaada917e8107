"""Transcripts in a stem: found with their commands, compared word by word."""

from __future__ import annotations

import pytest

from bot.library.transcripts import agrees, transcripts


def test_commands_are_found_in_code_blocks_alone() -> None:
    """With what stands below each; a dollar in a sentence is no command."""
    stem = "Look:\n```\n$ kubectl get svc\nNAME\nweb\n$ nslookup web\n```\n$ this is prose\n"
    assert transcripts(stem) == [("kubectl get svc", "NAME\nweb\n"), ("nslookup web", "")]


@pytest.mark.parametrize(
    ("told", "told_truly"),
    [
        ("a b\nc d 0s\ne", True),
        ("a   b\nc d 3d4h\ne\n", True),
        ("a b\n...\ne", True),
        ("...\ne", True),
        ("a b\n...", True),
        ("...\nc d 1m\n...", True),
        ("...", True),
        ("a b\nc d 0s", False),
        ("c d 0s\ne", False),
        ("a b\ne", False),
        ("...\na b\n...\na b\n...", False),
        ("e\n...\na b", False),
        ("c d 0s\n...", False),
        ("...\nc d 0s", False),
        ("", False),
    ],
)
def test_what_is_told_is_compared_word_by_word(told: str, told_truly: bool) -> None:
    """Spaces and ages do not count; lines may be left out where three dots say so, and nowhere else."""
    printed = "a b\n\nc  d 0s\ne\n\nHow it went:\n 1. dns\n"
    assert agrees(told, printed) is told_truly
