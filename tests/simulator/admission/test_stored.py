"""What is stored: the manifest with what the server adds, as `kubectl get -o json` gives it back; and what is only warned about."""

import pytest

from simulator.admission import admit
from simulator.api.meta import SourceFile
from simulator.controllers import reconcile
from simulator.decode import decode
from simulator.profile import Profile


def stored(text, profile=None):
    admitted = admit(decode([SourceFile("m.yaml", text)]), profile or Profile())
    assert all(v.accepted for v in admitted.verdicts), admitted.output.stderr
    return [item for item in admitted.cluster if item.document][-1], admitted


def service(spec):
    return stored(f"apiVersion: v1\nkind: Service\nmetadata: {{name: web}}\nspec: {{{spec}}}\n")[0].data


def test_a_service_as_stored():
    """Type, protocol, targetPort, families, policies, and nothing that was empty."""
    data = service("ports: [{port: 80}], selector: {}, externalName: ''")
    address = data["spec"].pop("clusterIP")
    assert data["spec"] == {
        "clusterIPs": [address],
        "internalTrafficPolicy": "Cluster",
        "ipFamilies": ["IPv4"],
        "ipFamilyPolicy": "SingleStack",
        "ports": [{"port": 80, "protocol": "TCP", "targetPort": 80}],
        "sessionAffinity": "None",
        "type": "ClusterIP",
    }
    assert data["status"] == {"loadBalancer": {}}
    assert set(data["metadata"]) == {"name", "namespace", "uid", "creationTimestamp", "resourceVersion"}


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("ports: [{port: 80}], type: LoadBalancer", {"allocateLoadBalancerNodePorts": True, "externalTrafficPolicy": "Cluster"}),
        ("ports: [{port: 80}], sessionAffinityConfig: {clientIP: {timeoutSeconds: 5}}", {"sessionAffinityConfig": None}),
        ("ports: [{port: 80}], sessionAffinity: ClientIP", {"sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 10800}}}),
        ("ports: [{port: 80}], externalIPs: [198.51.100.7]", {"externalTrafficPolicy": "Cluster"}),
        ("clusterIP: None", {"clusterIPs": ["None"], "ipFamilyPolicy": "RequireDualStack", "ipFamilies": ["IPv4", "IPv6"]}),
        ("clusterIP: None, selector: {a: b}", {"ipFamilyPolicy": "SingleStack", "ipFamilies": ["IPv4"]}),
        ("ports: [{port: 80}], ipFamilyPolicy: PreferDualStack", {"ipFamilies": ["IPv4"], "ipFamilyPolicy": "PreferDualStack"}),
        ("type: ExternalName, externalName: a.b", {"clusterIP": None, "ipFamilies": None, "internalTrafficPolicy": None}),
    ],
)
def test_defaults_of_services(spec, expected):
    """Type by type; None stands for a field that is not there."""
    spec = service(spec)["spec"]
    assert {key: spec.get(key) for key in expected} == expected


def test_a_dual_stack_cluster_gives_two_addresses():
    """One of each family, in the order asked for."""
    profile = Profile(service_cidr="10.96.0.0/16,fd00:10::/112")
    text = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}], ipFamilyPolicy: PreferDualStack, ipFamilies: [IPv6]}\n"
    spec = stored(text, profile)[0].spec
    assert spec["ipFamilies"] == ["IPv6", "IPv4"]
    assert spec["clusterIPs"][0].startswith("fd00:10::")
    assert spec["clusterIP"] == spec["clusterIPs"][0]


BOTH = """
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {ports: [{port: 80}], ipFamilyPolicy: RequireDualStack, ipFamilies: [IPv4, IPv6], clusterIP: 10.96.0.9, clusterIPs: [10.96.0.9, 'fd00:9::7']}
"""
OTHER = "apiVersion: v1\nkind: Service\nmetadata: {name: other}\nspec: {ports: [{port: 80}], ipFamilyPolicy: PreferDualStack}\n"


def test_cluster_ips_of_both_families_were_handed_out_by_a_dual_stack_cluster():
    """A Service that holds two is stored as it is, and another that would like two gets them; Pods have both families there."""
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: c, image: x}]}\n"
    cluster = reconcile(stored(f"{OTHER}---{BOTH}---\n{pod}")[1].cluster)
    assert cluster.get("Service", "default", "web").spec["clusterIPs"] == ["10.96.0.9", "fd00:9::7"]
    assert cluster.get("Service", "default", "other").spec["clusterIPs"][1].startswith("fd00:9::")
    assert len(cluster.get("Pod", "default", "a").status["podIPs"]) == 2


@pytest.mark.parametrize(
    ("spec", "profile"),
    [
        ("{ports: [{port: 80}], ipFamilyPolicy: RequireDualStack}", Profile()),
        ("{ports: [{port: 80}], ipFamilies: [IPv6]}", Profile()),
        ("{ports: [{port: 80}], clusterIP: 'fd00::7'}", Profile()),
        (
            "{ports: [{port: 80}], ipFamilyPolicy: RequireDualStack, clusterIP: 10.96.0.9, clusterIPs: [10.96.0.9, 'fd00:9::7']}",
            Profile(service_cidr="10.96.0.0/16"),
        ),
        ("{ports: [{port: 80}], clusterIP: [1], clusterIPs: [{}, 5]}", Profile()),
    ],
)
def test_a_wish_for_ipv6_makes_no_dual_stack_cluster(spec, profile):
    """Neither a policy, a family nor one address; nor two addresses, where the profile names its own network."""
    text = f"apiVersion: v1\nkind: Service\nmetadata: {{name: web}}\nspec: {spec}\n"
    assert not admit(decode([SourceFile("m.yaml", text)]), profile).verdicts[0].accepted


def test_ports_that_are_allocated():
    """One node port for TCP and UDP of one port; a health-check port for a local load balancer."""
    ports = "ports: [{name: a, port: 53, protocol: UDP}, {name: b, port: 53}, {name: c, port: 80}]"
    given = service(f"type: NodePort, {ports}")["spec"]["ports"]
    assert given[0]["nodePort"] == given[1]["nodePort"] != given[2]["nodePort"]
    balanced = service("type: LoadBalancer, externalTrafficPolicy: Local, ports: [{port: 80}]")["spec"]
    assert 30000 <= balanced["healthCheckNodePort"] <= 32767
    assert balanced["healthCheckNodePort"] != balanced["ports"][0]["nodePort"]


def test_a_pod_as_stored():
    """Policies, probes, pull policies, service account, quality of service."""
    text = (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  hostNetwork: true\n  containers:\n"
        "  - {name: a, image: 'nginx:1.27', ports: [{containerPort: 80}], readinessProbe: {httpGet: {port: 80}}, resources: {limits: {cpu: 1}}}\n"
        "  - {name: b, image: nginx}\n"
    )
    spec = stored(text)[0].spec
    first, second = spec["containers"]
    assert first["ports"] == [{"containerPort": 80, "hostPort": 80, "protocol": "TCP"}]
    assert first["readinessProbe"] == {
        "httpGet": {"path": "/", "port": 80, "scheme": "HTTP"}, "timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3,
    }  # fmt: skip
    assert first["resources"]["requests"] == {"cpu": "1"}
    assert (first["imagePullPolicy"], second["imagePullPolicy"]) == ("IfNotPresent", "Always")
    assert (spec["restartPolicy"], spec["dnsPolicy"], spec["serviceAccountName"]) == ("Always", "ClusterFirst", "default")
    assert stored(text)[0].status == {"phase": "Pending", "qosClass": "Burstable"}


def test_workloads_as_stored():
    """Replicas, strategies, generation; a Job's own selector and labels."""
    template = "template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: nginx}]%s}}"
    head = "apiVersion: %s\nkind: %s\nmetadata: {name: web}\nspec: {%s}\n"
    selector = "selector: {matchLabels: {app: web}}, "
    deployment = stored(head % ("apps/v1", "Deployment", selector + template % ""))[0]
    assert deployment.spec["strategy"] == {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}}
    assert (deployment.spec["replicas"], deployment.metadata["generation"]) == (1, 1)
    job = stored(head % ("batch/v1", "Job", template % ", restartPolicy: Never"))[0]
    labels = job.spec["template"]["metadata"]["labels"]
    assert job.spec["selector"]["matchLabels"].items() <= labels.items()
    assert (labels["job-name"], labels["app"], job.spec["completions"]) == ("web", "web", 1)


def test_small_kinds_as_stored():
    """A Secret's text, a Namespace's label, a policy's types and protocols, a slice's conditions, a class by default."""
    secret = stored("apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {k: v}\n")[0].data
    assert (secret["data"], secret["type"], "stringData" in secret) == ({"k": "dg=="}, "Opaque", False)
    assert stored("apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n")[0].labels == {"kubernetes.io/metadata.name": "shop"}
    policy = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\nspec: {podSelector: {}, egress: [{ports: [{port: 53}]}]}\n"
    assert stored(policy)[0].spec == {
        "podSelector": {}, "egress": [{"ports": [{"port": 53, "protocol": "TCP"}]}], "policyTypes": ["Ingress", "Egress"],
    }  # fmt: skip
    piece = "apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: a}\naddressType: IPv4\nports: [{port: 80}]\nendpoints: [{addresses: [1.2.3.4]}]\n"
    data = stored(piece)[0].data
    assert (data["ports"], data["endpoints"]) == (
        [{"name": "", "port": 80, "protocol": "TCP"}],
        [{"addresses": ["1.2.3.4"], "conditions": {}}],
    )
    default = (
        "apiVersion: networking.k8s.io/v1\nkind: IngressClass\n"
        "metadata: {name: mine, annotations: {ingressclass.kubernetes.io/is-default-class: 'true'}}\nspec: {controller: a.b/c}\n---\n"
        "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: a}\nspec: {rules: [{host: a.b}]}\n"
    )
    assert stored(default)[0].spec["ingressClassName"] == "mine"


def test_an_old_version_of_the_gateway_api_is_read_back_in_the_preferred_one():
    """v1beta1 is served, v1 is what kubectl gets."""
    text = (
        "apiVersion: gateway.networking.k8s.io/v1beta1\nkind: Gateway\nmetadata: {name: g}\n"
        "spec: {gatewayClassName: x, listeners: [{name: a, port: 80, protocol: HTTP}]}\n"
    )
    assert stored(text)[0].data["apiVersion"] == "gateway.networking.k8s.io/v1"


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("kind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 80}], externalIPs: [198.51.100.7]}\n",
         "spec.externalIPs is deprecated and may no longer be implemented in some clusters"),
        ("kind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 80}], externalName: a.b}\n",
         'spec.externalName is ignored when spec.type is not "ExternalName"'),
        ("kind: Service\nmetadata: {name: a}\nspec: {clusterIP: None, sessionAffinity: ClientIP}\n",
         "spec.SessionAffinity is ignored for headless services"),
        ("kind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 80}], trafficDistribution: PreferClose}\n",
         'spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"'),
        ("kind: Service\nmetadata: {name: a}\nspec: {type: LoadBalancer, ports: [{port: 80}], loadBalancerIP: '2001:DB8::7'}\n",
         'spec.loadBalancerIP: IPv6 address "2001:DB8::7" should be in RFC 5952 canonical format ("2001:db8::7")'),
        ("kind: Endpoints\nmetadata: {name: a}\n", "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"),
        ("kind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: c, image: nginx, ports: [{containerPort: 80}, {containerPort: 80}]}]}\n",
         "spec.containers[0].ports[1]: duplicate port definition with spec.containers[0].ports[0]"),
        ("kind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: c, image: nginx, env: [{name: A, value: b}, {name: A, value: c}]}]}\n",
         'spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply'),
        ("kind: Pod\nmetadata: {name: a}\nspec: {initContainers: [{name: s, image: nginx, restartPolicy: Always, ports: [{name: h, containerPort: 1}]}], "
         "containers: [{name: c, image: nginx, ports: [{name: h, containerPort: 2}]}]}\n",
         'spec.containers[0].ports[0]: duplicate port name "h" with spec.initContainers[0].ports[0], services and probes that select ports by '
         "name will use spec.initContainers[0].ports[0]"),
    ],
)  # fmt: skip
def test_accepted_with_a_warning(text, warning):
    """kubectl prints it once on standard error; the verdict has it as a problem that is no error."""
    admitted = stored("apiVersion: v1\n" + text)[1]
    assert admitted.output.stderr == f"Warning: {warning}\n"
    assert admitted.verdicts[0].warnings == (warning,)
    assert admitted.verdicts[0].problems[0].severity.value == "warning"


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: a, annotations: {kubernetes.io/ingress.class: nginx}}\n"
         "spec: {rules: [{host: a.example.com}]}\n",
         "annotation \"kubernetes.io/ingress.class\" is deprecated, please use 'spec.ingressClassName' instead"),
        ("apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\n"
         "spec: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: '2001:db8::/32', except: ['2001:DB8:1::/48']}}]}]}\n",
         'spec.ingress[0].from[0].ipBlock.except[0]: IPv6 CIDR value "2001:DB8:1::/48" should be in RFC 5952 canonical format ("2001:db8:1::/48")'),
        ("apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: a}\naddressType: FQDN\nendpoints: [{addresses: [a.example.com]}]\n",
         "spec.addressType: FQDN endpoints are deprecated"),
    ],
)  # fmt: skip
def test_networking_kinds_accepted_with_a_warning(text: str, warning: str) -> None:
    """The class annotation alone, IPv6 that is not canonical, slices of names."""
    assert stored(text)[1].output.stderr == f"Warning: {warning}\n"


LOAD_BALANCER = (
    "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n"
    "spec: {type: LoadBalancer, loadBalancerClass: x.io/a, externalTrafficPolicy: Local, selector: {app: a}, ports: [{port: 80}]}\n"
)


@pytest.mark.parametrize(
    ("spec", "gone"),
    [
        ("{type: NodePort, selector: {app: a}, ports: [{port: 80}]}", {"loadBalancerClass", "healthCheckNodePort", "allocateLoadBalancerNodePorts"}),
        ("{selector: {app: a}, ports: [{port: 80}]}", {"loadBalancerClass", "healthCheckNodePort", "externalTrafficPolicy"}),
        ("{type: ExternalName, externalName: a.example.com}", {"clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "externalTrafficPolicy"}),
    ],
)  # fmt: skip
def test_a_service_that_changes_its_type_loses_what_only_the_old_type_needed(spec: str, gone: set[str]) -> None:
    """Node ports, policies and addresses that nobody touched go with the type; the change is not refused for them."""
    objects, admitted = stored(f"{LOAD_BALANCER}---\napiVersion: v1\nkind: Service\nmetadata: {{name: a}}\nspec: {spec}\n")
    assert admitted.output.stdout == "service/a created\nservice/a configured\n"
    now = objects.data["spec"]
    assert not gone & now.keys()
    assert (now["type"] == "NodePort") is any("nodePort" in port for port in now.get("ports", ()))


def test_a_deprecated_kind_is_warned_of_even_where_it_is_refused():
    """The server says it with every answer, not only with its consent."""
    text = "apiVersion: v1\nkind: Endpoints\nmetadata: {name: a}\nsubsets: [{addresses: [{ip: 127.0.0.1}], ports: [{port: 80}]}]\n"
    first, second, _ = admit(decode([SourceFile("m.yaml", text)]), Profile()).output.stderr.split("\n")
    assert first.startswith("Warning: v1 Endpoints is deprecated")
    assert second.startswith('The Endpoints "a" is invalid: subsets[0].addresses[0].ip')
