"""A sign of life for whoever watches the container: a file that is touched while every shard is connected.

Responsible for: touching it, and judging its age.
Leaves to others: when to ask (`python -m bot health`, the image's health check; so nothing large is imported here).
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import discord

EVERY = 20.0
"""Seconds between two touches."""

FRESH = timedelta(seconds=90)
"""How old the newest touch may be."""


async def beat(bot: discord.AutoShardedClient, sign: Path) -> None:
    """Touches the file for as long as the bot is connected. Never ends."""
    while not bot.is_ready():
        await asyncio.sleep(0.5)
    while True:
        if all(isfinite(latency) for _, latency in bot.latencies):
            await asyncio.to_thread(sign.touch)
        await asyncio.sleep(EVERY)


def alive(sign: Path, now: datetime) -> bool:
    """Was the file touched lately?"""
    try:
        touched = sign.stat().st_mtime
    except OSError:
        return False
    return now.timestamp() - touched < FRESH.total_seconds()
