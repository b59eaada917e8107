"""`kubectl describe` prints what kubectl prints."""

import pytest

from simulator.kubectl.front import kubectl_describe
from tests.simulator.worlds import stored

SERVICE = """
{apiVersion: v1, kind: Service, metadata: {name: web},
 spec: {type: NodePort, clusterIP: 10.96.0.7, clusterIPs: [10.96.0.7], selector: {app: web}, ipFamilies: [IPv4], ipFamilyPolicy: SingleStack,
        ports: [{name: http, port: 80, nodePort: 30080, protocol: TCP, targetPort: web}], sessionAffinity: None,
        externalTrafficPolicy: Local, internalTrafficPolicy: Cluster}}
---
{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}, addressType: IPv4,
 ports: [{name: http, port: 8080, protocol: TCP}],
 endpoints: [{addresses: [10.244.1.1], conditions: {ready: true}, nodeName: node-1, zone: zone-a, targetRef: {kind: Pod, name: web-0}},
             {addresses: [10.244.1.2], conditions: {ready: false}}, {addresses: [10.244.1.3]}]}
"""


def page(text: str, arguments: str) -> str:
    return kubectl_describe(stored(text), arguments)


def test_a_service_shows_its_ready_endpoints():
    """Endpoints that are not ready are left out; one whose condition is unknown counts as ready."""
    assert page(SERVICE, "svc web") == (
        "Name:                     web\n"
        "Namespace:                default\n"
        "Labels:                   <none>\n"
        "Annotations:              <none>\n"
        "Selector:                 app=web\n"
        "Type:                     NodePort\n"
        "IP Family Policy:         SingleStack\n"
        "IP Families:              IPv4\n"
        "IP:                       10.96.0.7\n"
        "IPs:                      10.96.0.7\n"
        "Port:                     http  80/TCP\n"
        "TargetPort:               web/TCP\n"
        "NodePort:                 http  30080/TCP\n"
        "Endpoints:                10.244.1.1:8080,10.244.1.3:8080\n"
        "Session Affinity:         None\n"
        "External Traffic Policy:  Local\n"
        "Internal Traffic Policy:  Cluster\n"
        "Events:                   <none>\n"
    )


def endpoints_line(slices: str) -> str:
    service = "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {ports: [{port: 80}]}}"
    return (
        next(line for line in page(service + slices, "svc web").splitlines() if line.startswith("Endpoints:"))
        .removeprefix("Endpoints:")
        .strip()
    )


def slice_of(addresses: list[str], ready: str = "true") -> str:
    endpoints = ", ".join(f"{{addresses: [{address}], conditions: {{ready: {ready}}}}}" for address in addresses)
    labels = "{kubernetes.io/service-name: web}"
    return (
        f"\n---\n{{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {{name: s-{len(addresses)}, labels: {labels}}},"
        f" addressType: IPv4, ports: [{{name: '', port: 8080}}], endpoints: [{endpoints}]}}"
    )


def test_a_service_without_ready_endpoints_is_blank_and_none_means_no_slice():
    """kubectl 1.36 shows `<none>` only where no EndpointSlice exists; the lesson's `<none>` is older."""
    assert endpoints_line("") == "<none>"
    assert endpoints_line(slice_of([])) == ""
    assert endpoints_line(slice_of(["10.0.0.1"], ready="false")) == ""


def test_more_than_three_endpoints_are_counted():
    """Three are listed, the rest is a number."""
    assert endpoints_line(slice_of(["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5"])).endswith("10.0.0.3:8080 + 2 more...")


INGRESS = """
{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: web},
 spec: {ingressClassName: nginx, tls: [{hosts: [a.example.com], secretName: cert}, {hosts: [b.example.com]}],
        rules: [{host: a.example.com, http: {paths: [{path: /api, pathType: Prefix, backend: {service: {name: nope, port: {number: 80}}}},
                                                     {path: /, pathType: Prefix, backend: {service: {name: web, port: {name: http}}}}]}},
                {host: forgotten.example.com}]}}
---
"""


def test_an_ingress_tells_a_missing_service_and_drops_a_rule_without_http():
    """The error stands in the backend's place; a rule without paths is not shown at all."""
    text = page(INGRESS + SERVICE, "ing web")
    assert '/api   nope:80 (<error: services "nope" not found>)' in text
    assert "/      web:http (10.244.1.1:8080,10.244.1.3:8080)" in text
    assert "forgotten" not in text
    assert "TLS:\n  cert terminates a.example.com\n  SNI routes b.example.com\n" in text


def test_an_ingress_without_rules_shows_its_default():
    """`*  *  <default>` stands for everything."""
    assert "  *           *     <default>\n" in page(
        "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: web}, spec: {}}", "ingress/web"
    )


POLICY = """
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: db, creationTimestamp: "2026-01-02T03:04:05Z"},
 spec: {podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress, Egress],
        ingress: [{ports: [{port: 5432, protocol: TCP}], from: [{podSelector: {matchLabels: {app: web}}, namespaceSelector: {}},
                                                                {ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]}, {}],
        egress: [{ports: [{port: 8000, endPort: 9000, protocol: UDP}]}]}}
"""


def test_a_network_policy_is_told_rule_by_rule():
    """Peers and ports of each rule, rules apart by dashes, and what is not restricted in words."""
    assert page(POLICY, "netpol db") == (
        "Name:         db\n"
        "Namespace:    default\n"
        "Created on:   2026-01-02 03:04:05 +0000 UTC\n"
        "Labels:       <none>\n"
        "Annotations:  <none>\n"
        "Spec:\n"
        "  PodSelector:     app=db\n"
        "  Allowing ingress traffic:\n"
        "    To Port: 5432/TCP\n"
        "    From:\n"
        "      NamespaceSelector: <none>\n"
        "      PodSelector: app=web\n"
        "    From:\n"
        "      IPBlock:\n"
        "        CIDR: 10.0.0.0/8\n"
        "        Except: 10.1.0.0/16\n"
        "    ----------\n"
        "    To Port: <any> (traffic allowed to all ports)\n"
        "    From: <any> (traffic not restricted by source)\n"
        "  Allowing egress traffic:\n"
        "    To Port Range: 8000-9000/UDP\n"
        "    To: <any> (traffic not restricted by destination)\n"
        "  Policy Types: Ingress, Egress\n"
    )


POD = """
{apiVersion: v1, kind: Pod, metadata: {name: web-0, labels: {app: web}, ownerReferences: [{kind: StatefulSet, name: web, controller: true}]},
 spec: {nodeName: node-1, serviceAccountName: default, tolerations: [{key: k, operator: Exists, effect: NoExecute, tolerationSeconds: 300}],
        initContainers: [{name: setup, image: busybox}],
        containers: [{name: c, image: nginx, args: [-v], ports: [{containerPort: 8080, protocol: TCP}, {containerPort: 9090, protocol: UDP}],
                      env: [{name: A, value: "1"}, {name: IP, valueFrom: {fieldRef: {apiVersion: v1, fieldPath: status.podIP}}},
                            {name: S, valueFrom: {secretKeyRef: {name: key, key: password}}}],
                      readinessProbe: {httpGet: {path: /ready, port: http, scheme: HTTP}, timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3},
                      resources: {limits: {cpu: 500m}}, volumeMounts: [{name: conf, mountPath: /etc/c, readOnly: true}]}],
        volumes: [{name: conf, configMap: {name: conf}}]},
 status: {phase: Running, hostIP: 192.168.10.11, podIP: 10.244.1.9, podIPs: [{ip: 10.244.1.9}],
          conditions: [{type: Ready, status: "True"}],
          containerStatuses: [{name: c, ready: true, restartCount: 2, state: {running: {startedAt: "2026-01-02T03:04:05Z"}}}]}}
"""


def test_a_pod_shows_containers_conditions_and_volumes():
    """Two ports make `Ports:`; a Secret's value is never resolved; QoS follows requests and limits."""
    text = page(POD, "pod web-0")
    for line in (
        "Node:             node-1/192.168.10.11",
        "Controlled By:  StatefulSet/web",
        "    Ports:         8080/TCP, 9090/UDP",
        "    Host Ports:    0/TCP, 0/UDP",
        "    State:          Running",
        "      Started:      Fri, 02 Jan 2026 03:04:05 +0000",
        "    Restart Count:  2",
        "    Readiness:  http-get http://:http/ready delay=0s timeout=1s period=10s #success=1 #failure=3",
        "      IP:  10.244.1.9 (v1:status.podIP)",
        "      S:   <set to the key 'password' in secret 'key'>  Optional: false",
        "      /etc/c from conf (ro)",
        "  Ready   True ",
        "QoS Class:       Burstable",
        "Tolerations:     k:NoExecute op=Exists for 300s",
    ):
        assert line in text.splitlines(), text


DEPLOYMENT = """
{apiVersion: apps/v1, kind: Deployment, metadata: {name: web},
 spec: {replicas: 2, selector: {matchLabels: {app: web}}, strategy: {type: RollingUpdate, rollingUpdate: {maxUnavailable: 25%, maxSurge: 25%}},
        template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: nginx:2}]}}},
 status: {replicas: 3, updatedReplicas: 1, availableReplicas: 2, unavailableReplicas: 1}}
---
{apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: web-old, ownerReferences: [{kind: Deployment, name: web, controller: true}]},
 spec: {replicas: 2, template: {metadata: {labels: {app: web, pod-template-hash: old}}, spec: {containers: [{name: c, image: nginx:1}]}}}, status: {replicas: 2}}
---
{apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: web-new, ownerReferences: [{kind: Deployment, name: web, controller: true}]},
 spec: {replicas: 1, template: {metadata: {labels: {app: web, pod-template-hash: new}}, spec: {containers: [{name: c, image: nginx:2}]}}}, status: {replicas: 1}}
"""


def test_a_deployment_tells_its_new_replica_set_from_the_old():
    """The new one has the Deployment's template, but for the hash label."""
    text = page(DEPLOYMENT, "deploy web")
    assert "Replicas:               2 desired | 1 updated | 3 total | 2 available | 1 unavailable\n" in text
    assert "RollingUpdateStrategy:  25% max unavailable, 25% max surge\n" in text
    assert "OldReplicaSets:    web-old (2/2 replicas created)\nNewReplicaSet:     web-new (1/1 replicas created)\n" in text


def test_a_kind_without_a_describer_shows_its_tree():
    """Gateway API kinds: titles are spaced words, lists of objects follow each other, empty values stay empty."""
    text = page(
        "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r, uid: x}, spec: {hostnames: [a.example.com],"
        " parentRefs: [{name: gw, group: ''}]}}",
        "httproute r",
    )
    assert text == (
        "Name:         r\nNamespace:    default\nLabels:       <none>\nAnnotations:  <none>\nAPI Version:  gateway.networking.k8s.io/v1\n"
        "Kind:         HTTPRoute\nMetadata:\n  UID:  x\nSpec:\n  Hostnames:\n    a.example.com\n  Parent Refs:\n    Group:  \n    Name:   gw\n"
        "Events:     <none>\n"
    )


def test_a_secret_shows_sizes_only():
    """The values never appear."""
    text = page("{apiVersion: v1, kind: Secret, metadata: {name: key}, type: Opaque, data: {password: aHVudGVyMg==}}", "secret key")
    assert "password:  7 bytes" in text
    assert "aHVudGVyMg" not in text


def test_a_name_that_is_a_beginning_describes_all_that_begin_so():
    """`kubectl describe pod web` takes web-0 and web-1, apart by two blank lines."""
    two = "{apiVersion: v1, kind: ConfigMap, metadata: {name: web-0}}\n---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: web-1}}"
    assert page(two, "cm web").count("Name:") == 2
    assert page(two, "cm nope") == 'Error from server (NotFound): configmaps "nope" not found\n'
    assert page(two, "svc") == "No resources found in default namespace.\n"


@pytest.mark.parametrize(
    ("kind", "spec"),
    [
        (
            "StatefulSet",
            "spec: {serviceName: db, replicas: 1, selector: {matchLabels: {a: b}}, updateStrategy: {type: RollingUpdate, rollingUpdate: {partition: 0}}}",
        ),
        ("DaemonSet", "spec: {selector: {matchLabels: {a: b}}}"),
        ("ReplicaSet", "spec: {replicas: 1, selector: {matchLabels: {a: b}}}"),
        ("Job", "spec: {completions: 1, parallelism: 1}"),
        ("CronJob", "spec: {schedule: '* * * * *', jobTemplate: {spec: {}}}"),
        ("Namespace", "status: {phase: Active}"),
        ("Node", "status: {addresses: [{type: InternalIP, address: 10.0.0.1}]}"),
        ("ConfigMap", "data: {a: b}"),
        ("Endpoints", "subsets: [{addresses: [{ip: 10.0.0.1}], ports: [{port: 80}]}]"),
        ("EndpointSlice", "addressType: IPv4"),
        ("IngressClass", "spec: {controller: example.com/c, parameters: {kind: P, name: p}}"),
        ("ServiceAccount", "secrets: []"),
    ],
)
def test_every_kind_has_a_page(kind, spec):
    """A sparse object of any kind is described without a fault, beginning with its name."""
    group = {"StatefulSet": "apps/v1", "DaemonSet": "apps/v1", "ReplicaSet": "apps/v1"}.get(kind, "v1")
    text = page(f"{{apiVersion: {group}, kind: {kind}, metadata: {{name: x}}, {spec}}}", f"{kind.lower()} x")
    assert text.splitlines()[0].split() == ["Name:", "x"]
