"""What ingress-nginx adds: redirects, rewrites, regular expressions, canaries, certificates."""

from __future__ import annotations

import pytest

from tests.simulator.gateway.certificates import secret
from tests.simulator.gateway.shop import parts
from tests.simulator.ingress.town import OTHER, ask, ingress, path, town

NOTE = "nginx.ingress.kubernetes.io/"
TLS = "tls: [{hosts: [web.example.com], secretName: web-tls}]"


def notes(**values: str) -> str:
    return ", ".join(f"{NOTE}{name.replace('_', '-')}: '{value}'" for name, value in values.items())


@pytest.mark.parametrize(
    ("value", "kind", "target", "asked", "seen"),
    [
        ("/app", "Prefix", "/", "/app/x/y", "/"),
        ("/app(/|$)(.*)", "ImplementationSpecific", "/$2", "/app/x/y", "/x/y"),
        ("/app(/|$)(.*)", "ImplementationSpecific", "/$2", "/app", "/"),
        ("/v(\\\\d+)/.*", "ImplementationSpecific", "/api/$1", "/V12/x", "/api/12"),
        ("/app", "Prefix", "/app", "/app/x", "/app/x"),
    ],
)
def test_rewrite_target_replaces_the_whole_path(value: str, kind: str, target: str, asked: str, seen: str) -> None:
    """Groups of the rule's path may be put back in; a target that is the path itself changes nothing."""
    value = value.replace("\\\\", "\\")
    answer = ask(town(ingress(path(value, "one", kind), annotations=notes(rewrite_target=target))), asked, query="q=1")
    assert answer.backend_request is not None
    assert (answer.backend_request["path"], answer.backend_request["query"]) == (seen, "q=1")


def test_one_regular_expression_makes_all_paths_of_the_host_regular_expressions() -> None:
    """Even in another Ingress: matching goes from the start, without regard to case, the longest path tried first."""
    cluster = town(
        ingress(path("/api/v.*", "one", "ImplementationSpecific"), annotations=notes(use_regex="true")),
        ingress(path("/foo", "two", "Exact"), name="b"),
        ingress(path("/foo", "two", "Exact"), name="c", host="c.example.com"),
    )
    assert parts(ask(cluster, "/API/v1")) == {"one": 1.0}
    assert parts(ask(cluster, "/foobar")) == {"two": 1.0}
    assert ask(cluster, "/foobar", host="c.example.com").status == 404


@pytest.mark.parametrize(
    ("annotations", "tls", "scheme", "status"),
    [
        ("", "", "http", 200),
        ("", TLS, "http", 308),
        (notes(ssl_redirect="false"), TLS, "http", 200),
        (notes(ssl_redirect="true"), "", "http", 200),
        (notes(force_ssl_redirect="true"), "", "http", 308),
        ("", TLS, "https", 200),
        (notes(force_ssl_redirect="true"), TLS, "https", 200),
    ],
)
def test_redirects_to_https(annotations: str, tls: str, scheme: str, status: int) -> None:
    """ssl-redirect acts only where the host has TLS, force-ssl-redirect always; neither over HTTPS."""
    cluster = town(ingress(path("/", "one"), host="web.example.com", annotations=annotations, more=tls), secret("web-tls"))
    answer = ask(cluster, "/a", host="web.example.com", scheme=scheme, query="q=1")
    assert answer.status == status
    if status == 308:
        assert answer.response_headers["Location"] == "https://web.example.com/a?q=1"


def test_the_rest_of_the_host_is_redirected_too() -> None:
    """A path that no rule has goes to HTTPS first, and is 404 there."""
    cluster = town(ingress(path("/a", "one"), host="web.example.com", more=TLS), secret("web-tls"))
    assert ask(cluster, "/b", host="web.example.com").status == 308
    assert ask(cluster, "/b", host="web.example.com", scheme="https").status == 404


def test_another_controller_knows_none_of_these_annotations() -> None:
    """They are ingress-nginx's own: a controller that follows only the specification passes them over."""
    cluster = town(ingress(path("/app", "one"), annotations=notes(rewrite_target="/", force_ssl_redirect="true")), controller=OTHER)
    answer = ask(cluster, "/app/x")
    assert answer.backend_request is not None
    assert (answer.status, answer.backend_request["path"]) == (200, "/app/x")


def test_annotations_that_are_not_modelled_are_named() -> None:
    """What may change the way of a request and is not followed is said; what cannot is passed over."""
    plain = town(ingress(path("/", "one"), annotations=notes(proxy_body_size="8m", affinity="cookie")))
    assert ask(plain).status == 200
    other = town(ingress(path("/", "one"), annotations=notes(auth_url="https://a", server_alias="b.example.com")))
    assert ask(other).not_modelled == "annotations of ingress-nginx that are not modelled: auth-url, server-alias"


@pytest.mark.parametrize(
    ("annotations", "headers", "canary"),
    [
        ({"canary_weight": "10"}, {}, 0.1),
        ({"canary_weight": "10", "canary_weight_total": "1000"}, {}, 0.01),
        ({"canary_weight": "10", "canary_weight_total": "20"}, {}, 0.1),
        ({"canary_by_header": "X-New"}, {"x-new": "always"}, 1),
        ({"canary_by_header": "X-New", "canary_weight": "50"}, {"x-new": "never"}, 0),
        ({"canary_by_header": "X-New", "canary_weight": "50"}, {"x-new": "maybe"}, 0.5),
        ({"canary_by_header": "X-New", "canary_by_header_value": "me"}, {"x-new": "me"}, 1),
        ({"canary_by_header": "X-New", "canary_by_header_value": "me"}, {"x-new": "always"}, 0),
        ({"canary_by_header": "X-New", "canary_by_header_pattern": "^m.$"}, {"x-new": "me"}, 1),
        ({"canary_by_cookie": "new"}, {"Cookie": "a=b; new=always"}, 1),
        ({"canary_by_cookie": "new", "canary_weight": "50"}, {"Cookie": "new=never"}, 0),
        ({"canary_by_header": "X-New", "canary_by_cookie": "new"}, {"X-New": "never", "Cookie": "new=always"}, 0),
    ],
)
def test_canaries(annotations: dict[str, str], headers: dict[str, str], canary: float) -> None:
    """Header before cookie before weight; a total below 100 counts as 100."""
    beside = ingress(path("/", "two"), name="canary", annotations=notes(canary="true", **annotations))
    found = parts(ask(town(ingress(path("/", "one")), beside), headers=headers))
    assert found == {name: part for name, part in (("one", round(1 - canary, 6)), ("two", canary)) if part}


def test_canary_without_endpoints_or_without_its_main_rule() -> None:
    """A canary that cannot answer gets nothing; one without a main Ingress is not served at all."""
    weight = notes(canary="true", canary_weight="50")
    idle = town(ingress(path("/", "one")), ingress(path("/", "idle"), name="canary", annotations=weight))
    assert parts(ask(idle)) == {"one": 1.0}
    assert ask(town(ingress(path("/", "two"), annotations=weight))).status == 404


@pytest.mark.parametrize(
    ("given", "host", "fake", "words"),
    [
        ([secret("web-tls")], "web.example.com", False, "certificate of Secret web-tls"),
        ([], "web.example.com", True, 'there is no Secret "web-tls" in namespace "shop"'),
        ([secret("web-tls", "pay")], "web.example.com", True, 'there is no Secret "web-tls" in namespace "shop"'),
        ([secret("web-tls", certificate="hello")], "web.example.com", True, "tls.crt holds no PEM block"),
        ([secret("web-tls")], "other.example.com", True, "other.example.com is in no tls entry of Ingress web"),
        ([secret("web-tls")], "a.shop.example.com", False, "certificate of Secret web-tls"),
        ([secret("web-tls")], "mail.example.com", True, "not for mail.example.com"),
        ([secret("web-tls", certificate="REDACTED!", key="REDACTED!")], "mail.example.com", False, "certificate of Secret web-tls"),
    ],
)
def test_the_certificate_that_the_browser_is_shown(given: list[str], host: str, fake: bool, words: str) -> None:
    """The Secret must be in the Ingress's namespace, hold a certificate, and name the host; else it is the fake one."""
    tls = "tls: [{hosts: [web.example.com, mail.example.com], secretName: web-tls}]"
    cluster = town(ingress(path("/", "one"), host=host, more=tls), *given)
    answer = ask(cluster, host=host, scheme="https")
    assert answer.extra["tls_certificate"]["fake"] is fake
    told = next(hop for hop in answer.hops if hop.stage == "tls")
    assert words in f"{told.decision} {told.reason}"
    assert ("Kubernetes Ingress Controller Fake Certificate" in told.decision) is fake


@pytest.mark.parametrize(
    ("host", "asked", "tls", "fake", "status"),
    [
        ("other.example.com", "other.example.com", TLS, True, 308),
        ("a.shop.example.com", "a.shop.example.com", TLS, False, 308),
        ("*.shop.example.com", "b.shop.example.com", TLS, False, 308),
        ("web.example.com", "web.example.com", "tls: [{hosts: [web.example.com]}]", True, 308),
        ("web.example.com", "web.example.com", "tls: [{secretName: web-tls}]", False, 308),
        ("web.example.com", "web.example.com", "", True, 200),
        ("", "web.example.com", TLS, True, 200),
        ("web.example.com", "mail.example.com", TLS, True, 404),
    ],
)
def test_a_tls_block_is_for_all_hosts_of_its_ingress(host: str, asked: str, tls: str, fake: bool, status: int) -> None:
    """A host that it does not list is redirected too, and gets the certificate of a listed Secret that covers it, or the fake one.

    A host that no rule names has neither, whatever `tls` lists.
    """
    cluster = town(ingress(path("/", "one"), host=host, more=tls), secret("web-tls"))
    assert ask(cluster, host=asked, scheme="https").extra["tls_certificate"]["fake"] is fake
    assert ask(cluster, host=asked).status == status


def test_the_oldest_ingress_with_a_tls_block_decides_for_a_host() -> None:
    """One without any tls block is passed over; a host that has none falls back to the certificate of its wildcard."""
    plain = ingress(path("/", "one"), host="web.example.com", created="2025-01-01T00:00:00Z")
    later = ingress(path("/x", "one"), host="web.example.com", name="later", more=TLS)
    cluster = town(plain, later, secret("web-tls"))
    assert ask(cluster, host="web.example.com").status == 308
    assert ask(cluster, host="web.example.com", scheme="https").extra["tls_certificate"]["secret"] == "shop/web-tls"
    own = ingress(path("/", "one"), host="a.shop.example.com", name="own")
    wild = ingress(path("/", "two"), host="*.shop.example.com", name="wild", more=TLS)
    assert ask(town(own, wild, secret("web-tls")), host="a.shop.example.com", name="own").status == 308
