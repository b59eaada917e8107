"""How the workspace looks: what is applied so far.

Responsible for: the list of manifests and the button that clears it.
Leaves to others: keeping it (`bot.storage.workspaces`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.rendering.notices import notice
from bot.rendering.reply import Button, Buttons, Code, Reply, Style
from bot.rendering.templates import text


class Applied(Protocol):
    """One document of the workspace."""

    @property
    def name(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def objects(self) -> Sequence[str]: ...


def applied(documents: Sequence[Applied]) -> Reply:
    """The objects, and all the manifests as one file."""
    if not documents:
        return empty()
    objects = [name for document in documents for name in document.objects]
    manifests = "---\n".join(document.text for document in documents)
    blocks = (text("workspace", objects=objects), Code(manifests, "yaml", "workspace.yaml"))
    return Reply((*blocks, Buttons((Button("Reset the workspace", "workspace-reset", Style.DANGER),))))


def empty() -> Reply:
    """There is nothing to look at yet."""
    return notice("Your workspace is empty. `/check-manifest` fills it: what you paste there stays applied.")


def cleared() -> Reply:
    return notice("Your workspace is empty again.")
