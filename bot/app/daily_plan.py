"""What a host chooses for the question of the day: channel, time and zone, topic, levels, on or off.

Responsible for: these settings, each with what hinders the bot.
Leaves to others: the question itself (`daily_question`), the look (`bot.rendering.daily_plan`), who may choose (the cog).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from bot.app.daily_question import DailyQuestion
from bot.app.surroundings import Surroundings
from bot.app.time_zones import clock_time, nearest, zones
from bot.learning.hosting import ANY, DailyPlan
from bot.learning.items import Level
from bot.learning.reminder import next_reminder, zone_of
from bot.rendering import daily_plan as look
from bot.rendering import notices
from bot.rendering.form import Filled, Form
from bot.rendering.reply import Reply, Text
from bot.storage import Database, Storage, daily_plans

_SHOWN = 25
"""Zones that a menu holds."""


class DailyPlans:
    def __init__(self, storage: Storage, daily: DailyQuestion, clock: Callable[[], datetime]) -> None:
        self._storage, self._daily, self._clock = storage, daily, clock

    async def in_words(self, server: int, around: Surroundings) -> Text:
        """The plan in words, for the screen of all settings."""
        return await self._in_words(server, await self._storage.read(lambda db: daily_plans.of(db, server)), around)

    async def settings(self, server: int, around: Surroundings) -> Reply:
        """The plan with the menus to change it."""
        plan = await self._storage.read(lambda db: daily_plans.of(db, server))
        there = plan.channel if around.missing_in(plan.channel) is not None else 0
        return look.settings(await self._in_words(server, plan, around), plan, there, self._daily.topics(server))

    async def form(self, server: int) -> Form:
        """The form for time and zone."""
        return look.when(await self._storage.read(lambda db: daily_plans.of(db, server)))

    async def set_channel(self, server: int, around: Surroundings, channel: int) -> Reply:
        """0, or a channel that is not on this server: none, which switches the question off."""
        here = channel if around.missing_in(channel) is not None else 0

        def change(plan: DailyPlan) -> DailyPlan:
            return replace(plan, channel=here, fault=None, failures=0, following=plan.following if here else None)

        return await self._change(server, around, change)

    async def set_topic(self, server: int, around: Surroundings, topic: str) -> Reply:
        known = topic if topic in self._daily.topics(server) else ANY
        return await self._change(server, around, lambda plan: replace(plan, topic=known, fault=None))

    async def set_levels(self, server: int, around: Surroundings, levels: Sequence[str]) -> Reply:
        known = tuple(level.value for level in Level if level.value in levels)
        return await self._change(server, around, lambda plan: replace(plan, levels=known if len(known) < len(Level) else (), fault=None))

    async def switch(self, server: int, around: Surroundings, to: str) -> Reply:
        """On or off. Without a channel it stays off."""

        def change(plan: DailyPlan) -> DailyPlan:
            on = to == "on" and plan.channel
            return replace(plan, following=self._following(plan) if on else None, fault=None, failures=0)

        return await self._change(server, around, change)

    async def set_when(self, server: int, around: Surroundings, filled: Filled) -> Reply:
        """Time and zone as they were typed."""
        at = clock_time(str(filled.get("time") or ""))
        if at is None:
            return notices.notice("I read times as `18:30`. Nothing was changed.")
        return await self.set_zone(server, around, str(filled.get("zone") or ""), at)

    async def set_zone(self, server: int, around: Surroundings, typed: str, at: time | None = None) -> Reply:
        """The zone by its name or a part of it; a menu where several fit. With `at`, the time as well."""
        found = [name for name in zones(typed) if name.casefold() == typed.strip().casefold()] or zones(typed)
        if len(found) != 1:
            plan = await self._storage.read(lambda db: daily_plans.of(db, server))
            return look.which_zone(typed, found[:_SHOWN] or nearest(typed), at or plan.at, several=len(found))
        return await self._change(server, around, lambda plan: replace(plan, zone=found[0], at=at or plan.at))

    async def _change(self, server: int, around: Surroundings, change: Callable[[DailyPlan], DailyPlan]) -> Reply:
        def keep(db: Database) -> None:
            before = daily_plans.of(db, server)
            plan = change(before)
            moved = (plan.at, plan.zone) != (before.at, before.zone) and plan.following
            daily_plans.save(db, server, replace(plan, following=self._following(plan)) if moved else plan)

        await self._storage.write(keep)
        return await self.settings(server, around)

    def _following(self, plan: DailyPlan) -> datetime:
        return next_reminder(plan.at, zone_of(plan.zone) or ZoneInfo("UTC"), self._clock())

    async def _in_words(self, server: int, plan: DailyPlan, around: Surroundings) -> Text:
        written, made = await self._daily.stock(server, plan)
        missing = around.missing_in(plan.channel) if plan.channel else ()
        return look.in_words(plan, self._daily.topics(server).get(plan.topic, ""), len(written), len(made), missing)
