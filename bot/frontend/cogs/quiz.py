"""`/quiz` and its buttons.

Responsible for: the command's options, which button asks for which step.
Leaves to others: the quiz (`bot.app.take_quiz`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.app.take_quiz import ANY, LONGEST, OPTIONS, WRITTEN
from bot.frontend.answer_modal import AnswerModal
from bot.frontend.show import answer
from bot.frontend.suggestions import choices
from bot.frontend.surroundings import server_of
from bot.learning.items import Level
from bot.learning.quiz import Choose, Confide, Confidence, Event, GoOn, Judge, Stop, TakeHint

if TYPE_CHECKING:
    from bot.frontend.client import Bot

_LEVELS = [app_commands.Choice(name=level.value, value=level.value) for level in Level]
_ANSWERS = [app_commands.Choice(name="in your own words", value=WRITTEN), app_commands.Choice(name="by options", value=OPTIONS)]


class QuizCog(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self._take_quiz, self._sittings = bot.app.take_quiz, bot.app.sittings
        bot.on_action(
            {
                "quiz-ask": self.ask,
                "quiz-new": self.new,
                "quiz-resume": self.resume,
                "quiz-practise": self.practise,
                "quiz-answer": self.choose,
                "quiz-write": self.write,
                "quiz-judge": self.judge,
                "quiz-hint": self.hint,
                "quiz-sure": self.confide,
                "quiz-next": self.go_on,
                "quiz-stop": self.stop,
                "quiz-others": self.others,
                "quiz-run": self.run_behind,
            }
        )

    @app_commands.command(description="Answer questions, and learn from every answer why it is right or wrong.")
    @app_commands.describe(topic="What to ask about", level="How hard", length="How many questions (5)", answers="How you answer (both)")
    @app_commands.choices(level=_LEVELS, answers=_ANSWERS)
    async def quiz(
        self,
        interaction: discord.Interaction[Bot],
        topic: str = ANY,
        level: app_commands.Choice[str] | None = None,
        length: app_commands.Range[int, 1, LONGEST] = 5,
        answers: app_commands.Choice[str] | None = None,
    ) -> None:
        server, wanted, how = server_of(interaction), level.value if level else ANY, answers.value if answers else ANY
        await answer(interaction, self._take_quiz.ask(interaction.user.id, server, topic, wanted, length, how))

    @quiz.autocomplete("topic")
    async def topics(self, interaction: discord.Interaction[Bot], typed: str) -> list[app_commands.Choice[str]]:
        return choices(typed, self._take_quiz.topics(server_of(interaction)))

    async def ask(self, interaction: discord.Interaction[Bot], topic: str, level: str, length: str) -> None:
        server = server_of(interaction)
        await answer(interaction, self._take_quiz.ask(interaction.user.id, server, topic, level, int(length)), edit=True)

    async def new(self, interaction: discord.Interaction[Bot], topic: str, level: str, length: str, answers: str = ANY) -> None:
        server = server_of(interaction)
        await answer(interaction, self._take_quiz.start(interaction.user.id, server, topic, level, int(length), answers), edit=True)

    async def practise(self, interaction: discord.Interaction[Bot], skill: str) -> None:
        await answer(interaction, self._take_quiz.practise(interaction.user.id, skill, server_of(interaction)))

    async def resume(self, interaction: discord.Interaction[Bot], session: str) -> None:
        await answer(interaction, self._sittings.resume(interaction.user.id, session), edit=True)

    async def choose(self, interaction: discord.Interaction[Bot], session: str, step: str, place: str) -> None:
        await self._take(interaction, session, Choose(int(step), int(place)))

    async def write(self, interaction: discord.Interaction[Bot], session: str, step: str) -> None:
        async def written(submitted: discord.Interaction[Bot], text: str) -> None:
            await answer(submitted, self._sittings.write(submitted.user.id, session, int(step), text, server_of(submitted)), edit=True)

        await interaction.response.send_modal(AnswerModal(written))

    async def hint(self, interaction: discord.Interaction[Bot], session: str, step: str, number: str) -> None:
        await self._take(interaction, session, TakeHint(int(step), int(number)))

    async def judge(self, interaction: discord.Interaction[Bot], session: str, step: str, right: str) -> None:
        await self._take(interaction, session, Judge(int(step), right == "yes"))

    async def confide(self, interaction: discord.Interaction[Bot], session: str, step: str, confidence: str) -> None:
        await self._take(interaction, session, Confide(int(step), Confidence(confidence)))

    async def go_on(self, interaction: discord.Interaction[Bot], session: str, step: str) -> None:
        await self._take(interaction, session, GoOn(int(step)))

    async def stop(self, interaction: discord.Interaction[Bot], session: str) -> None:
        await self._take(interaction, session, Stop())

    async def others(self, interaction: discord.Interaction[Bot], session: str, step: str) -> None:
        await answer(interaction, self._sittings.others(interaction.user.id, session, int(step)))

    async def run_behind(self, interaction: discord.Interaction[Bot], session: str, step: str) -> None:
        await answer(interaction, self._sittings.run_behind(interaction.user.id, session, int(step)))

    async def _take(self, interaction: discord.Interaction[Bot], session: str, event: Event) -> None:
        await answer(interaction, self._sittings.take_step(interaction.user.id, session, event, server_of(interaction)), edit=True)
