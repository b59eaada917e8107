"""The command line: reads files, runs, prints. The simulator's only door to the world (`python -m simulator VERB ...`).

Responsible for: arguments, files, exit codes (0 fine, 1 something wrong was found, 2 called wrongly).
Leaves to others: everything that is printed.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import yaml

from simulator.answer import answer
from simulator.engine import run
from simulator.scenario import Scenario


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m simulator")
    verbs = parser.add_subparsers(dest="verb", required=True)
    run_verb = verbs.add_parser("run")
    run_verb.add_argument("scenario")
    run_verb.add_argument("-o", dest="output", default="text")
    given = parser.parse_args(arguments)
    text = sys.stdin.read() if given.scenario == "-" else Path(given.scenario).read_text()
    folder = Path(".") if given.scenario == "-" else Path(given.scenario).parent
    try:
        mapping = json.loads(text) if text.lstrip().startswith("{") else yaml.safe_load(text)
        scenario = Scenario.of(mapping, lambda name: (folder / name).read_text())
    except (ValueError, yaml.YAMLError, OSError) as fault:
        print(f"simulator: {fault}", file=sys.stderr)
        return 2
    print(json.dumps(answer(run(scenario)), default=str))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
