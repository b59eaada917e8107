"""What all tests share.

`pytest --bless`: goldens are rewritten from what the program says now. Look at the difference before you commit it.
`pytest --hypothesis-profile=long`: properties are tried at random for minutes; the ordinary run repeats one short, fixed slice.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("short", max_examples=40, deadline=None, derandomize=True)
settings.register_profile("long", max_examples=5_000, deadline=None)
settings.load_profile("short")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--bless", action="store_true", help="rewrite goldens instead of comparing with them (refused under CI)")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--bless") and os.environ.get("CI"):
        raise pytest.UsageError("--bless is for people: under CI a golden that differs is a failure")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Compares a text with the golden file of that path; a missing golden is a failure. With --bless it is written instead."""

    def compare(path: Path, text: str) -> None:
        if request.config.getoption("--bless"):
            path.write_text(text, encoding="utf-8")
        assert path.exists(), f"{path.name} is missing; `pytest --bless` writes it"
        assert text == path.read_text(encoding="utf-8")

    return compare
