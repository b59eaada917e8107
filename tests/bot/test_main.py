"""The command line says what is wrong in sentences, and its log holds nothing of what learners paste."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from bot.__main__ import configure_logging, main


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    """Levels and handlers are global: they go back to what they were."""
    root, discord = logging.getLogger(), logging.getLogger("discord")
    before = (root.level, list(root.handlers), discord.level)
    yield
    root.setLevel(before[0])
    root.handlers[:] = before[1]
    discord.setLevel(before[2])


def test_mistakes_in_the_environment(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """All of them at once on stderr, and exit code 1."""
    monkeypatch.setenv("PORTSIDE_LOG_LEVEL", "loud")
    monkeypatch.setenv("PORTSIDE_SHARDS", "many")

    assert main([]) == 1
    assert len(capsys.readouterr().err.strip().split("\n")) == 2


@pytest.mark.parametrize("arguments", [["nonsense"], ["sync", "more"], ["preview"], ["sync"]])
def test_called_wrongly(arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """One line on stderr and exit code 2; to sync without a token is wrong too."""
    monkeypatch.delenv("DISCORD_TOKEN", raising=False)
    with pytest.raises(SystemExit) as ended:
        main(arguments)

    assert ended.value.code == 2
    assert "error: " in capsys.readouterr().err


@pytest.mark.parametrize(("level", "own", "discords"), [("debug", logging.DEBUG, logging.INFO), ("error", logging.ERROR, logging.ERROR)])
def test_the_debug_log_of_the_gateway_stays_off(level: str, own: int, discords: int) -> None:
    """discord.py logs whole events at that level, with whatever was pasted."""
    logging.getLogger().handlers.clear()
    configure_logging(level)

    assert logging.getLogger("portside").getEffectiveLevel() == own
    assert logging.getLogger("discord.gateway").getEffectiveLevel() == discords


def test_asking_for_health_loads_nothing_large() -> None:
    """It is asked twice a minute, beside a bot that needs the processor."""
    code = "import sys; from bot.__main__ import main; ended = main(['health']); assert not {'discord', 'pydantic', 'simulator'} & set(sys.modules); sys.exit(ended)"
    environment = {**os.environ, "PORTSIDE_DATABASE": "/nowhere/portside.db"}
    assert subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 1
