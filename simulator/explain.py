"""Verdicts, rules and traces -> findings: one root cause first, what follows from it folded under it.

Responsible for: running the rules, ordering, folding consequences, proving fixes.
Leaves to others: finding faults (`rules`), wording for a screen (the bot's templates).
"""

from __future__ import annotations

from collections.abc import Sequence

from simulator.api.diagnostics import Finding, Verdict
from simulator.api.traffic import Answer, Request
from simulator.cluster import Cluster
from simulator.decode import Decoded


def explain(
    cluster: Cluster, decoded: Decoded, verdicts: Sequence[Verdict], traffic: Sequence[tuple[Request, Answer]]
) -> Sequence[Finding]:
    return ()
