"""Discord's limits on messages, components, modals and commands, as errors in Discord's form.

Responsible for: saying what Discord would refuse, each with its field path.
Leaves to others: state, sockets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

ACTION_ROW, BUTTON, STRING_SELECT, TEXT_INPUT = 1, 2, 3, 4
SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER = 9, 10, 11, 12, 13, 14, 17
LABEL, UPLOAD, RADIO, CHECKBOXES, CHECKBOX = 18, 19, 21, 22, 23
SELECTS = {3, 5, 6, 7, 8}

EPHEMERAL, COMPONENTS_V2 = 1 << 6, 1 << 15


@dataclass
class Refused(Exception):
    """Discord's answer to what it does not take: an HTTP status, a code of its own and the faults by field."""

    status: int
    code: int
    message: str
    faults: tuple[str, ...] = ()

    def body(self) -> dict[str, Any]:
        told: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.faults:
            told["errors"] = {"_errors": [{"code": "INVALID", "message": fault} for fault in self.faults]}
        return told


def refuse_if(faults: list[str]) -> None:
    if faults:
        raise Refused(400, 50035, "Invalid Form Body", tuple(faults))


def _length(where: str, value: Any, low: int, high: int) -> Iterator[str]:
    if not isinstance(value, str) or not low <= len(value) <= high:
        size = len(value) if isinstance(value, str) else "no text"
        yield f"{where}: must be between {low} and {high} in length, is {size}"


def walk(components: list[dict[str, Any]], where: str = "components") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every component, nested ones too, with its path."""
    for i, component in enumerate(components):
        path = f"{where}[{i}]"
        yield path, component
        yield from walk(component.get("components") or [], f"{path}.components")
        for key in ("accessory", "component"):
            if component.get(key):
                yield from walk([component[key]], f"{path}.{key}")


def _button(path: str, button: dict[str, Any]) -> Iterator[str]:
    style = button.get("style")
    if style == 5:
        yield from _length(f"{path}.url", button.get("url"), 1, 512)
    elif style in (1, 2, 3, 4):
        yield from _length(f"{path}.custom_id", button.get("custom_id"), 1, 100)
    else:
        yield f"{path}.style: {style!r} is not a style"
    if button.get("label"):
        yield from _length(f"{path}.label", button["label"], 1, 80)
    elif not button.get("emoji"):
        yield f"{path}: a button needs a label or an emoji"


def _choices(path: str, options: Any, low: int, high: int) -> Iterator[str]:
    if not isinstance(options, list) or not low <= len(options) <= high:
        yield f"{path}.options: must hold {low} to {high}"
        return
    for i, option in enumerate(options):
        yield from _length(f"{path}.options[{i}].label", option.get("label"), 1, 100)
        yield from _length(f"{path}.options[{i}].value", option.get("value"), 1, 100)
        if option.get("description"):
            yield from _length(f"{path}.options[{i}].description", option["description"], 1, 100)
    values = [option.get("value") for option in options]
    if len(set(values)) != len(values):
        yield f"{path}.options: values must be unique"


def _select(path: str, select: dict[str, Any]) -> Iterator[str]:
    yield from _length(f"{path}.custom_id", select.get("custom_id"), 1, 100)
    if select.get("placeholder"):
        yield from _length(f"{path}.placeholder", select["placeholder"], 1, 150)
    least, most = select.get("min_values", 1), select.get("max_values", 1)
    if not 0 <= least <= 25 or not 1 <= most <= 25 or least > most:
        yield f"{path}: {least} to {most} values; Discord takes 0 to 25"
    if select["type"] == STRING_SELECT:
        yield from _choices(path, select.get("options"), 1, 25)
        if isinstance(select.get("options"), list) and most > len(select["options"]):
            yield f"{path}.max_values: more than there are options"
    elif select.get("default_values") and not least <= len(select["default_values"]) <= most:
        yield f"{path}.default_values: not between min_values and max_values"


def message_faults(message: dict[str, Any], attachments: list[str]) -> list[str]:
    """What Discord would refuse in a message. `attachments` are the names of the files that come with it."""
    faults: list[str] = []
    components = message.get("components") or []
    every = list(walk(components))
    is_v2 = bool((message.get("flags") or 0) & COMPONENTS_V2)
    if is_v2:
        faults += [f"{key}: cannot be used with components V2" for key in ("content", "embeds", "poll", "sticker_ids") if message.get(key)]
        if len(every) > 40:
            faults.append(f"components: at most 40 in all, are {len(every)}")
        shown = sum(len(c.get("content") or "") for _, c in every if c.get("type") == TEXT)
        if shown > 4000:
            faults.append(f"components: at most 4000 characters of text, are {shown}")
        if not components:
            faults.append("components: an empty message")
    else:
        if len(message.get("content") or "") > 2000:
            faults.append("content: Must be 2000 or fewer in length.")
        if len(components) > 5:
            faults.append("components: at most 5 rows")
        if not (message.get("content") or message.get("embeds") or components or attachments or message.get("poll")):
            raise Refused(400, 50006, "Cannot send an empty message")
        faults += [f"{p}: type {c.get('type')} needs the components V2 flag" for p, c in every if c.get("type", 0) > 8]
    ids = [c["custom_id"] for _, c in every if c.get("custom_id")]
    if len(ids) != len(set(ids)):
        faults.append("components: custom_id must be unique in a message")
    for path, component in every:
        faults += _component_faults(path, component, attachments)
    return faults


def _component_faults(path: str, component: dict[str, Any], attachments: list[str]) -> Iterator[str]:
    kind = component.get("type")
    inner = component.get("components") or []
    if kind == ACTION_ROW:
        buttons = [c for c in inner if c.get("type") == BUTTON]
        if not inner or len(buttons) > 5 or (len(buttons) != len(inner) and len(inner) != 1):
            yield f"{path}: a row holds 1 to 5 buttons or one select"
    elif kind == BUTTON:
        yield from _button(path, component)
    elif kind in SELECTS:
        yield from _select(path, component)
    elif kind == TEXT:
        yield from _length(f"{path}.content", component.get("content"), 1, 4000)
    elif kind == SECTION:
        if not 1 <= len(inner) <= 3 or not component.get("accessory"):
            yield f"{path}: a section holds 1 to 3 texts and an accessory"
    elif kind == GALLERY:
        items = component.get("items") or []
        if not 1 <= len(items) <= 10:
            yield f"{path}.items: 1 to 10"
        for item in items:
            yield from _media(path, item.get("media") or {}, attachments)
            if item.get("description"):
                yield from _length(f"{path}.description", item["description"], 1, 1024)
    elif kind == THUMBNAIL:
        yield from _media(path, component.get("media") or {}, attachments)
    elif kind == FILE:
        yield from _media(path, component.get("file") or {}, attachments)
    elif kind not in (SEPARATOR, CONTAINER):
        yield f"{path}: type {kind!r} is not for messages"


def _media(path: str, media: dict[str, Any], attachments: list[str]) -> Iterator[str]:
    url = str(media.get("url") or "")
    if url.startswith("attachment://") and url.removeprefix("attachment://") not in attachments:
        yield f"{path}: no attachment of the name {url.removeprefix('attachment://')!r}"
    if not url:
        yield f"{path}: no media"


def modal_faults(modal: dict[str, Any]) -> list[str]:
    """What Discord would refuse in a modal."""
    faults = [*_length("title", modal.get("title"), 1, 45), *_length("custom_id", modal.get("custom_id"), 1, 100)]
    components = modal.get("components") or []
    if not 1 <= len(components) <= 5:
        faults.append("components: a modal holds 1 to 5")
    for path, component in walk(components):
        kind = component.get("type")
        if kind == LABEL:
            faults += _length(f"{path}.label", component.get("label"), 1, 45)
            if component.get("description"):
                faults += _length(f"{path}.description", component["description"], 1, 100)
        elif kind == TEXT_INPUT:
            faults += _length(f"{path}.custom_id", component.get("custom_id"), 1, 100)
            if component.get("placeholder"):
                faults += _length(f"{path}.placeholder", component["placeholder"], 1, 100)
            if not 1 <= (component.get("max_length") or 4000) <= 4000 or len(component.get("value") or "") > 4000:
                faults.append(f"{path}: at most 4000 characters")
        elif kind in SELECTS:
            faults += _select(path, component)
        elif kind in (RADIO, CHECKBOXES):
            faults += _choices(path, component.get("options"), 2 if kind == RADIO else 1, 10)
        elif kind not in (ACTION_ROW, TEXT, UPLOAD, CHECKBOX):
            faults.append(f"{path}: type {kind!r} is not for modals")
    return faults


_NAME = re.compile(r"^[-_'\w]{1,32}$")


def command_faults(commands: list[dict[str, Any]]) -> list[str]:
    """What Discord would refuse in an application's set of commands."""
    faults: list[str] = []
    by_kind: dict[int, int] = {}
    for i, command in enumerate(commands):
        kind = command.get("type", 1)
        by_kind[kind] = by_kind.get(kind, 0) + 1
        path = f"[{i}] {command.get('name')}"
        if kind == 1:
            faults += _slash_faults(path, command)
        else:
            faults += _length(f"{path}.name", command.get("name"), 1, 32)
    if by_kind.get(1, 0) > 100:
        faults.append("at most 100 slash commands")
    faults += [f"at most 15 context menus of type {kind}" for kind in (2, 3) if by_kind.get(kind, 0) > 15]
    return faults


def _slash_faults(path: str, command: dict[str, Any]) -> Iterator[str]:
    name = command.get("name") or ""
    if not _NAME.match(name) or name != name.lower():
        yield f"{path}.name: not a command's name"
    yield from _length(f"{path}.description", command.get("description"), 1, 100)
    options = command.get("options") or []
    if len(options) > 25:
        yield f"{path}.options: at most 25"
    required = [bool(option.get("required")) for option in options if option["type"] > 2]
    if required != sorted(required, reverse=True):
        yield f"{path}.options: required options stand first"
    for option in options:
        yield from _slash_faults(f"{path}.{option.get('name')}", option)
        choices = option.get("choices") or []
        if len(choices) > 25:
            yield f"{path}.choices: at most 25"
        for choice in choices:
            yield from _length(f"{path}.choices.name", choice.get("name"), 1, 100)


def autocomplete_faults(choices: list[dict[str, Any]]) -> list[str]:
    """What Discord would refuse in the choices of an autocomplete."""
    faults = ["choices: at most 25"] if len(choices) > 25 else []
    for i, choice in enumerate(choices):
        faults += _length(f"choices[{i}].name", choice.get("name"), 1, 100)
        if isinstance(choice.get("value"), str):
            faults += _length(f"choices[{i}].value", choice["value"], 1, 100)
    return faults
