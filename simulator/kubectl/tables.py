"""The columns of `kubectl get`, kind by kind.

Responsible for: which columns a kind has, which of them are shown with `-o wide` only, and each cell.
Leaves to others: choosing objects, NAMESPACE and LABELS columns, layout (`get`).
Mirrors: kubernetes `pkg/printers/internalversion/printers.go` for built-in kinds; the `additionalPrinterColumns` of the Gateway API's CRDs.
The simulator has no clock: what it shows is the moment after `apply`, so every AGE is `0s`. Kinds that play no part in routing show
NAME and AGE only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from simulator.api.meta import Json, Object
from simulator.kubectl.pod_status import pod_cells
from simulator.kubectl.selectors import NONE, format_labels, format_selector

AGE = "0s"
_CLIPPED = 16
"""`loadBalancerWidth`: a status address is cut to so many characters unless the output is wide."""

Cell = Callable[[Object, bool], str]
"""A cell's text for an object; the flag says whether the output is wide."""


@dataclass(frozen=True, slots=True)
class Column:
    header: str
    cell: Cell
    wide: bool = False


def columns_of(kind: str, wide: bool) -> Sequence[Column]:
    return [column for column in _TABLES.get(kind, (_NAME, _AGE)) if wide or not column.wide]


def first_few(items: Sequence[str], empty: str, count: int | None = None) -> str:
    """`a,b,c + 2 more...`: at most three items of `count` (default: as many as there are), as kubectl lists endpoints and ports."""
    total = len(items) if count is None else count
    text = ",".join(items[:3])
    return f"{text} + {total - 3} more..." if total > 3 else text or empty


def load_balancer_addresses(item: Object, wide: bool) -> str:
    entries = (item.status.get("loadBalancer") or {}).get("ingress") or ()
    text = ",".join(sorted({entry.get("ip") or entry.get("hostname") or "" for entry in entries} - {""}))
    return text if wide or len(text) <= _CLIPPED else text[: _CLIPPED - 3] + "..."


def host_port(address: str, port: object) -> str:
    """`10.1.2.3:80`, `[fd00::1]:80` (Go's `net.JoinHostPort`)."""
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def node_roles(node: Object) -> str:
    prefix = "node-role.kubernetes.io/"
    roles = {key.removeprefix(prefix) for key in node.labels if key.startswith(prefix)} | {node.labels.get("kubernetes.io/role", "")}
    return ",".join(sorted(roles - {""})) or NONE


def _dug(data: Json, *path: str) -> Json:
    for key in path:
        data = data.get(key) if isinstance(data, Mapping) else None
    return data


def _text(*path: str, absent: str = "") -> Cell:
    def cell(item: Object, _: bool) -> str:
        value = _dug(item.data, *path)
        return absent if value in (None, "") else str(value)

    return cell


def _number(*path: str) -> Cell:
    return _text(*path, absent="0")


def _selector(*path: str) -> Cell:
    return lambda item, _: format_selector(_dug(item.data, *path))


def _condition(kind: str) -> Cell:
    def cell(item: Object, _: bool) -> str:
        return next((c.get("status", "") for c in item.status.get("conditions") or () if c.get("type") == kind), "")

    return cell


def _replicas(item: Object, _: bool) -> str:
    return f"{item.status.get('readyReplicas') or 0}/{_desired(item)}"


def _desired(item: Object) -> int:
    replicas = item.spec.get("replicas")
    return 1 if replicas is None else int(replicas)


def _containers(field: str, *path: str) -> Cell:
    def cell(item: Object, _: bool) -> str:
        return ",".join(str(container.get(field, "")) for container in _dug(item.data, *path, "spec", "containers") or ())

    return cell


def _cluster_ip(item: Object, _: bool) -> str:
    return str((item.spec.get("clusterIPs") or [NONE])[0])


def _external_ip(item: Object, wide: bool) -> str:
    external = list(item.spec.get("externalIPs") or ())
    match item.spec.get("type"):
        case "ExternalName":
            return str(item.spec.get("externalName") or "")
        case "LoadBalancer":
            given = load_balancer_addresses(item, wide)
            return ",".join(([given] if given else []) + external) or "<pending>"
    return ",".join(external) or NONE


def _service_ports(item: Object, _: bool) -> str:
    return ",".join(_service_port(port) for port in item.spec.get("ports") or ()) or NONE


def _service_port(port: Mapping[str, Json]) -> str:
    number = f"{port.get('port')}:{port['nodePort']}" if port.get("nodePort") else f"{port.get('port')}"
    return f"{number}/{port.get('protocol', 'TCP')}"


def _endpoints(item: Object, _: bool) -> str:
    subsets = item.data.get("subsets") or ()
    if not subsets:
        return NONE
    found: list[str] = []
    for subset in subsets:
        addresses = [address.get("ip", "") for address in subset.get("addresses") or ()]
        if not subset.get("ports"):
            found += addresses
        for port in subset.get("ports") or ():
            found += [host_port(address, port.get("port")) for address in addresses]
    return first_few(found, "")


def _slice_ports(item: Object, _: bool) -> str:
    ports = item.data.get("ports") or ()
    return first_few([str(port["port"] if port.get("port") is not None else port.get("name") or "*") for port in ports], "<unset>")


def _slice_endpoints(item: Object, _: bool) -> str:
    endpoints = item.data.get("endpoints") or ()
    return first_few([address for endpoint in endpoints for address in endpoint.get("addresses") or ()], "<unset>")


def _ingress_hosts(item: Object, _: bool) -> str:
    rules = item.spec.get("rules") or ()
    hosts: list[str] = []
    more = False
    for rule in rules:
        more = more or len(hosts) == 3
        if not more and rule.get("host"):
            hosts.append(rule["host"])
    text = ",".join(hosts) or "*"
    return f"{text} + {len(rules) - 3} more..." if more else text


def _ingress_parameters(item: Object, _: bool) -> str:
    given = item.spec.get("parameters")
    if not given:
        return NONE
    group = f".{given['apiGroup']}" if given.get("apiGroup") is not None else ""
    return f"{given.get('kind', '')}{group}/{given.get('name', '')}"


def _node_status(item: Object, wide: bool) -> str:
    ready = _condition("Ready")(item, wide)
    status = {"": "Unknown", "True": "Ready"}.get(ready, "NotReady")
    return f"{status},SchedulingDisabled" if item.spec.get("unschedulable") else status


def _node_address(kind: str) -> Cell:
    def cell(item: Object, _: bool) -> str:
        return next((a.get("address", "") for a in item.status.get("addresses") or () if a.get("type") == kind), NONE)

    return cell


def _job_status(item: Object, wide: bool) -> str:
    for kind in ("Complete", "Failed"):
        if _condition(kind)(item, wide) == "True":
            return kind
    if item.metadata.get("deletionTimestamp"):
        return "Terminating"
    found = next((kind for kind in ("Suspended", "FailureTarget") if _condition(kind)(item, wide) == "True"), None)
    return found or "Running"


def _job_completions(item: Object, _: bool) -> str:
    succeeded, completions = item.status.get("succeeded") or 0, item.spec.get("completions")
    if completions is not None:
        return f"{succeeded}/{completions}"
    parallelism = item.spec.get("parallelism") or 0
    return f"{succeeded}/1 of {parallelism}" if parallelism > 1 else f"{succeeded}/1"


def _suspend(item: Object, _: bool) -> str:
    suspend = item.spec.get("suspend")
    return "<unset>" if suspend is None else str(bool(suspend))


def _data_count(item: Object, _: bool) -> str:
    return str(len(item.data.get("data") or ()) + len(item.data.get("binaryData") or ()))


def _hostnames(item: Object, _: bool) -> str:
    """A list in a CRD's string column is printed as JSON (`["a","b"]`); an absent one leaves the cell empty."""
    names = item.spec.get("hostnames")
    return "" if names is None else "[" + ",".join(f'"{name}"' for name in names) + "]"


def _gateway_address(item: Object, _: bool) -> str:
    """`.status.addresses[*].value`: a CRD's column shows the first result only."""
    return str(next((address.get("value", "") for address in item.status.get("addresses") or ()), ""))


def _pod(index: int) -> Cell:
    return lambda item, _: pod_cells(item)[index]


def _template(*path: str, selector: tuple[str, ...] = ("spec", "selector")) -> tuple[Column, ...]:
    """The wide columns of whatever has a Pod template at `path`."""
    return (
        Column("CONTAINERS", _containers("name", *path), wide=True),
        Column("IMAGES", _containers("image", *path), wide=True),
        *([Column("SELECTOR", _selector(*selector), wide=True)] if selector else []),
    )


_NAME = Column("NAME", lambda item, _: item.name)
_AGE = Column("AGE", lambda *_: AGE)
_ACCEPTED = Column("ACCEPTED", _condition("Accepted"))
_PROGRAMMED = Column("PROGRAMMED", _condition("Programmed"))
_ROUTE = (_NAME, Column("HOSTNAMES", _hostnames), _AGE)
_WEBHOOKS = (_NAME, Column("WEBHOOKS", lambda item, _: str(len(item.data.get("webhooks") or ()))), _AGE)

_TABLES: Mapping[str, tuple[Column, ...]] = {
    "Pod": (
        _NAME,
        Column("READY", _pod(0)), Column("STATUS", _pod(1)), Column("RESTARTS", _pod(2)), _AGE,
        Column("IP", lambda item, _: str(next((p.get("ip", "") for p in item.status.get("podIPs") or ()), "") or NONE), wide=True),
        Column("NODE", _text("spec", "nodeName", absent=NONE), wide=True),
        Column("NOMINATED NODE", _text("status", "nominatedNodeName", absent=NONE), wide=True),
        Column("READINESS GATES", _pod(3), wide=True),
    ),
    "Service": (
        _NAME,
        Column("TYPE", _text("spec", "type")), Column("CLUSTER-IP", _cluster_ip), Column("EXTERNAL-IP", _external_ip),
        Column("PORT(S)", _service_ports), _AGE,
        Column("SELECTOR", lambda item, _: format_labels(item.spec.get("selector")), wide=True),
    ),
    "Endpoints": (_NAME, Column("ENDPOINTS", _endpoints), _AGE),
    "EndpointSlice": (
        _NAME, Column("ADDRESSTYPE", _text("addressType")), Column("PORTS", _slice_ports), Column("ENDPOINTS", _slice_endpoints), _AGE,
    ),
    "Deployment": (
        _NAME,
        Column("READY", _replicas), Column("UP-TO-DATE", _number("status", "updatedReplicas")),
        Column("AVAILABLE", _number("status", "availableReplicas")), _AGE,
        *_template("spec", "template"),
    ),
    "ReplicaSet": (
        _NAME,
        Column("DESIRED", lambda item, _: str(_desired(item))), Column("CURRENT", _number("status", "replicas")),
        Column("READY", _number("status", "readyReplicas")), _AGE,
        *_template("spec", "template"),
    ),
    "StatefulSet": (_NAME, Column("READY", _replicas), _AGE, *_template("spec", "template", selector=())),
    "DaemonSet": (
        _NAME,
        Column("DESIRED", _number("status", "desiredNumberScheduled")), Column("CURRENT", _number("status", "currentNumberScheduled")),
        Column("READY", _number("status", "numberReady")), Column("UP-TO-DATE", _number("status", "updatedNumberScheduled")),
        Column("AVAILABLE", _number("status", "numberAvailable")),
        Column("NODE SELECTOR", lambda item, _: format_labels(_dug(item.data, "spec", "template", "spec", "nodeSelector"))), _AGE,
        *_template("spec", "template"),
    ),
    "Job": (
        _NAME,
        Column("STATUS", _job_status), Column("COMPLETIONS", _job_completions),
        Column("DURATION", lambda item, _: AGE if item.status.get("startTime") else ""), _AGE,
        *_template("spec", "template"),
    ),
    "CronJob": (
        _NAME,
        Column("SCHEDULE", _text("spec", "schedule")), Column("TIMEZONE", _text("spec", "timeZone", absent=NONE)),
        Column("SUSPEND", _suspend),
        Column("ACTIVE", lambda item, _: str(len(item.status.get("active") or ()))),
        Column("LAST SCHEDULE", lambda item, _: AGE if item.status.get("lastScheduleTime") else NONE), _AGE,
        *_template("spec", "jobTemplate", "spec", "template", selector=("spec", "jobTemplate", "spec", "selector")),
    ),
    "Node": (
        _NAME,
        Column("STATUS", _node_status), Column("ROLES", lambda item, _: node_roles(item)), _AGE,
        Column("VERSION", _text("status", "nodeInfo", "kubeletVersion")),
        Column("INTERNAL-IP", _node_address("InternalIP"), wide=True), Column("EXTERNAL-IP", _node_address("ExternalIP"), wide=True),
        Column("OS-IMAGE", _text("status", "nodeInfo", "osImage", absent="<unknown>"), wide=True),
        Column("KERNEL-VERSION", _text("status", "nodeInfo", "kernelVersion", absent="<unknown>"), wide=True),
        Column("CONTAINER-RUNTIME", _text("status", "nodeInfo", "containerRuntimeVersion", absent="<unknown>"), wide=True),
    ),
    "Namespace": (_NAME, Column("STATUS", _text("status", "phase")), _AGE),
    "ConfigMap": (_NAME, Column("DATA", _data_count), _AGE),
    "Secret": (_NAME, Column("TYPE", _text("type")), Column("DATA", _data_count), _AGE),
    "ServiceAccount": (_NAME, Column("SECRETS", lambda item, _: str(len(item.data.get("secrets") or ()))), _AGE),
    "Ingress": (
        _NAME,
        Column("CLASS", _text("spec", "ingressClassName", absent=NONE)), Column("HOSTS", _ingress_hosts),
        Column("ADDRESS", load_balancer_addresses), Column("PORTS", lambda item, _: "80, 443" if item.spec.get("tls") else "80"), _AGE,
    ),
    "IngressClass": (_NAME, Column("CONTROLLER", _text("spec", "controller")), Column("PARAMETERS", _ingress_parameters), _AGE),
    "NetworkPolicy": (_NAME, Column("POD-SELECTOR", _selector("spec", "podSelector")), _AGE),
    "GatewayClass": (
        _NAME,
        Column("CONTROLLER", _text("spec", "controllerName")), _ACCEPTED, _AGE,
        Column("DESCRIPTION", _text("spec", "description"), wide=True),
    ),
    "Gateway": (_NAME, Column("CLASS", _text("spec", "gatewayClassName")), Column("ADDRESS", _gateway_address), _PROGRAMMED, _AGE),
    "ListenerSet": (_NAME, _ACCEPTED, _PROGRAMMED, _AGE),
    "HTTPRoute": _ROUTE,
    "GRPCRoute": _ROUTE,
    "MutatingWebhookConfiguration": _WEBHOOKS,
    "ValidatingWebhookConfiguration": _WEBHOOKS,
}  # fmt: skip
