"""Channels, direct ones included, with their messages and threads.

Responsible for: their routes.
Leaves to others: messages that answer an interaction (`server`), limits on payloads (`limits`), events (`gateway`).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from aiohttp import web

from tests.discord_server.bodies import answer, body_of
from tests.discord_server.gateway import Gateway
from tests.discord_server.limits import COMPONENTS_V2, EPHEMERAL, Refused, message_faults, refuse_if
from tests.discord_server.world import NONCE_SECONDS, Channel, World


class Channels:
    """The handlers of one world's channels."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self.world, self.gateway = world, gateway

    def routes(self, api: str) -> Sequence[web.RouteDef]:
        return [
            web.post(f"{api}/users/@me/channels", self._direct),
            web.get(f"{api}/channels/{{channel}}", self._channel),
            web.patch(f"{api}/channels/{{channel}}", self._edit_channel),
            web.post(f"{api}/channels/{{channel}}/messages", self._post_message),
            web.get(f"{api}/channels/{{channel}}/messages", self._history),
            web.get(f"{api}/channels/{{channel}}/messages/{{message}}", self._message),
            web.patch(f"{api}/channels/{{channel}}/messages/{{message}}", self._edit_message),
            web.delete(f"{api}/channels/{{channel}}/messages/{{message}}", self._delete_message),
            web.post(f"{api}/channels/{{channel}}/threads", self._thread),
            web.post(f"{api}/channels/{{channel}}/messages/{{message}}/threads", self._thread),
            web.put(f"{api}/channels/{{channel}}/thread-members/{{user}}", self._add_to_thread),
            web.delete(f"{api}/channels/{{channel}}/thread-members/{{user}}", self._remove_from_thread),
        ]

    def _place(self, request: web.Request) -> Channel:
        channel = self.world.channels.get(request.match_info["channel"])
        if channel is None:
            raise Refused(404, 10003, "Unknown Channel")
        return channel

    def _stored(self, request: web.Request) -> dict[str, Any]:
        message = self._place(request).messages.get(request.match_info["message"])
        if message is None or message["flags"] & EPHEMERAL:
            raise Refused(404, 10008, "Unknown Message")
        return message

    async def _channel(self, request: web.Request) -> web.Response:
        return answer(self._place(request).data())

    async def _edit_channel(self, request: web.Request) -> web.Response:
        channel = self._place(request)
        change = await request.json()
        channel.name = change.get("name", channel.name)
        channel.archived = change.get("archived", channel.archived)
        channel.locked = change.get("locked", channel.locked)
        return answer(channel.data())

    async def _direct(self, request: web.Request) -> web.Response:
        user = self.world.users.get(str((await request.json())["recipient_id"]))
        if user is None:
            raise Refused(404, 10013, "Unknown User")
        return answer(self.world.direct_channel(user).data())

    async def _post_message(self, request: web.Request) -> web.Response:
        channel = self._place(request)
        if channel.archived and channel.locked:
            raise Refused(400, 50083, "Tried to perform an operation on an archived thread")
        payload, files = await body_of(request)
        nonce = payload.get("nonce")
        if nonce is not None and not 1 <= len(str(nonce)) <= 25:
            raise Refused(400, 50035, "Invalid Form Body", ("nonce: 1 to 25",))
        refuse_if(message_faults(payload, [name for name, _ in files]))
        before = self.world.nonces.get((channel.id, str(nonce))) if nonce is not None and payload.get("enforce_nonce") else None
        if before is not None and time.monotonic() - before[0] < NONCE_SECONDS:
            return answer(before[1])
        message = self.world.create_message(channel, self.world.bot, payload, files)
        if nonce is not None:
            self.world.nonces[channel.id, str(nonce)] = (time.monotonic(), message)
        return answer(message)

    async def _history(self, request: web.Request) -> web.Response:
        """Newest first, also after a message: then those that follow it directly."""
        limit, after = int(request.query.get("limit", 50)), int(request.query.get("after", 0))
        if not 1 <= limit <= 100:
            raise Refused(400, 50035, "Invalid Form Body", ("limit: 1 to 100",))
        seen = [message for message in self._place(request).messages.values() if not message["flags"] & EPHEMERAL]
        found = [message for message in seen if int(message["id"]) > after]
        if "before" in request.query:
            found = [message for message in found if int(message["id"]) < int(request.query["before"])]
        chosen = found[:limit] if after else found[-limit:]
        return answer(list(reversed(chosen)))

    async def _message(self, request: web.Request) -> web.Response:
        return answer(self._stored(request))

    async def _edit_message(self, request: web.Request) -> web.Response:
        message = self._stored(request)
        payload, files = await body_of(request)
        edit(self.world, message, payload, files)
        return answer(message)

    async def _delete_message(self, request: web.Request) -> web.Response:
        message = self._stored(request)
        self._place(request).messages.pop(message["id"])
        return web.Response(status=204)

    async def _thread(self, request: web.Request) -> web.Response:
        parent = self._place(request)
        given = await request.json()
        if not 1 <= len(given.get("name") or "") <= 100:
            raise Refused(400, 50035, "Invalid Form Body", ("name: 1 to 100",))
        thread = self.world.create_thread(parent, given["name"], given.get("type", 11))
        await self.gateway.dispatch("THREAD_CREATE", {**thread.data(), "newly_created": True}, thread)
        return answer(thread.data(), 201)

    async def _add_to_thread(self, request: web.Request) -> web.Response:
        self._place(request).members.append(request.match_info["user"])
        return web.Response(status=204)

    async def _remove_from_thread(self, request: web.Request) -> web.Response:
        members = self._place(request).members
        if request.match_info["user"] in members:
            members.remove(request.match_info["user"])
        return web.Response(status=204)


def edit(world: World, message: dict[str, Any], data: dict[str, Any], files: list[tuple[str, bytes]]) -> None:
    """Edits a message as Discord does: what is not given stays, and components once of version 2 are that for good. Raises Refused."""
    was_v2 = message["flags"] & COMPONENTS_V2
    flags = (data.get("flags") if data.get("flags") is not None else message["flags"]) | was_v2
    kept = [a["filename"] for a in message["attachments"]]
    shown = {k: data[k] if data.get(k) is not None else message[k] for k in ("content", "embeds", "components")}
    refuse_if(message_faults({**shown, "flags": flags}, [*kept, *(name for name, _ in files)]))
    world.edit_message(message, {**data, "flags": flags & ~(1 << 7)}, files)
