"""The bot with an operator, and dice that leave everything in its order."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from bot.app.workers import Workers
from bot.frontend.client import Bot, build_bot
from bot.settings import Settings
from bot.storage import Storage
from tests.bot.conftest import NOW
from tests.bot.frontend.reports.steps import OPERATOR
from tests.bot.material import library


class Dice(Random):
    """Options in the author's order, questions in the order of the packs."""

    def shuffle(self, x: object) -> None:  # type: ignore[override]
        """Leaves everything where it is."""


@pytest.fixture
def new_bot(storage: Storage, workers: Workers) -> Callable[[], Bot]:
    """The bot with an operator who is none of the people here, until a test says otherwise."""
    return lambda: build_bot(Settings(shard_count=1, operators=frozenset({OPERATOR})), library(), storage, workers, lambda: NOW, Dice(7))
