"""Pods and Pod templates: what the API server refuses, as far as networking and running at all go.

Responsible for: containers, their ports, probes, environment; volumes and their mounts; DNS, host network, restart policy.
Leaves to others: affinity, security contexts, devices and resource arithmetic, which are stored as given.
Mirrors: kubernetes `pkg/apis/core/validation/validation.go` (ValidatePodSpec and what it calls).
"""

from __future__ import annotations

from typing import Any

from simulator.admission.field_errors import FieldError, Key, duplicate, forbidden, invalid, not_found, not_supported, required
from simulator.admission.validation import formats
from simulator.admission.validation.metadata import annotation_faults, labels, nonnegative, object_meta
from simulator.admission.validation.service import PROTOCOLS
from simulator.api.meta import Json, Path

_PULL_POLICIES = ("Always", "IfNotPresent", "Never")
_DNS_POLICIES = ("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None")
_RESTART_POLICIES = ("Always", "OnFailure", "Never")
_HANDLERS = ("exec", "httpGet", "tcpSocket", "grpc")
_HOOKS = ("exec", "httpGet", "tcpSocket", "sleep")
_UPDATE_FORBIDDEN = (
    "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
    "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
    "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"
)


def validate(data: Json, old: Json = None) -> list[FieldError]:
    faults = object_meta(data, True, formats.dns_subdomain)
    faults += pod_spec(data.get("spec") or {}, ("spec",))
    if old is not None and _fixed(data) != _fixed(old):
        faults.append(forbidden(("spec",), _UPDATE_FORBIDDEN))
    return faults


def _fixed(data: Json) -> Json:
    """What may never change in a Pod's spec: all but images, tolerations and deadlines."""
    spec = dict(data.get("spec") or {})
    for name in ("tolerations", "activeDeadlineSeconds", "terminationGracePeriodSeconds"):
        spec.pop(name, None)
    for name in ("containers", "initContainers"):
        spec[name] = [{key: value for key, value in c.items() if key != "image"} for c in spec.get(name) or []]
    return spec


def template(given: Json, path: Path) -> list[FieldError]:
    """A workload's Pod template. Its labels are checked under `labels`, not `metadata.labels`, as the server does."""
    given = given or {}
    meta = given.get("metadata") or {}
    faults = []
    if meta.get("labels"):
        faults += [_shown(fault, path, "labels") for fault in labels(meta["labels"], (*path, "metadata", "labels"))]
    if meta.get("annotations"):
        faults += [
            _shown(fault, path, "annotations") for fault in annotation_faults(meta["annotations"], (*path, "metadata", "annotations"))
        ]
    return faults + pod_spec(given.get("spec") or {}, (*path, "spec"))


def _shown(fault: FieldError, path: Path, name: str) -> FieldError:
    return FieldError(fault.type, fault.path, fault.value, fault.detail, ".".join([*map(str, path), name]))


def pod_spec(spec: Json, path: Path) -> list[FieldError]:
    faults: list[FieldError] = []
    volumes = _volumes(spec.get("volumes") or [], (*path, "volumes"), faults)
    containers, init = spec.get("containers") or [], spec.get("initContainers") or []
    if not containers:
        faults.append(required((*path, "containers")))
    names: set[str] = set()
    grace = spec.get("terminationGracePeriodSeconds")
    for index, container in enumerate(containers):
        faults += _container(container, volumes, names, (*path, "containers", index), grace, probes=True)
    faults += _host_ports(containers, (*path, "containers"))
    for index, container in enumerate(init):
        sidecar = container.get("restartPolicy") == "Always"
        faults += _container(container, volumes, names, (*path, "initContainers", index), grace, probes=sidecar)
    if spec.get("hostNetwork"):
        for group in ("containers", "initContainers"):
            faults += _host_network(spec.get(group) or [], (*path, group))
    faults += _policies(spec, path)
    for name in ("hostname", "subdomain"):
        if spec.get(name):
            faults += [invalid((*path, name), spec[name], m) for m in formats.dns_label(spec[name])]
    for name in ("serviceAccountName", "nodeName", "priorityClassName"):
        if spec.get(name):
            faults += [invalid((*path, name), spec[name], m) for m in formats.dns_subdomain(spec[name])]
    for index, alias in enumerate(spec.get("hostAliases") or []):
        here = (*path, "hostAliases", index)
        faults += [invalid((*here, "ip"), alias.get("ip") or "", m) for m in formats.ip(alias.get("ip") or "")]
        for host in alias.get("hostnames") or []:
            faults += [invalid((*here, "hostnames"), host, m) for m in formats.dns_subdomain(host)]
    return faults


def _policies(spec: Json, path: Path) -> list[FieldError]:
    faults = []
    if (spec.get("restartPolicy") or "") not in _RESTART_POLICIES:
        faults.append(not_supported((*path, "restartPolicy"), spec.get("restartPolicy") or "", _RESTART_POLICIES))
    dns = spec.get("dnsPolicy") or ""
    if dns not in _DNS_POLICIES:
        faults.append(not_supported((*path, "dnsPolicy"), dns, _DNS_POLICIES))
    if spec.get("nodeSelector"):
        faults += labels(spec["nodeSelector"], (*path, "nodeSelector"))
    config = spec.get("dnsConfig")
    here = (*path, "dnsConfig")
    if dns == "None" and config is None:
        faults.append(required(here, "must provide `dnsConfig` when `dnsPolicy` is None"))
    if config is None:
        return faults
    servers = config.get("nameservers") or []
    if dns == "None" and not servers:
        faults.append(required((*here, "nameservers"), "must provide at least one DNS nameserver when `dnsPolicy` is None"))
    if len(servers) > 3:
        faults.append(invalid((*here, "nameservers"), servers, "must not have more than 3 nameservers"))
    for index, server in enumerate(servers):
        faults += [invalid((*here, "nameservers", index), server, m) for m in formats.ip(server)]
    searches = config.get("searches") or []
    if len(searches) > 32:
        faults.append(invalid((*here, "searches"), searches, "must not have more than 32 search paths"))
    for index, search in enumerate(searches):
        bare = search.removesuffix(".") if search != "." else "a"
        faults += [invalid((*here, "searches", index), search, m) for m in formats.dns_subdomain(bare.replace("_", "a"))]
    faults += [
        required((*here, "options", index), "must not be empty")
        for index, option in enumerate(config.get("options") or [])
        if not option.get("name")
    ]
    return faults


def _volumes(volumes: Json, path: Path, faults: list[FieldError]) -> set[str]:
    names: set[str] = set()
    for index, volume in enumerate(volumes):
        here = (*path, index)
        name = volume.get("name") or ""
        if not name:
            faults.append(required((*here, "name")))
        else:
            wrong = [invalid((*here, "name"), name, m) for m in formats.dns_label(name)]
            if not wrong and name in names:
                wrong.append(duplicate((*here, "name"), name))
            faults += wrong
        names.add(name)
        sources = [key for key in sorted(volume) if key != "name"]
        faults += [forbidden((*here, key), "may not specify more than 1 volume type") for key in sources[1:]]
        for key, inner in (("secret", "secretName"), ("configMap", "name"), ("persistentVolumeClaim", "claimName"), ("hostPath", "path")):
            if key in volume and not (volume[key] or {}).get(inner):
                faults.append(required((*here, key, inner)))
    return names


def _container(container: Json, volumes: set[str], names: set[str], path: Path, grace: Json, probes: bool) -> list[FieldError]:
    faults: list[FieldError] = []
    name = container.get("name") or ""
    if not name:
        faults.append(required((*path, "name")))
    else:
        faults += [invalid((*path, "name"), name, m) for m in formats.dns_label(name)]
        if name in names:
            faults.append(duplicate((*path, "name"), name))
        names.add(name)
    image = container.get("image") or ""
    if not image:
        faults.append(required((*path, "image")))
    elif image != image.strip():
        faults.append(invalid((*path, "image"), image, "must not have leading or trailing whitespace"))
    faults += _ports(container.get("ports") or [], (*path, "ports"))
    faults += _environment(container.get("env") or [], (*path, "env"))
    faults += _mounts(container.get("volumeMounts") or [], volumes, (*path, "volumeMounts"))
    policy = container.get("imagePullPolicy") or ""
    if policy not in _PULL_POLICIES:
        faults.append(not_supported((*path, "imagePullPolicy"), policy, _PULL_POLICIES))
    faults += _resources(container.get("resources") or {}, (*path, "resources"))
    if "lifecycle" in container and not probes:
        faults.append(forbidden((*path, "lifecycle"), "may not be set for init containers without restartPolicy=Always"))
    elif "lifecycle" in container:
        faults += _lifecycle(container["lifecycle"] or {}, grace, (*path, "lifecycle"))
    for kind in ("livenessProbe", "readinessProbe", "startupProbe"):
        if kind not in container:
            continue
        if not probes:
            faults.append(forbidden((*path, kind), "may not be set for init containers without restartPolicy=Always"))
        else:
            faults += _probe(container[kind] or {}, kind, (*path, kind))
    return faults


def _ports(ports: Json, path: Path) -> list[FieldError]:
    faults = []
    names: set[str] = set()
    for index, port in enumerate(ports):
        here = (*path, index)
        name = port.get("name") or ""
        if name:
            wrong = formats.port_name(name)
            faults += [invalid((*here, "name"), name, m) for m in wrong]
            if not wrong and name in names:
                faults.append(duplicate((*here, "name"), name))
            names.add(name)
        number = port.get("containerPort") or 0
        faults += (
            [invalid((*here, "containerPort"), number, m) for m in formats.port_number(number)]
            if number
            else [required((*here, "containerPort"))]
        )
        if port.get("hostPort"):
            faults += [invalid((*here, "hostPort"), port["hostPort"], m) for m in formats.port_number(port["hostPort"])]
        protocol = port.get("protocol") or ""
        if protocol not in PROTOCOLS:
            faults.append(not_supported((*here, "protocol"), protocol, PROTOCOLS))
    return faults


def _host_ports(containers: Json, path: Path) -> list[FieldError]:
    faults = []
    seen: set[str] = set()
    for number, container in enumerate(containers):
        for index, port in enumerate(container.get("ports") or []):
            if not port.get("hostPort"):
                continue
            key = f"{port.get('protocol') or ''}/{port.get('hostIP') or ''}/{port['hostPort']}"
            if key in seen:
                faults.append(duplicate((*path, number, "ports", index, "hostPort"), key))
            seen.add(key)
    return faults


def _host_network(containers: Json, path: Path) -> list[FieldError]:
    return [
        invalid(
            (*path, number, "ports", index, "containerPort"),
            port.get("containerPort") or 0,
            "must match `hostPort` when `hostNetwork` is true",
        )
        for number, container in enumerate(containers)
        for index, port in enumerate(container.get("ports") or [])
        if port.get("hostPort") != port.get("containerPort")
    ]


def _environment(variables: Json, path: Path) -> list[FieldError]:
    faults = []
    for index, variable in enumerate(variables):
        name = variable.get("name") or ""
        if not name:
            faults.append(required((*path, index, "name")))
        else:
            faults += [invalid((*path, index, "name"), name, m) for m in formats.environment_name(name)]
        source = variable.get("valueFrom")
        if source is None:
            continue
        here = (*path, index, "valueFrom")
        if not source:
            faults.append(invalid(here, "", "must specify one of: `configMapKeyRef`, `fieldRef`, `resourceFieldRef` or `secretKeyRef`"))
        elif variable.get("value"):
            faults.append(invalid(here, "", "may not be specified when `value` is not empty"))
        elif len(source) > 1:
            faults.append(invalid(here, "", "may not have more than one field specified at a time"))
    return faults


def _mounts(mounts: Json, volumes: set[str], path: Path) -> list[FieldError]:
    faults: list[FieldError] = []
    paths: set[str] = set()
    for index, mount in enumerate(mounts):
        here = (*path, index)
        name, where = mount.get("name") or "", mount.get("mountPath") or ""
        if not name:
            faults.append(required((*here, "name")))
        elif name not in volumes:
            faults.append(not_found((*here, "name"), name))
        if not where:
            faults.append(required((*here, "mountPath")))
        elif where in paths:
            faults.append(invalid((*here, "mountPath"), where, "must be unique"))
        paths.add(where)
    return faults


def _resources(resources: Json, path: Path) -> list[FieldError]:
    """Names of resources, and requests that exceed their limits."""
    faults = []
    limits, requests = resources.get("limits") or {}, resources.get("requests") or {}
    for group, given in (("limits", limits), ("requests", requests)):
        for name in sorted(given):
            here = (*path, group, Key(name))
            if "/" in name:
                faults += [invalid(here, name, m) for m in formats.qualified_name(name)]
            elif name not in ("cpu", "memory", "ephemeral-storage") and not name.startswith("hugepages-"):
                faults.append(invalid(here, name, "must be a standard resource type or fully qualified"))
                faults.append(invalid(here, name, "must be a standard resource for containers"))
    for name in sorted(set(requests) & set(limits)):
        asked, limit = quantity(requests[name]), quantity(limits[name])
        if asked is not None and limit is not None and asked > limit:
            faults.append(
                invalid((*path, "requests"), str(requests[name]), f"must be less than or equal to {name} limit of {limits[name]}")
            )
    return faults


_SUFFIXES = {
    "n": 1e-9, "u": 1e-6, "m": 1e-3, "": 1.0, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18,
    "Ki": 2.0**10, "Mi": 2.0**20, "Gi": 2.0**30, "Ti": 2.0**40, "Pi": 2.0**50, "Ei": 2.0**60,
}  # fmt: skip


def quantity(text: Any) -> float | None:
    """A quantity's amount, or None for one that cannot be read."""
    text = str(text)
    number = text.rstrip("numkKMGTPEi")
    try:
        return float(number) * _SUFFIXES[text[len(number) :]]
    except (ValueError, KeyError):
        return None


def _lifecycle(lifecycle: Json, grace: Json, path: Path) -> list[FieldError]:
    """Hooks: one handler each, and a sleep that fits into the grace period; one as long as it is taken, whatever the words say."""
    faults = []
    for kind in ("postStart", "preStop"):
        hook, here = lifecycle.get(kind), (*path, kind)
        if hook is None:
            continue
        handlers = [name for name in _HOOKS if name in hook]
        faults += [forbidden((*here, name), "may not specify more than 1 handler type") for name in handlers[1:]]
        if not handlers:
            faults.append(required(here, "must specify a handler type"))
        seconds = (hook.get("sleep") or {}).get("seconds") or 0
        if handlers[:1] == ["sleep"] and grace is not None and not 0 <= seconds <= grace:
            detail = f"must be non-negative and less than terminationGracePeriodSeconds ({grace})"
            faults.append(invalid((*here, "sleep"), seconds, detail))
    return faults


def _probe(probe: Json, kind: str, path: Path) -> list[FieldError]:
    faults = []
    handlers = [name for name in _HANDLERS if name in probe]
    faults += [forbidden((*path, name), "may not specify more than 1 handler type") for name in handlers[1:]]
    if not handlers:
        faults.append(required(path, "must specify a handler type"))
    for name in handlers[:1]:
        handler, here = probe[name] or {}, (*path, name)
        if name == "exec" and not handler.get("command"):
            faults.append(required((*here, "command")))
        if name == "httpGet" and not handler.get("path"):
            faults.append(required((*here, "path")))
        if name in ("httpGet", "tcpSocket"):
            port = handler.get("port")
            test = formats.port_name(port) if isinstance(port, str) else formats.port_number(port or 0)
            faults += [invalid((*here, "port"), port if isinstance(port, str) else port or 0, m) for m in test]
        if name == "httpGet" and handler.get("scheme") not in ("HTTP", "HTTPS"):
            faults.append(not_supported((*here, "scheme"), handler.get("scheme") or "", ("HTTP", "HTTPS")))
        if name == "grpc":
            faults += [invalid((*here, "port"), handler.get("port") or 0, m) for m in formats.port_number(handler.get("port") or 0)]
    for name in ("initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"):
        faults += nonnegative(probe.get(name), (*path, name))
    if kind != "readinessProbe" and probe.get("successThreshold", 1) != 1:
        faults.append(invalid((*path, "successThreshold"), probe["successThreshold"], "must be 1"))
    return faults
