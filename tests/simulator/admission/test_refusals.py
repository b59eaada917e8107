"""What the API server refuses, kind by kind, in its words."""

import pytest

from simulator.admission import admit
from simulator.api.meta import SourceFile
from simulator.decode import decode
from simulator.profile import Profile


def told(text):
    """The faults of a single object, one line each."""
    output = admit(decode([SourceFile("m.yaml", text)]), Profile()).output.stderr
    _, _, rest = output.partition("is invalid: ")
    assert rest, output
    return [line.removeprefix("* ") for line in rest.strip().split("\n")]


def refused(text, *faults):
    assert told(text) == list(faults)


LABEL = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric "
    "character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
)
RANGE = "must be between 1 and 65535, inclusive"
IP = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"
CIDR = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"
PORT = "ports: [{port: 80}]"


@pytest.mark.parametrize(
    ("spec", "faults"),
    [
        ("ports: [{port: 80, targetPort: HTTP}]", [
            'spec.ports[0].targetPort: Invalid value: "HTTP": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
            'spec.ports[0].targetPort: Invalid value: "HTTP": must contain at least one letter (a-z)',
        ]),
        ("ports: [{port: 80, targetPort: '8080'}]", ['spec.ports[0].targetPort: Invalid value: "8080": must contain at least one letter (a-z)']),
        ("ports: [{port: 80, targetPort: 70000}]", [f"spec.ports[0].targetPort: Invalid value: 70000: {RANGE}"]),
        ("ports: [{port: 80, name: My_Port}]", [f'spec.ports[0].name: Invalid value: "My_Port": {LABEL}']),
        ("ports: [{port: 80, name: a}, {port: 80, name: b}]", [
            'spec.ports[1]: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,"Port":80,"TargetPort":0,"NodePort":0}',
        ]),
        (PORT + ", type: NodePort, clusterIP: None", ["spec.clusterIPs[0]: Invalid value: \"None\": may not be set to 'None' for NodePort services"]),
        (PORT + ", type: nodeport", [
            'spec.type: Unsupported value: "nodeport": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
        ]),
        (PORT + ", clusterIP: none", [f'spec.clusterIPs[0]: Invalid value: "none": {IP}']),
        (PORT + ", clusterIP: 10.96.0.010", ['spec.clusterIPs[0]: Invalid value: "10.96.0.010": must not have leading 0s']),
        (PORT + ", clusterIP: 1.2.3.4", [
            'spec.clusterIPs: Invalid value: ["1.2.3.4"]: failed to allocate IP 1.2.3.4: the provided network does not match the current range',
        ]),
        ("type: ExternalName, externalName: a_b", None),
        ("type: ExternalName, externalName: a.b, clusterIP: 10.96.1.1", ["spec.clusterIPs: Forbidden: may not be set for ExternalName services"]),
        (PORT + ", sessionAffinity: ClientIP, sessionAffinityConfig: {clientIP: {timeoutSeconds: 0}}", [
            "spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 0: must be greater than 0 and less than 86400",
        ]),
        (PORT + ", type: LoadBalancer, loadBalancerSourceRanges: [10.0.0.1, 10.0.0.1/8]", [
            f'spec.LoadBalancerSourceRanges[0]: Invalid value: "10.0.0.1": {CIDR}',
            'spec.LoadBalancerSourceRanges[1]: Invalid value: "10.0.0.1/8": must not have bits set beyond the prefix length',
        ]),
        (PORT + ", type: NodePort, externalTrafficPolicy: local", [
            'spec.externalTrafficPolicy: Unsupported value: "local": supported values: "Cluster", "Local"',
        ]),
        (PORT + ", internalTrafficPolicy: local", [
            'spec.internalTrafficPolicy: Unsupported value: "local": supported values: "Cluster", "Local"',
        ]),
        (PORT + ", trafficDistribution: Near", [
            'spec.trafficDistribution: Unsupported value: "Near": supported values: "PreferClose", "PreferSameZone", "PreferSameNode"',
        ]),
        (PORT + ", allocateLoadBalancerNodePorts: false", [
            "spec.allocateLoadBalancerNodePorts: Forbidden: may only be used when `type` is 'LoadBalancer'",
        ]),
        (PORT + ", externalIPs: [127.0.0.1, 0.0.0.0, x]", [
            'spec.externalIPs[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
            'spec.externalIPs[1]: Invalid value: "0.0.0.0": may not be unspecified (0.0.0.0)',
            f'spec.externalIPs[2]: Invalid value: "x": {IP}',
        ]),
        (PORT + ", ipFamilyPolicy: RequireDualStack", [
            'spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services',
        ]),
        (PORT + ", ipFamilies: [IPv4, IPv6]", [
            "spec.ipFamilyPolicy: Invalid value: \"SingleStack\": must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families "
            "are specified",
        ]),
        (PORT + ", ipFamilies: [ipv4]", ['spec.ipFamilies[0]: Unsupported value: "ipv4": supported values: "IPv4", "IPv6"']),
        ("type: NodePort, ports: [{port: 80, name: a, nodePort: 30080}, {port: 81, name: b, nodePort: 30080}]", [
            "spec.ports[1].nodePort: Duplicate value: 30080",
        ]),
    ],
)  # fmt: skip
def test_services(spec, faults):
    """Ports, addresses, types, policies, families."""
    found = told(f"apiVersion: v1\nkind: Service\nmetadata: {{name: web}}\nspec: {{{spec}}}\n")
    if faults is None:
        assert found[0].startswith('spec.externalName: Invalid value: "a_b": a lowercase RFC 1123 subdomain')
    else:
        assert found == faults


@pytest.mark.parametrize(
    ("meta", "fault"),
    [
        ("name: a.b", 'metadata.name: Invalid value: "a.b": must not contain dots'),
        ("name: " + "a" * 64, f'metadata.name: Invalid value: "{"a" * 64}": must be no more than 63 characters'),
        ("name: web, labels: {a/b/c: x}", None),
        ("name: web, labels: {/b: x}", 'metadata.labels: Invalid value: "/b": prefix part must be non-empty'),
        ("name: web, labels: {a: " + "b" * 64 + "}", f'metadata.labels: Invalid value: "{"b" * 64}": must be no more than 63 characters'),
        ("name: web, ownerReferences: [{apiVersion: v1, kind: Pod, name: p, uid: ''}]",
         'metadata.ownerReferences[0].uid: Invalid value: "": must not be empty'),
    ],
)  # fmt: skip
def test_metadata(meta, fault):
    """Names, label keys and values, owners."""
    (found,) = told(f"apiVersion: v1\nkind: Service\nmetadata: {{{meta}}}\nspec: {{ports: [{{port: 80}}]}}\n")
    if fault is None:
        assert found.startswith('metadata.labels: Invalid value: "a/b/c": a qualified name must consist of alphanumeric characters')
        assert found.endswith("with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')")
    else:
        assert found == fault


@pytest.mark.parametrize(
    ("container", "rest", "faults"),
    [
        ("{name: c}", "", ["spec.containers[0].image: Required value"]),
        ("{image: nginx}", "", ["spec.containers[0].name: Required value"]),
        ("{name: c, image: nginx}, {name: c, image: nginx}", "", ['spec.containers[1].name: Duplicate value: "c"']),
        ("{name: c, image: nginx, ports: [{name: http}]}", "", ["spec.containers[0].ports[0].containerPort: Required value"]),
        ("{name: c, image: nginx, ports: [{containerPort: 80, protocol: tcp}]}", "", [
            'spec.containers[0].ports[0].protocol: Unsupported value: "tcp": supported values: "SCTP", "TCP", "UDP"',
        ]),
        ("{name: c, image: nginx, ports: [{name: a, containerPort: 80}, {name: a, containerPort: 81}]}", "", [
            'spec.containers[0].ports[1].name: Duplicate value: "a"',
        ]),
        ("{name: c, image: nginx, ports: [{containerPort: 80, hostPort: 81}]}", ", hostNetwork: true", [
            "spec.containers[0].ports[0].containerPort: Invalid value: 80: must match `hostPort` when `hostNetwork` is true",
        ]),
        ("{name: c, image: nginx, volumeMounts: [{name: v, mountPath: /a}]}", "", ['spec.containers[0].volumeMounts[0].name: Not found: "v"']),
        ("{name: c, image: nginx, readinessProbe: {periodSeconds: 3}}", "", [
            "spec.containers[0].readinessProbe: Required value: must specify a handler type",
        ]),
        ("{name: c, image: nginx, livenessProbe: {httpGet: {path: /}}}", "", [
            f"spec.containers[0].livenessProbe.httpGet.port: Invalid value: 0: {RANGE}",
        ]),
        ("{name: c, image: nginx, lifecycle: {preStop: {sleep: {seconds: 40}}}}", "", [
            "spec.containers[0].lifecycle.preStop.sleep: Invalid value: 40: must be non-negative and less than "
            "terminationGracePeriodSeconds (30)",
        ]),
        ("{name: c, image: nginx, lifecycle: {postStart: {sleep: {seconds: -1}}, preStop: {sleep: {seconds: 30}}}}", "", [
            "spec.containers[0].lifecycle.postStart.sleep: Invalid value: -1: must be non-negative and less than "
            "terminationGracePeriodSeconds (30)",
        ]),
        ("{name: c, image: nginx, lifecycle: {preStop: {}}}", "", [
            "spec.containers[0].lifecycle.preStop: Required value: must specify a handler type",
        ]),
        ("{name: c, image: nginx, lifecycle: {preStop: {exec: {command: [a]}, sleep: {seconds: 1}}}}", "", [
            "spec.containers[0].lifecycle.preStop.sleep: Forbidden: may not specify more than 1 handler type",
        ]),
        ("{name: c, image: nginx}", ", initContainers: [{name: i, image: nginx, lifecycle: {preStop: {sleep: {seconds: 1}}}}]", [
            "spec.initContainers[0].lifecycle: Forbidden: may not be set for init containers without restartPolicy=Always",
        ]),
        ("{name: c, image: nginx, resources: {requests: {cpu: 2}, limits: {cpu: 500m}}}", "", [
            'spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 500m',
        ]),
        ("{name: c, image: nginx}", ", restartPolicy: always", [
            'spec.restartPolicy: Unsupported value: "always": supported values: "Always", "OnFailure", "Never"',
        ]),
        ("{name: c, image: nginx}", ", dnsPolicy: None", [
            "spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None",
        ]),
        ("{name: c, image: nginx}", ", hostname: A", [f'spec.hostname: Invalid value: "A": {LABEL}']),
    ],
)  # fmt: skip
def test_pods(container, rest, faults):
    """Containers, ports, probes, mounts, DNS, host network."""
    refused(f"apiVersion: v1\nkind: Pod\nmetadata: {{name: web}}\nspec: {{containers: [{container}]{rest}}}\n", *faults)


TEMPLATE = "template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: nginx}]}}"


@pytest.mark.parametrize(
    ("kind", "version", "spec", "faults"),
    [
        ("Deployment", "apps/v1", TEMPLATE, [
            "spec.selector: Required value",
            'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
        ]),
        ("Deployment", "apps/v1", "selector: {}, " + TEMPLATE, ["spec.selector: Invalid value: {}: empty selector is invalid for deployment"]),
        ("Deployment", "apps/v1", "selector: {matchLabels: {app: web}}, replicas: -1, " + TEMPLATE, [
            "spec.replicas: Invalid value: -1: must be greater than or equal to 0",
        ]),
        ("Deployment", "apps/v1", "selector: {matchLabels: {app: web}}, strategy: {type: Recreate, rollingUpdate: {}}, " + TEMPLATE, [
            "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'",
        ]),
        ("DaemonSet", "apps/v1", "selector: {matchLabels: {app: x}}, " + TEMPLATE, [
            'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
        ]),
        ("Job", "batch/v1", TEMPLATE, ['spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"']),
    ],
)  # fmt: skip
def test_workloads(kind, version, spec, faults):
    """Selectors, templates, strategies, restart policies."""
    refused(f"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: web}}\nspec: {{{spec}}}\n", *faults)


BACKEND = "backend: {service: {name: web, port: {number: 80}}}"


@pytest.mark.parametrize(
    ("rule", "faults"),
    [
        ("http: {paths: [{path: /, " + BACKEND + "}]}", ["http.paths[0].pathType: Required value: pathType must be specified"]),
        ("http: {paths: [{path: a, pathType: Prefix, " + BACKEND + "}]}", ['http.paths[0].path: Invalid value: "a": must be an absolute path']),
        ("http: {paths: [{path: //a/.., pathType: Exact, " + BACKEND + "}]}", [
            "http.paths[0].path: Invalid value: \"//a/..\": must not contain '//'",
            "http.paths[0].path: Invalid value: \"//a/..\": cannot end with '/..'",
        ]),
        ("http: {paths: [{path: /, pathType: Prefix}]}", ['http.paths[0].backend: Invalid value: "": resource or service backend is required']),
        ("http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web}}}]}", [
            "http.paths[0].backend: Required value: port name or number is required",
        ]),
        ("http: {paths: []}", ["http.paths: Required value"]),
        ("host: 10.0.0.1", ['host: Invalid value: "10.0.0.1": must be a DNS name, not an IP address']),
    ],
)  # fmt: skip
def test_ingresses(rule, faults):
    """Paths, backends, hosts."""
    text = f"apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {{name: web}}\nspec: {{rules: [{{{rule}}}]}}\n"
    refused(text, *(f"spec.rules[0].{fault}" for fault in faults))


@pytest.mark.parametrize(
    ("rule", "faults"),
    [
        ("from: [{}]", ["from[0]: Required value: must specify a peer"]),
        ("from: [{ipBlock: {cidr: 10.0.0.5/8}}]", [
            'from[0].ipBlock.cidr: Invalid value: "10.0.0.5/8": must not have bits set beyond the prefix length',
        ]),
        ("from: [{ipBlock: {cidr: 10.0.0.0/8, except: [11.0.0.0/16]}}]", [
            'from[0].ipBlock.except[0]: Invalid value: "11.0.0.0/16": must be a strict subset of `cidr`',
        ]),
        ("from: [{ipBlock: {cidr: 10.0.0.0/8}, podSelector: {}}]", ["from[0]: Forbidden: may not specify both ipBlock and another peer"]),
        ("ports: [{port: 90, endPort: 80}]", ["ports[0].endPort: Invalid value: 80: must be greater than or equal to `port`"]),
        ("ports: [{port: http, endPort: 80}]", ["ports[0].endPort: Invalid value: 80: may not be specified when `port` is non-numeric"]),
        ("from: [{podSelector: {matchExpressions: [{key: a, operator: In}]}}]", [
            "from[0].podSelector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
        ]),
    ],
)  # fmt: skip
def test_network_policies(rule, faults):
    """Peers, address blocks, port ranges, selectors."""
    text = f"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: a}}\nspec: {{podSelector: {{}}, ingress: [{{{rule}}}]}}\n"
    refused(text, *(f"spec.ingress[0].{fault}" for fault in faults))


def test_hand_written_endpoints():
    """Slices and Endpoints: addresses of the right family, at least one, not special."""
    slice_text = "apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: a}\n%s\n"
    refused(slice_text % "endpoints: [{addresses: [10.0.0.1]}]", "addressType: Required value")
    refused(
        slice_text % "addressType: IPv4\nendpoints: [{addresses: []}, {addresses: [169.254.1.1]}, {addresses: ['2001:db8::1']}]",
        "endpoints[0].addresses: Required value: must contain at least 1 address",
        'endpoints[1].addresses[0]: Invalid value: "169.254.1.1": may not be in the link-local range (169.254.0.0/16, fe80::/10)',
        'endpoints[2].addresses[0]: Invalid value: "2001:db8::1": must be an IPv4 address',
    )
    endpoints = "apiVersion: v1\nkind: Endpoints\nmetadata: {name: a}\nsubsets: [{ports: [{port: 80}]}]\n"
    output = admit(decode([SourceFile("m.yaml", endpoints)]), Profile()).output
    assert "subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`" in output.stderr


def test_classes_secrets_and_maps():
    """The small kinds."""
    refused(
        "apiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: {name: a}\nspec: {controller: nginx}\n",
        'spec.controller: Invalid value: "nginx": must be a domain-prefixed path (such as "acme.io/foo")',
    )
    refused(
        "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ntype: kubernetes.io/tls\ndata: {tls.crt: YQ==}\n",
        "data[tls.key]: Required value",
    )
    (found,) = told("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {'a b': x}\n")
    assert found.startswith('data[a b]: Invalid value: "a b": a valid config key must consist of')


@pytest.mark.parametrize(
    ("hints", "fault"),
    [
        ("{forZones: [{name: a}, {name: a}]}", 'endpoints[0].hints.forZones[1].name: Duplicate value: "a"'),
        ("{forNodes: [{name: node-1}, {name: node-1}]}", 'endpoints[0].hints.forNodes[1].name: Duplicate value: "node-1"'),
        ("{forZones: [" + ", ".join(f"{{name: z{n}}}" for n in range(9)) + "]}", "endpoints[0].hints.forZones: Too many: 9: must have at most 8 items"),
    ],
)  # fmt: skip
def test_hints_of_an_endpoint(hints: str, fault: str) -> None:
    """Zones and nodes are named once each, eight at most."""
    text = (
        "apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: a}\naddressType: IPv4\n"
        f"endpoints: [{{addresses: [10.0.0.1], hints: {hints}}}]\n"
    )
    verdicts = admit(decode([SourceFile("m.yaml", text)]), Profile()).verdicts
    assert fault in verdicts[0].output
