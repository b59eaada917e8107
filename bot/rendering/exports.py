"""Questions as files for other tools: an Anki deck, Moodle's GIFT, a CSV table, JSON.

Responsible for: these formats. An item keeps its identity in each. Each question stands alone: options are asked with it where the format
has no place of its own for them.
Leaves to others: which items (`bot.app.export_items`).
Mirrors: Moodle's "GIFT format" page (`~ = # { } :` escaped by a backslash); Anki's packages as `genanki` writes them.
"""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import genanki

from bot.learning.items import Choice, Written
from bot.rendering.reply import File, Reply, Text, Tone

Question: TypeAlias = Choice | Written

_DECK, _MODEL = 1_763_902_117, 1_763_902_118
"""Anki tells decks and note types apart by these numbers: they never change."""

_FIELDS = ("Question", "Answer", "Explanation", "Topic")
_CARD = {"name": "Card 1", "qfmt": "{{Question}}", "afmt": "{{FrontSide}}<hr id=answer>{{Answer}}<br><br>{{Explanation}}"}


def export(to: str, items: Sequence[Question]) -> Reply:
    """The items as a file of the format `to`."""
    name, make, again = _FORMATS[to]
    words = f"{len(items)} {'question' if len(items) == 1 else 'questions'}. {again}"
    return Reply((Text(words), File(name, make(items))), Tone.GOOD)


def anki(items: Sequence[Question]) -> bytes:
    """An `.apkg` package. The note of an item has the item's id as its identity."""
    model = genanki.Model(_MODEL, "Portside question", fields=[{"name": field} for field in _FIELDS], templates=[_CARD])
    deck = genanki.Deck(_DECK, "Portside")
    for item in items:
        fields = [_html(_stem(item) + _options(item)), _html(_answer(item)), _html(item.explanation), item.topic]
        deck.add_note(genanki.Note(model, fields, guid=f"portside-{item.id}", tags=[item.topic, item.level.value]))
    out = io.BytesIO()
    genanki.Package(deck).write_to_file(out)
    return out.getvalue()


def gift(items: Sequence[Question]) -> bytes:
    """Choices with feedback for each option; written questions as essays with the model answer as general feedback."""
    return "\n\n".join(_gift(item) for item in items).encode() + b"\n"


def _gift(item: Question) -> str:
    head = f"// {item.id} ({item.level.value})\n::{_gift_text(item.id)}::[markdown]{_gift_text(_stem(item))}"
    if isinstance(item, Written):
        return f"{head} {{####{_gift_text(item.model_answer)}}}"
    options = "\n".join(f"  {'=' if o.correct else '~'}{_gift_text(o.text)}#{_gift_text(o.why)}" for o in item.options)
    return f"{head} {{\n{options}\n  ####{_gift_text(item.explanation)}\n}}"


def _gift_text(text: str) -> str:
    """Text inside GIFT: its special characters escaped, line ends as `\\n`, for a blank line would end the question."""
    return re.sub(r"([\\~=#{}:])", r"\\\1", text.strip()).replace("\n", "\\n")


def table(items: Sequence[Question]) -> bytes:
    """A CSV table with a heading, UTF-8 with a mark at its beginning, by which spreadsheets know it."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["id", "topic", "skill", "level", "question", "options", "answer", "explanation", "sources"])
    for item in items:
        asked = (_stem(item), _options(item).strip(), _answer(item), item.explanation)
        cells = (item.id, item.topic, item.skill, item.level.value, *asked, " ".join(item.sources))
        # A cell that begins like a formula would be run as one by a spreadsheet.
        rows.writerow([f"'{cell}" if cell[:1] in ("=", "+", "-", "@") else cell for cell in cells])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def as_json(items: Sequence[Question]) -> bytes:
    return json.dumps([_data(item) for item in items], ensure_ascii=False, indent=2).encode() + b"\n"


def _data(item: Question) -> Mapping[str, Any]:
    known: dict[str, Any] = {
        "id": item.id, "topic": item.topic, "skill": item.skill, "level": item.level.value, "question": item.stem,
        "manifests": [{"name": manifest.name, "text": manifest.text} for manifest in item.manifests],
        "explanation": item.explanation, "sources": list(item.sources),
    }  # fmt: skip
    if isinstance(item, Written):
        points = [{"kind": point.kind, "says": point.says} for point in item.key_points]
        return {**known, "model_answer": item.model_answer, "key_points": points}
    return {**known, "options": [{"text": o.text, "correct": o.correct, "why": o.why} for o in item.options]}


def _stem(item: Question) -> str:
    """The question with its manifests."""
    manifests = "".join(f"\n\n{manifest.name}:\n```yaml\n{manifest.text.rstrip()}\n```" for manifest in item.manifests)
    return item.stem.strip() + manifests


def _options(item: Question) -> str:
    """What there is to choose from, by the alphabet, so that its order tells nothing and stays the same."""
    lines = sorted(option.text for option in item.options) if isinstance(item, Choice) else []
    return "".join(f"\n\n* {line}" for line in lines)


def _answer(item: Question) -> str:
    if isinstance(item, Written):
        return item.model_answer
    return next(f"{option.text}\n\n{option.why}" for option in item.options if option.correct)


def _html(markdown: str) -> str:
    """Our Markdown as HTML: code blocks and inline code, the rest as text."""
    parts = re.split(r"```(?:\w*)\n(.*?)```", markdown, flags=re.DOTALL)
    made = []
    for number, part in enumerate(parts):
        if number % 2:
            made.append(f"<pre style='text-align: left'>{html.escape(part)}</pre>")
        else:
            made.append(re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(part).strip().replace("\n", "<br>")))
    return "".join(made)


_FORMATS: Mapping[str, tuple[str, Callable[[Sequence[Question]], bytes], str]] = {
    "anki": ("portside.apkg", anki, "Importing a later export updates these cards, and none comes twice."),
    "gift": ("portside.gift.txt", gift, "Moodle adds what it imports: give each export a category of its own."),
    "csv": ("portside.csv", table, "Each question keeps its `id` in later exports."),
    "json": ("portside.json", as_json, "Each question keeps its `id` in later exports."),
}
