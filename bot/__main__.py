"""The command line: environment, log, clock and chance.

Responsible for: `python -m bot` (the bot, or the practice page without a token), `sync`, `health`, `check-content`, `preview`.
Leaves to others: everything else, which is imported only by the verb that needs it: `health` is asked twice a minute.
Only here are the clock and the dice of this machine read.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from random import SystemRandom

from bot.settings import Settings


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
    match given.verb:
        case "health":
            from bot.frontend.heartbeat import alive

            return 0 if alive(settings.sign_of_life, now()) else 1
        case "check-content":
            from bot.app.count_questions import main as count
            from bot.library.check import main as check

            return max(check(now().date()), count(counted=given.generators))
        case "preview":
            from bot.app.preview import main as show

            return show(given.file)
        case "sync" if not settings.token:
            parser.error("sync tells Discord which commands there are, so it needs DISCORD_TOKEN")
        case "sync":
            from bot.start import tell_commands

            return tell_commands(settings, now, SystemRandom())
    from bot.start import run

    return run(settings, now, SystemRandom(), demo=given.demo, port=given.port)


def configure_logging(level: str) -> None:
    """Writes the log to stderr. discord.py's own never goes below `info`: its debug log holds every message, pasted Secrets included."""
    logging.basicConfig(level=level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("discord").setLevel(max(logging.INFO, logging.getLevelName(level.upper())))


if __name__ == "__main__":
    sys.exit(main())
