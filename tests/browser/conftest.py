"""Chromium, the bot without a token, and the page between them.

On a machine without Chromium these tests are left out, and the summary says so; PORTSIDE_BROWSER=required makes that a failure.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright

from tests.browser.page import PracticePage

CHROMIUM = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)
REQUIRED = os.environ.get("PORTSIDE_BROWSER") == "required"
HERE = Path(__file__).parent


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    mine = [item for item in items if HERE in item.path.parents]
    if CHROMIUM is None and not REQUIRED and mine:
        items[:] = [item for item in items if item not in mine]
        config.hook.pytest_deselected(items=mine)
        config.stash[left_out] = len(mine)


left_out = pytest.StashKey[int]()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    count = config.stash.get(left_out, 0)
    if count:
        terminalreporter.section("left out")
        terminalreporter.line(
            f"{count} tests of the practice page did not run: there is no Chromium here. Install it to run them (Debian: apt-get install chromium)."
        )


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    assert CHROMIUM is not None, "PORTSIDE_BROWSER=required, but there is no Chromium on this machine"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        await browser.close()


class Practice:
    """The bot without a token, as `make run` starts it, over one database."""

    def __init__(self, chromium: Browser, database: Path) -> None:
        self._chromium = chromium
        self._environment = {**{k: v for k, v in os.environ.items() if not k.startswith("DISCORD_")}, "PORTSIDE_DATABASE": str(database)}
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> PracticePage:
        """Starts the bot and opens its page."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "--port", "0", env=self._environment, stdout=asyncio.subprocess.PIPE, cwd=HERE.parent.parent
        )
        assert self._process.stdout is not None
        line = (await asyncio.wait_for(self._process.stdout.readline(), 30)).decode()
        assert "The practice page is at http://127.0.0.1:" in line, line
        page = PracticePage(await self._chromium.new_page(viewport={"width": 1280, "height": 1000}))
        await page.open(line.split()[-1])
        return page

    async def stop(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            await asyncio.wait_for(self._process.wait(), 20)


@pytest.fixture
async def practice(chromium: Browser, tmp_path: Path) -> AsyncIterator[Practice]:
    made = Practice(chromium, tmp_path / "practice.db")
    yield made
    await made.stop()
