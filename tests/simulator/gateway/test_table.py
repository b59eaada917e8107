"""The routing table against the specification read out literally: try every match of every rule, and sort."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from simulator.api.gateway_v1 import Route
from simulator.api.meta import Object
from simulator.dataplane.gateway_table import RouteTable, entries
from simulator.dataplane.http_messages import HttpRequest

HOSTS = ("a.com", "b.a.com", "*.a.com", "*.com", "")
PATHS = ("/", "/x", "/x/", "/x/y", "/xy")

matches = st.fixed_dictionaries(
    {"path": st.fixed_dictionaries({"type": st.sampled_from(["Exact", "PathPrefix"]), "value": st.sampled_from(PATHS)})},
    optional={
        "method": st.sampled_from(["GET", "PUT"]),
        "headers": st.lists(st.fixed_dictionaries({"name": st.sampled_from(["v", "w"]), "value": st.just("1")}), max_size=2),
        "queryParams": st.lists(st.fixed_dictionaries({"name": st.just("q"), "value": st.sampled_from(["1", "2"])}), max_size=1),
    },
)
routes = st.lists(
    st.tuples(st.sampled_from(["2026-01-01", "2026-01-02"]), st.lists(matches, min_size=1, max_size=3), st.sampled_from(HOSTS)), max_size=6
)


def stored(index: int, created: str, given_matches: list[dict[str, Any]], host: str) -> tuple[Route, str]:
    metadata = {"name": f"r{index}", "namespace": "shop", "creationTimestamp": created}
    spec = {"rules": [{"matches": [match]} for match in given_matches]}
    data = {"apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute", "metadata": metadata, "spec": spec}
    return Route.of(Object("gateway.networking.k8s.io/v1", "HTTPRoute", "shop", f"r{index}", data)), host


def literally(found: Sequence[tuple[Route, str]], request: HttpRequest) -> list[tuple[str, int]]:
    """Route and rule of all that match, by the specification's words."""
    winners = []
    for route, host in found:
        covered = host == "" or host == request.hostname or (host.startswith("*.") and request.hostname.endswith(host[1:]))
        for index, rule in enumerate(route.rules):
            match = rule.matches[0]
            elements = [e for e in match.path.split("/") if e]
            path_fits = (
                request.path == match.path
                if match.path_type == "Exact"
                else [e for e in request.path.split("/") if e][: len(elements)] == elements and request.path.startswith("/")
            )
            fits = path_fits and match.method in ("", request.method)
            fits = fits and all(request.lower_headers.get(h.name) == h.value for h in match.headers)
            fits = fits and all(request.parameters.get(q.name) == q.value for q in match.query)
            if covered and fits:
                exact = 0 if host.startswith("*.") else len(host)
                length = len(match.path)
                order = (-exact, -len(host), match.path_type != "Exact", -length, not match.method, -len(match.headers), -len(match.query))
                winners.append(((*order, route.age, index), (route.object.name, index)))
    return [name for _, name in sorted(winners)]


@given(
    given_routes=routes,
    host=st.sampled_from(["a.com", "b.a.com", "c.b.a.com", "x.com", "org"]),
    path=st.sampled_from([*PATHS, "/x/y/z", "/z"]),
    method=st.sampled_from(["GET", "PUT"]),
    headers=st.sampled_from([{}, {"V": "1"}, {"v": "1", "W": "1"}]),
    query=st.sampled_from(["", "q=1", "q=2&q=1"]),
)
def test_the_table_agrees_with_the_specification(
    given_routes: list[tuple[str, list[dict[str, Any]], str]], host: str, path: str, method: str, headers: dict[str, str], query: str
) -> None:
    """Whatever the rules, the indexed lookup finds the same matches in the same order as trying them all."""
    found = [stored(index, *each) for index, each in enumerate(given_routes)]
    table = RouteTable(entry for route, name in found for entry in entries(route, (name,)))
    request = HttpRequest(method, "http", host, path, query, headers)
    assert [(e.route.object.name, e.order[8]) for e in table.find(request, grpc=False)] == literally(found, request)
