"""The REST side, and the server as a whole.

Responsible for: routes, acknowledgement rules, deadlines, rate limits, fault injection.
Leaves to others: channels with their messages and threads (`channels`), limits on payloads (`limits`), events (`gateway`), people (`people`).
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from tests.discord_server.bodies import answer, body_of
from tests.discord_server.channels import Channels, edit
from tests.discord_server.gateway import Gateway
from tests.discord_server.limits import EPHEMERAL, Refused, command_faults, message_faults, modal_faults, refuse_if
from tests.discord_server.limits import autocomplete_faults as choice_faults
from tests.discord_server.world import FIRST_RESPONSE_SECONDS, TOKEN_SECONDS, Interaction, World, snowflake

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL = 2, 3, 4, 5
MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, CHOICES, FORM = 4, 5, 6, 7, 8, 9
ALLOWED = {
    COMMAND: {MESSAGE, DEFERRED, FORM},
    COMPONENT: {MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, FORM},
    AUTOCOMPLETE: {CHOICES},
    MODAL: {MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE},
}
BUCKETS = {"channel": (5, 5.0), "webhook": (5, 2.0)}
"""Requests allowed and the seconds they are counted over, per channel and per webhook token."""

MANAGE_ROLES = 1 << 28

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class DiscordServer:
    """`async with DiscordServer() as discord:` listens on loopback; `discord.environment` points a bot at it."""

    def __init__(self, token: str = "secret-bot-token") -> None:
        self.token = token
        self.world = World()
        self.gateway = Gateway(self.world, token)
        self.unknown: list[str] = []
        self.refusals: list[str] = []
        self.limited = 0
        """Requests that were answered 429 because the bot sent too many of them."""
        self.counts: dict[str, int] = defaultdict(int)
        self.fault: Callable[[web.Request], web.Response | None] = lambda request: None
        """Asked before every request; a response takes the place of the real one."""
        self.slow: Callable[[web.Request], float] = lambda request: 0.0
        """Seconds for which the answer to a request is held back once what it asks for is done."""
        self._recent: dict[str, deque[float]] = defaultdict(deque)
        self._runner: web.AppRunner | None = None
        self.base = ""

    @property
    def environment(self) -> dict[str, str]:
        return {"DISCORD_TOKEN": self.token, "DISCORD_API_URL": f"{self.base}/api/v10", "DISCORD_GATEWAY_URL": self.gateway.url}

    async def __aenter__(self) -> DiscordServer:
        app = web.Application(middlewares=[self._middleware], client_max_size=30 * 1024 * 1024)
        api = "/api/v10"
        hook = f"{api}/webhooks/{{app}}/{{token}}"
        app.add_routes(Channels(self.world, self.gateway).routes(api))
        app.add_routes(
            [
                web.get("/gateway", self.gateway.handle),
                web.get("/gateway/", self.gateway.handle),
                web.get("/attachments/{id}/{name}", self._attachment),
                web.get(f"{api}/gateway/bot", self._gateway_bot),
                web.get(f"{api}/users/@me", self._me),
                web.get(f"{api}/users/{{user}}", self._user),
                web.get(f"{api}/oauth2/applications/@me", self._application),
                web.get(f"{api}/applications/{{app}}/commands", self._commands),
                web.put(f"{api}/applications/{{app}}/commands", self._put_commands),
                web.post(f"{api}/interactions/{{id}}/{{token}}/callback", self._callback),
                web.post(hook, self._followup),
                web.get(f"{hook}/messages/{{message}}", self._hook_message),
                web.patch(f"{hook}/messages/{{message}}", self._edit_hook_message),
                web.delete(f"{hook}/messages/{{message}}", self._delete_hook_message),
                web.put(f"{api}/guilds/{{guild}}/members/{{user}}/roles/{{role}}", self._give_role),
                web.delete(f"{api}/guilds/{{guild}}/members/{{user}}/roles/{{role}}", self._take_role),
            ]
        )
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.base = self.world.base = f"http://127.0.0.1:{port}"
        self.gateway.url = f"ws://127.0.0.1:{port}/gateway"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.gateway.drop(1001)
        if self._runner is not None:
            await self._runner.cleanup()

    @web.middleware
    async def _middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not request.path.startswith("/api/"):
            return await handler(request)
        self.counts[
            f"{request.method} {request.match_info.route.resource.canonical if request.match_info.route.resource else request.path}"
        ] += 1
        injected = self.fault(request)
        if injected is not None:
            return injected
        try:
            self._rate_limit(request)
            response = await handler(request)
            await asyncio.sleep(self.slow(request))
            return response
        except Refused as refused:
            self.refusals.append(f"{request.method} {request.path}: {refused.code} {refused.message} {'; '.join(refused.faults)}")
            return answer(refused.body(), refused.status)
        except web.HTTPNotFound:
            self.unknown.append(f"{request.method} {request.path}")
            return answer({"code": 0, "message": "404: Not Found"}, 404)
        except RateLimited as limited:
            self.limited += 1
            headers = {"Via": "1.1 loopback", "Retry-After": f"{limited.seconds:.3f}", "X-RateLimit-Scope": "user"}
            return answer({"message": "You are being rate limited.", "retry_after": limited.seconds, "global": False}, 429, headers)

    def _rate_limit(self, request: web.Request) -> None:
        """Channel messages and webhook messages are limited; the interaction callback is exempt, as Discord has it."""
        if request.method not in ("POST", "PATCH", "DELETE") or request.path.endswith("/callback"):
            return
        kind = "webhook" if "token" in request.match_info else "channel" if "/messages" in request.path else ""
        if not kind:
            return
        allowed, seconds = BUCKETS[kind]
        recent = self._recent[f"{kind} {request.method} {request.match_info.get('token') or request.match_info.get('channel')}"]
        now = time.monotonic()
        while recent and now - recent[0] > seconds:
            recent.popleft()
        if len(recent) >= allowed:
            raise RateLimited(seconds - (now - recent[0]))
        recent.append(now)

    # -- who and where

    async def _gateway_bot(self, _: web.Request) -> web.Response:
        limits = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
        return answer({"url": self.gateway.url, "shards": 1, "session_start_limit": limits})

    async def _me(self, _: web.Request) -> web.Response:
        return answer(self.world.bot.data())

    async def _user(self, request: web.Request) -> web.Response:
        user = self.world.users.get(request.match_info["user"])
        if user is None:
            raise Refused(404, 10013, "Unknown User")
        return answer(user.data())

    async def _application(self, _: web.Request) -> web.Response:
        bot = self.world.bot
        return answer(
            {
                "id": bot.id, "name": bot.name, "description": "", "icon": None, "bot_public": True, "bot_require_code_grant": False,
                "owner": self.world.owner.data(), "verify_key": "0" * 64, "flags": 0, "bot": bot.data(), "summary": "", "team": None,
            }
        )  # fmt: skip

    async def _commands(self, _: web.Request) -> web.Response:
        return answer(self.world.commands)

    async def _put_commands(self, request: web.Request) -> web.Response:
        commands = await request.json()
        refuse_if(command_faults(commands))
        self.world.command_puts += 1
        known = {(c["name"], c["type"]): c["id"] for c in self.world.commands}
        self.world.commands = [
            {
                **c, "type": c.get("type", 1), "id": known.get((c["name"], c.get("type", 1))) or snowflake(),
                "application_id": self.world.bot.id, "version": snowflake(), "description": c.get("description", ""),
            }
            for c in commands
        ]  # fmt: skip
        return answer(self.world.commands)

    def _roles(self, request: web.Request) -> tuple[list[str], str]:
        """The roles of the member and the one that is meant, if the bot may hand it out: it needs the permission and a higher role."""
        guild, role = self.world.guilds.get(request.match_info["guild"]), request.match_info["role"]
        if guild is None:
            raise Refused(404, 10004, "Unknown Guild")
        if request.match_info["user"] not in self.world.users:
            raise Refused(404, 10013, "Unknown User")
        if role not in guild.roles:
            raise Refused(404, 10011, "Unknown Role")
        own = [guild.roles[each] for each in guild.roles_of.get(self.world.bot.id, [])]
        allowed = int(guild.permissions_of(self.world.bot)) | sum(int(each["permissions"]) for each in own)
        highest = max((each["position"] for each in own), default=0)
        if not allowed & MANAGE_ROLES or guild.roles[role]["position"] >= highest or guild.roles[role]["managed"]:
            raise Refused(403, 50013, "Missing Permissions")
        return guild.roles_of.setdefault(request.match_info["user"], []), role

    async def _give_role(self, request: web.Request) -> web.Response:
        roles, role = self._roles(request)
        roles += [role] if role not in roles else []
        return web.Response(status=204)

    async def _take_role(self, request: web.Request) -> web.Response:
        roles, role = self._roles(request)
        roles[:] = [each for each in roles if each != role]
        return web.Response(status=204)

    async def _attachment(self, request: web.Request) -> web.Response:
        name, data = self.world.attachments[request.match_info["id"]]
        return web.Response(body=data, headers={"Content-Disposition": f'inline; filename="{name}"'})

    # -- interactions

    async def _callback(self, request: web.Request) -> web.Response:
        payload, files = await body_of(request)
        interaction = self.world.interactions.get(request.match_info["token"])
        now = time.monotonic()
        if interaction is None or interaction.id != request.match_info["id"]:
            raise Refused(404, 10062, "Unknown interaction")
        if interaction.acknowledged:
            raise Refused(400, 40060, "Interaction has already been acknowledged.")
        if now - interaction.sent_at > FIRST_RESPONSE_SECONDS:
            raise Refused(404, 10062, "Unknown interaction")
        kind, data = payload["type"], payload.get("data") or {}
        allowed = ALLOWED[interaction.kind] - ({UPDATE, DEFERRED_UPDATE} if interaction.message is None else set())
        if kind not in allowed:
            raise Refused(400, 50035, "Invalid Form Body", (f"type: {kind} does not answer an interaction of type {interaction.kind}",))
        self._accept(interaction, kind, data, files)
        interaction.acknowledged = True
        interaction.responded_at = now
        interaction.first.set()
        interaction.changed.set()
        told: dict[str, Any] = {"interaction": {"id": interaction.id, "type": interaction.kind}, "resource": {"type": kind}}
        if interaction.original is not None:
            told["interaction"] |= {
                "response_message_id": interaction.original["id"], "response_message_loading": kind == DEFERRED,
                "response_message_ephemeral": interaction.ephemeral,
            }  # fmt: skip
            told["resource"]["message"] = interaction.original
        return answer(told)

    def _accept(self, interaction: Interaction, kind: int, data: dict[str, Any], files: list[tuple[str, bytes]]) -> None:
        names = [name for name, _ in files]
        if kind == FORM:
            refuse_if(modal_faults(data))
            interaction.modal = data
        elif kind == CHOICES:
            refuse_if(choice_faults(data.get("choices") or []))
            interaction.choices = data.get("choices") or []
        elif kind in (MESSAGE, DEFERRED):
            interaction.ephemeral = bool((data.get("flags") or 0) & EPHEMERAL)
            if kind == MESSAGE:
                refuse_if(message_faults(data, names))
            else:
                data = {**data, "flags": (data.get("flags") or 0) | 1 << 7}
            interaction.original = self.world.create_message(interaction.channel, self.world.bot, data, files, webhook=True)
        else:
            assert interaction.message is not None
            # The person may have clicked what they still saw; what is changed is the message as it is now.
            interaction.original = interaction.channel.messages.get(interaction.message["id"], interaction.message)
            if kind == UPDATE:
                edit(self.world, interaction.original, data, files)

    def _interaction(self, request: web.Request) -> Interaction:
        interaction = self.world.interactions.get(request.match_info["token"])
        if interaction is None or not interaction.acknowledged:
            raise Refused(404, 10015, "Unknown Webhook")
        if time.monotonic() - interaction.sent_at > TOKEN_SECONDS:
            raise Refused(401, 50027, "Invalid Webhook Token")
        return interaction

    async def _followup(self, request: web.Request) -> web.Response:
        interaction = self._interaction(request)
        payload, files = await body_of(request)
        refuse_if(message_faults(payload, [name for name, _ in files]))
        original = interaction.original
        if original is not None and original["flags"] & 1 << 7:
            edit(self.world, original, payload, files)
            message = original
        else:
            message = self.world.create_message(interaction.channel, self.world.bot, payload, files, webhook=True)
            interaction.followups.append(message)
        interaction.changed.set()
        return answer(message)

    def _hooked(self, request: web.Request, interaction: Interaction) -> dict[str, Any]:
        wanted = request.match_info["message"]
        if wanted == "@original" and interaction.original is not None:
            return interaction.original
        found = next((m for m in [interaction.original, *interaction.followups] if m and m["id"] == wanted), None)
        if found is None:
            raise Refused(404, 10008, "Unknown Message")
        return found

    async def _hook_message(self, request: web.Request) -> web.Response:
        return answer(self._hooked(request, self._interaction(request)))

    async def _edit_hook_message(self, request: web.Request) -> web.Response:
        interaction = self._interaction(request)
        message = self._hooked(request, interaction)
        payload, files = await body_of(request)
        edit(self.world, message, payload, files)
        interaction.changed.set()
        return answer(message)

    async def _delete_hook_message(self, request: web.Request) -> web.Response:
        interaction = self._interaction(request)
        message = self._hooked(request, interaction)
        interaction.channel.messages.pop(message["id"], None)
        return web.Response(status=204)

    # -- starting interactions (for `people`)

    async def interact(self, interaction: Interaction, data: dict[str, Any]) -> Interaction:
        """Sends an interaction to the bot and waits for its first response, at most Discord's three seconds."""
        channel, user, bot = interaction.channel, interaction.user, self.world.bot
        self.world.interactions[interaction.token] = interaction
        event: dict[str, Any] = {
            "id": interaction.id, "application_id": bot.id, "type": interaction.kind, "token": interaction.token, "version": 1, "data": data,
            "channel_id": channel.id, "channel": channel.data(), "locale": "en-US", "entitlements": [], "attachment_size_limit": 10 * 1024 * 1024,
            "app_permissions": str((1 << 50) - 1), "authorizing_integration_owners": {"0": channel.guild.id if channel.guild else "0"},
            "context": 0 if channel.guild else 1,
        }  # fmt: skip
        if channel.guild is not None:
            permissions = channel.guild.permissions_of(user)
            event |= {
                "guild_id": channel.guild.id, "guild_locale": "en-US", "guild": {"id": channel.guild.id, "locale": "en-US", "features": []},
                "member": {**channel.guild.member(user), "permissions": permissions},
            }  # fmt: skip
        else:
            event["user"] = user.data()
        if interaction.message is not None:
            event["message"] = interaction.message
        interaction.sent_at = time.monotonic()
        if await self.gateway.dispatch("INTERACTION_CREATE", event, channel):
            try:
                await asyncio.wait_for(interaction.first.wait(), FIRST_RESPONSE_SECONDS)
            except TimeoutError:
                interaction.first.set()
        return interaction


class RateLimited(Exception):
    def __init__(self, seconds: float) -> None:
        self.seconds = max(seconds, 0.01)
