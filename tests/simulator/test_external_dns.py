"""Which records ExternalDNS would write, and which names get none."""

from __future__ import annotations

from simulator.external_dns import external_dns_records
from tests.simulator.gateway.shop import gateway, route, to, world
from tests.simulator.ingress.town import AWS, ingress, path, town

HOSTNAME = "external-dns.alpha.kubernetes.io/hostname"


def service(kind: str, more: str = "") -> str:
    return f"""
---
apiVersion: v1
kind: Service
metadata: {{name: web, namespace: shop, annotations: {{{HOSTNAME}: "web.example.com, www.example.com"}}}}
spec: {{type: {kind}, ports: [{{port: 80}}], {more}}}
"""


def told(*parts: str, **profile: bool) -> tuple[list[tuple[str, str]], list[str]]:
    zone = external_dns_records(world(*parts, **profile))
    return [(each.record.name, each.record.type) for each in zone.records], [each.name for each in zone.unwritten]


def test_services_by_annotation() -> None:
    """A LoadBalancer Service gets A records for its names; one without an address, or of another type, none."""
    names = ["web.example.com", "www.example.com"]
    assert told(service("LoadBalancer")) == ([(name, "A") for name in names], [])
    assert told(service("LoadBalancer"), loadBalancers=False) == ([], names)
    assert told(service("ClusterIP")) == ([], names)
    assert told(service("ExternalName", "externalName: a.example.org")) == ([(name, "CNAME") for name in names], [])


def test_ingress_hosts_point_to_the_controller() -> None:
    """An address is an A record, a load balancer's name a CNAME; an Ingress that nobody serves has nothing to point to."""
    found = external_dns_records(town(ingress(path("/", "one"))))
    assert [(each.record.name, each.record.type) for each in found.records] == [("shop.example.com", "A")]
    aws = external_dns_records(town(ingress(path("/", "one")), controller=AWS))
    assert [(each.record.name, each.record.type) for each in aws.records] == [("shop.example.com", "CNAME")]
    assert [each.name for each in external_dns_records(town(ingress(path("/", "one"), class_name="none"))).unwritten] == [
        "shop.example.com"
    ]


def test_routes_get_the_names_that_a_listener_took() -> None:
    """Names outside the listener's hostname are left out; a route that is not accepted gets no record."""
    listener = "[{name: http, port: 80, protocol: HTTP, hostname: '*.example.com'}]"
    both = route(to("web"), hostnames="[a.example.com, b.example.org]")
    assert told(gateway(listener), both) == ([("a.example.com", "A")], [])
    assert told(gateway(listener), route(to("web"), hostnames="[b.example.org]")) == ([], ["b.example.org"])
    assert told(gateway(listener), route(to("web"))) == ([("*.example.com", "A")], [])
