"""Everything that a host may set, read once from the environment.

Responsible for: names, defaults and meanings of the environment variables, and one sentence for each value that cannot be used.
Leaves to others: acting on them (`bot.start` wires, `bot.frontend` connects).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

LOG_LEVELS = ("debug", "info", "warning", "error")


@dataclass(frozen=True, slots=True)
class Settings:
    """A host's choices. An empty `token` means that there is no Discord to go to: the practice page is shown instead."""

    token: str = field(default="", repr=False)
    api_url: str = ""
    """Base of a Discord-compatible REST server, e.g. `http://127.0.0.1:8080/api/v10`; empty is Discord itself."""
    gateway_url: str = ""
    """The gateway of that server, e.g. `ws://127.0.0.1:8080/gateway`."""
    database: Path = Path("data/portside.db")
    log_level: str = "info"
    shard_count: int | None = None
    """How many shards to open; None asks Discord how many it wants."""
    simulator_processes: int = 1
    simulator_seconds: float = 8.0
    """How long one manifest may keep a simulator process busy before it is stopped."""

    operators: frozenset[int] = frozenset()
    """Discord's ids of those who run this bot: they decide on reports from all servers, in direct messages."""

    threads: bool = True
    """Are drills held in private threads? The practice page shows none, so that there they are held in the channel."""

    @property
    def sign_of_life(self) -> Path:
        """The file that is touched while the bot is connected."""
        return self.database.with_suffix(".alive")

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Settings:
        """Reads the settings. Raises ValueError with one sentence per value that cannot be used."""
        faults: list[str] = []

        def number(name: str, default: float, least: float) -> float:
            given = environ.get(name, "").strip()
            if not given:
                return default
            try:
                value = float(given)
            except ValueError:
                value = -1.0
            if not least <= value < float("inf"):
                faults.append(f"{name} is {given!r}, but must be a number of at least {least:g}.")
                return default
            return value

        api_url, gateway_url = environ.get("DISCORD_API_URL", "").rstrip("/"), environ.get("DISCORD_GATEWAY_URL", "").rstrip("/")
        if bool(api_url) != bool(gateway_url):
            faults.append("DISCORD_API_URL and DISCORD_GATEWAY_URL belong together: set both, or neither.")
        log_level = environ.get("PORTSIDE_LOG_LEVEL", "info").lower()
        if log_level not in LOG_LEVELS:
            faults.append(f"PORTSIDE_LOG_LEVEL is {log_level!r}, but must be one of {', '.join(LOG_LEVELS)}.")
            log_level = "info"
        shards = number("PORTSIDE_SHARDS", 0, 0)
        operators = environ.get("PORTSIDE_OPERATORS", "").replace(",", " ").split()
        strange = [given for given in operators if not (given.isascii() and given.isdigit())]
        if strange:
            faults.append(f"PORTSIDE_OPERATORS holds {strange[0]!r}, but must be Discord ids of people, by commas.")
        settings = cls(
            token=environ.get("DISCORD_TOKEN", "").strip(),
            api_url=api_url,
            gateway_url=gateway_url,
            database=Path(environ.get("PORTSIDE_DATABASE", "") or "data/portside.db"),
            log_level=log_level,
            shard_count=int(shards) or None,
            simulator_processes=int(number("PORTSIDE_SIMULATOR_PROCESSES", 1, 1)),
            simulator_seconds=number("PORTSIDE_SIMULATOR_SECONDS", 8.0, 0.1),
            operators=frozenset(int(given) for given in operators if given not in strange),
        )
        if faults:
            raise ValueError("\n".join(faults))
        return settings
