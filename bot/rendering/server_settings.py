"""How a server's settings look to its hosts, and what somebody reads whom they keep from starting a round.

Responsible for: the screen of all settings, the one of rounds and drills, what their menus carry.
Leaves to others: words (`templates`), what a click does (`bot.app.server_settings`).
Channels and roles are named by mention, which nobody is notified of.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.learning.hosting import ANY, EVERYBODY, MODERATORS, GroupChoices
from bot.learning.items import Level
from bot.rendering.notices import notice
from bot.rendering.reply import Button, Buttons, Entry, Kind, Menu, Pick, Reply, Rule, Text
from bot.rendering.templates import text

BACK = Button("Back to all settings", "settings-show")


def overview(sections: Sequence[Text]) -> Reply:
    """Everything that is set, and the ways to change it."""
    parts = [block for section in sections for block in (Rule(), section)]
    named = (("Rounds and drills", "settings-rounds"), ("Question of the day", "settings-daily"), ("Roles", "settings-roles"))
    ways = tuple(Button(label, action) for label, action in named)
    return Reply((Text("## Settings of this server"), *parts, Rule(), Text("Change (each choice holds at once):"), Buttons(ways)))


def rounds_in_words(chosen: GroupChoices, hindered: Sequence[tuple[int, Sequence[str]]], gone: int, *, role_gone: bool) -> Text:
    """`hindered`: chosen channels with the permissions that the bot lacks there; `gone`: how many of them are no longer there."""
    return text("settings_rounds", chosen=chosen, hindered=hindered, gone=gone, role_gone=role_gone)


def rounds(words: Text, chosen: GroupChoices, channels: Sequence[int], role: int, *, most: int) -> Reply:
    """The settings of rounds and drills with their menus; `channels` and `role` are those of the choices that still exist."""
    everywhere = Button("Everywhere", "settings-everywhere", disabled=not chosen.channels)
    everybody = Button("Everybody", "settings-who:everybody", disabled=chosen.starters == EVERYBODY)
    moderators = Button("Moderators only", "settings-who:moderators", disabled=chosen.starters == MODERATORS)
    return Reply(
        (
            words,
            Rule(),
            Text("**Where**"),
            Pick("settings-channels", "Only in these channels ...", Kind.CHANNELS, tuple(channels), most),
            Buttons((everywhere,)),
            Text("**Who may start one**"),
            Pick("settings-role", "People with this role, and moderators ...", Kind.ROLES, (role,) if role else ()),
            Buttons((everybody, moderators)),
            Text("**Level, unless somebody chooses one**"),
            Menu("settings-level", "Level ...", levels((chosen.level,), ANY)),
            Buttons((BACK,)),
        )
    )


def levels(chosen: Sequence[str], *others: str) -> tuple[Entry, ...]:
    """The levels as entries of a menu."""
    named = [*((other, "Any level") for other in others), *((level.value, level.value.title()) for level in Level)]
    return tuple(Entry(label, value, chosen=value in chosen) for value, label in named)


def for_hosts() -> Reply:
    return notice("Settings are for people who have *Manage Server* here.")


def elsewhere(channels: Sequence[int]) -> Reply:
    """Rounds and drills are started in these channels; none: those that were chosen are gone."""
    if not channels:
        return notice(
            "The channels that were chosen for rounds and drills are gone. Somebody with *Manage Server* can choose others in `/settings`."
        )
    named = " and ".join(f"<#{channel}>" for channel in channels) if len(channels) < 3 else ", ".join(f"<#{each}>" for each in channels)
    return notice(f"On this server, rounds and drills are started in {named}. `/quiz` and `/review` are yours anywhere.")


def not_a_starter(role: int) -> Reply:
    """Who may start rounds and drills: people with the role, if there is one, and moderators."""
    who = f"by people with the role <@&{role}> and by moderators" if role else "by moderators"
    return notice(f"On this server, rounds and drills are started {who}. Ask one of them: everybody can join. `/quiz` is yours anywhere.")
