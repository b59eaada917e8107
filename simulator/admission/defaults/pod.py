"""What a Pod or a Pod template holds that nobody wrote.

Mirrors: kubernetes `pkg/apis/core/v1/defaults.go` (SetDefaults_Pod, SetDefaults_PodSpec, SetDefaults_Container, SetDefaults_Probe ...).
Leaves out what admission plugins add and routing never reads: the token volume, tolerations for unready nodes, priority.
"""

from __future__ import annotations

from simulator.api.meta import Json

_PROBE = {"timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3}
_MODE = 0o644
_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")


def pod(data: Json) -> Json:
    spec = pod_spec(data.get("spec") or {})
    spec.setdefault("enableServiceLinks", True)
    account = spec.get("serviceAccountName") or spec.get("serviceAccount") or "default"
    spec["serviceAccountName"] = spec["serviceAccount"] = account
    status = {"phase": "Pending", "qosClass": _quality_of_service(spec), **(data.get("status") or {})}
    return {**data, "spec": spec, "status": status}


def template(given: Json) -> Json:
    given = given or {}
    return {"metadata": {}, **given, "spec": pod_spec(given.get("spec") or {})}


def pod_spec(given: Json) -> Json:
    """A Pod's spec with its defaults; a new mapping, whatever was given stays as it was."""
    spec = {
        "dnsPolicy": "ClusterFirst",
        "restartPolicy": "Always",
        "schedulerName": "default-scheduler",
        "securityContext": {},
        "terminationGracePeriodSeconds": 30,
        **given,
    }
    for name in ("dnsPolicy", "restartPolicy", "schedulerName"):
        spec[name] = spec[name] or {"dnsPolicy": "ClusterFirst", "restartPolicy": "Always", "schedulerName": "default-scheduler"}[name]
    host_network = bool(spec.get("hostNetwork"))
    for name in ("containers", "initContainers"):
        if spec.get(name):
            spec[name] = [_container(container, host_network) for container in spec[name]]
    if spec.get("volumes"):
        spec["volumes"] = [_volume(volume) for volume in spec["volumes"]]
    return spec


def _container(given: Json, host_network: bool) -> Json:
    container = {
        "resources": {},
        "terminationMessagePath": "/dev/termination-log",
        "terminationMessagePolicy": "File",
        **given,
    }
    if not container.get("imagePullPolicy"):
        container["imagePullPolicy"] = _pull_policy(container.get("image") or "")
    if container.get("ports"):
        container["ports"] = [_port(port, host_network) for port in container["ports"]]
    for name in _PROBES:
        if container.get(name) is not None:
            container[name] = _probe(container[name])
    if container.get("env"):
        container["env"] = [_variable(variable) for variable in container["env"]]
    resources = container["resources"]
    if resources.get("limits"):
        requests = resources.get("requests") or {}
        container["resources"] = {**resources, "requests": {**resources["limits"], **requests}}
    return container


def _pull_policy(image: str) -> str:
    name = image.rsplit("/", 1)[-1]
    if "@" in name:
        return "IfNotPresent"
    tag = name.partition(":")[2]
    return "Always" if tag in ("", "latest") else "IfNotPresent"


def _port(given: Json, host_network: bool) -> Json:
    port = dict(given)
    port["protocol"] = port.get("protocol") or "TCP"
    if host_network and not port.get("hostPort") and port.get("containerPort"):
        port["hostPort"] = port["containerPort"]
    return port


def _probe(given: Json) -> Json:
    probe = {**_PROBE, **{key: value for key, value in given.items() if value != 0 or key not in _PROBE}}
    if probe.get("httpGet") is not None:
        get = dict(probe["httpGet"])
        get["path"], get["scheme"] = get.get("path") or "/", get.get("scheme") or "HTTP"
        probe["httpGet"] = get
    if probe.get("grpc") is not None:
        probe["grpc"] = {"service": "", **probe["grpc"]}
    return probe


def _variable(given: Json) -> Json:
    source = given.get("valueFrom")
    if not source or not source.get("fieldRef"):
        return given
    return {**given, "valueFrom": {**source, "fieldRef": {"apiVersion": "v1", **source["fieldRef"]}}}


def _volume(given: Json) -> Json:
    volume = dict(given)
    if len(volume) < 2:
        volume["emptyDir"] = {}
    for name in ("secret", "configMap", "downwardAPI", "projected"):
        if volume.get(name) is not None:
            volume[name] = {"defaultMode": _MODE, **volume[name]}
    if volume.get("hostPath") is not None:
        volume["hostPath"] = {"type": "", **volume["hostPath"]}
    return volume


def _quality_of_service(spec: Json) -> str:
    resources = [container.get("resources") or {} for container in spec.get("containers") or []]
    if not any(r.get("requests") or r.get("limits") for r in resources):
        return "BestEffort"
    guaranteed = all({"cpu", "memory"} <= set(r.get("limits") or {}) and r.get("requests") == r.get("limits") for r in resources)
    return "Guaranteed" if guaranteed else "Burstable"
