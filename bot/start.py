"""From settings to a running bot: on Discord with a token, on the practice page without.

Responsible for: wiring library, storage, workers and client for Discord; signals; why it could not run, in a sentence.
Leaves to others: the page and its wiring (`practice`), the clock and chance (arguments, from `__main__`), everything that the bot does.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from collections.abc import Callable, Coroutine
from datetime import datetime
from importlib.util import find_spec
from random import Random
from typing import Any

import discord

from bot.app.workers import Workers
from bot.frontend.client import Bot, build_bot
from bot.frontend.command_sync import sync
from bot.frontend.heartbeat import beat
from bot.library import MaterialError, load
from bot.settings import Settings
from bot.storage import Storage, StorageError


def run(settings: Settings, now: Callable[[], datetime], random: Random, *, demo: bool, port: int) -> int:
    """Runs the bot until SIGTERM or SIGINT. Exit 0: ended as asked; 1: it could not run, with the reason on stderr."""
    if settings.token:
        return _ended(_run(settings, now, random))
    if find_spec("simcord") is None:
        print("There is no DISCORD_TOKEN, and the practice page is not installed here: set the token.", file=sys.stderr)
        return 1
    # What discord.py says of voice and intents concerns a connection to Discord, and there will be none.
    logging.getLogger("discord").setLevel(logging.ERROR)
    from bot.practice import demonstrate, show_page

    return _ended(demonstrate(settings, now, random) if demo else show_page(settings, now, random, port))


def tell_commands(settings: Settings, now: Callable[[], datetime], random: Random) -> int:
    """Sends Discord the commands, changed or not. Exits as `run` does."""
    return _ended(_tell_commands(settings, now, random))


def _ended(work: Coroutine[Any, Any, None]) -> int:
    try:
        asyncio.run(work)
    except discord.LoginFailure:
        print("Discord does not accept DISCORD_TOKEN. Copy it again from the application's page, section Bot.", file=sys.stderr)
        return 1
    except (MaterialError, StorageError, OSError) as fault:
        print(fault, file=sys.stderr)
        return 1
    return 0


async def _run(settings: Settings, now: Callable[[], datetime], random: Random) -> None:
    storage, workers, bot = _assemble(settings, now, random)
    loop = asyncio.get_running_loop()
    try:
        await workers.warm_up()
        async with bot:
            session = asyncio.create_task(bot.start(settings.token))
            life = asyncio.create_task(beat(bot, settings.sign_of_life))
            for name in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(name, session.cancel)
            await asyncio.wait({session})
            life.cancel()
            if not session.cancelled():
                session.result()
    finally:
        workers.close()
        storage.close()


async def _tell_commands(settings: Settings, now: Callable[[], datetime], random: Random) -> None:
    storage, workers, bot = _assemble(settings, now, random)
    try:
        async with bot:
            await bot.login(settings.token)
            await sync(bot.tree, storage)
    finally:
        workers.close()
        storage.close()


def _assemble(settings: Settings, now: Callable[[], datetime], random: Random) -> tuple[Storage, Workers, Bot]:
    library = load()
    storage = Storage.open(settings.database)
    workers = Workers.processes(settings.simulator_processes, settings.simulator_seconds)
    return storage, workers, build_bot(settings, library, storage, workers, now, random)
