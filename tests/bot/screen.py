"""Reading a message as a learner sees it: its text and the labels of its buttons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import simcord


def parts(message: simcord.ResponseMessage | Any) -> Iterator[dict[str, Any]]:
    def walk(components: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        for component in components:
            yield component
            yield from walk(component.get("components") or [])

    given = message.components
    return walk([component if isinstance(component, dict) else component.to_dict() for component in given])


def text(message: simcord.ResponseMessage | Any | None) -> str:
    """All text of a message, block by block."""
    assert message is not None, "the bot showed no message"
    return "\n".join(part["content"] for part in parts(message) if "content" in part)


def buttons(message: simcord.ResponseMessage | Any | None) -> list[str]:
    """The labels of the buttons that can be clicked."""
    assert message is not None, "the bot showed no message"
    return [part["label"] for part in parts(message) if part.get("label") and part.get("custom_id") and not part.get("disabled")]


def action(message: simcord.ResponseMessage | Any | None, label: str) -> str:
    """The custom_id of the button with this label."""
    assert message is not None, "the bot showed no message"
    return next(part["custom_id"] for part in parts(message) if part.get("label") == label)
