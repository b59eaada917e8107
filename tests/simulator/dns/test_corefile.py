"""What the Corefile and the node's resolver make of names: the loop, the plugin that stops it, forwards for single domains."""

from __future__ import annotations

import pytest

from simulator import Lookup, Ref, Report, Scenario, SourceFile, run
from simulator.profile import Profile

SHOP = """
apiVersion: v1
kind: Service
metadata: {name: prices}
spec: {ports: [{port: 80}]}
---
apiVersion: v1
kind: Pod
metadata: {name: shop}
spec: {containers: [{name: shop, image: shop}]}
---
apiVersion: v1
kind: Pod
metadata: {name: on-its-own}
spec: {dnsPolicy: Default, containers: [{name: shop, image: shop}]}
---
apiVersion: v1
kind: Pod
metadata: {name: on-the-node}
spec: {hostNetwork: true, containers: [{name: shop, image: shop}]}
"""
CONFIG = """---
apiVersion: v1
kind: ConfigMap
metadata: {name: coredns, namespace: kube-system}
data:
  Corefile: |
%s
"""
KUBERNETES = "kubernetes cluster.local in-addr.arpa ip6.arpa"


def asked(name: str, *lines: str, pod: str = "shop", corefile: str = "", node: str = "127.0.0.53") -> tuple[str, Report]:
    """The rcode, or "upstream"; `lines` are the plugins of the root's block."""
    text = corefile or ("\n".join([".:53 {", *lines, "}"]) if lines else "")
    config = CONFIG % "\n".join(f"    {line}" for line in text.split("\n")) if text else ""
    profile = Profile.of({"nodeNameserver": node})
    report = run(Scenario(profile, (SourceFile("a.yaml", SHOP + config),), lookups=(Lookup(name, pod=Ref("Pod", "default", pod)),)))
    return "upstream" if report.lookups[0].upstream else report.lookups[0].rcode, report


def test_a_loopback_resolver_on_the_node_stops_coredns() -> None:
    for name in ("prices", "example.com"):
        answer, report = asked(name)
        assert (answer, len(report.lookups[0].queries)) == ("no answer", 1)
        states = [pod.status["containerStatuses"][0]["state"] for pod in report.cluster.of("Pod", "kube-system")]
        assert states == [{"waiting": {"reason": "CrashLoopBackOff"}}] * 2
        assert not any(e["conditions"]["ready"] for s in report.cluster.of("EndpointSlice", "kube-system") for e in s.data["endpoints"])
    assert asked("example.com", node="192.168.10.2")[0] == asked("example.com", node="")[0] == "upstream"


def test_without_the_plugin_the_circle_goes_on_for_names_outside() -> None:
    lines = (KUBERNETES, "forward . /etc/resolv.conf")
    assert asked("prices", *lines)[0] == "NOERROR"
    assert asked("example.com", *lines)[0] == "SERVFAIL"
    assert asked("example.com", KUBERNETES, "loop", "forward . tls://9.9.9.9:853 {", "tls_servername dns.quad9.net", "}")[0] == "upstream"


@pytest.mark.parametrize("target", ["10.96.0.10", "127.0.0.1:5353", "[::1]:53", "9.9.9.9 127.0.0.1"])
def test_it_may_ask_itself_in_several_ways(target: str) -> None:
    assert asked("prices", KUBERNETES, f"forward . {target}", "loop", node="")[0] == "no answer"


def test_what_the_corefile_leaves_out_is_not_answered() -> None:
    assert asked("example.com", KUBERNETES)[0] == "REFUSED"
    assert asked("prices", "forward . 9.9.9.9")[0] == "NXDOMAIN"
    assert asked("prices", corefile=".:53 {\n  kubernetes cluster.local")[0] == "no answer"


def test_a_block_of_its_own_takes_the_names_of_its_domain() -> None:
    corefile = "# ours\ncorp.example:53 {\n  forward . 10.0.0.5\n}\n.:53 {\n  kubernetes cluster.local\n  forward . /etc/resolv.conf\n}"
    assert asked("git.corp.example.", corefile=corefile)[0] == "NXDOMAIN"  # asked there, and no such top-level domain
    assert asked("example.com.", corefile=corefile)[0] == "SERVFAIL"
    private = corefile.replace("corp.example", "corp")
    assert asked("git.corp.", corefile=private)[0] == "upstream"


def test_a_pod_that_takes_the_nodes_file_asks_itself_unless_it_is_on_the_nodes_network() -> None:
    assert asked("example.com", pod="on-its-own")[0] == "no answer"
    assert asked("example.com", pod="on-the-node")[0] == "upstream"
    assert asked("example.com", pod="on-its-own", node="192.168.10.2")[0] == "upstream"


def test_an_address_is_wanted() -> None:
    with pytest.raises(ValueError, match="nodeNameserver"):
        Profile.of({"nodeNameserver": "dns.example"})
