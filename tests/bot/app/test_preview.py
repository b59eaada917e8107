"""An author sees what a learner will meet, and Discord takes all of it."""

from __future__ import annotations

import pytest

from bot.app.preview import main, screens
from bot.library import load
from bot.library.preview import material_in
from bot.rendering.limits import problems


def test_a_file_is_found_by_the_end_of_its_path() -> None:
    """`01-names.md`, `03-dns/01-names.md` and the whole path name the same chunk; a stranger names nothing."""
    library = load()
    for file in ("01-names.md", "03-dns/01-names.md", "content/lessons/03-dns/01-names.md", "./content/lessons/03-dns/01-names.md"):
        assert [material.id for material in material_in(library, file)] == ["dns-names"]
    assert material_in(library, "nothing.md") == []


def test_a_chunk_is_shown_with_its_demonstration(capsys: pytest.CaptureFixture[str]) -> None:
    """Text, picture, prediction, then the commands with what they print."""
    assert main("content/lessons/02-services/07-three-ports.md") == 0
    shown = capsys.readouterr().out
    assert "Three ports, three places" in shown
    assert "HTTP/1.1 200 OK" in shown


def test_a_pack_is_shown_with_what_each_answer_brings(capsys: pytest.CaptureFixture[str]) -> None:
    """The question, and the feedback to each option."""
    assert main("quizzes/kube-proxy-traffic-policies.yaml") == 0
    shown = capsys.readouterr().out
    assert "proxy-local-empty-node: D" in shown
    assert "The idea behind this answer" in shown


def test_a_step_is_shown_with_its_setting(capsys: pytest.CaptureFixture[str]) -> None:
    """Words and manifests of the scenario stand above each step, as a learner meets them."""
    assert main("quizzes/dns-incidents.yaml") == 0
    step = capsys.readouterr().out.split("──── dns-peers-which-change ")[1]
    assert "*Step 3 of 4.* Three members of `raft` are started together." in step
    assert "podManagementPolicy: Parallel" in step


def test_a_file_that_holds_nothing_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 1 and a sentence."""
    assert main("quizzes/none.yaml") == 1
    assert "no chunk, question or lab" in capsys.readouterr().err


def test_discord_takes_every_screen() -> None:
    """Every chunk, question, answer and lab of the project stays within Discord's limits."""
    library = load()
    everything = [*library.chunks.values(), *library.items.values(), *library.labs.values()]
    refused = {title: problems(screen) for material in everything for title, screen in screens(library, material) if problems(screen)}
    assert refused == {}
