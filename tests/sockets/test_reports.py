"""Reports over real sockets: decided, killed before anybody was told, and told once all the same."""

from __future__ import annotations

import sqlite3
from typing import Any

from bot.storage import Storage
from tests.discord_server import DiscordServer, Person
from tests.discord_server.people import seen, texts
from tests.sockets.conftest import BotProcess
from tests.sockets.test_rounds import until


def rows(bot: BotProcess, table: str) -> int:
    with sqlite3.connect(bot.database) as db:
        return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def received(server: DiscordServer, person: Person) -> list[dict[str, Any]]:
    """The direct messages that the bot has sent to a person."""
    return list(server.world.direct_channel(person.user).messages.values())


async def test_a_decision_is_told_once_after_kill_9(server: DiscordServer, bot: BotProcess, ada: Person) -> None:
    """Killed while a form is open, right after the decision, and right after the telling: nothing is lost and nothing comes twice."""
    host = Person(server, server.world.owner, ada.channel)
    await bot.start()
    quiz = (await ada.slash("quiz", length=1)).original
    assert quiz is not None
    answered = await ada.click(quiz, "A")
    if "Report" not in texts(quiz):
        await seen(answered, "[Report]")
    window = await ada.click(quiz, "Report")
    await bot.kill()
    await bot.start()
    receipt = await ada.submit(window, reason="key", words="I tried it.")
    assert "your report is in" in texts(await seen(receipt, "your report is in"))
    assert rows(bot, "reports") == 1

    queue = (await host.slash("reports")).original
    assert queue is not None
    (case,) = [o["value"] for row in queue["components"][0]["components"] for c in row.get("components", [])
               for o in c.get("options", []) if c["custom_id"] == "portside.reports-open"]  # fmt: skip
    await seen(await host.choose(queue, case), "I tried it.")
    form = await host.click(queue, "Keep it")
    decided = await host.submit(form, words="Look at the second Pod.")
    await seen(decided, "It stays as it is.")
    await bot.kill()
    assert rows(bot, "tidings") == 1
    assert received(server, ada) == []

    await bot.start()
    await until(lambda: rows(bot, "tidings") == 0, 20, lambda: "nobody was told")
    assert "They say: Look at the second Pod." in texts(received(server, ada)[0])
    await bot.kill()
    await bot.start()
    helped = await ada.slash("help")
    await seen(helped, "Welcome to Portside")
    assert len(received(server, ada)) == 1
    assert helped.followups == []


async def test_a_correction_goes_on_after_kill_9(bot: BotProcess) -> None:
    """Killed in the middle of the answers of many: those that were left are corrected after the start, each person's once."""
    many, item = 500, "slice-conditions-of-a-leaver"
    Storage.open(bot.database).close()
    with sqlite3.connect(bot.database) as db:
        answers = [(10**17 + n, item, f"s{n}") for n in range(many)]
        given = (
            "INSERT INTO attempts (learner, item, skill, session, step, option, correct, at) VALUES (?, ?, '', ?, 0, 1, 0, '2026-11-01')"
        )
        db.executemany(given, answers)
        db.execute("INSERT INTO decisions VALUES (1, 'q', ?, 0, 'void', -1, '', '2026-11-02')", [item])
        db.execute("INSERT INTO corrections (decision, belief, last, at, moved) VALUES (1, '', ?, 0, 0)", [many])
    await bot.start()
    await until(lambda: rows(bot, "tidings") > 0, 20, lambda: "nothing was corrected")
    await bot.kill()
    assert rows(bot, "corrections") == 1
    assert rows(bot, "tidings") == rows(bot, "attempts WHERE voided") < many
    await bot.start()
    await until(lambda: rows(bot, "corrections") == 0, 30, lambda: "it did not go on")
    assert rows(bot, "tidings") == rows(bot, "attempts WHERE voided") == many
