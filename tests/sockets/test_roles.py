"""Roles over real sockets: given after the learner's yes, once, also by a bot that was killed before it could note so."""

from __future__ import annotations

import sqlite3

from tests.discord_server import DiscordServer, Person
from tests.discord_server.people import seen, texts
from tests.discord_server.server import MANAGE_ROLES
from tests.sockets.conftest import BotProcess
from tests.sockets.test_rounds import until


async def test_a_role_is_given_to_who_wants_it_and_survives_kill_9(server: DiscordServer, bot: BotProcess, ada: Person) -> None:
    """One that Discord refuses to hand out does no harm; the other is given, and noted after the next command at the latest."""
    guild = ada.channel.guild
    assert guild is not None
    own = guild.create_role("Portside", 5, MANAGE_ROLES)
    guild.roles_of[server.world.bot.id] = [own["id"]]
    given, above = guild.create_role("Expert", 1), guild.create_role("Above", 9)
    await bot.start()
    with sqlite3.connect(bot.database, timeout=10) as db:
        for role in (given, above):
            db.execute("INSERT INTO role_rewards VALUES (?, ?, 1, '')", [int(guild.id), int(role["id"])])
        db.execute("INSERT INTO abilities VALUES (?, 'svc-selector-match', 0, 3, 'mastered')", [int(ada.user.id)])
    asked = await ada.slash("progress")
    offer = await seen(asked, "You have earned a role on this server")
    server.slow = lambda request: 20.0 if request.method == "PUT" and "/roles/" in request.path else 0.0
    await ada.click(offer, "Yes")
    await until(lambda: guild.roles_of.get(ada.user.id) == [given["id"]], 10, lambda: "no role was given")
    await bot.kill()
    server.slow = lambda request: 0.0

    await bot.start()
    shown = (await ada.slash("roles")).original
    assert f"<@&{given['id']}> for mastering 1 skill: ✓ yours" in texts(shown)
    assert "I may not give this role at present" in texts(shown)
    assert guild.roles_of[ada.user.id] == [given["id"]]
    assert server.counts["PUT /api/v10/guilds/{guild}/members/{user}/roles/{role}"] == 1
    assert server.refusals == []
