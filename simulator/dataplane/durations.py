"""Durations as the Gateway API writes them: `500ms`, `1h30m`.

Responsible for: reading them. Mirrors: GEP-2257.
"""

from __future__ import annotations

import re

_FORM = re.compile(r"([0-9]{1,5}(h|m|s|ms)){1,4}")
_SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}


def seconds(duration: str) -> float:
    """The length in seconds; 0 for what is no duration."""
    if not _FORM.fullmatch(duration):
        return 0.0
    return sum(int(number) * _SECONDS[unit] for number, unit in re.findall(r"([0-9]+)(ms|h|m|s)", duration))
