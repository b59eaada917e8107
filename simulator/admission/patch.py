"""What a second `kubectl apply` sends, and what the server makes of it: a strategic merge patch, for custom resources a JSON merge patch.

Responsible for: the patch (`patch_of`), the object after it (`patched`).
Leaves to others: whether the result is valid (`server`), the words around it (`failures`).
Mirrors: apimachinery `pkg/util/strategicpatch/patch.go` (CreateThreeWayMergePatch, StrategicMergeMapPatch), `pkg/util/jsonmergepatch`.
Left out: lists of plain values that merge (`finalizers`, `podCIDRs`), which are replaced here.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from simulator.api.meta import Json
from simulator.schema import MAP, STRUCT, Type

_RETAINED = frozenset({"DeploymentStrategy", "Volume", "PodResourceClaim"})
"""Structs with the patch strategy `retainKeys`: what a patch does not name goes, so that one member of a union takes another's place."""
_RETAIN, _ORDER, _DIRECTIVE, _DELETE = "$retainKeys", "$setElementOrder/", "$patch", "delete"


@dataclass(frozen=True, slots=True)
class _Diff:
    """Which differences are of interest: changes and additions, or what is gone."""

    deletions: bool

    def maps(self, original: Json, modified: Json, known: Type | None) -> dict[str, Json]:
        patch: dict[str, Json] = {}
        for key, value in modified.items():
            if key in original and type(original[key]) is type(value):
                self._value(key, original[key], value, _inner(known, key), patch)
            elif not self.deletions:
                patch[key] = value
        if self.deletions:
            patch |= dict.fromkeys(original.keys() - modified.keys())
        retained = known is not None and known.struct_name in _RETAINED and any(value is not None for value in modified.values())
        if retained and (patch or original.keys() - modified.keys()):
            patch[_RETAIN] = sorted(key for key, value in modified.items() if value is not None)
        return patch

    def _value(self, key: str, original: Json, modified: Json, known: Type | None, patch: dict[str, Json]) -> None:
        if isinstance(modified, dict):
            inner = self.maps(original, modified, known)
            if inner:
                patch[key] = inner
        elif known is not None and known.merge_key and _keyed(known.merge_key, (*original, *modified)):
            self._lists(key, original, modified, known, patch)
        elif original != modified and not self.deletions:
            patch[key] = modified

    def _lists(self, key: str, original: list[Json], modified: list[Json], known: Type, patch: dict[str, Json]) -> None:
        if not original:
            if modified and not self.deletions:
                patch[key] = modified
            return
        name, items, gone = known.merge_key, [], []
        for before, after in _pairs(original, modified, name):
            if before is None:
                items += [] if self.deletions else [after]
            elif after is None:
                gone += [{_DIRECTIVE: _DELETE, name: before[name]}] if self.deletions else []
            elif inner := self.maps(before, after, known.element):
                items.append({**inner, name: after[name]})
        places = [item[name] for item in modified]
        place = _first(places)
        items = [*sorted(items, key=lambda item: place[item[name]]), *gone]
        if items:
            patch[key] = items
        if items or (not self.deletions and [item[name] for item in original] != places):
            patch[f"{_ORDER}{key}"] = [{name: place} for place in places]


def patch_of(original: Json, modified: Json, current: Json, known: Type | None) -> dict[str, Json]:
    """What turns `current` into what `modified` says, without what `original` said and `modified` no longer does; {} where nothing does.

    `known` is the built-in type, None for custom resources. Nothing that was given is changed.
    """
    changes = _Diff(deletions=False).maps(current, modified, known)
    gone = _Diff(deletions=True).maps(original, modified, known)
    return _joined(gone, changes, known)


def _joined(gone: Json, changes: Json, known: Type | None) -> dict[str, Json]:
    """One patch of two."""
    joined = dict(gone)
    for key, value in changes.items():
        before, inner = gone.get(key), _inner(known, key)
        if isinstance(before, dict) and isinstance(value, dict):
            joined[key] = _joined(before, value, inner)
        elif isinstance(before, list) and isinstance(value, list) and inner is not None and inner.merge_key:
            joined[key] = _merged(before, value, inner, _joined)
        else:
            joined[key] = value
    return joined


def patched(current: Json, patch: Json, known: Type | None) -> dict[str, Json]:
    """The object after a patch."""
    kept = patch.get(_RETAIN)
    after = {key: value for key, value in current.items() if kept is None or key in kept}
    for key, value in patch.items():
        if key.startswith("$"):
            continue
        before, inner = after.get(key), _inner(known, key)
        if value is None:
            after.pop(key, None)
        elif isinstance(value, dict):
            after[key] = patched(before if isinstance(before, dict) else {}, value, inner)
        elif inner is not None and inner.merge_key and isinstance(before, list) and _keyed(inner.merge_key, (*before, *value)):
            after[key] = _merged(before, value, inner, patched)
        else:
            after[key] = value
    for key, places in patch.items():
        name = key.removeprefix(_ORDER)
        if key.startswith(_ORDER) and places and isinstance(after.get(name), list):
            merge_key = next(iter(places[0]))
            after[name] = _ordered(after[name], [place[merge_key] for place in places], current.get(name) or (), merge_key)
    return after


def _merged(before: list[Json], patch: list[Json], known: Type, merge: Callable[[Json, Json, Type | None], Json]) -> list[Json]:
    """A list after a patch of its items; an item is merged into the first that has its key."""
    name = known.merge_key
    deleted = {item[name] for item in patch if item.get(_DIRECTIVE) == _DELETE} if merge is patched else ()
    merged = [item for item in before if item[name] not in deleted]
    wanted = [item for item in patch if item.get(_DIRECTIVE) != _DELETE]
    place = _first([item[name] for item in merged])
    for item in wanted:
        if item[name] in place:
            merged[place[item[name]]] = merge(merged[place[item[name]]], item, known.element)
        else:
            place[item[name]] = len(merged)
            merged.append(item)
    return _ordered(merged, [item[name] for item in wanted], before, name)


def _ordered(items: list[Json], places: Sequence[Json], server: Sequence[Json], name: str) -> list[Json]:
    """The items that a patch names in its order, and among them the others, each before the first that the server has behind it."""
    place, had = _first(places), _first([item[name] for item in server])
    named = deque(sorted((item for item in items if item[name] in place), key=lambda item: place[item[name]]))
    others = deque(item for item in items if item[name] not in place)
    ordered: list[Json] = []
    while named and others:
        one, other = named[0][name], others[0][name]
        behind = one in had and other in had and had[other] < had[one]
        ordered.append((others if behind else named).popleft())
    return [*ordered, *named, *others]


def _first(values: Sequence[Json]) -> dict[Json, int]:
    """Value -> where it stands first."""
    return {value: index for index, value in reversed(list(enumerate(values)))}


def _pairs(original: list[Json], modified: list[Json], name: str) -> list[tuple[Json, Json]]:
    """The items of two lists side by side, by their keys; None where a list has no more of that key."""
    before, after = (deque(sorted(items, key=lambda item: str(item[name]))) for items in (original, modified))
    pairs: list[tuple[Json, Json]] = []
    while before and after:
        one, other = str(before[0][name]), str(after[0][name])
        pairs.append((before.popleft() if one <= other else None, after.popleft() if other <= one else None))
    return [*pairs, *((item, None) for item in before), *((None, item) for item in after)]


def _keyed(name: str, items: Sequence[Json]) -> bool:
    return all(isinstance(item, dict) and name in item for item in items)


def _inner(known: Type | None, key: str) -> Type | None:
    if known is None:
        return None
    if known.shape == STRUCT:
        found = known.fields.get(key)
        return found.type if found else None
    return known.element if known.shape == MAP else None


def printed(value: Mapping[str, Json]) -> str:
    """JSON as Go writes it: keys sorted, no spaces, and what is special in HTML escaped."""
    text = json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
    for character, escape in (("&", "\\u0026"), ("<", "\\u003c"), (">", "\\u003e")):
        text = text.replace(character, escape)
    return text
