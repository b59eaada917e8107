"""A host's mistakes in the environment are told all at once, each in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import Settings


def test_an_empty_environment_is_enough() -> None:
    """Without any variable there are defaults, and no token."""
    assert Settings.of({}) == Settings()


def test_every_variable_is_read() -> None:
    """What is set is used; the token shows in no representation."""
    settings = Settings.of(
        {
            "DISCORD_TOKEN": " secret ",
            "DISCORD_API_URL": "http://127.0.0.1:1/api/v10/",
            "DISCORD_GATEWAY_URL": "ws://127.0.0.1:1",
            "PORTSIDE_DATABASE": "/data/x.db",
            "PORTSIDE_LOG_LEVEL": "DEBUG",
            "PORTSIDE_SHARDS": "2",
            "PORTSIDE_SIMULATOR_PROCESSES": "3",
            "PORTSIDE_SIMULATOR_SECONDS": "1.5",
        }
    )

    assert settings == Settings("secret", "http://127.0.0.1:1/api/v10", "ws://127.0.0.1:1", Path("/data/x.db"), "debug", 2, 3, 1.5)
    assert "secret" not in repr(settings)


def test_all_mistakes_are_told_at_once() -> None:
    """Each value that cannot be used has its own line."""
    with pytest.raises(ValueError, match="belong together") as told:
        Settings.of(
            {
                "DISCORD_API_URL": "http://x",
                "PORTSIDE_LOG_LEVEL": "loud",
                "PORTSIDE_SHARDS": "many",
                "PORTSIDE_SIMULATOR_SECONDS": "nan",
                "PORTSIDE_SIMULATOR_PROCESSES": "0",
            }
        )

    assert len(str(told.value).split("\n")) == 5


def test_operators_are_ids() -> None:
    """By commas or blanks; what is no id is named in a sentence."""
    assert Settings.of({}).operators == frozenset()
    assert Settings.of({"PORTSIDE_OPERATORS": "400000000000000001, 400000000000000002"}).operators == {
        400000000000000001,
        400000000000000002,
    }
    with pytest.raises(ValueError, match="PORTSIDE_OPERATORS holds '@ada'"):
        Settings.of({"PORTSIDE_OPERATORS": "@ada"})
