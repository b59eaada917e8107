"""What filters make of requests and answers."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.api.gateway_v1 import Match
from simulator.dataplane.gateway_filters import replaced_path
from simulator.dataplane.http_messages import modified
from tests.simulator.gateway.shop import ask, gateway, parts, route, service, world

TO_WEB = "backendRefs: [{name: web, port: 80}]"


def through(filters: str, path: str = "/a/b", match: str = "/a", backend: str = "", **request: Any) -> Any:
    """The answer to a request that passes these filters of the rule (and of its backend)."""
    refs = f"backendRefs: [{{name: web, port: 80, filters: {backend}}}]" if backend else TO_WEB
    rule = f"[{{matches: [{{path: {{type: PathPrefix, value: {match}}}}}], filters: {filters or '[]'}, {refs}}}]"
    return ask(world(gateway(), route(rule), service("web"), service("copy")), path, **request)


@pytest.mark.parametrize(
    ("path", "prefix", "replacement", "result"),
    [
        ("/foo/bar", "/foo", "/xyz", "/xyz/bar"),
        ("/foo/bar", "/foo", "/xyz/", "/xyz/bar"),
        ("/foo/bar", "/foo/", "/xyz", "/xyz/bar"),
        ("/foo/bar", "/foo/", "/xyz/", "/xyz/bar"),
        ("/foo", "/foo", "/xyz", "/xyz"),
        ("/foo/", "/foo", "/xyz", "/xyz/"),
        ("/foo/bar", "/foo", "", "/bar"),
        ("/foo/", "/foo", "", "/"),
        ("/foo", "/foo", "", "/"),
        ("/foo/", "/foo", "/", "/"),
        ("/foo", "/foo", "/", "/"),
        ("/", "/", "/xyz", "/xyz"),
        ("/bar", "/", "/xyz", "/xyz/bar"),
    ],
)
def test_replace_prefix_match(path: str, prefix: str, replacement: str, result: str) -> None:
    """The table of examples in the API's own documentation of ReplacePrefixMatch."""
    assert replaced_path(path, {"type": "ReplacePrefixMatch", "replacePrefixMatch": replacement}, Match(path=prefix)) == result


def test_header_modifiers_ignore_case_and_append_to_what_is_there() -> None:
    """`set` overwrites, `add` joins with a comma, `remove` takes away, whatever the case of the names."""
    given = {"x-set": "old", "X-Add": "one", "x-gone": "x", "Kept": "k"}
    change = {
        "set": [{"name": "X-Set", "value": "new"}],
        "add": [{"name": "x-add", "value": "two"}, {"name": "Y", "value": "y"}],
        "remove": ["X-Gone"],
    }
    assert modified(given, change) == {"X-Add": "one,two", "Kept": "k", "X-Set": "new", "Y": "y"}
    assert given["x-set"] == "old"


def test_request_filters_of_rule_and_backend_both_apply() -> None:
    """The backend sees the path, host and headers as the rule's filters and then its own left them."""
    rule = "[{type: URLRewrite, urlRewrite: {hostname: inside.example, path: {type: ReplacePrefixMatch, replacePrefixMatch: /x}}}]"
    own = "[{type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: Who, value: web}]}}]"
    seen = through(rule, backend=own, host="a.com", query="q=1").backend_request
    assert (seen["host"], seen["path"], seen["query"], seen["headers"]) == ("inside.example", "/x/b", "q=1", {"Who": "web"})


def test_backends_with_filters_of_their_own_are_told_apart() -> None:
    """Where each backend sees another request, every one of them is told."""
    mark = "filters: [{{type: RequestHeaderModifier, requestHeaderModifier: {{set: [{{name: Who, value: {0}}}]}}}}]"
    rules = f"[{{backendRefs: [{{name: web, port: 80, {mark.format('a')}}}, {{name: copy, port: 80, {mark.format('b')}}}]}}]"
    answer = ask(world(gateway(), route(rules), service("web"), service("copy")))
    assert [(each["service"], each["headers"]) for each in answer.extra["backend_requests"]] == [
        ("web", {"Who": "a"}),
        ("copy", {"Who": "b"}),
    ]


def test_response_header_modifier() -> None:
    """The client sees the backend's headers as the filter left them."""
    change = "[{type: ResponseHeaderModifier, responseHeaderModifier: {set: [{name: A, value: new}], remove: [B]}}]"
    assert through(change, backend_response_headers={"a": "old", "b": "x", "c": "y"}).response_headers == {"c": "y", "A": "new"}


@pytest.mark.parametrize(
    ("settings", "status", "to"),
    [
        ("{scheme: https}", 302, "https://shop.example/a/b?q=1"),
        ("{hostname: new.example, statusCode: 301}", 301, "http://new.example:8080/a/b?q=1"),
        ("{port: 8443, scheme: https}", 302, "https://shop.example:8443/a/b?q=1"),
        ("{port: 80}", 302, "http://shop.example/a/b?q=1"),
        ("{path: {type: ReplaceFullPath, replaceFullPath: /new}, statusCode: 308}", 308, "http://shop.example:8080/new?q=1"),
    ],
)
def test_redirects_keep_what_they_do_not_set(settings: str, status: int, to: str) -> None:
    """Host, path and query stay; without a port it is the new scheme's, or else the listener's."""
    rules = f"[{{filters: [{{type: RequestRedirect, requestRedirect: {settings}}}]}}]"
    cluster = world(gateway("[{name: http, port: 8080, protocol: HTTP}]"), route(rules))
    answer = ask(cluster, "/a/b", port=8080, host="shop.example:8080", query="q=1")
    assert (answer.status, answer.response_headers["Location"], answer.answered_by) == (status, to, "gateway")


@pytest.mark.parametrize(
    ("amount", "percent"), [("", 100), (", percent: 20", 20), (", fraction: {numerator: 1, denominator: 8}", 12.5), (", percent: 0", 0)]
)
def test_mirrors(amount: str, percent: float) -> None:
    """A mirror gets its part of the requests as copies; who answers does not change."""
    answer = through(f"[{{type: RequestMirror, requestMirror: {{backendRef: {{name: copy, port: 80}}{amount}}}}}]")
    assert [(m["name"], m["percent"]) for m in answer.mirrored_to] == [("copy", percent)]
    assert parts(answer) == {"web": 1.0}


def test_mirror_to_nowhere_gets_nothing() -> None:
    """A bad mirror reference does not fail the request."""
    answer = through("[{type: RequestMirror, requestMirror: {backendRef: {name: none, port: 80}}}]")
    assert (answer.status, answer.mirrored_to) == (200, ())


def test_unknown_filter_fails_the_request() -> None:
    """A filter that cannot be resolved is never skipped."""
    assert through("[{type: ExtensionRef, extensionRef: {group: example.com, kind: Auth, name: a}}]").status == 500


CORS = "[{{type: CORS, cors: {{allowOrigins: {origins}, allowMethods: {methods}, allowHeaders: ['*'], allowCredentials: {credentials}, maxAge: 60}}}}]"
PREFLIGHT = {"access-control-request-method": "PUT", "access-control-request-headers": "x-a"}


@pytest.mark.parametrize(
    ("origins", "origin", "allowed"),
    [
        ("['https://a.com']", "https://a.com", "https://a.com"),
        ("['https://a.com']", "https://a.com:443", "https://a.com:443"),
        ("['https://a.com']", "http://a.com", None),
        ("['https://*.a.com']", "https://x.y.a.com", "https://x.y.a.com"),
        ("['https://*.a.com']", "https://a.com", None),
        ("['*']", "https://b.org:8443", "*"),
    ],
)
def test_cors_origins(origins: str, origin: str, allowed: str | None) -> None:
    """An allowed origin is named in the answer; another gets the answer without the header, and the browser withholds it."""
    answer = through(CORS.format(origins=origins, methods="['*']", credentials="false"), headers={"Origin": origin})
    assert (answer.status, answer.response_headers.get("Access-Control-Allow-Origin")) == (200, allowed)


@pytest.mark.parametrize(
    ("credentials", "origin", "methods", "headers"), [("true", "https://b.org", "PUT", "x-a"), ("false", "*", "*", "*")]
)
def test_cors_preflight_is_answered_by_the_gateway(credentials: str, origin: str, methods: str, headers: str) -> None:
    """Wildcards are told as they are, but where credentials are allowed they are replaced by what was asked for."""
    filters = CORS.format(origins="['*']", methods="['*']", credentials=credentials)
    answer = through(filters, method="OPTIONS", headers={"Origin": "https://b.org", **PREFLIGHT})
    assert (answer.status, answer.answered_by, answer.backends) == (200, "gateway", ())
    told = answer.response_headers
    assert (told["Access-Control-Allow-Origin"], told["Access-Control-Allow-Methods"], told["Access-Control-Allow-Headers"]) == (
        origin,
        methods,
        headers,
    )
    assert told["Access-Control-Max-Age"] == "60"


@pytest.mark.parametrize(
    ("timeouts", "delay", "status"), [("request: 500ms", "1s", 504), ("backendRequest: 1s", "500ms", 200), ("request: 0s", "1h", 200)]
)
def test_timeouts(timeouts: str, delay: str, status: int) -> None:
    """A backend that takes longer than the rule allows is given up with 504; 0s means no limit."""
    rules = f"[{{timeouts: {{{timeouts}}}, {TO_WEB}}}]"
    answer = ask(world(gateway(), route(rules), service("web")), extra={"backend_behaviour": {"delay_response": delay}})
    assert answer.status == status
