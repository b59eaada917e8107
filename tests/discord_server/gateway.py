"""The gateway: one WebSocket per shard, with identify, heartbeat, resume and intents.

Responsible for: sessions, delivering events to the shard that a guild belongs to, withholding what the intents do not ask for.
Leaves to others: what the events say (`people`, `server`).
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.discord_server.world import Channel, World, snowflake

INTENT_OF = {
    "GUILD_CREATE": 1 << 0, "CHANNEL_CREATE": 1 << 0, "THREAD_CREATE": 1 << 0, "THREAD_UPDATE": 1 << 0, "GUILD_DELETE": 1 << 0,
    "THREAD_MEMBERS_UPDATE": 1 << 0, "GUILD_MEMBER_ADD": 1 << 1, "MESSAGE_CREATE guild": 1 << 9, "MESSAGE_CREATE direct": 1 << 12,
}  # fmt: skip
PRIVILEGED = {1 << 1: "members", 1 << 8: "presences", 1 << 15: "message content"}


@dataclass
class Session:
    shard: tuple[int, int]
    intents: int
    socket: web.WebSocketResponse | None
    id: str = field(default_factory=lambda: "session-" + snowflake())
    sequence: int = 0
    sent: list[dict[str, Any]] = field(default_factory=list)

    async def send(self, event: str, data: dict[str, Any]) -> None:
        self.sequence += 1
        frame = {"op": 0, "t": event, "s": self.sequence, "d": data}
        self.sent.append(frame)
        del self.sent[:-1000]
        if self.socket is not None and not self.socket.closed:
            await self.socket.send_str(json.dumps(frame))


class Gateway:
    def __init__(self, world: World, token: str) -> None:
        self.world = world
        self.token = token
        self.sessions: dict[str, Session] = {}
        self.ready = asyncio.Event()
        self.url = ""

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(max_msg_size=8192)
        await socket.prepare(request)
        await socket.send_str(json.dumps({"op": 10, "d": {"heartbeat_interval": 41250}}))
        session: Session | None = None
        async for frame in socket:
            if frame.type is not WSMsgType.TEXT:
                break
            told = json.loads(frame.data)
            match told["op"]:
                case 1:
                    await socket.send_str(json.dumps({"op": 11}))
                case 2:
                    session = await self._identify(socket, told["d"])
                case 6:
                    session = await self._resume(socket, told["d"])
        if session is not None and session.socket is socket:
            session.socket = None
            if not any(s.socket for s in self.sessions.values()):
                self.ready.clear()
        return socket

    async def _identify(self, socket: web.WebSocketResponse, data: dict[str, Any]) -> Session | None:
        asked = [name for bit, name in PRIVILEGED.items() if data["intents"] & bit]
        if data["token"] != self.token:
            await socket.close(code=4004, message=b"Authentication failed.")
            return None
        if asked:
            await socket.close(code=4014, message=f"Disallowed intents: {', '.join(asked)}".encode())
            return None
        shard = tuple(data.get("shard") or (0, 1))
        session = Session((shard[0], shard[1]), data["intents"], socket)
        self.sessions[session.id] = session
        guilds = [g for g in self.world.guilds.values() if self._shard_of(g.id, session.shard[1]) == session.shard[0]]
        await session.send(
            "READY",
            {
                "v": 10, "user": self.world.bot.data(), "guilds": [{"id": g.id, "unavailable": True} for g in guilds], "session_id": session.id,
                "resume_gateway_url": self.url, "application": {"id": self.world.bot.id, "flags": 0}, "shard": list(shard),
            },
        )  # fmt: skip
        for guild in guilds:
            await session.send("GUILD_CREATE", guild.data(self.world.bot))
        self.ready.set()
        return session

    async def _resume(self, socket: web.WebSocketResponse, data: dict[str, Any]) -> Session | None:
        session = self.sessions.get(data["session_id"])
        if session is None or data["token"] != self.token or data["seq"] > session.sequence:
            await socket.send_str(json.dumps({"op": 9, "d": False}))
            return None
        session.socket = socket
        for frame in session.sent:
            if frame["s"] > data["seq"]:
                await socket.send_str(json.dumps(frame))
        await session.send("RESUMED", {})
        self.ready.set()
        return session

    async def dispatch(self, event: str, data: dict[str, Any], channel: Channel | None = None) -> bool:
        """Delivers an event to the live session of its shard, if its intents ask for it. False where nobody got it."""
        guild = channel.guild if channel is not None else None
        need = INTENT_OF.get(event) or INTENT_OF.get(f"{event} {'guild' if guild else 'direct'}", 0)
        delivered = False
        for session in list(self.sessions.values()):
            if session.socket is None or session.socket.closed:
                continue
            home = self._shard_of(guild.id, session.shard[1]) if guild else 0
            if home == session.shard[0] and (not need or session.intents & need):
                await session.send(event, data)
                delivered = True
        return delivered

    async def drop(self, code: int = 1012) -> None:
        """Cuts every connection, as a network fault or a Discord deployment does. Sessions stay resumable."""
        for session in self.sessions.values():
            if session.socket is not None:
                await session.socket.close(code=code)

    @staticmethod
    def _shard_of(guild_id: str, count: int) -> int:
        return (int(guild_id) >> 22) % count
