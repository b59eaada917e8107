"""Random clusters, in the words of friendly companies, and runs of them.

Responsible for: word lists, manifests as plain trees, tables for the learner's eyes, running, the wording of what a client meets.
Leaves to others: what is asked of a cluster (the topics' modules), what happens in it (`simulator`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from random import Random
from typing import Any

import yaml

from bot.generators.draft import UnfitError
from bot.learning.items import Manifest
from simulator import Answer, ConnectionAnswer, LookupAnswer, Report, Scenario, curl_text, nslookup_text, run

_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
"""The one written in C, where there is one: a question may take a dozen runs."""

Tree = dict[str, Any]

APPS = (
    "web", "api", "cart", "orders", "billing", "search", "catalog", "auth", "profile", "media", "mailer", "ledger", "pricing", "stock",
    "reviews", "checkout", "tickets", "maps", "weather", "notes", "radio", "atlas", "bakery", "library", "garden", "ferry",
)  # fmt: skip
NAMESPACES = (
    "shop", "store", "market", "travel", "press", "museum", "harbor", "school", "clinic", "studio", "village", "office", "kitchen", "club",
)  # fmt: skip
TIERS = ("frontend", "backend", "worker", "cache", "gateway")
TRACKS = ("stable", "canary", "blue", "green")
PORTS = (3000, 4000, 5000, 7000, 8000, 8080, 8081, 8443, 9000, 9090, 9292)
DOMAINS = ("example.com", "example.org", "shop.example", "acme.example", "north.example", "tea.example")
ANSWERED, REFUSED, HANGS, UNRESOLVED = (
    "An answer, HTTP 200",
    "Refused at once, `curl: (7)`",
    "A hang until timeout, `curl: (28)`",
    "No such host, `curl: (6)`",
)


def meta(name: str, namespace: str = "", **more: Any) -> Tree:
    return {"name": name, **({"namespace": namespace} if namespace else {}), **{key: value for key, value in more.items() if value}}


def pod(
    name: str,
    labels: Mapping[str, str],
    *,
    namespace: str = "",
    ports: Sequence[int | Tree] = (8080,),
    node: str = "",
    ip: str = "",
    ready: bool = True,
    phase: str = "",
    listens: str = "",
    **spec: Any,
) -> Tree:
    """A Pod of one container. `ports`: numbers, or containerPorts as they stand."""
    said = {"sim/ip": ip, "sim/node": node, "sim/phase": phase, "sim/listens": listens, "sim/ready": "" if ready else "false"}
    container: Tree = {"name": "main", "image": "example/app:1"}
    if ports:
        container["ports"] = [{"containerPort": port} if isinstance(port, int) else port for port in ports]
    annotations = {key: value for key, value in said.items() if value}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": meta(name, namespace, labels=dict(labels), annotations=annotations),
        "spec": {"containers": [container], **spec},
    }


def client(namespace: str = "", **more: Any) -> Tree:
    return pod("client", {"role": "client"}, namespace=namespace, ports=(), **more)


def service(
    name: str, selector: Mapping[str, str] | None, *, namespace: str = "", port: int = 80, target: int | str | None = 8080, **spec: Any
) -> Tree:
    """A Service of one port. `target` None: no targetPort is written. `ports` in `spec` takes the place of the one."""
    one: Tree = {"port": port} if target is None else {"port": port, "targetPort": target}
    chosen = {"selector": dict(selector)} if selector else {}
    return {"apiVersion": "v1", "kind": "Service", "metadata": meta(name, namespace), "spec": {**chosen, "ports": [one], **spec}}


def endpoint_slice(name: str, of: str, endpoints: Sequence[Tree], *, port: int = 8080) -> Tree:
    """A hand-made slice. `of`: the Service that its label names; "" for no label."""
    labels = {"kubernetes.io/service-name": of} if of else {}
    return {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": meta(name, labels=labels),
        "addressType": "IPv4",
        "endpoints": list(endpoints),
        "ports": [{"name": "", "port": port, "protocol": "TCP"}],
    }


def namespace(name: str, /, **labels: str) -> Tree:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": meta(name, labels=labels)}


def shown(name: str, *objects: Tree) -> Manifest:
    """Manifests as the learner reads them; what only the simulator needs to know is left out."""
    return Manifest(name, yaml.safe_dump_all([_visible(each) for each in objects], sort_keys=False, default_flow_style=False))


def _visible(tree: Tree) -> Tree:
    metadata = dict(tree["metadata"])
    annotations = {key: value for key, value in metadata.pop("annotations", {}).items() if not key.startswith("sim/")}
    return {**tree, "metadata": {**metadata, **({"annotations": annotations} if annotations else {})}}


def table(name: str, header: str, rows: Iterable[Sequence[object]]) -> Manifest:
    """A table in the form that kubectl gives, with the columns that matter here."""
    cells = [header.split(), *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    return Manifest(name, "".join("  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() + "\n" for row in cells))


def labels_of(tree: Tree) -> str:
    return ",".join(f"{key}={value}" for key, value in tree["metadata"]["labels"].items())


def name_of(tree: Tree) -> str:
    name: str = tree["metadata"]["name"]
    return name


def play(
    objects: Sequence[Tree],
    *,
    requests: Sequence[Tree] = (),
    lookups: Sequence[Tree] = (),
    connections: Sequence[Tree] = (),
    profile: Tree | None = None,
) -> Report:
    """A run of these objects. Raises UnfitError where the simulator says that something is not modelled."""
    text = yaml.dump_all(list(objects), Dumper=_DUMPER, sort_keys=False)
    given = {"profile": profile or {}, "manifests": [{"name": "cluster.yaml", "text": text}]}
    report = run(Scenario.of({**given, "requests": requests, "lookups": lookups, "connections": connections}, str))
    if any(answer.not_modelled for answer in report.answers):
        raise UnfitError("not modelled")
    return report


def from_pod(namespace: str = "default", name: str = "client") -> Tree:
    return {"pod": {"namespace": namespace, "name": name}}


def ask(host: str, namespace: str = "default", **more: Any) -> Tree:
    """The request of the Pod `client`."""
    return {"from": from_pod(namespace), "host": host, **more}


def answering(answer: Answer) -> list[str]:
    """The names of the Pods that may answer, in order of their names."""
    return sorted({backend.pod.name for backend in answer.backends if backend.pod})


def verdicts(report: Report) -> list[ConnectionAnswer]:
    """The answers to the connections that were asked about, in their order."""
    return [answer for answer in report.connections if isinstance(answer, ConnectionAnswer)]


def verdict(answer: ConnectionAnswer) -> str:
    """Allowed or denied, and why."""
    return f"{'allowed' if answer.allowed else 'denied'}. {answer.reason}"


def ending(answer: Answer) -> str:
    """What the client meets, in the words of an option."""
    if answer.curl_exit:
        return {6: UNRESOLVED, 7: REFUSED, 28: HANGS}.get(answer.curl_exit, f"An error, `curl: ({answer.curl_exit})`")
    return status(answer.status or 200)


def status(code: int) -> str:
    return ANSWERED if code == 200 else f"An error page, HTTP {code}"


def several(names: Iterable[str], nobody: str = "None of them") -> str:
    """`a`, `b` and `c`."""
    quoted = [f"`{name}`" for name in names]
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted) or nobody


def numbered(numbers: Iterable[int], nobody: str) -> str:
    """1, 2 and 4."""
    texts = [str(number) for number in sorted(numbers)]
    return " and ".join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts) or nobody


def way(report: Report, at: int = 0) -> str:
    """What curl prints for a request of the run, and the hops."""
    return curl_text(report.scenario.requests[at], report.answers[at])


def looked_up(report: Report, at: int = 0) -> str:
    answer: LookupAnswer = report.lookups[at]
    return nslookup_text(report.scenario.lookups[at], answer)


def addresses(dice: Random, count: int) -> list[str]:
    """Pod addresses on three nodes."""
    return [f"10.244.{dice.randint(1, 3)}.{last}" for last in dice.sample(range(10, 250), count)]
