"""EndpointSlices, Endpoints and mirroring: what a Service knows of its Pods."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.cluster import Cluster
from tests.simulator.worlds import running


def service(spec: str = "", metadata: str = "", ports: str = "[{port: 80, targetPort: 8080}]", selector: str = "{app: web}") -> str:
    return f"""
---
apiVersion: v1
kind: Service
metadata: {{name: web, {metadata}}}
spec: {{selector: {selector}, clusterIP: 10.96.0.20, ports: {ports}, {spec}}}
"""


def pod(name: str, annotations: str = "", spec: str = "", ports: str = "[{containerPort: 8080}]") -> str:
    return f"""
---
apiVersion: v1
kind: Pod
metadata: {{name: {name}, labels: {{app: web}}, annotations: {{{annotations}}}}}
spec: {{{spec} containers: [{{name: c, image: "web:1", ports: {ports}}}]}}
"""


def slices(cluster: Cluster) -> list[Any]:
    return [obj.data for obj in cluster.of("EndpointSlice")]


def endpoints(cluster: Cluster) -> list[Any]:
    return [endpoint for each in slices(cluster) for endpoint in each["endpoints"] or ()]


@pytest.mark.parametrize(
    ("annotations", "conditions"),
    [
        ("", (True, True, False)),
        ('sim/ready: "false"', (False, False, False)),
        ('sim/terminating: "true"', (False, True, True)),
        ('sim/terminating: "true", sim/ready: "false"', (False, False, True)),
        ("sim/waiting: CrashLoopBackOff", (False, False, False)),
        ("sim/phase: Unknown", (False, False, False)),
    ],
)
def test_conditions_follow_the_pod(annotations, conditions):
    """ready, serving and terminating as `podToEndpoint` derives them."""
    (found,) = endpoints(running(service() + pod("web-1", annotations)))
    assert tuple(found["conditions"][key] for key in ("ready", "serving", "terminating")) == conditions


@pytest.mark.parametrize("annotations", ["sim/phase: Succeeded", "sim/phase: Failed", "sim/ip: none", 'sim/schedule: "false"'])
def test_ended_and_addressless_pods_are_no_endpoints(annotations):
    """They are not in the slice at all."""
    assert not endpoints(running(service() + pod("web-1", annotations)))


def test_publish_not_ready_addresses_makes_every_endpoint_ready():
    """Even one that terminates; serving still tells the truth."""
    cluster = running(service("publishNotReadyAddresses: true") + pod("web-1", 'sim/ready: "false"'))
    (found,) = endpoints(cluster)
    assert found["conditions"] == {"ready": True, "serving": False, "terminating": False}


def test_a_slice_names_its_service_and_its_controller():
    """Labels, owner and generateName as the controller writes them; the Service's own labels are copied."""
    (found,) = slices(running(service(metadata="labels: {team: a}") + pod("web-1")))
    metadata = found["metadata"]
    assert metadata["labels"] == {
        "team": "a",
        "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
        "kubernetes.io/service-name": "web",
    }
    assert metadata["generateName"] == "web-"
    assert metadata["name"].startswith("web-")
    assert metadata["ownerReferences"][0]["kind"] == "Service"
    assert found["ports"] == [{"name": "", "port": 8080, "protocol": "TCP"}]


def test_a_service_that_matches_nothing_has_a_placeholder():
    """One slice without endpoints and ports."""
    (found,) = slices(running(service()))
    assert found["endpoints"] is None
    assert found["ports"] is None


@pytest.mark.parametrize("spec", ["{type: ExternalName, externalName: example.com, selector: {app: web}}", "{ports: [{port: 80}]}"])
def test_services_without_selector_and_external_names_get_no_slice(spec):
    """Nobody makes slices for them."""
    assert not slices(running(f"apiVersion: v1\nkind: Service\nmetadata: {{name: web}}\nspec: {spec}\n" + pod("web-1")))


def test_a_named_port_is_looked_up_pod_by_pod():
    """Different numbers make a slice each; a Pod without the name has an endpoint without that port."""
    text = service(ports="[{port: 80, targetPort: http}]")
    text += pod("web-1", ports="[{name: http, containerPort: 8080}]") + pod("web-2", ports="[{name: http, containerPort: 9090}]")
    text += pod("web-3", ports="[{name: admin, containerPort: 1}]") + pod(
        "web-4", ports="[{name: http, containerPort: 8080, protocol: UDP}]"
    )
    found = {(each["ports"] or [{}])[0].get("port"): len(each["endpoints"]) for each in slices(running(text))}
    assert found == {8080: 1, 9090: 1, None: 2}


def test_a_native_sidecar_offers_its_named_ports():
    """A restartable init container counts, an ordinary one does not."""
    init = "initContainers: [{name: i, image: x, %s ports: [{name: http, containerPort: 15000}]}],"
    text = service(ports="[{port: 80, targetPort: http}]")
    (found,) = slices(running(text + pod("web-1", spec=init % "restartPolicy: Always,", ports="[]")))
    assert found["ports"][0]["port"] == 15000
    (found,) = slices(running(text + pod("web-1", spec=init % "", ports="[]")))
    assert found["ports"] is None


def test_a_slice_holds_a_hundred_endpoints():
    """250 Pods need three slices."""
    text = (
        service()
        + """
---
apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: web}
spec: {replicas: 250, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: []}}}
"""
    )
    found = slices(running(text))
    assert [len(each["endpoints"]) for each in found] == [100, 100, 50]
    assert len({each["metadata"]["name"] for each in found}) == 3


def test_dual_stack_services_have_slices_of_each_family():
    """A Pod is in the slice of the families that it has an address of."""
    spec = "ipFamilies: [IPv4, IPv6], ipFamilyPolicy: RequireDualStack"
    both = slices(running(service(spec) + pod("web-1"), podCIDR="10.244.0.0/16,fd00:10:244::/56"))
    assert {each["addressType"]: each["endpoints"][0]["addresses"] for each in both} == {
        "IPv4": ["10.244.1.10"], "IPv6": ["fd00:10:244:1::a"],
    }  # fmt: skip
    single = slices(running(service(spec) + pod("web-1")))
    assert {each["addressType"]: each["endpoints"] for each in single}["IPv6"] is None


def test_the_host_name_is_given_only_under_the_pods_subdomain():
    """hostname appears where spec.subdomain is the Service's name."""
    (found,) = endpoints(running(service() + pod("web-1", spec="hostname: one, subdomain: web,")))
    assert found["hostname"] == "one"
    (found,) = endpoints(running(service() + pod("web-1", spec="hostname: one, subdomain: other,")))
    assert "hostname" not in found


def test_headless_services_are_marked():
    """The slice bears the label service.kubernetes.io/headless; a headless Service may have no ports."""
    text = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, clusterIP: None}\n"
    (found,) = slices(running(text + pod("web-1")))
    assert found["metadata"]["labels"]["service.kubernetes.io/headless"] == ""
    assert found["ports"] is None
    assert found["endpoints"]


def test_endpoints_objects_tell_ready_from_not_ready_and_leave_out_terminating():
    """What `kubectl get endpoints` still shows."""
    text = service() + pod("web-1") + pod("web-2", 'sim/ready: "false"') + pod("web-3", 'sim/terminating: "true"')
    (subset,) = running(text).get("Endpoints", "default", "web").data["subsets"]
    assert [address["ip"] for address in subset["addresses"]] == ["10.244.1.10"]
    assert [address["ip"] for address in subset["notReadyAddresses"]] == ["10.244.2.11"]
    assert subset["ports"] == [{"port": 8080, "protocol": "TCP"}]


HAND_WRITTEN = """
---
apiVersion: v1
kind: Endpoints
metadata: {name: web, labels: {team: a%s}}
subsets: [{addresses: [{ip: 192.0.2.1}, {ip: "2001:db8::1"}], notReadyAddresses: [{ip: 192.0.2.2}], ports: [{port: 5432}]}]
"""


def test_hand_written_endpoints_are_mirrored():
    """For a Service without selector: a slice for each family, ready as the subset says."""
    text = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {clusterIP: 10.96.0.20, ports: [{port: 5432}]}\n"
    found = slices(running(text + HAND_WRITTEN % ""))
    assert {each["addressType"] for each in found} == {"IPv4", "IPv6"}
    v4 = next(each for each in found if each["addressType"] == "IPv4")
    assert [(e["addresses"], e["conditions"]) for e in v4["endpoints"]] == [
        (["192.0.2.1"], {"ready": True}), (["192.0.2.2"], {"ready": False}),
    ]  # fmt: skip
    assert v4["metadata"]["labels"]["endpointslice.kubernetes.io/managed-by"] == "endpointslicemirroring-controller.k8s.io"
    assert v4["metadata"]["labels"]["team"] == "a"


def test_mirroring_needs_a_service_without_selector_and_can_be_switched_off():
    """A selector, the label skip-mirror, or no Service at all: no mirror."""
    plain = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {clusterIP: 10.96.0.20, ports: [{port: 5432}]}\n"
    assert not slices(running(plain + HAND_WRITTEN % ', endpointslice.kubernetes.io/skip-mirror: "true"'))
    assert not slices(running(HAND_WRITTEN % ""))
    assert not endpoints(running(service() + HAND_WRITTEN % ""))


def test_hand_made_slices_stay_beside_those_of_the_controller():
    """Only what the controller manages is made anew."""
    text = (
        service()
        + pod("web-1")
        + """
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: mine, labels: {kubernetes.io/service-name: web}}
addressType: IPv4
ports: [{name: "", port: 9}]
endpoints: [{addresses: [192.0.2.10]}]
"""
    )
    assert len(slices(running(text))) == 2
