"""People: what they type, press and send, and what they then see.

Responsible for: turning a person's act into an interaction's data, as Discord's client does; finding buttons by their label.
Leaves to others: delivery and the bot's answer (`server`).
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

from tests.discord_server.limits import walk
from tests.discord_server.server import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL, DiscordServer
from tests.discord_server.world import Channel, Interaction, User, snowflake

OPTION_TYPES = {str: 3, int: 4, bool: 5}
ROLES = 6
"""The type of a select of roles; 8 is one of channels."""


def texts(message: dict[str, Any] | None) -> str:
    """All that a message shows, top to bottom: its content, text displays, buttons in [brackets], files."""
    if message is None:
        return ""
    lines = [message.get("content") or ""]
    for _, component in walk(message.get("components") or []):
        if component.get("type") == 10:
            lines.append(component["content"])
        elif component.get("type") == 2:
            lines.append(f"[{component.get('label') or ''}]")
    lines += [f"<{a['filename']}>" for a in message.get("attachments") or []]
    return "\n".join(line for line in lines if line)


class Person:
    """Somebody in a channel. Every act returns the interaction with the bot's first response (or none within 3 s)."""

    def __init__(self, server: DiscordServer, user: User, channel: Channel) -> None:
        self.server = server
        self.user = user
        self.channel = channel

    def _command(self, name: str, kind: int) -> dict[str, Any]:
        first = name.split()[0] if kind == 1 else name
        found = next((c for c in self.server.world.commands if c["name"] == first and c["type"] == kind), None)
        assert found is not None, f"no command {first!r}; there are {sorted(c['name'] for c in self.server.world.commands)}"
        return found

    def _slash_data(self, name: str, options: dict[str, Any], focused: str = "") -> dict[str, Any]:
        command = self._command(name, 1)
        resolved: dict[str, Any] = {}
        leaf: list[dict[str, Any]] = []
        known, inner = command.get("options") or [], name.split()[1:]
        for step in inner:
            known = next(o for o in known if o["name"] == step).get("options") or []
        types = {o["name"]: o["type"] for o in known}
        for key, value in options.items():
            assert key in types, f"/{name} has no option {key!r}; there are {sorted(types)}"
            if isinstance(value, tuple):
                attachment = self.server.world.attach(*value)
                resolved.setdefault("attachments", {})[attachment["id"]] = attachment
                value = attachment["id"]
            leaf.append({"name": key, "type": types[key], "value": value, **({"focused": True} if key == focused else {})})
        for depth, step in enumerate(reversed(inner)):
            leaf = [{"name": step, "type": 1 if depth == 0 else 2, "options": leaf}]
        return {"id": command["id"], "name": command["name"], "type": 1, "options": leaf, **({"resolved": resolved} if resolved else {})}

    async def slash(self, name: str, **options: Any) -> Interaction:
        """`/name` with options; subcommands by a space. A file is a tuple of name and bytes."""
        return await self.server.interact(Interaction(COMMAND, self.user, self.channel), self._slash_data(name, options))

    async def autocomplete(self, name: str, option: str, typed: str, **options: Any) -> list[dict[str, Any]]:
        data = self._slash_data(name, {**options, option: typed}, focused=option)
        interaction = await self.server.interact(Interaction(AUTOCOMPLETE, self.user, self.channel), data)
        return interaction.choices or []

    async def context_menu(self, name: str, message: dict[str, Any]) -> Interaction:
        command = self._command(name, 3)
        data = {
            "id": command["id"],
            "name": name,
            "type": 3,
            "target_id": message["id"],
            "resolved": {"messages": {message["id"]: message}},
        }
        return await self.server.interact(Interaction(COMMAND, self.user, self.channel), data)

    async def click(self, message: dict[str, Any], label: str) -> Interaction:
        """Presses the first enabled button whose label contains `label`."""
        buttons = [c for _, c in walk(message["components"]) if c.get("type") == 2]
        button = next((b for b in buttons if label in (b.get("label") or "") and not b.get("disabled")), None)
        assert button is not None, f"no button {label!r}; there are {[b.get('label') for b in buttons]}"
        return await self.press(message, button["custom_id"])

    async def press(self, message: dict[str, Any], custom_id: str) -> Interaction:
        interaction = Interaction(COMPONENT, self.user, self.channel, message=message)
        return await self.server.interact(interaction, {"custom_id": custom_id, "component_type": 2})

    async def choose(self, message: dict[str, Any], *values: str) -> Interaction:
        """Picks values in the message's first select that has them."""
        selects = [c for _, c in walk(message["components"]) if c.get("type") == 3]
        select = next(s for s in selects if set(values) <= {o["value"] for o in s["options"]})
        interaction = Interaction(COMPONENT, self.user, self.channel, message=message)
        return await self.server.interact(interaction, {"custom_id": select["custom_id"], "component_type": 3, "values": list(values)})

    async def pick(self, message: dict[str, Any], custom_id: str, *ids: str) -> Interaction:
        """Picks channels or roles, none as well, in the message's native select of this custom_id."""
        select = next(c for _, c in walk(message["components"]) if c.get("custom_id") == custom_id)
        least, most = select.get("min_values", 1), select.get("max_values", 1)
        assert least <= len(ids) <= most, f"{len(ids)} picked; Discord's client lets one pick {least} to {most}"
        guild = self.channel.guild
        assert guild is not None
        if select["type"] == ROLES:
            resolved = {"roles": {role: guild.roles[role] for role in ids}}
        else:
            found = {channel.id: channel for channel in guild.channels}
            resolved = {"channels": {each: {**found[each].data(), "permissions": guild.permissions_of(self.user)} for each in ids}}
        data = {"custom_id": custom_id, "component_type": select["type"], "values": list(ids), "resolved": resolved}
        return await self.server.interact(Interaction(COMPONENT, self.user, self.channel, message=message), data)

    async def submit(self, opened: Interaction, **fields: Any) -> Interaction:
        """Fills in the modal that an interaction opened, by custom_id, and sends it. A file is a tuple of name and bytes."""
        assert opened.modal is not None, "no modal was opened"
        # Nobody fills in a form within the milliseconds that the bot takes to hear that it was shown.
        await asyncio.sleep(0.05)
        resolved: dict[str, Any] = {}
        components = []
        for component in opened.modal["components"]:
            inner = component.get("component") or (component.get("components") or [None])[0]
            if inner is None or "custom_id" not in inner:
                continue
            value = fields.get(inner["custom_id"])
            filled: dict[str, Any] = {"type": inner["type"], "custom_id": inner["custom_id"], "id": inner.get("id", 0)}
            if inner["type"] == 19:
                files = [self.server.world.attach(*value)] if value else []
                resolved.setdefault("attachments", {}).update({f["id"]: f for f in files})
                filled["values"] = [f["id"] for f in files]
            elif inner["type"] in (3, 22):
                filled["values"] = list(value or [])
            else:
                filled["value"] = value if value is not None else ("" if inner["type"] == 4 else None)
            if component["type"] == 18:
                components.append({"type": 18, "id": component.get("id", 0), "component": filled})
            else:
                components.append({"type": 1, "components": [filled]})
        data: dict[str, Any] = {"custom_id": opened.modal["custom_id"], "components": components}
        if resolved:
            data["resolved"] = resolved
        return await self.server.interact(Interaction(MODAL, self.user, self.channel, message=opened.message), data)

    async def say(self, text: str) -> dict[str, Any]:
        """An ordinary message; the bot gets it only if its intents ask for it, without content in a guild."""
        message = self.server.world.create_message(self.channel, self.user, {"content": text}, [])
        told = {**message, "content": text if self.channel.guild is None else ""}
        if self.channel.guild is not None:
            told["member"] = {k: v for k, v in self.channel.guild.member(self.user).items() if k != "user"}
        await self.server.gateway.dispatch("MESSAGE_CREATE", {**told, "nonce": snowflake()}, self.channel)
        return message


async def seen(interaction: Interaction, wanted: str, seconds: float = 10.0) -> dict[str, Any]:
    """Waits until a message of the bot's answer shows `wanted`; fails with all that was shown instead."""
    deadline = time.monotonic() + seconds
    while True:
        messages = [m for m in [interaction.original, *interaction.followups] if m is not None]
        for message in messages:
            if wanted in texts(message):
                return message
        left = deadline - time.monotonic()
        shown = "\n---\n".join(texts(m) for m in messages)
        assert left > 0, f"{wanted!r} was not shown in {seconds} s; shown was:\n{shown or '(nothing)'}"
        interaction.changed.clear()
        try:
            await asyncio.wait_for(interaction.changed.wait(), min(left, 0.5))
        except TimeoutError:
            continue
