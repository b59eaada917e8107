"""Boards: messages in a channel that show how a session of several people stands.

Responsible for: editing each at most once per beat, with the newest state; posting one that is not there yet; one edit at a time.
Leaves to others: what a board shows (`bot.app`), when it changed (the cogs).
However many people act within a second, there is one edit; and a board that Discord refuses holds up no other.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import discord

from bot.app.board import Board
from bot.frontend.show import files, layout
from bot.rendering.limits import fitted

if TYPE_CHECKING:
    from bot.frontend.client import Bot

log = logging.getLogger("portside")

Look: TypeAlias = Callable[[str], Awaitable[Sequence[Board]]]
"""The boards of a session as they should be now."""
Placed: TypeAlias = Callable[[str, str, int | None], Awaitable[None]]
"""Takes the session, the board's name and its message."""
Refused: TypeAlias = Callable[[str, int], Awaitable[None]]
"""Takes the session and the code with which Discord refused a board of it."""

_UNKNOWN_MESSAGE = 10008
_LOOKED_AT = 200
"""Messages among which one that may have been posted is looked for: it was posted at once, if at all."""


class Boards:
    def __init__(self, bot: Bot, look: Look, placed: Placed, refused: Refused | None = None) -> None:
        self._bot, self._look, self._placed, self._refused = bot, look, placed, refused
        self._stale: set[str] = set()
        self._busy: dict[str, asyncio.Task[None]] = {}

    def touch(self, *sessions: str) -> None:
        """These sessions have changed; the next beat shows it."""
        self._stale.update(sessions)

    async def beat(self) -> None:
        """Begins to bring what has changed up to date; a board whose last edit is under way waits for the next beat."""
        for session in self._stale - self._busy.keys():
            self._stale.discard(session)
            self._busy[session] = asyncio.create_task(self._show(session))

    async def _show(self, session: str) -> None:
        try:
            for board in await self._look(session):
                await self._put(session, board)
        except discord.HTTPException as error:
            # 5xx and lost connections pass; what Discord refuses (403, 404) it would refuse again.
            log.warning("a board could not be shown: %s %s", error.status, error.code)
            if error.status >= 500:
                self._stale.add(session)
            elif self._refused is not None:
                await self._refused(session, error.code)
        except OSError as error:
            log.warning("a board could not be shown: %s", type(error).__name__)
            self._stale.add(session)
        except Exception:
            log.exception("in a board")
        finally:
            del self._busy[session]

    async def _put(self, session: str, board: Board) -> None:
        channel = self._bot.get_partial_messageable(board.channel)
        reply = fitted(board.reply)
        if board.message is None:
            if board.since is not None and not self._may_look_back(board):
                log.warning("a board may have been posted before, and I may not read there: it is not posted again")
                return
            found = await self._posted_before(channel, board)
            once: dict[str, Any] = {"nonce": board.nonce} if board.nonce else {}
            message = found or await channel.send(view=layout(reply), files=files(reply), **once)
            await self._placed(session, board.name, message.id)
            return
        try:
            await channel.get_partial_message(board.message).edit(view=layout(reply), attachments=files(reply))
            if board.final:
                await self._placed(session, board.name, None)
        except discord.NotFound as error:
            if error.code != _UNKNOWN_MESSAGE:
                raise
            # Somebody deleted it. The session goes on with a new one.
            await self._placed(session, board.name, None)
            if not board.final:
                self._stale.add(session)

    def _may_look_back(self, board: Board) -> bool:
        """Without the permission Discord shows an empty history, as if nothing had been posted."""
        channel = self._bot.get_channel(board.channel)
        return isinstance(channel, discord.abc.GuildChannel) and channel.permissions_for(channel.guild.me).read_message_history

    async def _posted_before(self, channel: discord.abc.Messageable, board: Board) -> discord.Message | None:
        """The message in which the board was posted without having been noted; its buttons carry the nonce."""
        if board.since is None or self._bot.user is None:
            return None
        async for message in channel.history(limit=_LOOKED_AT, after=board.since, oldest_first=True):
            if message.author.id == self._bot.user.id and any(board.nonce in str(part.to_dict()) for part in message.components):
                return message
        return None
