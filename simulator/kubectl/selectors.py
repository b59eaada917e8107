"""Labels and selectors as text: printing them, and reading what follows `-l`.

Responsible for: `app=web,tier in (a,b)` in both directions. Leaves to others: matching (`simulator.cluster`).
Mirrors: apimachinery `labels.FormatLabels`, `labels.Selector.String`, `metav1.FormatLabelSelector`, `labels.Parse`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from simulator.api.meta import Json

NONE = "<none>"


def format_labels(labels: Mapping[str, str] | None) -> str:
    """`app=web,tier=front` sorted by key, or `<none>`."""
    return ",".join(f"{key}={value}" for key, value in sorted((labels or {}).items())) or NONE


def format_selector(selector: Mapping[str, Json] | None) -> str:
    """A LabelSelector as `kubectl` prints it: `app=web,tier in (a,b),!legacy` sorted by key, or `<none>`."""
    selector = selector or {}
    requirements = [(key, f"{key}={value}") for key, value in (selector.get("matchLabels") or {}).items()]
    for expression in selector.get("matchExpressions") or ():
        key, values = expression.get("key", ""), ",".join(sorted(expression.get("values") or ()))
        text = {"In": f"{key} in ({values})", "NotIn": f"{key} notin ({values})", "DoesNotExist": f"!{key}"}
        requirements.append((key, text.get(expression.get("operator", ""), key)))
    return ",".join(text for _, text in sorted(requirements, key=lambda pair: pair[0])) or NONE


_REQUIREMENT = re.compile(
    r"""\s*(?: !\s*(?P<absent>[^\s=!,()]+)
          | (?P<key>[^\s=!,()]+) \s* (?: (?P<sign>==|=|!=)\s*(?P<value>[^\s=!,()]*) | (?P<set>in|notin)\s*\((?P<values>[^()]*)\) )?
        )\s*""",
    re.VERBOSE,
)


def parse_selector(text: str) -> Mapping[str, Json] | None:
    """The LabelSelector that `-l TEXT` means; None where the text is not a selector. An empty text selects everything."""
    expressions: list[dict[str, Json]] = []
    at = 0
    while at < len(text):
        found = _REQUIREMENT.match(text, at)
        if found is None or (found.end() < len(text) and text[found.end()] != ","):
            return None
        expressions.append(_expression(found))
        at = found.end() + 1
    return {"matchExpressions": expressions}


def _expression(found: re.Match[str]) -> dict[str, Json]:
    if found["absent"]:
        return {"key": found["absent"], "operator": "DoesNotExist"}
    if found["sign"]:
        return {"key": found["key"], "operator": "NotIn" if found["sign"] == "!=" else "In", "values": [found["value"]]}
    if found["set"]:
        values = [value.strip() for value in found["values"].split(",")]
        return {"key": found["key"], "operator": "In" if found["set"] == "in" else "NotIn", "values": values}
    return {"key": found["key"], "operator": "Exists"}
