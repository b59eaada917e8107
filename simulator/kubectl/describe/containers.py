"""`kubectl describe`: the containers and volumes of a Pod or of a Pod template.

Mirrors: `describeContainers`, `describeVolumes`, `DescribeProbe` and what they call in kubectl `pkg/describe/describe.go`. Volume types
that say nothing about networking are named without their details.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from simulator.api.meta import Json
from simulator.kubectl.describe.sheet import Sheet, go_value, moment
from simulator.kubectl.quantities import amount
from simulator.kubectl.selectors import NONE
from simulator.kubectl.tables import host_port

Container = Mapping[str, Json]
FieldValue = Callable[[str], str]
"""What an environment variable's fieldPath stands for in a running Pod; "" in a template."""


def describe_containers(
    sheet: Sheet, title: str, containers: Sequence[Container], statuses: Sequence[Container], field_value: FieldValue, indent: str = ""
) -> None:
    """`indent` is two spaces within a template; container names then stand one column further right, as kubectl prints them."""
    by_name = {status.get("name"): status for status in statuses}
    sheet.line(0, f"{indent}{title}:" + ("" if containers else f" {NONE}"))
    for container in containers:
        status = by_name.get(container.get("name"))
        sheet.line(1, (" " if indent else "") + f"{container.get('name', '')}:")
        _identity(sheet, container, status)
        for heading, field in (("Command:", "command"), ("Args:", "args")):
            if container.get(field):
                sheet.line(2, heading)
            for part in container.get(field) or ():
                for line in str(part).split("\n"):
                    sheet.line(3, line)
        if status is not None:
            _status(sheet, status)
        describe_resources(sheet, 2, container.get("resources") or {})
        for heading, field in (("Liveness:", "livenessProbe"), ("Readiness:", "readinessProbe"), ("Startup:", "startupProbe")):
            if container.get(field):
                sheet.line(2, heading, _probe(container[field]))
        _environment(sheet, container, field_value)
        _mounts(sheet, container)


def _identity(sheet: Sheet, container: Container, status: Container | None) -> None:
    if status is not None:
        sheet.line(2, "Container ID:", status.get("containerID") or "")
    sheet.line(2, "Image:", container.get("image", ""))
    if status is not None:
        sheet.line(2, "Image ID:", status.get("imageID") or "")
    ports = container.get("ports") or ()
    for heading, field in (("Port", "containerPort"), ("Host Port", "hostPort")):
        shown = ", ".join(f"{port.get(field) or 0}/{port.get('protocol', 'TCP')}" for port in ports)
        sheet.line(2, f"{heading}s:" if "," in shown else f"{heading}:", shown or NONE)
    seccomp = (container.get("securityContext") or {}).get("seccompProfile")
    if seccomp:
        sheet.line(2, "SeccompProfile:", seccomp.get("type", ""))


def _status(sheet: Sheet, status: Container) -> None:
    _state(sheet, "State:", status.get("state") or {})
    if (status.get("lastState") or {}).get("terminated"):
        _state(sheet, "Last State:", status["lastState"])
    sheet.line(2, "Ready:", bool(status.get("ready")))
    sheet.line(2, "Restart Count:", status.get("restartCount") or 0)


def _state(sheet: Sheet, title: str, state: Container) -> None:
    if state.get("running") is not None:
        sheet.line(2, title, "Running")
        sheet.line(3, "Started:", moment(state["running"].get("startedAt")))
    elif state.get("terminated") is not None:
        ended = state["terminated"]
        sheet.line(2, title, "Terminated")
        for heading, field in (("Reason:", "reason"), ("Message:", "message")):
            if ended.get(field):
                sheet.line(3, heading, ended[field])
        sheet.line(3, "Exit Code:", ended.get("exitCode") or 0)
        if ended.get("signal"):
            sheet.line(3, "Signal:", ended["signal"])
        sheet.line(3, "Started:", moment(ended.get("startedAt")))
        sheet.line(3, "Finished:", moment(ended.get("finishedAt")))
    else:
        sheet.line(2, title, "Waiting")
        if (state.get("waiting") or {}).get("reason"):
            sheet.line(3, "Reason:", state["waiting"]["reason"])


def describe_resources(sheet: Sheet, level: int, resources: Container) -> None:
    for heading, field in (("Limits:", "limits"), ("Requests:", "requests")):
        if resources.get(field):
            sheet.line(level, heading)
        for name, quantity in sorted((resources.get(field) or {}).items()):
            sheet.line(level + 1, f"{name}:", quantity)


def _probe(probe: Container) -> str:
    delay, timeout, period = (probe.get(f"{word}Seconds") or 0 for word in ("initialDelay", "timeout", "period"))
    success, failure = (probe.get(f"{word}Threshold") or 0 for word in ("success", "failure"))
    times = f"delay={delay}s timeout={timeout}s period={period}s #success={success} #failure={failure}"
    if probe.get("exec") is not None:
        return f"exec {go_value(list(probe['exec'].get('command') or ()))} {times}"
    if probe.get("httpGet") is not None:
        action = probe["httpGet"]
        host = host_port(action.get("host") or "", action.get("port", ""))
        path = str(action.get("path") or "")
        slash = "/" if path and not path.startswith("/") else ""
        return f"http-get {str(action.get('scheme', 'HTTP')).lower()}://{host}{slash}{path} {times}"
    if probe.get("tcpSocket") is not None:
        return f"tcp-socket {probe['tcpSocket'].get('host') or ''}:{probe['tcpSocket'].get('port', '')} {times}"
    if probe.get("grpc") is not None:
        return f"grpc <pod>:{probe['grpc'].get('port')} {probe['grpc'].get('service') or ''} {times}"
    return f"unknown {times}"


def _environment(sheet: Sheet, container: Container, field_value: FieldValue) -> None:
    if container.get("envFrom"):
        sheet.line(2, "Environment Variables from:")
    for source in container.get("envFrom") or ():
        kind = "configMapRef" if source.get("configMapRef") else "secretRef"
        reference = source.get(kind) or {}
        prefix = f" with prefix '{source['prefix']}'" if source.get("prefix") else ""
        shown = ("ConfigMap" if kind == "configMapRef" else "Secret") if reference else ""
        sheet.line(3, reference.get("name", ""), shown + prefix, f"Optional: {_go_bool(reference.get('optional'))}")
    variables = container.get("env") or ()
    sheet.line(2, *(["Environment:"] if variables else ["Environment:", NONE]))
    for variable in variables:
        name = f"{variable.get('name', '')}:"
        if variable.get("valueFrom") is None:
            for index, line in enumerate(str(variable.get("value") or "").split("\n")):
                sheet.line(3, "" if index else name, line)
        else:
            _value_from(sheet, name, variable["valueFrom"], container, field_value)


def _value_from(sheet: Sheet, name: str, source: Container, container: Container, field_value: FieldValue) -> None:
    if source.get("fieldRef"):
        path = source["fieldRef"].get("fieldPath", "")
        sheet.line(3, name, f"{field_value(path)} ({source['fieldRef'].get('apiVersion', 'v1')}:{path})")
    elif source.get("resourceFieldRef"):
        resource = source["resourceFieldRef"].get("resource", "")
        sheet.line(3, name, f"{_resource_value(container, resource)} ({resource})")
    elif source.get("secretKeyRef"):
        key = source["secretKeyRef"]
        shown = f"<set to the key '{key.get('key', '')}' in secret '{key.get('name', '')}'>"
        sheet.line(3, name, shown, f"Optional: {_go_bool(key.get('optional'))}")
    elif source.get("configMapKeyRef"):
        key = source["configMapKeyRef"]
        shown = f"<set to the key '{key.get('key', '')}' of config map '{key.get('name', '')}'>"
        sheet.line(3, name, shown, f"Optional: {_go_bool(key.get('optional'))}")


def _resource_value(container: Container, resource: str) -> str:
    """A container's own limit or request in whole units, as the kubelet hands it in with the divisor 1."""
    section, _, name = resource.partition(".")
    quantity = ((container.get("resources") or {}).get(section) or {}).get(name)
    if quantity is None:
        return "node allocatable" if resource in ("limits.cpu", "limits.memory") else "0"
    return str(-(-amount(quantity) // 1))


def _mounts(sheet: Sheet, container: Container) -> None:
    mounts = sorted(container.get("volumeMounts") or (), key=lambda mount: str(mount.get("mountPath", "")))
    sheet.line(2, *(["Mounts:"] if mounts else ["Mounts:", NONE]))
    for mount in mounts:
        flags = "ro" if mount.get("readOnly") else "rw"
        if mount.get("subPath"):
            flags += f',path="{mount["subPath"]}"'
        sheet.line(3, f"{mount.get('mountPath', '')} from {mount.get('name', '')} ({flags})")


def _go_bool(value: object) -> str:
    return "true" if value else "false"


_VOLUMES: Mapping[str, tuple[str, Sequence[tuple[str, str, str]]]] = {
    "hostPath": ("HostPath (bare host directory volume)", [("Path", "path", ""), ("HostPathType", "type", NONE)]),
    "emptyDir": (
        "EmptyDir (a temporary directory that shares a pod's lifetime)",
        [("Medium", "medium", ""), ("SizeLimit", "sizeLimit", "<unset>")],
    ),
    "secret": ("Secret (a volume populated by a Secret)", [("SecretName", "secretName", ""), ("Optional", "optional", "false")]),
    "configMap": ("ConfigMap (a volume populated by a ConfigMap)", [("Name", "name", ""), ("Optional", "optional", "false")]),
    "persistentVolumeClaim": (
        "PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)",
        [("ClaimName", "claimName", ""), ("ReadOnly", "readOnly", "false")],
    ),
    "projected": ("Projected (a volume that contains injected data from multiple sources)", []),
    "downwardAPI": ("DownwardAPI (a volume populated by information about the pod)", []),
}  # fmt: skip


def describe_volumes(sheet: Sheet, volumes: Sequence[Mapping[str, Json]], indent: str = "") -> None:
    sheet.line(0, *([f"{indent}Volumes:"] if volumes else [f"{indent}Volumes:", NONE]))
    for volume in volumes:
        sheet.line(1, (" " if indent else "") + f"{volume.get('name', '')}:")
        kind = next((field for field in volume if field != "name"), "")
        described, lines = _VOLUMES.get(kind, (kind or "<unknown>", []))
        sheet.line(2, "Type:", described)
        for heading, field, absent in lines:
            value = (volume[kind] or {}).get(field)
            sheet.line(2, f"{heading}:", absent if value is None else go_value(value))
