"""Names: what CoreDNS answers, and what a resolver asks."""

from __future__ import annotations

import pytest

from simulator.api.core_v1 import Pod
from simulator.api.meta import Ref
from simulator.api.traffic import Lookup
from simulator.dns import resolver_of
from simulator.lookups import look_up
from tests.simulator.worlds import running

NAMESPACES = "".join(
    f"---\napiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}}}\n" for name in ("shop", "lab", "kube-system", "com")
)


def service(name: str, spec: str, namespace: str = "shop") -> str:
    return f"---\napiVersion: v1\nkind: Service\nmetadata: {{name: {name}, namespace: {namespace}}}\nspec: {{{spec}}}\n"


def pod(name: str, app: str, ip: str, spec: str = "", annotations: str = "", namespace: str = "shop") -> str:
    return f"""
---
apiVersion: v1
kind: Pod
metadata: {{name: {name}, namespace: {namespace}, labels: {{app: {app}}}, annotations: {{sim/ip: {ip}, {annotations}}}}}
spec: {{{spec} containers: [{{name: c, image: x}}]}}
"""


WORLD = NAMESPACES + "".join([
    service("kube-dns", "clusterIP: 10.96.0.10, ports: [{name: dns, port: 53, protocol: UDP}]", "kube-system"),
    service("web", "clusterIP: 10.96.0.20, selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}, {name: dns, port: 53, protocol: UDP}]"),
    service("plain", "clusterIP: 10.96.0.21, ports: [{port: 80}]"),
    service("both", "clusterIP: 10.96.0.22, clusterIPs: [10.96.0.22, 'fd00::22'], ipFamilies: [IPv4, IPv6], ports: [{port: 80}]"),
    service("db", "clusterIP: None, selector: {app: db}, ports: [{name: pg, port: 5432}]"),
    service("early", "clusterIP: None, publishNotReadyAddresses: true, selector: {app: early}, ports: [{port: 80}]"),
    service("lonely", "clusterIP: None, selector: {app: nobody}, ports: [{port: 80}]"),
    service("outside", "type: ExternalName, externalName: www.example.com"),
    service("alias", "type: ExternalName, externalName: web.shop.svc.cluster.local"),
    service("address", "type: ExternalName, externalName: 192.0.2.7"),
    service("dangling", "type: ExternalName, externalName: nobody.shop.svc.cluster.local"),
    service("round", "type: ExternalName, externalName: about.shop.svc.cluster.local"),
    service("about", "type: ExternalName, externalName: round.shop.svc.cluster.local"),
    service("web", "clusterIP: 10.96.0.30, ports: [{port: 80}]", "com"),
    pod("web-1", "web", "10.244.1.10"),
    pod("db-0", "db", "10.244.1.20", "hostname: db-0, subdomain: db,"),
    pod("db-1", "db", "10.244.1.21", "hostname: db-1, subdomain: db,", 'sim/ready: "false"'),
    pod("db-x", "db", "10.244.1.22"),
    pod("early-0", "early", "10.244.1.30", "hostname: e, subdomain: early,", 'sim/ready: "false"'),
    pod("client", "client", "10.244.2.5", namespace="lab"),
])  # fmt: skip
CLUSTER = running(WORLD)
Z = "cluster.local."


def ask(name: str, kind: str = "A") -> tuple[str, list[str]]:
    answer = look_up(CLUSTER, Lookup(name, kind))
    return answer.rcode, sorted(record.value for record in answer.records)


@pytest.mark.parametrize(
    ("name", "kind", "values"),
    [
        (f"web.shop.svc.{Z}", "A", ["10.96.0.20"]),
        (f"WEB.Shop.svc.{Z}", "A", ["10.96.0.20"]),
        (f"web.shop.svc.{Z}", "AAAA", []),
        (f"both.shop.svc.{Z}", "AAAA", ["fd00::22"]),
        (f"db.shop.svc.{Z}", "A", ["10.244.1.20", "10.244.1.22"]),
        (f"early.shop.svc.{Z}", "A", ["10.244.1.30"]),
        (f"db-0.db.shop.svc.{Z}", "A", ["10.244.1.20"]),
        (f"10-244-1-22.db.shop.svc.{Z}", "A", ["10.244.1.22"]),
        (f"_http._tcp.web.shop.svc.{Z}", "SRV", [f"web.shop.svc.{Z}"]),
        (f"_dns._udp.web.shop.svc.{Z}", "SRV", [f"web.shop.svc.{Z}"]),
        (f"_pg._tcp.db.shop.svc.{Z}", "SRV", [f"10-244-1-22.db.shop.svc.{Z}", f"db-0.db.shop.svc.{Z}"]),
        ("20.0.96.10.in-addr.arpa.", "PTR", [f"web.shop.svc.{Z}"]),
        ("20.1.244.10.in-addr.arpa.", "PTR", [f"db-0.db.shop.svc.{Z}"]),
        (f"outside.shop.svc.{Z}", "A", ["www.example.com."]),
        (f"alias.shop.svc.{Z}", "A", ["10.96.0.20", f"web.shop.svc.{Z}"]),
        (f"alias.shop.svc.{Z}", "CNAME", [f"web.shop.svc.{Z}"]),
        (f"dangling.shop.svc.{Z}", "A", []),
        (f"round.shop.svc.{Z}", "A", []),
        (f"1-2-3-4.shop.pod.{Z}", "A", ["1.2.3.4"]),
        (f"dns-version.{Z}", "TXT", ["1.1.0"]),
        (f"shop.svc.{Z}", "A", []),
        (f"svc.{Z}", "A", []),
    ],
)
def test_names_that_exist(name, kind, values):
    """NOERROR, with the records of that type or none."""
    assert ask(name, kind) == ("NOERROR", sorted(values))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        (f"nobody.shop.svc.{Z}", "A"),
        (f"web.nowhere.svc.{Z}", "A"),
        (f"nowhere.svc.{Z}", "A"),
        (f"lonely.shop.svc.{Z}", "A"),
        (f"db-1.db.shop.svc.{Z}", "A"),
        (f"db-x.db.shop.svc.{Z}", "A"),
        (f"web-1.shop.svc.{Z}", "A"),
        (f"web-1.shop.pod.{Z}", "A"),
        (f"1-2-3-4.nowhere.pod.{Z}", "A"),
        (f"_http._tcp.plain.shop.svc.{Z}", "SRV"),
        (f"_http._udp.web.shop.svc.{Z}", "SRV"),
        (f"x.outside.shop.svc.{Z}", "A"),
        (f"_http._tcp.outside.shop.svc.{Z}", "SRV"),
        (f"address.shop.svc.{Z}", "A"),
        (f"web.shop.{Z}", "A"),
        ("21.1.244.10.in-addr.arpa.", "PTR"),
    ],
)
def test_names_that_do_not(name, kind):
    """NXDOMAIN: unready endpoints, Pod names, subnames of an alias, unnamed ports included."""
    assert ask(name, kind) == ("NXDOMAIN", [])


def test_srv_gives_the_services_port_or_the_endpoints():
    """A ClusterIP's port is the Service's, a headless one's that of the endpoint."""
    (record,) = look_up(CLUSTER, Lookup(f"_http._tcp.web.shop.svc.{Z}", "SRV")).records
    assert record.port == 80
    assert {r.port for r in look_up(CLUSTER, Lookup(f"_pg._tcp.db.shop.svc.{Z}", "SRV")).records} == {5432}


def queries(name: str, client: str = "client", namespace: str = "lab", cluster=CLUSTER) -> list[str]:
    return [query for query, _, _ in look_up(cluster, Lookup(name, "A", Ref("Pod", namespace, client))).queries]


def test_a_short_name_walks_the_search_list():
    """Own namespace, svc, the zone, then the name as it is; it stops at the first answer."""
    assert queries("web.shop") == [f"web.shop.lab.svc.{Z}", f"web.shop.svc.{Z}"]
    assert queries("web") == [f"web.lab.svc.{Z}", f"web.svc.{Z}", f"web.{Z}", "web."]
    assert queries("web.shop.svc.cluster.local")[-1] == f"web.shop.svc.{Z}"
    assert len(queries("web.shop.svc.cluster.local")) == 4


def test_a_trailing_dot_and_enough_dots_skip_the_search_list():
    """Five dots are asked as they are first."""
    assert queries(f"web.shop.svc.{Z}") == [f"web.shop.svc.{Z}"]
    assert queries("_http._tcp.web.shop.svc.cluster.local")[0] == f"_http._tcp.web.shop.svc.{Z}"


def test_a_namespace_named_like_a_top_level_domain_catches_its_names():
    """`web.com` is the Service web of namespace com, by way of the search domain svc.cluster.local."""
    answer = look_up(CLUSTER, Lookup("web.com", "A", Ref("Pod", "lab", "client")))
    assert [r.value for r in answer.records] == ["10.96.0.30"]


def test_a_name_outside_is_asked_upstream():
    """The cluster does not know what comes back, and says so; a name without a top-level domain does not exist."""
    answer = look_up(CLUSTER, Lookup("api.example.com", "A", Ref("Pod", "lab", "client")))
    assert (answer.upstream, answer.rcode, answer.records) == (True, "NOERROR", ())
    assert look_up(CLUSTER, Lookup("web.shopp", "A", Ref("Pod", "lab", "client"))).rcode == "NXDOMAIN"


@pytest.mark.parametrize(
    ("spec", "nameservers", "searches", "ndots"),
    [
        ("", ("10.96.0.10",), ("lab.svc.cluster.local", "svc.cluster.local", "cluster.local"), 5),
        ("hostNetwork: true,", ("<node's nameserver>",), (), 1),
        ("hostNetwork: true, dnsPolicy: ClusterFirstWithHostNet,", ("10.96.0.10",), ("lab.svc.cluster.local", "svc.cluster.local", "cluster.local"), 5),
        ("dnsPolicy: Default,", ("<node's nameserver>",), (), 1),
        ("dnsPolicy: None, dnsConfig: {nameservers: [10.96.0.10], searches: [a.b], options: [{name: ndots, value: '2'}]},", ("10.96.0.10",), ("a.b",), 2),
        ("dnsConfig: {searches: [a.b], nameservers: [192.0.2.1, 192.0.2.2, 192.0.2.3]},", ("10.96.0.10", "192.0.2.1", "192.0.2.2"),
         ("lab.svc.cluster.local", "svc.cluster.local", "cluster.local", "a.b"), 5),
    ],
)  # fmt: skip
def test_dns_policy_and_config_make_the_resolver_file(spec, nameservers, searches, ndots):
    """The kubelet merges dnsConfig into what dnsPolicy gives; a host-network Pod has its node's file unless it asks otherwise."""
    cluster = running(WORLD + pod("own", "own", "10.244.2.9", spec, namespace="lab"))
    found = resolver_of(cluster, Pod.of(cluster.get("Pod", "lab", "own")))
    assert (found.nameservers, found.searches, found.ndots) == (nameservers, searches, ndots)


def test_a_pod_with_its_nodes_resolver_does_not_find_services():
    """`data` is asked of a server that has never heard of the cluster."""
    cluster = running(WORLD + pod("host", "h", "192.168.10.11", "hostNetwork: true,", namespace="shop"))
    answer = look_up(cluster, Lookup("web", "A", Ref("Pod", "shop", "host")))
    assert ([q for q, _, _ in answer.queries], answer.rcode) == (["web."], "NXDOMAIN")


def test_another_zone_may_be_the_clusters():
    """clusterDomain is the profile's."""
    cluster = running(WORLD, clusterDomain="example.test")
    assert look_up(cluster, Lookup("web.shop.svc.example.test.")).rcode == "NOERROR"
    assert look_up(cluster, Lookup(f"web.shop.svc.{Z}")).records == ()


@pytest.mark.parametrize(
    "name", ["", ".", "..", "a..b", "\x00", "x" * 300, "_._.web.shop.svc.cluster.local.", "-.shop.pod.cluster.local", "٣.in-addr.arpa."]
)
def test_no_name_is_an_error(name):
    """Whatever is asked gets an answer."""
    for kind in ("A", "AAAA", "SRV", "PTR", "TXT", "MX", "nonsense"):
        assert look_up(CLUSTER, Lookup(name, kind)).rcode in ("NOERROR", "NXDOMAIN")


def test_every_query_has_its_reason():
    """One hop for each query, naming what is missing."""
    hops = look_up(CLUSTER, Lookup("web", "A", Ref("Pod", "lab", "client"))).hops
    assert 'there is no Service "web" in Namespace "lab"' in hops[0].reason
    assert 'there is no Namespace "web"' in hops[1].reason


LEASH = """
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: leash, namespace: lab}
spec:
  podSelector: {matchLabels: {app: client}}
  policyTypes: [Egress]
  egress: [{to: [{namespaceSelector: {}}], ports: [{port: PORT, protocol: PROTOCOL}]}]
"""


@pytest.mark.parametrize(("port", "protocol", "heard"), [(80, "TCP", False), (53, "TCP", False), (53, "UDP", True)])
def test_a_question_meets_the_policies_that_other_packets_meet(port: int, protocol: str, heard: bool) -> None:
    """What keeps DNS from a Pod ends its look-ups with the first name, without an answer; nobody else's are touched."""
    server = pod("dns", "dns", "10.244.3.3", namespace="kube-system")
    world = WORLD.replace("{clusterIP: 10.96.0.10,", "{clusterIP: 10.96.0.10, selector: {app: dns},")
    cluster = running(world + server + LEASH.replace("PORT", str(port)).replace("PROTOCOL", protocol))
    answer = look_up(cluster, Lookup("web.shop", "A", Ref("Pod", "lab", "client")))
    assert (answer.rcode == "NOERROR") is heard
    if not heard:
        assert (answer.rcode, answer.queries) == ("TIMEOUT", ((f"web.shop.lab.svc.{Z}", "A", "TIMEOUT"),))
        assert "leash" in " ".join(f"{hop.object} {hop.reason}" for hop in answer.hops)
    assert look_up(cluster, Lookup("web.shop", "A", Ref("Pod", "shop", "web-1"))).rcode == "NOERROR"
    assert look_up(cluster, Lookup(f"web.shop.svc.{Z}")).rcode == "NOERROR"
