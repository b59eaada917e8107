"""An ExternalName Service rewrites DNS and nothing else: the site outside is asked for the name that the client wrote."""

from __future__ import annotations

from typing import Any

import pytest

from simulator import Answer, Profile, Scenario, curl_text, nslookup_text, run

CLUSTER = """\
apiVersion: v1
kind: Service
metadata: {name: shop-db}
spec: {type: ExternalName, externalName: db.example.com}
---
apiVersion: v1
kind: Pod
metadata: {name: client, labels: {app: client}}
spec: {containers: [{name: client, image: client}]}
"""
SHUT = """---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: dns-alone}
spec: {podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 53, protocol: UDP}]}]}
"""
SITES = [{"host": "db.example.com", "certificate": ["*.example.com"]}]
CLIENT = {"pod": {"name": "client"}}


def asked(more: str = "", **question: Any) -> tuple[Answer, str]:
    request = {"from": CLIENT, "scheme": "https", "host": "shop-db", **question}
    given = {"profile": {"sites": SITES}, "manifests": [{"name": "a.yaml", "text": CLUSTER + more}], "requests": [request]}
    report = run(Scenario.of(given, str))
    return report.answers[0], curl_text(report.scenario.requests[0], report.answers[0]).splitlines()[0]


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ({}, "curl: (60) SSL: no alternative certificate subject name matches target host name 'shop-db'"),
        ({"host_header": "db.example.com"}, "curl: (60) SSL: no alternative certificate subject name matches target host name 'shop-db'"),
        ({"host": "198.51.100.10"}, "curl: (60) SSL: no alternative certificate subject name matches target ipv4 address '198.51.100.10'"),
        ({"insecure": True}, "HTTP/1.1 404 Not Found"),
        ({"scheme": "http"}, "HTTP/1.1 404 Not Found"),
        ({"scheme": "http", "host": "db.example.com"}, "HTTP/1.1 301 Moved Permanently"),
        ({"host": "db.example.com"}, "HTTP/1.1 200 OK"),
        ({"host": "db.example.com", "from": "external"}, "HTTP/1.1 200 OK"),
        ({"scheme": "http", "port": 443, "host": "db.example.com"}, "HTTP/1.1 400 Bad Request"),
        ({"port": 80}, "curl: (35) SSL connect error"),
        ({"port": 8080}, "curl: (28) Failed to connect to shop-db port 8080 after 127000 ms: Couldn't connect to server"),
        ({"protocol": "TCP", "port": 443}, "Connected to shop-db (TCP)"),
    ],
)
def test_the_site_is_asked_for_the_name_in_the_url(question: dict[str, Any], line: str) -> None:
    assert asked(**question)[1] == line


def test_the_answer_tells_whether_the_certificate_was_checked() -> None:
    checked, unchecked = asked(host="db.example.com")[0], asked(host_header="db.example.com", insecure=True)[0]
    assert (checked.status, checked.extra) == (200, {"certificate_checked": True})
    assert (unchecked.status, unchecked.extra) == (200, {"certificate_checked": False})


def test_policies_hold_on_the_way_out() -> None:
    assert asked(SHUT, host="db.example.com")[0].outcome == "timed-out"


def test_the_name_resolves_by_the_alias_and_by_itself() -> None:
    given = {"profile": {"sites": SITES}, "manifests": [{"name": "a.yaml", "text": CLUSTER}]}
    report = run(Scenario.of({**given, "lookups": [{"name": n, "from": CLIENT} for n in ("shop-db", "db.example.com")]}, str))
    for answer in report.lookups:
        assert (answer.records[-1].name, answer.records[-1].value, answer.upstream) == ("db.example.com.", "198.51.100.10", False)
    assert "canonical name = db.example.com." in nslookup_text(report.scenario.lookups[0], report.lookups[0])


@pytest.mark.parametrize("site", [{"host": "x", "address": "nowhere"}, {"host": "x", "certificates": []}])
def test_a_site_that_is_none_is_refused_with_a_sentence(site: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="profile: "):
        Profile.of({"sites": [site]})


def test_a_service_with_the_sites_address_changes_no_name_either() -> None:
    by_address = """---
apiVersion: v1
kind: Service
metadata: {name: by-address}
spec: {ports: [{port: 443}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: by-address-1, labels: {kubernetes.io/service-name: by-address}}
addressType: IPv4
ports: [{port: 443}]
endpoints: [{addresses: [198.51.100.10]}]
"""
    assert asked(by_address, host="by-address")[1].startswith("curl: (60) ")
