"""Roles that a server gives for what somebody has mastered.

Responsible for: `/roles`, what is to be given, offered or taken after a click, and the host's choice of roles.
Leaves to others: the rules (`bot.learning.rewards`), giving and taking (`bot.frontend.cogs.rewards`), looks (`bot.rendering.rewards`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from bot.app.surroundings import Person, Surroundings
from bot.learning.hosting import Reward, RoleFault
from bot.learning.mastery import Standing
from bot.learning.rewards import Steps, Wish, counted, steps
from bot.library import Library
from bot.rendering import notices
from bot.rendering import rewards as look
from bot.rendering.reply import Reply, Text
from bot.storage import Database, Storage, abilities, rewards, visibility

MOST = 5
"""Roles that a server can give."""
NUMBERS = (3, 5, 10, 15, 20, 30, 40, 50)
"""Numbers of skills for which a host can choose to give a role."""
_UNCONFIRMED = datetime(1970, 1, 1, tzinfo=UTC)
"""The moment noted for a role of which nobody knows yet whether it was given: whoever lacks it has joined since."""
_NEVER = {RoleFault.GONE, RoleFault.MANAGED, RoleFault.POWERFUL}
"""Roles with these faults are not taken on; the others a host can mend afterwards."""


class RewardRoles:
    def __init__(self, library: Library, storage: Storage, clock: Callable[[], datetime]) -> None:
        self._library, self._storage, self._clock = library, storage, clock

    async def steps(self, server: int, person: Person, joined: datetime | None) -> Steps:
        """What is to be given, offered or taken now. Who is asked is asked once: it is noted at once."""

        def look_up(db: Database) -> Steps:
            offered = rewards.of(db, server)
            if not offered:
                return Steps()
            standings = abilities.standings(db, person.id)
            earned = {reward.role for reward in offered if self._complete(reward, standings)}
            given = rewards.given(db, person.id, server)
            back = rewards.takes_back(db, server)
            return steps(offered, earned, person.roles, given, joined, self._wish(db, person.id, server), take_back=back)

        found = await self._storage.read(look_up)
        if found.ask:
            await self._storage.write(lambda db: rewards.set_wish(db, person.id, server, Wish.ASKED))
        return found

    async def giving(self, learner: int, server: int, role: int) -> None:
        """Before Discord has confirmed it. If we are killed now, a role that came is ours to take, one that did not is given again."""
        await self._storage.write(lambda db: rewards.note_given(db, learner, server, role, _UNCONFIRMED))

    async def given(self, learner: int, server: int, role: int) -> None:
        now = self._clock()
        await self._storage.write(lambda db: rewards.note_given(db, learner, server, role, now))

    async def taken(self, learner: int, server: int, role: int) -> None:
        await self._storage.write(lambda db: rewards.note_taken(db, learner, server, role))

    async def mine(self, server: int, person: Person, around: Surroundings) -> Reply:
        """The roles of this server, how near one is to each, and whether one wears them."""

        def look_up(db: Database) -> tuple[list[tuple[Reward, int, int]], Wish]:
            standings = abilities.standings(db, person.id)
            offered = [(reward, *counted(reward, standings, self._library.skills.values())) for reward in rewards.of(db, server)]
            return offered, self._wish(db, person.id, server)

        offered, wish = await self._storage.read(look_up)
        if wish is Wish.NONE and any(have >= want for _, have, want in offered):
            # What this screen says is the question: it need not be asked again.
            await self._storage.write(lambda db: rewards.set_wish(db, person.id, server, Wish.ASKED))
        hindered = {reward.role for reward, _, _ in offered if around.role_fault(reward.role)}
        return look.mine(offered, person.roles, wish, hindered)

    async def wish(self, server: int, person: Person, around: Surroundings, to: str) -> Reply:
        """The person wants to wear the roles of this server from now on, or none."""
        wish = Wish.YES if to == Wish.YES else Wish.NO
        await self._storage.write(lambda db: rewards.set_wish(db, person.id, server, wish))
        return await self.mine(server, person, around)

    async def in_words(self, server: int, around: Surroundings) -> Text:
        """The rewards in words, for the screen of all settings."""
        offered, back = await self._storage.read(lambda db: (rewards.of(db, server), rewards.takes_back(db, server)))
        return look.in_words([(reward, around.role_fault(reward.role)) for reward in offered], take_back=back)

    async def settings(self, server: int, around: Surroundings) -> Reply:
        """The rewards with the menus to change them."""
        offered, back = await self._storage.read(lambda db: (rewards.of(db, server), rewards.takes_back(db, server)))
        named = [(reward, around.role_name(reward.role)) for reward in offered]
        return look.settings(await self.in_words(server, around), named, take_back=back, full=len(offered) >= MOST)

    async def what_for(self, server: int, around: Surroundings, role: int) -> Reply:
        """Asks for what a role is to be given; a role that cannot be is refused in a sentence."""
        if not role:
            return await self.settings(server, around)
        fault = self._fault(around, role)
        if fault is not None:
            return look.refused(role, fault)
        return look.what_for(role, NUMBERS, len(self._library.skills), self._library.topics)

    async def add(self, server: int, around: Surroundings, role: int, what: str) -> Reply:
        """A role for `skills.10` or `topic.dns`."""
        fault = self._fault(around, role)
        if fault is not None:
            return look.refused(role, fault)
        kind, _, name = what.partition(".")
        if kind == "topic" and name in self._library.topics:
            reward = Reward(role, topic=name)
        elif kind == "skills" and name.isdigit() and 0 < int(name) <= len(self._library.skills):
            reward = Reward(role, skills=int(name))
        else:
            return notices.gone("settings")

        def keep(db: Database) -> None:
            offered = rewards.of(db, server)
            if len(offered) < MOST or role in [each.role for each in offered]:
                rewards.add(db, server, reward)

        await self._storage.write(keep)
        return await self.settings(server, around)

    async def remove(self, server: int, around: Surroundings, role: int) -> Reply:
        await self._storage.write(lambda db: rewards.remove(db, server, role))
        return await self.settings(server, around)

    async def set_take_back(self, server: int, around: Surroundings, *, to: bool) -> Reply:
        await self._storage.write(lambda db: rewards.set_take_back(db, server, to=to))
        return await self.settings(server, around)

    def _complete(self, reward: Reward, standings: Mapping[str, Standing]) -> bool:
        have, want = counted(reward, standings, self._library.skills.values())
        return have >= want

    @staticmethod
    def _fault(around: Surroundings, role: int) -> RoleFault | None:
        fault = around.role_fault(role)
        return fault if fault in _NEVER else None if around.hands_out(role) else RoleFault.NOT_YOURS

    @staticmethod
    def _wish(db: Database, learner: int, server: int) -> Wish:
        """Who is on a leaderboard has said already that they want to be seen."""
        said = rewards.wish(db, learner, server)
        seen = {server, visibility.EVERYWHERE} & visibility.of(db, learner)
        return Wish.YES if seen and said in (Wish.NONE, Wish.ASKED) else said
