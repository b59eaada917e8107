"""`/lab` and its buttons.

Responsible for: the subcommands' options, the window to hand something in, which button asks for which step.
Leaves to others: the labs (`bot.app.solve_lab`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.app.pasted import NotAManifestError
from bot.frontend.paste_modal import PasteModal, handed_in
from bot.frontend.show import answer
from bot.frontend.surroundings import server_of
from bot.rendering import notices
from bot.rendering.escape import plain, shortened
from bot.rendering.reply import Reply

if TYPE_CHECKING:
    from bot.frontend.client import Bot


class LabCog(commands.Cog):
    lab = app_commands.Group(name="lab", description="Repair a small broken cluster.")

    def __init__(self, bot: Bot) -> None:
        self._labs = bot.app.solve_lab
        bot.on_action(
            {
                "lab-list": self.contents,
                "lab-start": self.begin,
                "lab-submit": self.hand_in,
                "lab-operate": self.operate,
                "lab-state": self.stands,
                "lab-task": self.task,
                "lab-hint": self.climb,
                "lab-reset": self.afresh,
                "lab-solution": self.ask_solution,
                "lab-give-up": self.give_up,
            }
        )

    @lab.command(name="list", description="All labs, and which you have solved.")
    async def show_all(self, interaction: discord.Interaction[Bot]) -> None:
        await answer(interaction, self._labs.contents(interaction.user.id, server_of(interaction)))

    @lab.command(description="Start a lab, or go on with one that you have begun.")
    @app_commands.describe(name="Which lab")
    async def start(self, interaction: discord.Interaction[Bot], name: str) -> None:
        await answer(interaction, self._labs.start(interaction.user.id, name, server_of(interaction)))

    @start.autocomplete("name")
    async def names(self, _: discord.Interaction[Bot], typed: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=shortened(plain(title), 100), value=name) for title, name in self._labs.suggestions(typed)]

    @lab.command(description="Hand in what you changed, pasted or as a file.")
    @app_commands.describe(file="A YAML or JSON file; leave it out to paste")
    async def submit(self, interaction: discord.Interaction[Bot], file: discord.Attachment | None = None) -> None:
        if file is None:
            await self.hand_in(interaction, "")
        else:
            await answer(interaction, self._submit(interaction.user.id, "", "", [file]))

    @lab.command(description="What holds by now, what fails, and where.")
    async def state(self, interaction: discord.Interaction[Bot]) -> None:
        await answer(interaction, self._labs.state(interaction.user.id))

    @lab.command(description="The next hint, made for what you have tried. Each costs some of the lab's credit.")
    async def hint(self, interaction: discord.Interaction[Bot]) -> None:
        await answer(interaction, self._labs.hint(interaction.user.id))

    @lab.command(description="The broken cluster as it was at the start.")
    async def reset(self, interaction: discord.Interaction[Bot]) -> None:
        await answer(interaction, self._labs.reset(interaction.user.id))

    @lab.command(description="The worked solution. While the lab is open it costs all of its credit.")
    async def solution(self, interaction: discord.Interaction[Bot]) -> None:
        await answer(interaction, self._labs.solution(interaction.user.id))

    async def contents(self, interaction: discord.Interaction[Bot]) -> None:
        await answer(interaction, self._labs.contents(interaction.user.id, server_of(interaction)), edit=True)

    async def begin(self, interaction: discord.Interaction[Bot], _level: str, _page: str, name: str) -> None:
        await answer(interaction, self._labs.start(interaction.user.id, name, server_of(interaction)), edit=True)

    async def hand_in(self, interaction: discord.Interaction[Bot], session: str) -> None:
        async def pasted(submitted: discord.Interaction[Bot], text: str, files: Sequence[discord.Attachment]) -> None:
            await answer(submitted, self._submit(submitted.user.id, session, text, files), edit=bool(session))

        await interaction.response.send_modal(PasteModal(pasted, "What you changed"))

    async def operate(self, interaction: discord.Interaction[Bot], session: str, *chosen: str) -> None:
        await answer(interaction, self._labs.operate(interaction.user.id, session, chosen[-1]), edit=True)

    async def stands(self, interaction: discord.Interaction[Bot], session: str) -> None:
        await answer(interaction, self._labs.state(interaction.user.id, session), edit=True)

    async def task(self, interaction: discord.Interaction[Bot], session: str) -> None:
        await answer(interaction, self._labs.task(interaction.user.id, session), edit=True)

    async def climb(self, interaction: discord.Interaction[Bot], session: str, rung: str) -> None:
        await answer(interaction, self._labs.hint(interaction.user.id, session, int(rung)))

    async def afresh(self, interaction: discord.Interaction[Bot], session: str) -> None:
        await answer(interaction, self._labs.reset(interaction.user.id, session), edit=True)

    async def ask_solution(self, interaction: discord.Interaction[Bot], session: str) -> None:
        await answer(interaction, self._labs.solution(interaction.user.id, session))

    async def give_up(self, interaction: discord.Interaction[Bot], session: str) -> None:
        await answer(interaction, self._labs.solution(interaction.user.id, session, sure=True))

    async def _submit(self, learner: int, session: str, text: str, attachments: Sequence[discord.Attachment]) -> Reply:
        try:
            files = await handed_in(text, attachments, raw=True)
        except NotAManifestError as refusal:
            return notices.notice(str(refusal))
        return await self._labs.submit(learner, session, files)
