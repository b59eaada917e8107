"""A small Discord-compatible server on loopback, for what needs real sockets: restarts by kill -9, network faults, load.

Responsible for: the REST routes and the gateway that the bot uses, with Discord's own limits, deadlines, rate limits and error codes;
people who type commands, press buttons and send forms (`people`). It refuses what Discord refuses, and what it does not know: a route or
a field that is missing here fails loudly instead of passing.
Leaves to others: everything that simcord checks within one process.
Mirrors: Discord's public API documentation, version 10 (interactions, messages, components, application commands, gateway).
"""

from tests.discord_server.people import Interaction, Person
from tests.discord_server.server import DiscordServer

__all__ = ["DiscordServer", "Interaction", "Person"]
