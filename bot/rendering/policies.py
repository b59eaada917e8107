"""What each NetworkPolicy of a paste does, and what would change without it: a sentence each.

Responsible for: the facts that the sentences need, their layout.
Leaves to others: computing them (`bot.app.policy_effects`), the words (`templates/policies.j2`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.rendering.reach import peer_in_words, ports_in_words
from bot.rendering.reply import Text
from bot.rendering.templates import text
from simulator import ReachChange, Ref

_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class PolicyEffect:
    """`pods` it selects, `rules` by direction in which it isolates them (ingress, egress), and what would change if it were not there.

    `without` is None where there are too many workloads to compute it while somebody waits.
    """

    policy: Ref
    pods: int
    rules: tuple[tuple[str, int], ...]
    without: tuple[ReachChange, ...] | None


def effects(told: Sequence[PolicyEffect]) -> Text:
    return text("policies", effects=told, examples=_EXAMPLES, peer=peer_in_words, ports=ports_in_words)
