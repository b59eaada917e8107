"""The one error boundary: what is told to the learner, what goes into the log.

Responsible for: telling the world's faults (Discord, disk) from our own, an incident number for ours, the traceback in the log.
Leaves to others: mistakes in what a learner pasted, which are answers and never exceptions.
Nothing of what was pasted or typed is logged.
"""

from __future__ import annotations

import logging
import secrets
import traceback
from typing import Any

import discord
from discord import app_commands

from bot.frontend.show import show
from bot.rendering import notices
from bot.rendering.reply import Reply
from bot.storage import StorageError

log = logging.getLogger("portside")

_GONE = {10062, 10015, 40060}
"""Unknown interaction, unknown webhook, already acknowledged: nobody is left to be answered."""


async def report(interaction: discord.Interaction[Any], error: BaseException, doing: str) -> None:
    """Tells the learner in one sentence what happened, and the log the rest."""
    if isinstance(error, app_commands.CommandInvokeError):
        error = error.original
    if isinstance(error, discord.HTTPException) and error.code in _GONE:
        log.info("%s: too late to answer (%s)", doing, error.code)
        return
    try:
        await show(interaction, reply_to(error, doing))
    except discord.HTTPException as second:
        log.warning("%s: the apology did not arrive either (%s)", doing, second.code)


def reply_to(error: BaseException, doing: str) -> Reply:
    """The apology for an exception. Logs what is ours to repair."""
    if isinstance(error, StorageError):
        log.error("%s: storage: %s", doing, error)
        return notices.try_again("I could not reach my memory just now, so nothing was changed.")
    if isinstance(error, discord.HTTPException | OSError):
        log.warning("%s: %s", doing, type(error).__name__)
        return notices.try_again("Discord did not let me finish that.")
    if isinstance(error, app_commands.CheckFailure):
        return notices.try_again("You cannot use this command here.")
    return notices.incident(note(error, doing))


def note(error: BaseException, doing: str) -> str:
    """Writes a bug of ours into the log; returns its incident number."""
    incident = secrets.token_hex(3)
    # The message of an exception may quote what a learner pasted: the log gets its type and where it arose.
    log.error("incident %s in %s: %s\n%s", incident, doing, type(error).__name__, _frames(error))
    return incident


def _frames(error: BaseException) -> str:
    """Where it arose, here and in a worker process, without any line that could quote data."""
    lines = [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    if error.__cause__ is not None:
        # A worker process sends its traceback as text: only the lines that name a place are kept.
        lines += [line.rstrip() for line in str(error.__cause__).split("\n") if line.startswith('  File "')]
    return "\n".join(lines)
