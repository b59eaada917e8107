"""The command line: reads files, runs, prints. The simulator's only door to the world (`python -m simulator VERB ...`).

Responsible for: arguments, files, exit codes (0 fine, 1 something wrong was found, 2 called wrongly).
Leaves to others: everything that is printed (`kubectl`, `answer`).
"""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from simulator.api.meta import SourceFile
from simulator.engine import Report, run
from simulator.scenario import WORKLOADS, Scenario, lookup_of, request_of

USAGE = """\
usage: python -m simulator VERB ... ; manifests by -f FILE (repeatable, - is standard input)

  check    -f F...                                    findings on the manifests, root causes first
  apply    -f F...                                    what kubectl apply prints
  get      KIND [NAME] -f F... [-n NS] [-A] [-l SELECTOR] [-o wide|name|yaml|json] [--show-labels]
  describe KIND [NAME] -f F... [-n NS]
  rollout  restart KIND/NAME -f F... [-n NS]          what clients meet while its Pods are replaced
  curl     [--from NS/POD | --from-node NODE | --outside] [-k] [-X METHOD] [-H 'K: V'] [--via KIND/NS/NAME] URL -f F...
  nslookup [--from NS/POD] [-type=TYPE] NAME -f F...  from outside the cluster's DNS answers the name as given
  reach    -f F... [--diff BEFORE]...                 who can reach whom, or what a change opens and closes
  run      SCENARIO                                   a scenario file (- is standard input)

-o json gives data instead of text. Exit codes: 0 nothing wrong, 1 something wrong was found, 2 called wrongly.
"""


class UsageError(Exception):
    """The command was called wrongly; the message is one line."""


Outcome = tuple[str | Any, str, int]
"""Standard output (text, or data to be printed as JSON), standard error, exit code."""


def main(arguments: Sequence[str]) -> int:
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(USAGE, end="", file=sys.stdout if arguments else sys.stderr)
        return 0 if arguments else 2
    verb, *rest = arguments
    try:
        if verb not in _VERBS:
            raise UsageError(f"there is no verb {verb!r}; there are {', '.join(_VERBS)}")
        stdout, stderr, code = _VERBS[verb](rest)
    except UsageError as fault:
        print(f"simulator {verb}: {fault}", file=sys.stderr)
        return 2
    print(stdout if isinstance(stdout, str) else json.dumps(stdout, indent=2, default=str) + "\n", end="")
    print(stderr, end="", file=sys.stderr)
    return code


def _options(words: Sequence[str], valued: Mapping[str, str], switches: Sequence[str] = ()) -> tuple[dict[str, list[str]], list[str]]:
    """Values by option name, and what is left. Every verb takes `-f` and `-o`."""
    names = {"-f": "f", "--filename": "f", "-o": "o", "--output": "o", **valued}
    values: dict[str, list[str]] = {name: [] for name in (*names.values(), *switches)}
    left: list[str] = []
    queue = list(reversed(words))
    while queue:
        word = queue.pop()
        name, equals, value = word.partition("=")
        if word in switches:
            values[word].append("true")
        elif name in names and (equals or queue):
            values[names[name]].append(value if equals else queue.pop())
        elif name in names:
            raise UsageError(f"{name} needs a value")
        elif word.startswith("-") and word != "-":
            raise UsageError(f"unknown option {word}")
        else:
            left.append(word)
    if any(form not in ("json", "text") for form in values["o"]):
        raise UsageError(f"-o is json or text, not {values['o'][-1]}")
    return values, left


def _read(name: str) -> str:
    try:
        return sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8", errors="replace")
    except OSError as fault:
        raise UsageError(f"cannot read {name}: {fault.strerror}") from fault


def _manifests(names: Sequence[str]) -> tuple[SourceFile, ...]:
    if not names:
        raise UsageError("give the manifests with -f FILE (- is standard input)")
    return tuple(SourceFile("standard input" if name == "-" else name, _read(name)) for name in names)


def _one(words: Sequence[str], what: str) -> str:
    if len(words) != 1:
        raise UsageError(f"give one {what}, not {len(words)}")
    return words[0]


def _check(words: Sequence[str]) -> Outcome:
    values, left = _options(words, {})
    if left:
        raise UsageError(f"unexpected {left[0]!r}; manifests come after -f")
    report = run(Scenario(manifests=_manifests(values["f"])))
    from simulator.answer import finding, verdict

    if values["o"]:
        data = {"findings": [finding(f) for f in report.findings], "documents": [verdict(v) for v in report.verdicts]}
        return data, "", _code(report)
    from simulator.kubectl.check import check_text

    return check_text(report.findings, report.scenario.manifests), "", _code(report)


def _apply(words: Sequence[str]) -> Outcome:
    values, left = _options(words, {})
    if left:
        raise UsageError(f"unexpected {left[0]!r}; manifests come after -f")
    report = run(Scenario(manifests=_manifests(values["f"])))
    code = 0 if all(verdict.accepted for verdict in report.verdicts) else 1
    if values["o"]:
        from simulator.answer import verdict

        data = {"stdout": report.apply.stdout, "stderr": report.apply.stderr, "documents": [verdict(v) for v in report.verdicts]}
        return data, "", code
    return report.apply.stdout, report.apply.stderr, code


def _kubectl(verb: str) -> Callable[[Sequence[str]], Outcome]:
    def command(words: Sequence[str]) -> Outcome:
        names, arguments = _without_files(words)
        report = run(Scenario(manifests=_manifests(names)))
        if verb == "get":
            from simulator.kubectl.get import get

            printed = get(report.cluster, arguments, show_secrets=True)
        else:
            from simulator.kubectl.describe import describe
            from simulator.kubectl.rollout import rollout

            as_data = arguments[-2:] == ["-o", "json"]
            told = describe if verb == "describe" else rollout
            printed = told(report.cluster, arguments[:-2] if as_data else arguments)
            if as_data:
                return {"stdout": printed.stdout, "stderr": printed.stderr}, "", printed.exit_code
        return printed.stdout, report.apply.stderr + printed.stderr, printed.exit_code

    return command


def _without_files(words: Sequence[str]) -> tuple[list[str], list[str]]:
    names: list[str] = []
    left: list[str] = []
    queue = list(reversed(words))
    while queue:
        word = queue.pop()
        name, equals, value = word.partition("=")
        if name not in ("-f", "--filename"):
            left.append(word)
        elif not equals and not queue:
            raise UsageError(f"{name} needs a value")
        else:
            names.append(value if equals else queue.pop())
    return names, left


def _pod(word: str) -> dict[str, str]:
    namespace, slash, name = word.partition("/")
    return {"namespace": namespace, "name": name} if slash else {"namespace": "default", "name": namespace}


def _curl(words: Sequence[str]) -> Outcome:
    options = {
        "--from": "from",
        "--from-node": "node",
        "-X": "method",
        "--request": "method",
        "-H": "header",
        "--header": "header",
        "--via": "via",
    }
    values, left = _options(words, options, ["--outside", "-k"])
    if sum(bool(values[name]) for name in ("from", "node", "--outside")) > 1:
        raise UsageError("--from, --from-node and --outside exclude each other")
    asked = _request(_one(left, "URL"), values)
    report = run(Scenario(manifests=_manifests(values["f"]), requests=(request_of(asked),)))
    answer = report.answers[0]
    code = 1 if answer.curl_exit or answer.not_modelled or (answer.status or 0) >= 400 else 0
    if values["o"]:
        from simulator.answer import request_answer

        return request_answer(answer), "", code
    from simulator.kubectl.curl import curl_text

    return curl_text(report.scenario.requests[0], answer), report.apply.stderr, code


def _request(url: str, values: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The scenario's form of a request for curl's arguments."""
    from simulator.commands import request_of_command

    options = [word for key, name in (("method", "-X"), ("header", "-H")) for value in values[key] for word in (name, value)]
    try:
        asked = request_of_command(["curl", *(["-k"] if values["-k"] else []), *options, url])
    except ValueError as fault:
        raise UsageError(str(fault)) from fault
    if values["from"]:
        asked["from"] = {"pod": _pod(values["from"][-1])}
    elif values["node"]:
        asked["from"] = {"node": values["node"][-1]}
    if values["via"]:
        asked["via"] = _via(values["via"][-1])
    return asked


def _via(word: str) -> dict[str, str]:
    from simulator.api.resources import find_resource

    kind, _, rest = word.partition("/")
    namespace, slash, name = rest.partition("/")
    resource = find_resource(kind)
    if resource is None or not slash or not name:
        raise UsageError(f"--via is KIND/NAMESPACE/NAME, not {word!r}")
    return {"kind": resource.kind, "namespace": namespace, "name": name}


def _nslookup(words: Sequence[str]) -> Outcome:
    values, left = _options(words, {"--from": "from", "-type": "type", "--type": "type", "-q": "type"})
    name = _one(left, "name")
    asked: dict[str, Any] = {"name": _reverse(name) or name, "type": "PTR" if _reverse(name) else (values["type"] or ["A"])[-1].upper()}
    if values["from"]:
        asked["from"] = {"pod": _pod(values["from"][-1])}
    report = run(Scenario(manifests=_manifests(values["f"]), lookups=(lookup_of(asked),)))
    answer = report.lookups[0]
    code = 0 if answer.rcode == "NOERROR" else 1
    if values["o"]:
        from simulator.answer import lookup_answer

        return lookup_answer(answer), "", code
    from simulator.kubectl.nslookup import CLUSTER_DNS, nslookup_text

    dns = report.cluster.get("Service", "kube-system", "kube-dns")
    server = str(dns.spec.get("clusterIP") or CLUSTER_DNS) if dns else CLUSTER_DNS
    return nslookup_text(report.scenario.lookups[0], answer, server), report.apply.stderr, code


def _reverse(name: str) -> str:
    """`1.0.96.10.in-addr.arpa.` for 10.96.0.1; "" for what is not an address."""
    from ipaddress import ip_address

    try:
        return ip_address(name).reverse_pointer + "."
    except ValueError:
        return ""


def _reach(words: Sequence[str]) -> Outcome:
    values, left = _options(words, {"--diff": "diff"})
    if left:
        raise UsageError(f"unexpected {left[0]!r}; manifests come after -f")
    from simulator.answer import connections, reach_change
    from simulator.dataplane.reachability import diff, matrix

    report = run(Scenario(manifests=_manifests(values["f"]), connections=WORKLOADS))
    if not values["diff"]:
        if values["o"]:
            return connections(report), "", 0
        from simulator.kubectl.reach import reach_text

        return reach_text(report.supposed, matrix(report.supposed)), report.apply.stderr, 0
    before = run(Scenario(manifests=_manifests(values["diff"]), connections=WORKLOADS))
    changes = diff(matrix(before.supposed), matrix(report.supposed))
    if values["o"]:
        return [reach_change(change) for change in changes], "", 0
    from simulator.kubectl.reach import diff_text

    return diff_text(changes), before.apply.stderr + report.apply.stderr, 0


def _run(words: Sequence[str]) -> Outcome:
    values, left = _options(words, {})
    name = _one(left, "scenario")
    report = run(_scenario(name))
    if values["o"] == ["json"]:
        from simulator.answer import answer

        return json.dumps(dict(answer(report)), default=str) + "\n", "", _code(report)
    from simulator.kubectl.run import run_text

    return run_text(report), "", _code(report)


def _scenario(name: str) -> Scenario:
    import yaml

    text = _read(name)
    folder = Path(".") if name == "-" else Path(name).parent
    try:
        mapping = json.loads(text) if text.lstrip().startswith("{") else yaml.load(text, Loader=yaml.CSafeLoader)
        return Scenario.of(mapping, lambda path: _read(str(folder / path)))
    except yaml.YAMLError as fault:
        raise UsageError(f"{name}: {' '.join(str(fault).split())}") from fault
    except ValueError as fault:
        raise UsageError(f"{name}: {fault}") from fault


def _code(report: Report) -> int:
    """1 where an error-level finding stands or a request failed."""
    failed = any(answer.outcome != "answered" for answer in report.answers)
    return 1 if failed or any(finding.severity.value == "error" for finding in report.findings) else 0


_VERBS: Mapping[str, Callable[[Sequence[str]], Outcome]] = {
    "check": _check, "apply": _apply, "get": _kubectl("get"), "describe": _kubectl("describe"), "rollout": _kubectl("rollout"),
    "curl": _curl, "nslookup": _nslookup, "reach": _reach, "run": _run,
}  # fmt: skip


if __name__ == "__main__":
    gc.disable()  # one question and the process ends: nothing lives long enough to be worth collecting
    sys.exit(main(sys.argv[1:]))
