"""The way through as a learner goes it: read, answer, have a manifest checked, and find it all again after a restart."""

from __future__ import annotations

from bot.practice import BROKEN
from tests.browser.conftest import Practice


async def test_a_service_that_selects_nobody_is_explained_and_its_fix_proved(practice: Practice) -> None:
    """The summary line, both places underlined, and a fix that gives the two Pods' addresses."""
    page = await practice.start()
    await page.command("check-manifest")
    await page.fill_in(BROKEN)
    await page.reads("Endpoints: <none>, selector app=production-backend-api matches 0 pods", "^^^^^^^^^^^^^^^^^^^^^^", "-----------")
    await page.press("Fix")
    await page.reads("proved", "2 endpoints", ":8080")


async def test_reading_goes_on_where_it_was_left(practice: Practice) -> None:
    """A lesson is opened from the menu and its first step marked understood; after a restart the bot remembers."""
    page = await practice.start()
    await page.command("lesson")
    await page.reads("Why Services exist · 0 of")
    await page.choose("Open a lesson", "Why Services exist")
    await page.reads("Why Services exist")
    await page.press("Understood")
    await page.reads("1 of 5")
    await practice.stop()
    page = await practice.start()
    await page.command("lesson")
    await page.reads("Why Services exist · 1 of 5 steps understood", "Go on")


async def test_a_quiz_question_is_answered_with_a_reason(practice: Practice) -> None:
    """An option is chosen, and the feedback tells right from wrong with the explanation and the way on."""
    page = await practice.start()
    await page.command("quiz")
    await page.reads("Question 1 of")
    await page.press("A")
    await page.reads("your answer", "Next question", "Why not the others")


async def test_a_drill_goes_on_in_the_channel(practice: Practice) -> None:
    """The page shows no threads, so that the lobby and the turns stand below the invitation."""
    page = await practice.start()
    await page.command("interview")
    await page.reads("It takes place below.", "The drill's lobby")
    await page.press("Start")
    await page.reads("Turn 1", "Interviewer's sheet")
