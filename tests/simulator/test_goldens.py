"""Transcripts: manifests and commands in `goldens/NAME.yaml`, what the terminal shows in `goldens/NAME.txt`."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
import yaml

from simulator.__main__ import main

FOLDER = Path(__file__).parent / "goldens"
CASES = sorted(path.stem for path in FOLDER.glob("*.yaml"))


@pytest.mark.parametrize("name", CASES)
def test_the_terminal_shows_what_it_showed(name, golden, tmp_path, monkeypatch, capsys):
    """Every command of a case prints, to the letter, what its golden holds."""
    case = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    monkeypatch.chdir(tmp_path)
    for file, text in case["files"].items():
        (tmp_path / file).write_text(text, encoding="utf-8")
    shown = []
    for command in case["commands"]:
        code = main(shlex.split(command))
        printed = capsys.readouterr()
        shown.append(f"$ {command}\n{printed.out}{printed.err}[{code}]\n")
    golden(FOLDER / f"{name}.txt", "\n".join(shown))


def test_no_golden_is_left_without_its_case():
    """A transcript whose case was renamed or removed would never be compared again."""
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(CASES)
