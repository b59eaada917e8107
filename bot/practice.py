"""The practice page: the very same bot in simcord's world, shown in the browser. What runs where there is no token.

Responsible for: a server with a study channel, a few learners and a host to switch between, a clock that runs, `--demo`.
Leaves to others: the page itself (simcord's preview), everything that the bot does.
The world is made anew at each start, with the same people; what they have learnt stays in the database.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import discord
import simcord
from simcord.preview import Preview

from bot.app.workers import Workers
from bot.frontend.client import Bot, build_bot
from bot.library import load
from bot.settings import Settings
from bot.storage import Storage

LEARNERS = ("ada", "grace", "linus")
HOST = "barbara"
"""Somebody who may manage the server, for `/settings`, `/pack` and `/reports`."""
TICK = 1.0
"""Seconds between two moves of the world's clock."""

WELCOME = """## Welcome to the practice page
This is Portside as your study group would see it on Discord, running on this machine alone. Nothing leaves it.
- `/check-manifest`: paste a Service and a Deployment, and see where requests end up
- `/lesson`: start reading; each chunk ends with a question
- `/quiz`: a few questions, with a reason for every option
- `/help`: everything else

You are one of three learners, or Barbara, who hosts the server: the box above switches between them."""

BROKEN = """\
apiVersion: v1
kind: Service
metadata:
  name: production-api-svc
spec:
  selector:
    app: production-backend-api
  ports:
  - port: 80
    targetPort: 8080
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: backend-api
spec:
  replicas: 2
  selector:
    matchLabels:
      app: backend-api
  template:
    metadata:
      labels:
        app: backend-api
    spec:
      containers:
      - name: api
        image: registry.example/backend-api:1.4
        ports:
        - containerPort: 8080
"""


class World:
    """A server with a study channel and some learners around the bot."""

    def __init__(self, bot: Bot, clock: Callable[[], datetime]) -> None:
        self.env = simcord.Env(bot, shard_count=1, settle_timeout=30, check_errors=False)
        self._clock = clock
        self.env.backend.edit_bot_profile("Portside")
        # All are made at the world's own beginning: their ids depend on its clock, and what is kept is kept by these ids.
        users = [self.env.create_user(name, global_name=name.title()) for name in (*LEARNERS, HOST)]
        guild = self.env.create_guild(name="Study group")
        hosts = guild.create_role("Hosts", permissions=discord.Permissions(manage_guild=True, manage_messages=True, manage_roles=True))
        self.channel = guild.create_text_channel("kubernetes-networking")
        self.learners = [guild.add_member(user, roles=[hosts] if user is users[-1] else []) for user in users]
        guild.create_role("Network expert")
        self.env.backend.clock.advance((clock() - self.env.now()).total_seconds())

    async def __aenter__(self) -> World:
        await self.env.start()
        await self.env.bot.get_channel(self.channel.id).send(WELCOME)  # type: ignore[union-attr]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.env.shutdown()

    async def keep_time(self, page: Preview) -> None:
        """Moves the world's clock with this machine's, and shows what the bot did of its own accord. Never ends."""
        turn = _in_turn(page)
        while True:
            await asyncio.sleep(TICK)
            async with turn:
                said = len(self.env.http_requests)
                await self.env.advance_time(max(0.0, (self._clock() - self.env.now()).total_seconds()))
                # A new edition of the page makes what a person was about to press outdated: only when there is something new.
                if len(self.env.http_requests) > said:
                    await page.refresh()


def _in_turn(page: Preview) -> asyncio.Lock:
    """The lock by which people's acts and the clock's wait for each other, where simcord would refuse the second one."""
    lock, act = asyncio.Lock(), page._action

    async def wait_and_act(*given: Any) -> Any:
        async with lock:
            return await act(*given)

    page._action = wait_and_act  # type: ignore[method-assign, assignment]
    return lock


async def show_page(settings: Settings, clock: Callable[[], datetime], random: Random, port: int) -> None:
    """Shows the page on this machine until it is ended or interrupted. A port of 0 takes any free one."""
    storage = Storage.open(settings.database)
    workers = Workers.processes(settings.simulator_processes, settings.simulator_seconds)
    try:
        await workers.warm_up()
        async with (
            World(build_bot(replace(settings, threads=False), load(), storage, workers, clock, random), clock) as world,
            world.env.preview(world.channel, viewers=world.learners, layout="channel", port=port) as page,
        ):
            print(f"The practice page is at {page.url}", flush=True)
            print("Try this first: type /check-manifest in the box at the bottom, and paste a Service with its Deployment.", flush=True)
            await _until_ended(page, world)
    finally:
        workers.close()
        storage.close()


async def _until_ended(page: Preview, world: World) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    tasks = [asyncio.create_task(work) for work in (stop.wait(), page.wait_closed(), world.keep_time(page))]
    _, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()


async def demonstrate(settings: Settings, clock: Callable[[], datetime], random: Random) -> None:
    """Ada checks a Service whose selector matches nothing, asks for the hint and then for the fix. Nothing is kept."""
    with TemporaryDirectory() as folder:
        storage = Storage.open(Path(folder) / "demo.db")
        workers = Workers.processes(settings.simulator_processes, settings.simulator_seconds)
        try:
            async with World(build_bot(settings, load(), storage, workers, clock, random), clock) as world:
                await _conversation(world)
        finally:
            workers.close()
            storage.close()


async def _conversation(world: World) -> None:
    ada = world.learners[0]
    _say("ada", "/check-manifest\n\n" + BROKEN)
    form = await ada.slash(world.channel, "check-manifest")
    assert form.modal is not None
    told = await ada.submit_modal(form, {form.modal["components"][0]["component"]["custom_id"]: BROKEN})
    assert told.response is not None
    _say("Portside", "\n".join(_lines(told.response.components)))
    for label in ("Hint", "Fix"):
        button = next(part for part in _parts(told.response.components) if str(part.get("label", "")).startswith(label))
        _say("ada", f"presses [{button['label']}]")
        pressed = await ada.click(told.response, custom_id=button["custom_id"])
        assert pressed.response is not None
        _say("Portside", "\n".join(_lines(pressed.response.components)))


def _say(who: str, text: str) -> None:
    print(f"{who}:")
    print("\n".join(f"    {line}".rstrip() for line in text.splitlines()), end="\n\n", flush=True)


def _lines(components: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """A message as text: what it says, and its buttons in brackets."""
    for part in _parts(components):
        if "content" in part:
            yield part["content"]
        elif part.get("label"):
            yield f"[{part['label']}]"


def _parts(components: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for component in components:
        yield component
        yield from _parts(component.get("components") or ())
