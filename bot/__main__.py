"""The command line, and the only composition root: environment, clock, chance, signals, wiring.

Responsible for: `python -m bot` (the bot, or the practice page without a token), `sync`, `check-content`, `preview`.
Leaves to others: everything else. Only here are the clock and the dice of this machine read.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.util import find_spec
from random import SystemRandom

import discord

from bot.app.workers import Workers
from bot.frontend.client import Bot, build_bot
from bot.frontend.command_sync import sync
from bot.frontend.heartbeat import alive, beat
from bot.library import MaterialError, load
from bot.settings import Settings
from bot.storage import Storage, StorageError

log = logging.getLogger("portside")


def now() -> datetime:
    """The present, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - the one place where the clock is read


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit 0: ended as asked; 1: it could not run, or the content has faults; 2: called wrongly. Faults go to stderr in sentences."""
    parser = argparse.ArgumentParser(prog="python -m bot", description="A Discord tutor for Kubernetes networking.")
    parser.add_argument(
        "--demo", action="store_true", help="without a token: print one conversation as text, for a terminal without a browser"
    )
    parser.add_argument("--port", type=int, default=8765, help="without a token: the practice page's port (default 8765; 0: any free one)")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB")
    verbs.add_parser("run", help="run the bot; without DISCORD_TOKEN, show the practice page (this is the default)")
    verbs.add_parser("sync", help="tell Discord which commands there are, even if nothing has changed, and end")
    verbs.add_parser("health", help="exit 0 if the bot beside this one is connected to Discord")
    checks = verbs.add_parser("check-content", help="report every fault of content/ and quizzes/ at once")
    checks.add_argument("--generators", action="store_true", help="count the different questions of every generator too, for some minutes")
    preview = verbs.add_parser("preview", help="show an item as Discord would")
    preview.add_argument("file")
    given = parser.parse_args(arguments)
    try:
        settings = Settings.of(os.environ)
    except ValueError as faults:
        print(faults, file=sys.stderr)
        return 1
    configure_logging(settings.log_level)
    try:
        match given.verb:
            case "check-content":
                from bot.app.count_questions import main as count
                from bot.library.check import main as check

                return max(check(now().date()), count(counted=given.generators))
            case "preview":
                from bot.app.preview import main as show

                return show(given.file)
            case "sync":
                if not settings.token:
                    parser.error("sync tells Discord which commands there are, so it needs DISCORD_TOKEN")
                return asyncio.run(_sync(settings))
            case "health":
                return 0 if alive(settings.sign_of_life, now()) else 1
        if not settings.token:
            if find_spec("simcord") is None:
                print("There is no DISCORD_TOKEN, and the practice page is not installed here: set the token.", file=sys.stderr)
                return 1
            # What discord.py says of voice and intents concerns a connection to Discord, and there will be none.
            logging.getLogger("discord").setLevel(logging.ERROR)
            from bot.practice import demonstrate, show_page

            return asyncio.run(
                demonstrate(settings, now, SystemRandom()) if given.demo else show_page(settings, now, SystemRandom(), given.port)
            )
        return asyncio.run(_run(settings))
    except discord.LoginFailure:
        print("Discord does not accept DISCORD_TOKEN. Copy it again from the application's page, section Bot.", file=sys.stderr)
        return 1
    except (MaterialError, StorageError, OSError) as fault:
        print(fault, file=sys.stderr)
        return 1


def configure_logging(level: str) -> None:
    """Writes the log to stderr. discord.py's own never goes below `info`: its debug log holds every message, pasted Secrets included."""
    logging.basicConfig(level=level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("discord").setLevel(max(logging.INFO, logging.getLevelName(level.upper())))


async def _run(settings: Settings) -> int:
    storage, workers, bot = _assemble(settings)
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
    return 0


async def _sync(settings: Settings) -> int:
    storage, workers, bot = _assemble(settings)
    try:
        async with bot:
            await bot.login(settings.token)
            await sync(bot.tree, storage)
    finally:
        workers.close()
        storage.close()
    return 0


def _assemble(settings: Settings) -> tuple[Storage, Workers, Bot]:
    library = load()
    storage = Storage.open(settings.database)
    workers = Workers.processes(settings.simulator_processes, settings.simulator_seconds)
    return storage, workers, build_bot(settings, library, storage, workers, now, SystemRandom())


if __name__ == "__main__":
    sys.exit(main())
