"""`make bench`: speeds and sizes, as ratios side by side. `python -m tests.bench [--profile]`."""

from __future__ import annotations

import sys

from tests.bench import check, reachability, routing


def main(arguments: list[str]) -> None:
    if "--profile" in arguments:
        print(check.profile())
        return
    print(check.table())
    print("\nNetworkPolicy: who can reach whom under 100 policies")
    print(reachability.table())
    print(f"\nGateway API: requests traced through routes of {routing.RULES} rules each")
    print(routing.table())


if __name__ == "__main__":
    main(sys.argv[1:])
