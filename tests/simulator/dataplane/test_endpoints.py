"""The endpoints behind a Service's port, and why there are none."""

from __future__ import annotations

import pytest

from simulator.api.meta import Ref
from simulator.dataplane.endpoints import serving
from tests.simulator.worlds import running

WEB = Ref("Service", "default", "web")


def service(spec: str) -> str:
    return f"apiVersion: v1\nkind: Service\nmetadata: {{name: web}}\nspec: {{clusterIP: 10.96.0.20, {spec}}}\n"


def pod(annotations: str = "") -> str:
    return f"""
---
apiVersion: v1
kind: Pod
metadata: {{name: web-1, labels: {{app: web}}, annotations: {{{annotations}}}}}
spec: {{containers: [{{name: c, image: web, ports: [{{name: http, containerPort: 8080}}]}}]}}
"""


SELECTING = "selector: {app: web}, ports: [{port: 80, targetPort: http}]"


def test_an_endpoint_knows_its_pod_node_and_zone():
    """And the target port, which may be named."""
    found = serving(running(service(SELECTING) + pod()), WEB, 80)
    (endpoint,) = found.endpoints
    assert (endpoint.ip, endpoint.port, endpoint.pod, endpoint.node, endpoint.zone) == (
        "10.244.1.10", 8080, Ref("Pod", "default", "web-1"), "node-1", "zone-a",
    )  # fmt: skip
    assert found.reason == ""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "ServiceNotFound"),
        (service("type: ExternalName, externalName: example.com"), "ExternalName"),
        (service("selector: {app: web}, ports: [{port: 81}]") + pod(), "PortNotFound"),
        (service("ports: [{port: 80}]"), "NoEndpointSlices"),
        (service("selector: {app: webb}, ports: [{port: 80}]") + pod(), "SelectorMatchesNoPod"),
        (service(SELECTING) + pod("sim/ip: none"), "PodsWithoutAddress"),
        (service(SELECTING) + pod("sim/phase: Succeeded"), "PodsFinished"),
        (service("selector: {app: web}, ports: [{port: 80, targetPort: htp}]") + pod(), "NamedPortNotFound"),
        (service(SELECTING) + pod('sim/ready: "false"'), "NoReadyEndpoints"),
    ],
)
def test_an_empty_set_says_why(text, reason):
    """One word for programs, one sentence for people."""
    found = serving(running(text), WEB, 80)
    assert (found.endpoints, found.reason) == ((), reason)
    assert found.message


def slice_of(port: str, conditions: str = "{}", name: str = "one", ip: str = "192.0.2.10") -> str:
    return f"""
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {{name: {name}, labels: {{kubernetes.io/service-name: web}}}}
addressType: IPv4
ports: [{port}]
endpoints: [{{addresses: [{ip}], conditions: {conditions}}}]
"""


def test_a_hand_made_slice_counts_by_the_name_of_its_port():
    """An absent condition means ready; a slice whose port has another name is of no use to this port."""
    plain = service("ports: [{port: 80}]")
    assert [e.ip for e in serving(running(plain + slice_of("{port: 5432}")), WEB, 80).endpoints] == ["192.0.2.10"]
    assert serving(running(plain + slice_of("{name: db, port: 5432}")), WEB, 80).reason == "PortNotInSlices"


def test_an_endpoint_in_two_slices_counts_once_and_the_one_that_stays_wins():
    """As kube-proxy resolves duplicates."""
    text = (
        service("ports: [{port: 80}]")
        + slice_of("{port: 1}", "{ready: false, serving: true, terminating: true}")
        + slice_of("{port: 1}", name="two")
    )
    (endpoint,) = serving(running(text), WEB, 80).endpoints
    assert endpoint.ready


def test_terminating_endpoints_are_left_when_nobody_is_ready():
    """As long as they serve."""
    (endpoint,) = serving(running(service(SELECTING) + pod('sim/terminating: "true"')), WEB, 80).endpoints
    assert endpoint.terminating
