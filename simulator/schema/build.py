"""Makes the tables of this package: `python -m simulator.schema.build --gateway GATEWAY-SCHEMA.json`.

Responsible for: turning Kubernetes' published JSON schemas (the `kubernetes-validate` package, a development dependency) into
`kubernetes-VERSION.json.gz`, and a dump of the Gateway API's CustomResourceDefinitions into `gateway.json.gz`.
Leaves to others: reading the tables (`simulator.schema`).

The published schemas flatten Go's types. What the API server's messages need and they lack stands here: named string types, embedded
structs (k8s.io/api `types.go`), which kinds are cluster-scoped, and kinds that cannot be created.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

VERSIONS = ("1.33", "1.34", "1.35", "1.36", "1.37")
HERE = Path(__file__).parent

_PRIMITIVES = {
    ("string", None): "string", ("string", "byte"): "[]uint8", ("string", "date-time"): "v1.Time", ("boolean", None): "bool",
    ("integer", "int32"): "int32", ("integer", "int64"): "int64", ("integer", None): "int64", ("number", "double"): "float64",
    ("number", None): "float64",
}  # fmt: skip
_SPECIAL = {
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString": "intstr.IntOrString",
    "io.k8s.apimachinery.pkg.api.resource.Quantity": "resource.Quantity",
    "io.k8s.apimachinery.pkg.apis.meta.v1.Time": "v1.Time",
    "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime": "v1.Time",
}
_NAMED = {
    "ServiceSpec": {
        "type": "ServiceType", "sessionAffinity": "ServiceAffinity", "externalTrafficPolicy": "ServiceExternalTrafficPolicy",
        "internalTrafficPolicy": "ServiceInternalTrafficPolicy", "ipFamilyPolicy": "IPFamilyPolicy", "ipFamilies": "[]IPFamily",
    },
    "ServicePort": {"protocol": "Protocol"},
    "ContainerPort": {"protocol": "Protocol"},
    "EndpointPort": {"protocol": "Protocol"},
    "EndpointSlice": {"addressType": "AddressType"},
    "NetworkPolicyPort": {"protocol": "Protocol"},
    "NetworkPolicySpec": {"policyTypes": "[]PolicyType"},
    "HTTPIngressPath": {"pathType": "PathType"},
    "Container": {
        "imagePullPolicy": "PullPolicy", "terminationMessagePolicy": "TerminationMessagePolicy", "restartPolicy": "ContainerRestartPolicy",
    },
    "PodSpec": {
        "restartPolicy": "RestartPolicy", "dnsPolicy": "DNSPolicy", "preemptionPolicy": "PreemptionPolicy", "overhead": "ResourceList",
    },
    "PodStatus": {"phase": "PodPhase", "qosClass": "PodQOSClass"},
    "HTTPGetAction": {"scheme": "URIScheme"},
    "DeploymentStrategy": {"type": "DeploymentStrategyType"},
    "StatefulSetSpec": {"podManagementPolicy": "PodManagementPolicyType"},
    "StatefulSetUpdateStrategy": {"type": "StatefulSetUpdateStrategyType"},
    "DaemonSetUpdateStrategy": {"type": "DaemonSetUpdateStrategyType"},
    "JobSpec": {"completionMode": "CompletionMode", "podReplacementPolicy": "PodReplacementPolicy"},
    "CronJobSpec": {"concurrencyPolicy": "ConcurrencyPolicy"},
    "Taint": {"effect": "TaintEffect"},
    "Toleration": {"effect": "TaintEffect", "operator": "TolerationOperator"},
    "LabelSelectorRequirement": {"operator": "LabelSelectorOperator"},
    "NodeSelectorRequirement": {"operator": "NodeSelectorOperator"},
    "NamespaceStatus": {"phase": "NamespacePhase"},
    "NodeStatus": {"capacity": "ResourceList", "allocatable": "ResourceList"},
    "NodeAddress": {"type": "NodeAddressType"},
    "ResourceRequirements": {"limits": "ResourceList", "requests": "ResourceList"},
    "VolumeResourceRequirements": {"limits": "ResourceList", "requests": "ResourceList"},
    "Secret": {"type": "SecretType"},
    "VolumeMount": {"mountPropagation": "MountPropagationMode"},
    "EmptyDirVolumeSource": {"medium": "StorageMedium"},
    "HostPathVolumeSource": {"type": "HostPathType"},
    "Capabilities": {"add": "[]Capability", "drop": "[]Capability"},
    "TopologySpreadConstraint": {"whenUnsatisfiable": "UnsatisfiableConstraintAction"},
    "SeccompProfile": {"type": "SeccompProfileType"},
    "PersistentVolumeClaimSpec": {"accessModes": "[]PersistentVolumeAccessMode"},
    "ObjectMeta": {"uid": "types.UID"},
    "OwnerReference": {"uid": "types.UID"},
    "ObjectReference": {"uid": "types.UID"},
}  # fmt: skip
_EMBEDDED: dict[str, dict[str, tuple[str, ...]]] = {
    "IngressRule": {"IngressRuleValue": ("http",)},
    "Probe": {"ProbeHandler": ("exec", "httpGet", "tcpSocket", "grpc")},
    "SecretKeySelector": {"LocalObjectReference": ("name",)},
    "ConfigMapKeySelector": {"LocalObjectReference": ("name",)},
    "SecretEnvSource": {"LocalObjectReference": ("name",)},
    "ConfigMapEnvSource": {"LocalObjectReference": ("name",)},
    "ConfigMapVolumeSource": {"LocalObjectReference": ("name",)},
    "ConfigMapProjection": {"LocalObjectReference": ("name",)},
    "SecretProjection": {"LocalObjectReference": ("name",)},
}  # fmt: skip
_CLUSTER_SCOPED = {
    "Namespace", "Node", "PersistentVolume", "ComponentStatus", "IngressClass", "IPAddress", "ServiceCIDR", "RuntimeClass", "ClusterRole",
    "ClusterRoleBinding", "StorageClass", "CSIDriver", "CSINode", "VolumeAttachment", "VolumeAttributesClass", "PriorityClass",
    "CustomResourceDefinition", "APIService", "CertificateSigningRequest", "FlowSchema", "PriorityLevelConfiguration", "DeviceClass",
    "ResourceSlice", "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration", "ValidatingAdmissionPolicy", "SelfSubjectReview",
    "ValidatingAdmissionPolicyBinding", "MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding", "TokenReview", "SubjectAccessReview",
    "SelfSubjectAccessReview", "SelfSubjectRulesReview",
}  # fmt: skip
_NOT_RESOURCES = {"APIGroup", "APIVersions", "Status", "Scale", "Eviction", "TokenRequest", "DeleteOptions", "WatchEvent"}
_UNUSUAL_PLURALS = {"Endpoints": "endpoints"}


def table(definitions: dict[str, Any], version: str) -> dict[str, Any]:
    """The compact table: {"version", "kinds": {"apps/v1 Deployment": [type, plural, namespaced]}, "types": {type: {field: expression}}}.

    A type expression is a Go type: `[]` and `map[string]` before an element, `[key]` before that of a list which a patch merges by
    that key, a definition's name for a struct, `Name=underlying` for a named type, `Embedded|type` for a field that Go reaches through
    an embedded struct. A field that is required has `!` before its name.
    """
    kinds: dict[str, Any] = {}
    types: dict[str, dict[str, str]] = {}
    todo: list[str] = []
    for name, definition in definitions.items():
        group_kinds = definition.get("x-kubernetes-group-version-kind", [])
        if len(group_kinds) != 1:
            continue
        group, api_version, kind = (group_kinds[0][key] for key in ("group", "version", "kind"))
        if "alpha" in api_version or "beta" in api_version or kind.endswith("List") or kind in _NOT_RESOURCES:
            continue
        kinds[f"{group}/{api_version} {kind}".lstrip("/")] = [name, _plural(kind), kind not in _CLUSTER_SCOPED]
        todo.append(name)
    while todo:
        name = todo.pop()
        if name not in types:
            types[name] = _fields(name, definitions[name])
            todo += [part for expression in types[name].values() if (part := _struct(expression)) in definitions and part not in types]
    return {"version": version, "kinds": dict(sorted(kinds.items())), "types": dict(sorted(types.items()))}


def _fields(name: str, definition: dict[str, Any]) -> dict[str, str]:
    short = name.rsplit(".", 1)[-1]
    required = set(definition.get("required", ()))
    embeds: dict[str, tuple[str, ...]] = _EMBEDDED.get(short, {})
    embedded = {field: outer for outer, names in embeds.items() for field in names}
    if short == "Volume":
        embedded = dict.fromkeys(set(definition["properties"]) - {"name"}, "VolumeSource")
    if short == "PersistentVolumeSpec":
        embedded = {
            field: "PersistentVolumeSource"
            for field, schema in definition["properties"].items()
            if "VolumeSource" in schema.get("$ref", "")
        }
    fields = {}
    for field, schema in sorted(definition.get("properties", {}).items()):
        expression = _expression(schema)
        named = _NAMED.get(short, {}).get(field)
        if named:
            go_type = named.removeprefix("[]")
            go_type = go_type if "." in go_type else f"v1.{go_type}"
            expression = f"[]{go_type}={expression.removeprefix('[]')}" if named.startswith("[]") else f"{go_type}={expression}"
        if field in embedded:
            expression = f"{embedded[field]}|{expression}"
        fields[f"!{field}" if field in required else field] = expression
    return fields


def _expression(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        name = str(schema["$ref"]).rsplit("/", 1)[-1]
        return _SPECIAL.get(name, name)
    kinds = schema.get("type")
    kind = next((k for k in kinds if k != "null"), None) if isinstance(kinds, list) else kinds
    if kind == "array":
        merges = "merge" in schema.get("x-kubernetes-patch-strategy", "").split(",")
        key = schema.get("x-kubernetes-patch-merge-key", "") if merges else ""
        return f"[{key}]{_expression(schema['items'])}"
    if kind == "object":
        return "map[string]" + _expression(schema["additionalProperties"]) if "additionalProperties" in schema else "any"
    return _PRIMITIVES.get((kind or "", schema.get("format")), "any")


def _struct(expression: str) -> str:
    return re.sub(r"map\[string\]|\[\w*\]", "", expression.rsplit("|", 1)[-1].rsplit("=", 1)[-1])


def _plural(kind: str) -> str:
    lower = kind.lower()
    if kind in _UNUSUAL_PLURALS:
        return _UNUSUAL_PLURALS[kind]
    if lower.endswith(("s", "x", "ch")):
        return lower + "es"
    return lower[:-1] + "ies" if lower.endswith("y") and lower[-2] not in "aeiou" else lower + "s"


def write(path: Path, data: Any) -> None:
    """Writes compact JSON, compressed; the same data gives the same bytes."""
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=False)
    path.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    print(f"{path.name}: {path.stat().st_size:,} bytes")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m simulator.schema.build", description="Make the schema tables.")
    parser.add_argument("--gateway", type=Path, help="a JSON dump of the Gateway API's CustomResourceDefinitions, by kind")
    given = parser.parse_args(arguments)
    published = files("kubernetes_validate").joinpath("kubernetes-json-schema")
    for version in VERSIONS:
        definitions = json.loads(published.joinpath(f"v{version}.0-local", "_definitions.json").read_text())["$defs"]
        write(HERE / f"kubernetes-{version}.json.gz", table(definitions, version))
    if given.gateway:
        write(HERE / "gateway.json.gz", json.loads(given.gateway.read_text()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
