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
