"""What a second `kubectl apply` changes: the three-way merge of what was applied, what is applied now, and what is stored.

Mirrors: kubectl `pkg/cmd/apply/patcher.go`; apimachinery `strategicpatch` for built-in kinds (lists merge by key), `jsonmergepatch` for
custom resources (lists are replaced).
"""

from __future__ import annotations

from simulator.api.meta import Json
from simulator.schema import LIST, MAP, STRUCT, Type


def three_way(original: Json, modified: Json, current: Json, known: Type | None) -> Json:
    """`current` with what `modified` says, and without what `original` said and `modified` no longer does.

    It equals `current` where kubectl would find nothing to send. `known` is the built-in type, None for custom resources.
    """
    if not isinstance(modified, dict) or not isinstance(current, dict):
        return modified
    merged = {key: value for key, value in current.items() if key in modified or key not in (original or {})}
    for key, value in modified.items():
        if value is None:
            merged.pop(key, None)
            continue
        before = original.get(key) if isinstance(original, dict) else None
        merged[key] = _merged(before, value, current.get(key), _inner(known, key))
    return merged


def _merged(original: Json, modified: Json, current: Json, known: Type | None) -> Json:
    if isinstance(modified, dict) and isinstance(current, dict):
        return three_way(original, modified, current, known)
    if known is not None and known.shape == LIST and known.merge_key and isinstance(modified, list) and isinstance(current, list):
        return _by_key(original, modified, current, known)
    return modified


def _by_key(original: Json, modified: list[Json], current: list[Json], known: Type) -> Json:
    key = known.merge_key
    everything = (*modified, *current, *(original or []))
    if not all(isinstance(item, dict) and key in item for item in everything):
        return modified
    before, wanted = {item[key]: item for item in original or []}, {item[key]: item for item in modified}
    kept = [item for item in current if item[key] in wanted or item[key] not in before]
    present = {item[key] for item in kept}
    merged = [three_way(before.get(item[key]), wanted[item[key]], item, known.element) if item[key] in wanted else item for item in kept]
    return merged + [item for item in modified if item[key] not in present]


def _inner(known: Type | None, key: str) -> Type | None:
    if known is None:
        return None
    if known.shape == STRUCT:
        found = known.fields.get(key)
        return found.type if found else None
    return known.element if known.shape == MAP else None
