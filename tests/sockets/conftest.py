"""The server, and the bot as a subprocess that can be killed and started again over the same database."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.discord_server import DiscordServer, Person

ROOT = Path(__file__).parent.parent.parent


class BotProcess:
    """`python -m bot` as a host runs it. What it logs is kept in `log`."""

    def __init__(self, server: DiscordServer, folder: Path) -> None:
        self.server = server
        self.database = folder / "portside.db"
        self.log = folder / "bot.log"
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Returns when the bot is connected and its commands are known."""
        environment = {**os.environ, **self.server.environment, "PORTSIDE_DATABASE": str(self.database)}
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", env=environment, cwd=ROOT, stdout=log, stderr=log
            )
        await asyncio.wait_for(self.server.gateway.ready.wait(), 60)
        for _ in range(200):
            if self.server.world.commands:
                return
            await asyncio.sleep(0.05)

    async def kill(self) -> None:
        """kill -9: no goodbye, no time to save anything."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        await self._process.wait()
        for _ in range(200):
            if not self.server.gateway.ready.is_set():
                return
            await asyncio.sleep(0.05)

    async def health(self) -> int:
        """The exit code of `python -m bot health` beside the bot."""
        environment = {**os.environ, "PORTSIDE_DATABASE": str(self.database)}
        process = await asyncio.create_subprocess_exec(sys.executable, "-m", "bot", "health", env=environment, cwd=ROOT)
        return await process.wait()

    async def stop(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            try:
                await asyncio.wait_for(self._process.wait(), 20)
            except TimeoutError:
                self._process.kill()


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as made:
        made.world.create_guild("Study group", "networking")
        yield made
        assert made.unknown == [], "the bot asked for routes that the server does not know"


@pytest.fixture
async def bot(server: DiscordServer, tmp_path: Path) -> AsyncIterator[BotProcess]:
    made = BotProcess(server, tmp_path)
    yield made
    await made.stop()


@pytest.fixture
def ada(server: DiscordServer) -> Person:
    (guild,) = server.world.guilds.values()
    return Person(server, server.world.create_user("ada"), guild.channels[0])
