"""`python -m bot check-content --generators`: how many different questions each generator gives.

Responsible for: the table on the terminal, and the exit code. Leaves to others: making questions (`bot.generators`).
"""

from __future__ import annotations

from bot.generators import TEMPLATES, different, generate

SEEDS = 30
ENOUGH = 20
"""So many different questions have to come of `SEEDS` seeds."""


def main(*, counted: bool) -> int:
    """Prints how many generators there are for each topic; `counted`: each one's questions, which takes minutes. 1 if one gives too few."""
    topics = [template.topic for template in TEMPLATES.values()]
    print(f"\n{'generators':<24}{len(topics):>6}")
    for topic in dict.fromkeys(topics):
        print(f"  {topic:<22}{topics.count(topic):>6}")
    if not counted:
        print("  how many questions each gives: check-content --generators")
        return 0
    print(f"\n{f'different questions of {SEEDS} seeds':<36}")
    poor = 0
    for name in TEMPLATES:
        made = different(question for seed in range(SEEDS) if (question := generate(name, f"seed-{seed}")))
        poor += made < ENOUGH
        print(f"  {name:<34}{made:>6}{'' if made >= ENOUGH else f'  fewer than {ENOUGH}: vary the cluster'}", flush=True)
    return 1 if poor else 0
