"""How roles for what is mastered look: to hosts who choose them, to learners who earn them.

Responsible for: these screens and what their menus and buttons carry, a sentence for every fault of a role.
Leaves to others: words (`templates`), what a click does (`bot.app.reward_roles`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.learning.hosting import Reward, RoleFault
from bot.learning.rewards import Wish
from bot.rendering.escape import shortened
from bot.rendering.notices import notice
from bot.rendering.reply import Block, Button, Buttons, Entry, Kind, Menu, Pick, Reply, Rule, Style, Text, Tone
from bot.rendering.server_settings import BACK
from bot.rendering.templates import text

_FAULTS = {
    RoleFault.GONE: "This role is no longer there.",
    RoleFault.MANAGED: "This role belongs to a bot, to an integration or to everybody: only Discord itself gives it.",
    RoleFault.POWERFUL: "This role lets people moderate or manage the server. Nobody should come by that through a quiz.",
    RoleFault.FORBIDDEN: "I lack *Manage Roles*: I cannot give it until I have that.",
    RoleFault.ABOVE: "It stands above my own role: in *Server Settings > Roles*, drag my role above it.",
    RoleFault.NOT_YOURS: "You could not give this role by hand: that takes *Manage Roles*, and a role of your own above it.",
}


def in_words(offered: Sequence[tuple[Reward, RoleFault | None]], *, take_back: bool) -> Text:
    """Each reward, with what hinders the bot."""
    lines = [(mention(reward.role), what(reward), _FAULTS[fault] if fault else "") for reward, fault in offered]
    return text("settings_roles", lines=lines, take_back=take_back)


def settings(words: Text, offered: Sequence[tuple[Reward, str]], *, take_back: bool, full: bool) -> Reply:
    """The rewards with their menus; each comes with its role's name."""
    blocks: list[Block] = [words, Rule()]
    if full:
        blocks.append(Text("-# That is as many as there can be. Take one out to add another."))
    else:
        blocks.append(Pick("settings-roles-pick", "Add a role ...", Kind.ROLES))
    if offered:
        entries = tuple(Entry(shortened(name, 100) or "a role", str(reward.role), what(reward)) for reward, name in offered)
        blocks.append(Menu("settings-roles-remove", "Take one out ...", entries))
    keep = Button("Let people keep it", "settings-roles-keep", disabled=not take_back)
    take = Button("Take it back meanwhile", "settings-roles-take", disabled=take_back)
    return Reply((*blocks, Text("When a skill opens again after mistakes:"), Buttons((keep, take)), Buttons((BACK,))))


def what_for(role: int, numbers: Sequence[int], skills: int, topics: Sequence[str]) -> Reply:
    """The question what the role is to be given for."""
    counts = [*(number for number in numbers if number < skills), skills]
    entries = [Entry(f"{'All ' if n == skills else ''}{_skills(n)}", f"skills.{n}", "Of whatever topics") for n in counts]
    entries += [Entry(shortened(f"Every skill of {topic}", 100), f"topic.{topic}") for topic in topics]
    menu = Menu(f"settings-roles-add:{role}", "Choose ...", tuple(entries[:25]))
    return Reply((Text(f"What has to be mastered for {mention(role)}?"), menu, Buttons((Button("Back", "settings-roles"),))))


def refused(role: int, fault: RoleFault) -> Reply:
    return notice(f"{mention(role)} cannot be a reward. {_FAULTS[fault]}")


def mine(offered: Sequence[tuple[Reward, int, int]], held: Collection[int], wish: Wish, hindered: Collection[int]) -> Reply:
    """What a learner reads: each reward with what is mastered and what it wants, and whether the learner wears them."""
    lines = [
        (mention(reward.role), what(reward), have, want, reward.role in held, reward.role in hindered and have >= want)
        for reward, have, want in offered
    ]
    words = text("roles", lines=lines, wish=wish.value)
    if not lines:
        return Reply((words,))
    wear = Button("Wear what I earn", "roles-wish:yes", Style.PRIMARY, disabled=wish is Wish.YES)
    none = Button("Wear none", "roles-wish:no", disabled=wish is Wish.NO)
    return Reply((words, Buttons((wear, none))))


def offer() -> Reply:
    """The one question whether somebody who has earned a role wants to wear it."""
    words = (
        "**You have earned a role on this server.** A role is public: everybody here sees it beside your name."
        " Nobody sees what you answered. Do you want to wear what you earn here?"
    )
    buttons = (Button("Yes", "roles-wish:yes", Style.PRIMARY), Button("No", "roles-wish:no"), Button("Which ones?", "roles-show"))
    return Reply((Text(words), Buttons(buttons)), Tone.GOOD, aside=True)


def changed(given: Sequence[int], taken: Sequence[int], *, unwanted: bool) -> Reply:
    """Which roles somebody has been given just now, and which were taken: as asked (`unwanted`), or since a skill opened again."""
    lines = [f"You now have {mention(role)} on this server, for what you have mastered." for role in given]
    if unwanted:
        lines += [f"Taken off: {mention(role)}." for role in taken]
    else:
        lines += [f"{mention(role)} rests for now: a skill that it counts is open again. It comes back with that skill." for role in taken]
    return Reply((Text("\n".join([*lines, "-# `/roles` shows what this server gives, and takes it off."])),), aside=True)


def what(reward: Reward) -> str:
    """For what a reward is given, in words."""
    return f"mastering every skill of {reward.topic}" if reward.topic else f"mastering {_skills(reward.skills)}"


def _skills(count: int) -> str:
    return f"{count} {'skill' if count == 1 else 'skills'}"


def mention(role: int) -> str:
    return f"<@&{role}>"
