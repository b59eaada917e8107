"""Amounts of CPU and memory: `250m`, `128Mi`.

Responsible for: reading, adding up and printing quantities where kubectl shows sums and shares. Leaves to others: validation (`admission`).
Mirrors: apimachinery `resource.Quantity`: a sum is printed in the family of suffixes of its first amount, without a fraction.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction

_FORM = re.compile(r"([+-]?[0-9.]+)(m|[kMGTPE]i?|Ki|[eE][+-]?\d{1,2})?$")
_BINARY = ("Ei", "Pi", "Ti", "Gi", "Mi", "Ki")
_DECIMAL = ("E", "P", "T", "G", "M", "k")


def amount(text: object) -> Fraction:
    """The number that a quantity stands for; 0 for what is not a quantity."""
    found = _FORM.match(str(text))
    try:
        number = Fraction(found[1]) if found else Fraction(0)
    except ValueError:
        return Fraction(0)
    suffix = (found and found[2]) or ""
    if suffix == "m":
        return number / 1000
    if suffix in _BINARY:
        return number * Fraction(1024 ** (6 - _BINARY.index(suffix)))
    if suffix in _DECIMAL:
        return number * Fraction(1000 ** (6 - _DECIMAL.index(suffix)))
    return number * Fraction(10) ** int(suffix[1:]) if suffix else number


def total(quantities: Iterable[object]) -> str:
    """The sum, canonically printed; `0` of none."""
    given = [str(quantity) for quantity in quantities]
    number = sum((amount(quantity) for quantity in given), Fraction(0))
    if number.denominator != 1:
        return f"{-(-number * 1000 // 1)}m"
    suffixes, base = (_BINARY, 1024) if any(quantity.endswith("i") for quantity in given[:1]) else (_DECIMAL, 1000)
    for power, suffix in zip(range(6, 0, -1), suffixes, strict=True):
        if number and number % base**power == 0:
            return f"{number // base**power}{suffix}"
    return str(number)


def percent(part: object, whole: object) -> int:
    """How much of the whole; 0 where the whole is not known."""
    return int(amount(part) * 100 / amount(whole)) if amount(whole) else 0
