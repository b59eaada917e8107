"""What a learner does on the practice page: type a command, fill in a form, press a button, read.

Responsible for: the page's controls and waiting for what they bring.
Leaves to others: starting the bot (`conftest`), what should be read (the tests).
"""

from __future__ import annotations

from playwright.async_api import Locator, Page, expect

PATIENCE = 15_000
"""Milliseconds to wait for an answer to appear."""


class PracticePage:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.page.set_default_timeout(PATIENCE)
        self.composer = page.locator("#channel-composer-input")
        self.form = page.locator("#modal-root")

    async def open(self, url: str) -> None:
        await self.page.goto(url)
        await expect(self.composer).to_be_enabled(timeout=PATIENCE)

    @property
    def last(self) -> Locator:
        """The newest message."""
        return self.page.locator("#channel-timeline [data-message-id]").last

    async def command(self, name: str, **options: str) -> None:
        """Types a slash command, picks it from the list and sends it, with text options filled in by their names."""
        await self.composer.click()
        await self.page.keyboard.type(f"/{name}")
        await self.page.get_by_role("option").filter(has=self.page.get_by_text(f"/{name}", exact=True)).first.click()
        for option, value in options.items():
            await self.page.get_by_role("option").filter(has_text=option).first.click()
            await self.page.keyboard.type(value)
            await self.page.get_by_role("option").filter(has_text=value).first.click()
        await self.page.locator("#send-message").click()

    async def fill_in(self, text: str) -> None:
        """Writes into the form's first field and submits it."""
        await self.form.locator("textarea").first.fill(text)
        await self.form.get_by_role("button", name="Submit").click()

    async def press(self, label: str) -> None:
        """Presses the newest button whose label contains `label`."""
        await self.page.locator("#channel-timeline button:not([disabled])").filter(has_text=label).last.click()

    async def choose(self, menu: str, option: str) -> None:
        """Opens the newest menu whose prompt contains `menu`, and picks the option."""
        await self.page.locator("#channel-timeline").get_by_text(menu).last.click()
        await self.page.get_by_role("option").filter(has_text=option).first.click()

    async def reads(self, *wanted: str) -> None:
        """Waits until the conversation shows each of the texts."""
        for text in wanted:
            await expect(self.page.locator("#channel-timeline")).to_contain_text(text, timeout=PATIENCE)

    async def text(self) -> str:
        return await self.page.locator("#channel-timeline").inner_text()
