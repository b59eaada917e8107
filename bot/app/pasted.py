"""What a learner handed in, as files: from a message's text, from attachments, from a modal.

Responsible for: finding the manifests in a message, bytes to text, names that can be shown, refusing what is no manifest by a sentence.
Leaves to others: what stands in the manifests (`examination`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from simulator import SourceFile

MAX_BYTES = 1024 * 1024
MAX_FILES = 10
EXTENSIONS = (".yaml", ".yml", ".json", ".txt")

_FENCE = re.compile(r"^[ \t]*(`{3,}|~{3,})[ \t]*([A-Za-z0-9_+-]*)[ \t]*\n(.*?)^[ \t]*\1[ \t]*$", re.MULTILINE | re.DOTALL)
_LANGUAGES = {"", "yaml", "yml", "json", "k8s", "kubernetes"}
_LIKE_A_MANIFEST = re.compile(r"^\W*(apiVersion|kind)\W*:", re.MULTILINE)
_FORBIDDEN = re.compile(r"[^A-Za-z0-9._-]+")


class NotAManifestError(Exception):
    """What was handed in cannot be read at all. The message is one sentence for the learner, free of their text."""


def from_text(text: str) -> SourceFile:
    """A text that is a manifest as a whole."""
    return SourceFile("pasted.yaml", _encodable(text))


def from_message(content: str) -> list[SourceFile]:
    """The manifests in a message: its code blocks, or the whole text where that looks like one. Empty where there is none."""
    content = _encodable(content)
    blocks = [body for _, language, body in _FENCE.findall(content if content.endswith("\n") else content + "\n")
              if language.lower() in _LANGUAGES and body.strip()]  # fmt: skip
    if not blocks and _LIKE_A_MANIFEST.search(content):
        blocks = [content]
    if len(blocks) == 1:
        return [SourceFile("pasted.yaml", blocks[0])]
    return [SourceFile(f"pasted-{number}.yaml", block) for number, block in enumerate(blocks[:MAX_FILES], 1)]


def from_bytes(name: str, data: bytes) -> SourceFile:
    """An uploaded file. Raises NotAManifestError for what is too large or not text."""
    check_size(len(data))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotAManifestError("This file is not text in UTF-8, so it is no manifest that Kubernetes could read.") from None
    if "\0" in text:
        raise NotAManifestError("This file is binary, not text.")
    return SourceFile(_shown_name(name), text)


def check_size(size: int) -> None:
    """Raises NotAManifestError for more bytes than are read."""
    if size > MAX_BYTES:
        raise NotAManifestError(
            f"This file has {size / 2**20:.1f} MB; I read at most {MAX_BYTES // 2**20} MB. Cut it down to what belongs to your question."
        )


def _encodable(text: str) -> str:
    """The text without halves of characters, which JSON can carry and no file can."""
    return text.encode(errors="replace").decode()


def _shown_name(name: str) -> str:
    return _FORBIDDEN.sub("-", name).strip("-.")[-40:] or "manifest.yaml"


def total(files: Sequence[SourceFile]) -> int:
    """Characters of all files together."""
    return sum(len(file.text) for file in files)
