"""`/lesson` and its buttons.

Responsible for: the command's option, which button asks for which step.
Leaves to others: the lessons (`bot.app.read_lesson`) and their questions (`bot.app.take_quiz`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.frontend.show import answer
from bot.frontend.surroundings import server_of
from bot.rendering.escape import plain, shortened

if TYPE_CHECKING:
    from bot.frontend.client import Bot


class LessonCog(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self._lessons, self._take_quiz = bot.app.read_lesson, bot.app.take_quiz
        bot.on_action(
            {
                "lesson-contents": self.contents,
                "lesson-open": self.open,
                "lesson-look": self.look,
                "lesson-next": self.next,
                "lesson-understood": self.understood,
                "lesson-question": self.question,
                "lesson-demonstration": self.demonstration,
            }
        )

    @app_commands.command(description="Read step by step how traffic finds its Pod. Goes on where you stopped.")
    @app_commands.describe(lesson="A lesson or a step, if you want a certain one")
    async def lesson(self, interaction: discord.Interaction[Bot], lesson: str = "") -> None:
        learner = interaction.user.id
        await answer(interaction, self._lessons.open(learner, lesson) if lesson else self._lessons.contents(learner))

    @lesson.autocomplete("lesson")
    async def lessons(self, _: discord.Interaction[Bot], typed: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=shortened(plain(title), 100), value=name) for title, name in self._lessons.suggestions(typed)]

    async def contents(self, interaction: discord.Interaction[Bot]) -> None:
        await answer(interaction, self._lessons.contents(interaction.user.id), edit=True)

    async def open(self, interaction: discord.Interaction[Bot], chunk: str) -> None:
        await answer(interaction, self._lessons.open(interaction.user.id, chunk), edit=True)

    async def look(self, interaction: discord.Interaction[Bot], chunk: str) -> None:
        await answer(interaction, self._lessons.open(interaction.user.id, chunk))

    async def next(self, interaction: discord.Interaction[Bot], chunk: str) -> None:
        await answer(interaction, self._lessons.open_next(interaction.user.id, chunk), edit=True)

    async def understood(self, interaction: discord.Interaction[Bot], chunk: str) -> None:
        await answer(interaction, self._lessons.understood(interaction.user.id, chunk), edit=True)

    async def demonstration(self, interaction: discord.Interaction[Bot], chunk: str) -> None:
        await answer(interaction, self._lessons.demonstration(chunk))

    async def question(self, interaction: discord.Interaction[Bot], chunk: str) -> None:
        await answer(interaction, self._take_quiz.ask_about(interaction.user.id, chunk, server_of(interaction)), edit=True)
