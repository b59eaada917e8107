"""`kubectl describe`: one page per object.

Responsible for: which objects, and which describer a kind has. Leaves to others: the pages (this package's modules), flags (`arguments`).
Mirrors: kubectl `pkg/cmd/describe` and `describerMap` of `pkg/describe/describe.go`. Events are not modelled: every page shows `<none>`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from simulator.api.meta import Object
from simulator.cluster import Cluster
from simulator.kubectl.arguments import Command, Printed, Refusal, Target, parse
from simulator.kubectl.describe import policies, services, surroundings, workloads
from simulator.kubectl.describe.generic import describe_generic
from simulator.kubectl.describe.sheet import Sheet

Describer = Callable[[Sheet, Object, Cluster], None]

_DESCRIBERS: Mapping[str, Describer] = {
    "ConfigMap": surroundings.describe_config_map,
    "CronJob": workloads.describe_cron_job,
    "DaemonSet": workloads.describe_daemon_set,
    "Deployment": workloads.describe_deployment,
    "EndpointSlice": services.describe_endpoint_slice,
    "Endpoints": services.describe_endpoints,
    "Ingress": services.describe_ingress,
    "IngressClass": services.describe_ingress_class,
    "Job": workloads.describe_job,
    "Namespace": surroundings.describe_namespace,
    "NetworkPolicy": policies.describe_network_policy,
    "Node": surroundings.describe_node,
    "Pod": workloads.describe_pod,
    "ReplicaSet": workloads.describe_replica_set,
    "Secret": surroundings.describe_secret,
    "Service": services.describe_service,
    "StatefulSet": workloads.describe_stateful_set,
}


def describe(cluster: Cluster, arguments: str | Sequence[str]) -> Printed:
    """What `kubectl describe ARGUMENTS` prints."""
    try:
        command = parse("describe", arguments)
    except Refusal as refusal:
        return Printed("", f"{refusal}\n", 2)
    pages: list[str] = []
    complaints: list[str] = []
    for target in command.targets:
        try:
            pages += [_page(item, cluster) for item in _chosen(cluster, command, target)]
        except Refusal as refusal:
            complaints.append(f"{refusal}\n")
    nothing = "No resources found\n" if command.all_namespaces else f"No resources found in {command.namespace} namespace.\n"
    stderr = "".join(complaints) if pages or complaints else nothing
    return Printed("\n\n".join(pages), stderr, 1 if complaints else 0)


def _chosen(cluster: Cluster, command: Command, target: Target) -> Sequence[Object]:
    """The objects asked for; where none has the very name, those whose names begin with it (as `kubectl describe pod web`)."""
    if target.name is None:
        return command.objects(cluster, target)
    try:
        return [command.named(cluster, target)]
    except Refusal:
        of_kind = command.objects(cluster, Target(target.resource))
        alike = [item for item in of_kind if item.name.startswith(target.name)]
        if alike and len(command.targets) == 1:
            return alike
        raise


def _page(item: Object, cluster: Cluster) -> str:
    sheet = Sheet()
    _DESCRIBERS.get(item.kind, describe_generic)(sheet, item, cluster)
    return sheet.text()
