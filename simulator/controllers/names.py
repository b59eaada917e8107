"""Names that controllers and the API server make up, and the hashes behind them: the same input gives the same name.

Responsible for: the alphabet, the hashes, generated names.
Leaves to others: what is hashed (`pod_template_hash`, `stateful_set`).
Mirrors: apimachinery `util/rand` (SafeEncodeString), apiserver `storage/names` (generateName), Go's `hash/fnv`.
A real cluster draws the five last letters by chance; here they follow from what is named, so that runs can be compared.
"""

from __future__ import annotations

ALPHABET = "bcdfghjklmnpqrstvwxz2456789"
LONGEST_BASE = 63 - 5
"""What `generateName` keeps of a base, so that the whole stays a DNS label."""

FNV_OFFSET, FNV_PRIME = 2166136261, 16777619


def fnv32(data: bytes) -> int:
    """FNV-1, 32 bits."""
    state = FNV_OFFSET
    for byte in data:
        state = (state * FNV_PRIME & 0xFFFFFFFF) ^ byte
    return state


def fnv32a(data: bytes, state: int = FNV_OFFSET) -> int:
    """FNV-1a, 32 bits; `state` goes on from an earlier part."""
    for byte in data:
        state = (state ^ byte) * FNV_PRIME & 0xFFFFFFFF
    return state


def safe_encode(text: str) -> str:
    """Each byte as a letter or digit that cannot spell a bad word."""
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in text.encode())


def suffix(seed: str) -> str:
    """Five letters that follow from `seed`."""
    number, letters = fnv32a(seed.encode()), ""
    for _ in range(5):
        number, rest = divmod(number, len(ALPHABET))
        letters += ALPHABET[rest]
    return letters


def generated(base: str, seed: str) -> str:
    """`base` as a generateName (`web-`), shortened where it must be, with the five letters of `seed`."""
    return base[:LONGEST_BASE] + suffix(seed)
