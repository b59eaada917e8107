"""`make bench`: speeds and sizes, as ratios side by side. `python -m tests.bench [--profile | learning]`.

`learning` is a simulated year of learners instead, half a minute long.
"""

from __future__ import annotations

import sys

from tests.bench import answering, check, learning_year, reachability, routing


def main(arguments: list[str]) -> None:
    if "--profile" in arguments:
        print(check.profile())
        return
    if "learning" in arguments:
        print(learning_year.table())
        return
    print(check.table())
    print("\nNetworkPolicy: who can reach whom under 100 policies")
    print(reachability.table())
    print(f"\nGateway API: requests traced through routes of {routing.RULES} rules each")
    print(routing.table())
    print("\nAnswers: attempt, card, estimates, standing and item statistics, in the file before they are acknowledged")
    print(answering.table())


if __name__ == "__main__":
    main(sys.argv[1:])
