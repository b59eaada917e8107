"""A message that everybody in a channel sees and that follows a session's state.

Responsible for: its shape.
Leaves to others: what it shows (`run_round`, `run_drill`), bringing it to Discord (`bot.frontend.boards`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.rendering.reply import Reply


@dataclass(frozen=True, slots=True)
class Board:
    """`name` tells a session's boards apart; `message` is None while there is none. A `final` one will never change again.

    With `nonce`, Discord posts it once within some minutes, however often it is sent; `since` (else None) says that it may have been
    posted before that, at this time at the earliest, by a bot that was killed before it could note so: it has to be looked for.
    """

    name: str
    channel: int
    message: int | None
    reply: Reply
    final: bool = False
    nonce: str = ""
    since: datetime | None = None
