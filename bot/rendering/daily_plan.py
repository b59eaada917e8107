"""How a host sets the question of the day.

Responsible for: its settings in words, their menus, the form for time and zone.
Leaves to others: words (`templates`), what a click does (`bot.app.daily_plan`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time

from bot.learning.hosting import ANY, DailyPlan
from bot.learning.items import PACK, Level
from bot.rendering.escape import inline_code, shortened
from bot.rendering.form import Form, Line
from bot.rendering.notices import notice
from bot.rendering.reply import Button, Buttons, Entry, Kind, Menu, Pick, Reply, Rule, Style, Text
from bot.rendering.server_settings import BACK, levels
from bot.rendering.templates import text

_WHAT_COMES = (
    "-# It pings nobody. Everybody answers by a button, unseen, and may change it;"
    " a day later the same message shows how the answers fell and why."
)


def in_words(plan: DailyPlan, topic: str, written: int, made: int, missing: Sequence[str] | None) -> Text:
    """The plan, how many questions fit it, and what hinders it: `missing` permissions, None: the channel is no longer there.

    `topic` is what the chosen topic or pack is called; "": it is every one, or one that is no longer there.
    """
    return text(
        "settings_daily", plan=plan, topic=topic, at=f"{plan.at:%H:%M}", when=_moment(plan.following), written=written, made=made,
        gone=missing is None, missing=missing or (), fault=plan.fault.value if plan.fault else "",
    )  # fmt: skip


def settings(words: Text, plan: DailyPlan, channel: int, topics: Mapping[str, str]) -> Reply:
    """The plan with its menus; `channel` is 0 where the chosen one no longer exists."""
    entries = [Entry(shortened(title, 100), name, chosen=name == plan.topic) for name, title in topics.items()]
    ours = (Entry("Every topic", ANY, chosen=plan.topic == ANY), *(entry for entry in entries if not entry.value.startswith(PACK)))
    own = tuple(entry for entry in entries if entry.value.startswith(PACK))
    on = plan.following is not None
    switch = Button("Switch off", "settings-daily-switch:off", Style.DANGER) if on else None
    switch = switch or Button("Switch on", "settings-daily-switch:on", Style.SUCCESS, disabled=not channel)
    chosen = plan.levels or tuple(level.value for level in Level)
    return Reply(
        (
            words,
            Text(_WHAT_COMES),
            Rule(),
            Text("**Channel**"),
            Pick("settings-daily-channel", "Choose a channel ...", Kind.CHANNELS, (channel,) if channel else ()),
            Text("**Topic and levels**"),
            Menu("settings-daily-topic", "Topic ...", ours[:25]),
            *((Menu("settings-daily-pack", "Or one of your own packs ...", own[:25]),) if own else ()),
            Menu("settings-daily-levels", "Levels ...", levels(chosen), most=len(Level)),
            Buttons((switch, Button("Time and zone ...", "settings-daily-when"))),
            Buttons((BACK,)),
        )
    )


def when(plan: DailyPlan) -> Form:
    return Form(
        "Question of the day",
        "settings-daily-time",
        (
            Line("time", "Time", "As 18:30, by the clock of the zone below", f"{plan.at:%H:%M}", most=5),
            Line("zone", "Time zone", "A city or a whole name, as Berlin or Europe/Berlin", plan.zone, most=60),
        ),
    )


def which_zone(typed: str, names: Sequence[str], at: time, *, several: int) -> Reply:
    """Several zones hold what was typed, or none does and these look like it."""
    given = inline_code(shortened(typed.strip(), 60))
    if not names:
        return notice(f"I know no time zone {given}. Take the name of a large city nearby, as `Berlin` or `Sao_Paulo`.")
    words = f"{several} time zones have {given} in their name." if several else f"I know no time zone {given}. These look like it."
    more = f" These are the first {len(names)}; for another one, type more of its name." if several > len(names) else ""
    menu = Menu(f"settings-daily-zone:{at:%H.%M}", "Which one?", tuple(Entry(name, name) for name in names))
    return Reply(
        (Text(words + more), menu, Buttons((Button("Type it again ...", "settings-daily-when"), Button("Back", "settings-daily"))))
    )


def _moment(at: datetime | None) -> str:
    return f"<t:{int(at.timestamp())}:f>, <t:{int(at.timestamp())}:R>" if at else ""
