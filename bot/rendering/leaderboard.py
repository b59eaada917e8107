"""How the leaderboard looks. Names are Discord's own mentions, which nobody is notified of.

Responsible for: the layout of the board, and of what was chosen.
Leaves to others: who is on it (`bot.app.show_leaderboard`).
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.rendering.reply import Button, Buttons, Reply, Style, Text, Tone
from bot.rendering.templates import text

_TOLD = {
    "private": "You are on no leaderboard.",
    "server": "You are on the leaderboard of this server.",
    "public": "You are on the leaderboard of everywhere, and on the one of the server where you say so.",
}


def board(ranks: Sequence[tuple[int, int, int]], *, everywhere: bool, seen: bool) -> Reply:
    """The ranks as (learner, skills mastered, right answers), and the way onto the board or off it."""
    words = text("leaderboard", ranks=ranks, everywhere=everywhere, seen=seen)
    off = Button("Take me off", "board-seen:private")
    on = Button("Put me on it", f"board-seen:{'public' if everywhere else 'server'}", Style.PRIMARY)
    return Reply((words, Buttons((off if seen else on,))))


def seen(how: str) -> Reply:
    return Reply((Text(f"{_TOLD[how]} `/leaderboard` changes it at any time."),), Tone.GOOD)
