"""Which rule takes a request, and why that one; listeners, hosts, precedence, weights."""

from __future__ import annotations

import pytest

from simulator.api.traffic import Answer, Hop, Request
from simulator.trace import trace
from tests.simulator.gateway.certificates import OTHER_CA, authority, secret
from tests.simulator.gateway.shop import ask, gateway, parts, route, service, to, world

ONE, TWO = "backendRefs: [{name: one, port: 80}]", "backendRefs: [{name: two, port: 80}]"


def hop(answer: Answer, stage: str) -> Hop:
    return next(each for each in answer.hops if each.stage == stage)


def rules(first: str, second: str) -> str:
    """Two rules: what matches `first` goes to Service one, what matches `second` to Service two."""
    return f"[{{matches: [{{{first}}}], {ONE}}}, {{matches: [{{{second}}}], {TWO}}}]"


@pytest.mark.parametrize(
    ("first", "second", "path", "winner", "why"),
    [
        (
            "path: {type: PathPrefix, value: /}",
            "path: {type: Exact, value: /pay}",
            "/pay",
            "two",
            "Exact /pay beats Prefix /: an exact path goes first",
        ),
        ("path: {type: PathPrefix, value: /a}", "path: {type: PathPrefix, value: /a/b}", "/a/b/c", "two", "the longer path"),
        ("path: {value: /a}", "path: {value: /a}, method: GET", "/a", "two", "a method match goes before none"),
        ("path: {value: /a}, headers: [{name: v, value: '1'}]", "path: {value: /a}", "/a", "one", "more header matches"),
        ("path: {value: /a}, queryParams: [{name: q, value: '1'}]", "path: {value: /a}", "/a", "one", "more query parameter matches"),
        ("path: {value: /a}", "path: {value: /a}", "/a", "one", "rule 0 comes before rule 1"),
        (
            "path: {type: RegularExpression, value: '/[a-z]+'}",
            "path: {type: PathPrefix, value: /abc}",
            "/abc",
            "one",
            "the kind of path match",
        ),
    ],
)
def test_the_more_specific_match_wins(first: str, second: str, path: str, winner: str, why: str) -> None:
    """Path before method before headers before query, then the order in the route; the hop says which of them decided."""
    cluster = world(gateway(), route(rules(first, second)), service("one"), service("two"))
    answer = ask(cluster, path, headers={"V": "1"}, query="q=1")
    assert list(parts(answer)) == [winner]
    assert why in hop(answer, "route").reason


@pytest.mark.parametrize(
    ("match", "asked", "status"),
    [
        ("path: {type: Exact, value: /pay}", {"path": "/pay"}, 200),
        ("path: {type: Exact, value: /pay}", {"path": "/pay/"}, 404),
        ("path: {type: PathPrefix, value: /pay}", {"path": "/pay/x"}, 200),
        ("path: {type: PathPrefix, value: /pay}", {"path": "/pays"}, 404),
        ("path: {type: PathPrefix, value: /pay/}", {"path": "/pay"}, 200),
        ("path: {type: PathPrefix, value: /pay}", {"path": "/Pay"}, 404),
        ("path: {type: RegularExpression, value: '/v[12]/.*'}", {"path": "/v2/x"}, 200),
        ("path: {type: RegularExpression, value: '/v[12]'}", {"path": "/v2/x"}, 404),
        ("path: {type: RegularExpression, value: '('}", {"path": "/("}, 404),
        ("method: POST", {"method": "post"}, 200),
        ("method: POST", {}, 404),
        ("headers: [{name: X-A, value: b}]", {"headers": {"x-a": "b"}}, 200),
        ("headers: [{name: X-A, value: b}]", {"headers": {"x-a": "B"}}, 404),
        ("headers: [{name: X-A, value: b}, {name: x-a, value: c}]", {"headers": {"X-A": "b"}}, 200),
        ("headers: [{name: X-A, value: 'b+', type: RegularExpression}]", {"headers": {"X-A": "bbb"}}, 200),
        ("queryParams: [{name: a, value: b}]", {"query": "a=b&c=d"}, 200),
        ("queryParams: [{name: a, value: b}]", {"query": "A=b"}, 404),
        ("queryParams: [{name: a, value: b}]", {"path": "/?a=b"}, 200),
    ],
)
def test_what_a_match_asks_for(match: str, asked: dict[str, object], status: int) -> None:
    """Paths by element and with their case, header names without, values in full; of two entries with one name the first counts."""
    cluster = world(gateway(), route(f"[{{matches: [{{{match}}}], {ONE}}}]"), service("one"))
    assert ask(cluster, **{"path": "/", **asked}).status == status


def test_an_expression_that_cannot_be_used_is_told() -> None:
    """A rule whose regular expression is none, or more than proxies have, never matches; the 404 says so."""
    rules = "[{matches: [{path: {type: RegularExpression, value: '/(?=a).*'}}], " + ONE + "}]"
    answer = ask(world(gateway(), route(rules), service("one")), "/a")
    assert answer.status == 404
    assert "rule 0 of HTTPRoute web never matches" in next(each for each in answer.hops if each.decision == "passed over").reason


def test_the_older_route_wins_a_tie_and_then_the_first_by_name() -> None:
    """Two routes with the same match: age decides, then namespace and name; the hop names both."""
    old, young = "2026-01-01T00:00:00Z", "2026-02-02T00:00:00Z"
    cluster = world(
        gateway(), route(to("one"), name="a", created=young), route(to("two"), name="b", created=old), service("one"), service("two")
    )  # fmt: skip
    answer = ask(cluster)
    assert list(parts(answer)) == ["two"]
    assert hop(answer, "route").reason == "HTTPRoute b is older than HTTPRoute a"
    twins = world(gateway(), route(to("one"), name="b"), route(to("two"), name="a"), service("one"), service("two"))
    assert list(parts(ask(twins))) == ["two"]


@pytest.mark.parametrize(
    ("host", "path", "winner"),
    [
        ("api.example.com", "/", "two"),
        ("api.example.com:8080", "/", "two"),
        ("API.example.com", "/", "two"),
        ("www.example.com", "/", "one"),
        ("a.b.example.com", "/", "one"),
        ("api.example.com", "/only-one", "one"),
    ],
)
def test_the_more_specific_hostname_wins_where_its_rules_match(host: str, path: str, winner: str) -> None:
    """An exact name goes before a wildcard, ports and case play no part; what its rules do not match, the wildcard's may."""
    wide = "[{backendRefs: [{name: one, port: 80}]}, {matches: [{path: {value: /only-one}}], " + ONE + "}]"
    narrow = "[{matches: [{path: {type: Exact, value: /}}], " + TWO + "}]"
    cluster = world(
        gateway(), route(wide, name="wide", hostnames="['*.example.com']"), route(narrow, name="narrow", hostnames="[api.example.com]"),
        service("one"), service("two"),
    )  # fmt: skip
    assert list(parts(ask(cluster, path, host=host))) == [winner]


def test_a_request_belongs_to_the_most_specific_listener() -> None:
    """Routes on a less specific listener are not asked, even if the more specific one has no match (listener isolation)."""
    listeners = "[{name: any, port: 80, protocol: HTTP}, {name: own, port: 80, protocol: HTTP, hostname: '*.example.com'}]"
    cluster = world(
        gateway(listeners), service("one"), service("two"),
        route(to("one"), name="any", parents="[{name: edge, sectionName: any}]"),
        route("[{matches: [{path: {value: /own}}], " + TWO + "}]", name="own", parents="[{name: edge, sectionName: own}]"),
    )  # fmt: skip
    assert list(parts(ask(cluster, "/own", host="a.example.com"))) == ["two"]
    assert ask(cluster, "/", host="a.example.com").status == 404
    assert list(parts(ask(cluster, "/", host="example.org"))) == ["one"]


def test_the_404_tells_which_routes_are_there_or_would_like_to_be() -> None:
    """The hop without a match names the attached routes, or those that were not accepted."""
    elsewhere = world(gateway(), route(to("one"), namespace="pay"), service("one", "pay"))
    answer = ask(elsewhere)
    assert answer.status == 404
    assert "HTTPRoute pay/web is not accepted (NotAllowedByListeners)" in answer.hops[-1].reason


def test_ports_that_nothing_listens_on_refuse() -> None:
    """A port without a listener is closed; TLS to a plain listener, and plain text to a TLS one, come to nothing."""
    cluster = world(gateway(), route(to("one")), service("one"))
    assert (ask(cluster, port=81).outcome, ask(cluster, port=81).curl_exit) == ("refused", 7)
    assert ask(cluster, port=80, scheme="https").outcome == "rejected"


def test_weights_are_shares() -> None:
    """Weights are proportions, spread over the endpoints of each Service; weight 0 gets nothing."""
    backends = "[{backendRefs: [{name: one, port: 80, weight: 9}, {name: two, port: 80}, {name: none, port: 80, weight: 0}]}]"
    cluster = world(gateway(), route(backends), service("one", pods=3), service("two"))
    answer = ask(cluster)
    assert parts(answer) == {"one": 0.9, "two": 0.1}
    assert sum(backend.share for backend in answer.backends) == pytest.approx(1)
    assert hop(answer, "backend").decision == "90 % one:80, 10 % two:80"


@pytest.mark.parametrize(
    ("backends", "status", "shares"),
    [
        ("[]", 500, {}),
        ("[{name: one, port: 80, weight: 0}]", 500, {}),
        ("[{name: gone, port: 80}]", 500, {}),
        ("[{name: one, port: 80, namespace: pay}]", 500, {}),
        ("[{name: idle, port: 80}]", 503, {}),
        ("[{name: deaf, port: 80}]", 503, {}),
        ("[{name: one, port: 80, weight: 3}, {name: gone, port: 80, weight: 1}]", 200, {"one": 0.75}),
        ("[{name: one, port: 80}, {name: idle, port: 80, weight: 3}]", 200, {"one": 0.25}),
    ],
)
def test_the_share_of_a_bad_backend_fails(backends: str, status: int, shares: dict[str, float]) -> None:
    """A bad reference's share ends in 500, one without endpoints in 503; nobody takes over a share of another."""
    cluster = world(
        gateway(), route(f"[{{backendRefs: {backends}}}]"), service("one"), service("idle", pods=0), service("deaf", notes="sim/listens: '1'")
    )  # fmt: skip
    answer = ask(cluster)
    assert (answer.status, parts(answer)) == (status, shares)
    assert answer.answered_by == ("backend" if shares else "gateway")
    if shares:
        assert sum(each["share"] for each in answer.extra["failing"]) == pytest.approx(1 - sum(shares.values()))


def test_https_chooses_the_listener_by_server_name_and_notices_a_misdirected_host() -> None:
    """The server name picks the listener; a Host that belongs to another listener is answered 421."""
    tls = "tls: {certificateRefs: [{name: web-tls}]}"
    listeners = f"[{{name: a, port: 443, protocol: HTTPS, hostname: a.com, {tls}}}, {{name: rest, port: 443, protocol: HTTPS, {tls}}}]"
    cluster = world(
        gateway(listeners), secret("web-tls"), service("one"), service("two"),
        route(to("one"), name="a", parents="[{name: edge, sectionName: a}]"),
        route(to("two"), name="rest", parents="[{name: edge, sectionName: rest}]"),
    )  # fmt: skip
    https = {"scheme": "https", "port": 443}
    assert list(parts(ask(cluster, host="a.com", **https))) == ["one"]
    assert list(parts(ask(cluster, host="b.com", sni="b.com", **https))) == ["two"]
    assert ask(cluster, host="b.com", sni="a.com", **https).status == 421
    assert ask(cluster, host="a.com", sni="b.com", **https).status == 421


@pytest.mark.parametrize(
    ("mode", "shown", "status"),
    [
        ("AllowValidOnly", "Secret shop/good", 200),
        ("AllowValidOnly", "Secret shop/none", None),
        ("AllowValidOnly", "", None),
        ("AllowValidOnly", "Secret shop/strange", None),
        ("AllowInsecureFallback", "", 200),
        ("AllowInsecureFallback", "Secret shop/strange", 200),
    ],
)
def test_client_certificates(mode: str, shown: str, status: int | None) -> None:
    """Where the listener asks for one, the client's certificate must be signed by a trusted authority, unless it falls back."""
    tls = f"tls: {{frontend: {{default: {{validation: {{mode: {mode}, caCertificateRefs: [{{group: '', kind: ConfigMap, name: ca}}]}}}}}}}}"
    listeners = "[{name: https, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: good}]}}]"
    strange = secret("strange", certificate=OTHER_CA)
    cluster = world(gateway(listeners, more=tls), secret("good"), strange, authority("ca"), route(to("one")), service("one"))
    answer = ask(cluster, scheme="https", extra={"client_certificate": shown})
    assert (answer.status, answer.outcome) == (status, "answered" if status else "rejected")


def test_a_missing_certificate_refuses_and_shows_where_the_way_would_go_on() -> None:
    """The listener is not programmed, so the port is closed; the backends that would answer are told as a supposition."""
    listeners = "[{name: https, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: none}]}}]"
    cluster = world(gateway(listeners), route(to("one")), service("one"))
    answer = ask(cluster, scheme="https")
    assert (answer.outcome, answer.status, answer.curl_exit) == ("refused", None, 7)
    assert parts(answer) == {"one": 1.0}
    assert answer.extra == {"supposing": "the certificate of the listener"}
    assert [each.decision for each in answer.hops if "supposing" in each.decision]


def test_what_lies_in_another_namespace_changes_nothing() -> None:
    """A Gateway, a route and a Service elsewhere leave answers and addresses as they are."""
    own = [gateway(), route(to("one")), service("one")]
    elsewhere = [
        gateway(name="other", namespace="pay"),
        route(to("two"), name="a", namespace="pay", parents="[{name: other}]"),
        service("two", "pay", pods=0),
    ]
    before, after = world(*own), world(*own, *elsewhere)
    assert ask(before, host="a.com") == ask(after, host="a.com")
    assert [o.status for o in before.of("Gateway", "shop")] == [o.status for o in after.of("Gateway", "shop")]


def test_hops_name_the_line_they_come_from_and_the_basis() -> None:
    """Every hop names its object; what is modelled says so."""
    answer = ask(world(gateway(), route(to("one")), service("one")))
    assert [each.stage for each in answer.hops] == ["gateway", "listener", "route", "backend", "pod"]
    assert answer.hops[-1].basis.value == "modelled"
    assert all(each.object is not None for each in answer.hops[:-1])


@pytest.mark.parametrize(("backend", "basis"), [("one", "modelled"), ("nobody", "specified")])
def test_a_port_that_the_service_lacks_is_a_backend_not_found_by_our_model(backend: str, basis: str) -> None:
    """The specification speaks of missing Services alone."""
    answer = ask(world(gateway(), route(to(backend).replace("port: 80", "port: 81")), service("one")))
    assert answer.status == 500
    assert (answer.hops[-1].basis.value, "BackendNotFound" in answer.hops[-1].reason) == (basis, True)


@pytest.mark.parametrize(
    ("host", "scheme", "status", "outcome"),
    [
        ("shop.example.com", "http", 200, "answered"),
        ("api.example.com", "http", 404, "answered"),
        ("vain.example.org", "http", 404, "answered"),
        ("shop.example.com", "https", None, "refused"),
        ("unknown.example.net", "http", None, "unresolved"),
    ],
)
def test_a_name_outside_leads_to_the_gateway_that_has_it(host: str, scheme: str, status: int | None, outcome: str) -> None:
    """By its routes, its listeners, or a route that asked in vain; the first hop says that this is modelled."""
    listeners = (
        "[{name: own, port: 80, protocol: HTTP, hostname: '*.example.com'}, {name: org, port: 81, protocol: HTTP, hostname: a.example.org}]"
    )
    cluster = world(
        gateway(listeners), service("one"),
        route(to("one"), hostnames="[shop.example.com]"), route(to("one"), name="vain", hostnames="[vain.example.org]"),
    )  # fmt: skip
    answer = trace(cluster, Request(host=host, scheme=scheme))
    assert (answer.status, answer.outcome) == (status, outcome)
    assert (answer.hops[0].stage, answer.hops[0].basis.value) == ("dns", "modelled")


def test_a_name_whose_gateway_nobody_serves_is_not_known() -> None:
    """There is no address to point the name to; the hop says why."""
    answer = trace(world(gateway(), route(to("one"), hostnames="[a.com]"), gatewayControllers=[]), Request(host="a.com"))
    assert (answer.outcome, answer.curl_exit) == ("unresolved", 6)
    assert "no controller serves the Gateway's class" in answer.hops[-1].reason
