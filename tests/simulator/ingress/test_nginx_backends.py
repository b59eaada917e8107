"""What ingress-nginx takes for a backend beyond the Ingress API: targetPorts, ExternalName Services; which endpoints count."""

import pytest

from simulator.api.traffic import Answer
from tests.simulator.gateway.shop import service
from tests.simulator.ingress.town import NGINX, OTHER, ask, ingress, path, town

TWO_PORTS = """
---
apiVersion: v1
kind: Service
metadata: {name: crossed, namespace: shop}
spec:
  selector: {app: one}
  ports: [{name: web, port: 80, targetPort: 8080}, {name: admin, port: 8080, targetPort: 9090}]
"""


def alias(target: str, ports: str = "", name: str = "alias") -> str:
    given = f", ports: [{ports}]" if ports else ""
    return f"""
---
apiVersion: v1
kind: Namespace
metadata: {{name: shop}}
---
apiVersion: v1
kind: Service
metadata: {{name: {name}, namespace: shop}}
spec: {{type: ExternalName, externalName: {target}{given}}}
"""


def served(answer: Answer) -> tuple[str, set[str]]:
    return answer.outcome, {backend.ip for backend in answer.backends}


@pytest.mark.parametrize(("controller", "status", "basis"), [(NGINX, 200, "implemented"), (OTHER, 503, "modelled")])
def test_a_target_port_is_taken_by_ingress_nginx_alone(controller: str, status: int, basis: str) -> None:
    """The Ingress API speaks of the Service's own ports; only this controller looks at targetPort as well."""
    answer = ask(town(ingress(path("/", "one", port="number: 8080")), controller=controller, ingressControllers=["*"]))
    assert answer.status == status
    told = next(hop for hop in answer.hops if hop.stage == "backend")
    assert told.basis.value == basis
    assert ("which ingress-nginx takes for it too" in told.reason) is (status == 200)


@pytest.mark.parametrize(("controller", "basis"), [(NGINX, "implemented"), (OTHER, "modelled")])
def test_what_another_controller_answers_where_nothing_matches_is_modelled(controller: str, basis: str) -> None:
    """The specification leaves it to the controller."""
    answer = ask(town(ingress(path("/shop", "one")), controller=controller, ingressControllers=["*"]))
    assert (answer.status, answer.hops[-1].basis.value) == (404, basis)


def test_the_first_port_that_fits_in_any_way_is_taken() -> None:
    """8080 is the number of the second port and the targetPort of the first: ingress-nginx takes the first, others the second."""
    door = ingress(path("/", "crossed", port="number: 8080"))
    assert {b.port for b in ask(town(door, TWO_PORTS)).backends} == {8080}
    other = town(door, TWO_PORTS, controller=OTHER, ingressControllers=["*"])
    assert {b.port for b in ask(other).backends} == {9090}


def test_terminating_endpoints_do_not_stand_in() -> None:
    """kube-proxy sends to Pods that still serve while they terminate where none is ready; ingress-nginx reads `ready` alone."""
    leaving = service("leaving", notes="sim/terminating: 'true'", pods=1)
    door = ingress(path("/", "leaving"))
    assert ask(town(door, leaving)).status == 503
    assert ask(town(door, leaving, controller=OTHER, ingressControllers=["*"])).status == 200


def test_an_external_name_of_the_cluster_is_resolved_and_dialled() -> None:
    """So an Ingress reaches another Service by its DNS name; the connection goes through that Service's ClusterIP and port."""
    direct = served(ask(town(ingress(path("/", "one")))))
    for target in ("one.shop.svc.cluster.local", "one.shop"):
        answer = ask(town(ingress(path("/", "alias")), alias(target)))
        assert served(answer) == direct
        assert "kube-proxy leads the connection on" in " ".join(hop.reason for hop in answer.hops)


@pytest.mark.parametrize(
    ("target", "port", "ports", "status"),
    [
        ("wbe.shop.svc.cluster.local", "number: 80", "", 502),
        ("idle.shop.svc.cluster.local", "number: 80", "", 502),
        ("one.shop.svc.cluster.local", "number: 81", "", 502),
        ("one.shop.svc.cluster.local", "number: 81", "{port: 81, targetPort: 80}", 200),
        ("one.shop.svc.cluster.local", "name: web", "{name: web, port: 80}", 200),
        ("one.shop.svc.cluster.local", "name: web", "", 502),
        ("localhost", "number: 80", "", 503),
    ],
)
def test_the_port_of_an_external_name(target: str, port: str, ports: str, status: int) -> None:
    """The Service's own targetPort where the backend names a port of it, else the number; a name that leads nowhere is 502."""
    assert ask(town(ingress(path("/", "alias", port=port)), alias(target, ports))).status == status


def test_a_name_outside_is_sent_on_and_no_more_is_known() -> None:
    answer = ask(town(ingress(path("/", "alias")), alias("api.example.com")))
    assert "api.example.com, port 80, outside the cluster" in answer.not_modelled
    assert answer.hops[-1].decision == "sent on"


def test_other_controllers_have_no_endpoints_for_an_external_name() -> None:
    assert ask(town(ingress(path("/", "alias")), alias("one.shop"), controller=OTHER, ingressControllers=["*"])).status == 503
