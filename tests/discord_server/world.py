"""The server's state: users, guilds, channels, messages, interactions.

Responsible for: keeping and serialising them.
Leaves to others: sockets (`server`, `gateway`), limits (`limits`).
"""

from __future__ import annotations

import asyncio
import itertools
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

EPOCH_MS = 1_420_070_400_000
FIRST_RESPONSE_SECONDS = 3.0
TOKEN_SECONDS = 15 * 60.0
NONCE_SECONDS = 120.0
"""For how long a message with an enforced nonce is not posted again; Discord says "the past few minutes"."""

_counter = itertools.count(1)


def snowflake() -> str:
    """A fresh id that grows with time, as Discord's do."""
    return str((int(time.time() * 1000) - EPOCH_MS) << 22 | next(_counter) & 0x3FFFFF)


def now_text() -> str:
    return datetime.now(UTC).isoformat()


@dataclass
class User:
    name: str
    id: str = field(default_factory=snowflake)
    bot: bool = False

    def data(self) -> dict[str, Any]:
        return {
            "id": self.id, "username": self.name, "global_name": self.name.title(), "discriminator": "0", "avatar": None, "bot": self.bot,
            "public_flags": 0,
        }  # fmt: skip


@dataclass
class Channel:
    name: str
    guild: Guild | None
    type: int = 0
    id: str = field(default_factory=snowflake)
    parent: str | None = None
    recipients: list[User] = field(default_factory=list)
    messages: dict[str, dict[str, Any]] = field(default_factory=dict)
    members: list[str] = field(default_factory=list)
    archived: bool = False
    locked: bool = False
    owner: str = ""

    def data(self) -> dict[str, Any]:
        told: dict[str, Any] = {"id": self.id, "type": self.type, "name": self.name, "flags": 0, "last_message_id": None}
        if self.guild is not None:
            told |= {
                "guild_id": self.guild.id,
                "position": 0,
                "permission_overwrites": [],
                "nsfw": False,
                "topic": None,
                "rate_limit_per_user": 0,
            }
        if self.type == 1:
            told["recipients"] = [user.data() for user in self.recipients]
        if self.parent:
            told |= {
                "parent_id": self.parent, "owner_id": self.owner, "message_count": len(self.messages), "member_count": len(self.members),
                "thread_metadata": {
                    "archived": self.archived, "locked": self.locked, "auto_archive_duration": 1440, "archive_timestamp": now_text(),
                    "invitable": True,
                },
            }  # fmt: skip
        return told


@dataclass
class Guild:
    name: str
    owner: User
    id: str = field(default_factory=snowflake)
    channels: list[Channel] = field(default_factory=list)
    members: dict[str, User] = field(default_factory=dict)
    roles: dict[str, dict[str, Any]] = field(default_factory=dict)
    roles_of: dict[str, list[str]] = field(default_factory=dict)
    """The roles of each user."""

    def create_role(self, name: str, position: int, permissions: int = 0) -> dict[str, Any]:
        role = {
            "id": snowflake(), "name": name, "permissions": str(permissions), "position": position, "color": 0, "hoist": False,
            "managed": False, "mentionable": False, "flags": 0,
        }  # fmt: skip
        self.roles[role["id"]] = role
        return role

    def permissions_of(self, user: User) -> str:
        return str((1 << 50) - 1 if user is self.owner else 0x0000_02FF_FFFF_FFD7 & ~(1 << 5) & ~(1 << 3))

    def member(self, user: User) -> dict[str, Any]:
        roles = self.roles_of.get(user.id, [])
        return {"user": user.data(), "roles": roles, "joined_at": "2026-01-01T00:00:00+00:00", "deaf": False, "mute": False, "flags": 0}

    def data(self, bot: User) -> dict[str, Any]:
        everyone = {
            "id": self.id, "name": "@everyone", "permissions": self.permissions_of(bot), "position": 0, "color": 0, "hoist": False,
            "managed": False, "mentionable": False, "flags": 0,
        }  # fmt: skip
        return {
            "id": self.id, "name": self.name, "owner_id": self.owner.id, "roles": [everyone, *self.roles.values()], "emojis": [], "stickers": [],
            "features": [], "channels": [c.data() for c in self.channels if not c.parent], "threads": [], "members": [self.member(bot)],
            "member_count": len(self.members) + 1, "large": False, "unavailable": False, "joined_at": "2026-01-01T00:00:00+00:00",
            "voice_states": [], "presences": [], "stage_instances": [], "guild_scheduled_events": [], "verification_level": 0,
            "default_message_notifications": 0, "explicit_content_filter": 0, "mfa_level": 0, "system_channel_id": None,
            "system_channel_flags": 0, "premium_tier": 0, "preferred_locale": "en-US", "nsfw_level": 0, "afk_timeout": 300,
            "premium_progress_bar_enabled": False, "soundboard_sounds": [], "icon": None, "splash": None, "discovery_splash": None,
            "description": None, "banner": None, "vanity_url_code": None, "application_id": None, "rules_channel_id": None,
            "public_updates_channel_id": None, "afk_channel_id": None, "max_members": 500000,
        }  # fmt: skip


@dataclass
class Interaction:
    """One interaction and all that the bot said to it. `first` is set with the first response (or when the 3 s are over)."""

    kind: int
    user: User
    channel: Channel
    id: str = field(default_factory=snowflake)
    token: str = field(default_factory=lambda: "token-" + snowflake())
    sent_at: float = field(default_factory=time.monotonic)
    responded_at: float | None = None
    acknowledged: bool = False
    ephemeral: bool = False
    message: dict[str, Any] | None = None
    """The message whose component was used, for component interactions and modals from them."""
    original: dict[str, Any] | None = None
    """The message that the first response made (or that an update changed)."""
    followups: list[dict[str, Any]] = field(default_factory=list)
    modal: dict[str, Any] | None = None
    choices: list[dict[str, Any]] | None = None
    first: asyncio.Event = field(default_factory=asyncio.Event)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def seconds(self) -> float | None:
        """From sending to the first response."""
        return None if self.responded_at is None else self.responded_at - self.sent_at


class World:
    """Everything that outlives the bot's process."""

    def __init__(self) -> None:
        self.bot = User("portside", bot=True)
        self.owner = User("owner")
        self.guilds: dict[str, Guild] = {}
        self.users: dict[str, User] = {self.bot.id: self.bot, self.owner.id: self.owner}
        self.channels: dict[str, Channel] = {}
        self.interactions: dict[str, Interaction] = {}
        self.commands: list[dict[str, Any]] = []
        self.command_puts = 0
        self.attachments: dict[str, tuple[str, bytes]] = {}
        self.nonces: dict[tuple[str, str], tuple[float, dict[str, Any]]] = {}

    def create_user(self, name: str) -> User:
        user = User(name)
        self.users[user.id] = user
        return user

    def create_guild(self, name: str, *channels: str) -> Guild:
        guild = Guild(name, self.owner)
        self.guilds[guild.id] = guild
        for channel in channels:
            self.create_channel(guild, channel)
        return guild

    def create_channel(self, guild: Guild, name: str) -> Channel:
        channel = Channel(name, guild)
        guild.channels.append(channel)
        self.channels[channel.id] = channel
        return channel

    def create_thread(self, parent: Channel, name: str, kind: int) -> Channel:
        assert parent.guild is not None
        thread = Channel(name, parent.guild, kind, parent=parent.id, owner=self.bot.id)
        parent.guild.channels.append(thread)
        self.channels[thread.id] = thread
        return thread

    def direct_channel(self, user: User) -> Channel:
        for channel in self.channels.values():
            if channel.type == 1 and channel.recipients == [user]:
                return channel
        channel = Channel("", None, 1, recipients=[user])
        self.channels[channel.id] = channel
        return channel

    def create_message(
        self, channel: Channel, author: User, payload: dict[str, Any], files: list[tuple[str, bytes]], *, webhook: bool = False
    ) -> dict[str, Any]:
        """A message as Discord would store it, kept in its channel."""
        message = {
            "id": snowflake(), "channel_id": channel.id, "author": author.data(), "content": payload.get("content") or "",
            "timestamp": now_text(), "edited_timestamp": None, "tts": False, "mention_everyone": False, "mentions": [], "mention_roles": [],
            "attachments": [self.attach(name, data) for name, data in files], "embeds": payload.get("embeds") or [],
            "components": numbered(payload.get("components") or []), "pinned": False, "type": 0, "flags": payload.get("flags") or 0,
        }  # fmt: skip
        if channel.guild is not None:
            message["guild_id"] = channel.guild.id
        if webhook:
            message["webhook_id"] = self.bot.id
            message["application_id"] = self.bot.id
        channel.messages[message["id"]] = message
        return message

    def edit_message(self, message: dict[str, Any], payload: dict[str, Any], files: list[tuple[str, bytes]]) -> None:
        for key in ("content", "embeds", "flags"):
            if payload.get(key) is not None:
                message[key] = payload[key]
        if "components" in payload:
            message["components"] = numbered(payload["components"] or [])
        if "attachments" in payload or files:
            kept = {str(a["id"]) for a in payload.get("attachments") or []}
            message["attachments"] = [a for a in message["attachments"] if a["id"] in kept] + [self.attach(n, d) for n, d in files]
        message["edited_timestamp"] = now_text()

    def attach(self, name: str, data: bytes) -> dict[str, Any]:
        identity = snowflake()
        self.attachments[identity] = (name, data)
        url = f"{self.base}/attachments/{identity}/{name}"
        return {
            "id": identity,
            "filename": name,
            "size": len(data),
            "url": url,
            "proxy_url": url,
            "content_type": "application/octet-stream",
        }

    base = ""


def numbered(components: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Components with the numeric ids that Discord gives to those that have none."""
    count = itertools.count(1)

    def visit(component: dict[str, Any]) -> dict[str, Any]:
        told = {"id": next(count), **component}
        if "components" in component:
            told["components"] = [visit(inner) for inner in component["components"]]
        for key in ("accessory", "component"):
            if component.get(key):
                told[key] = visit(component[key])
        return told

    return [visit(component) for component in components]
