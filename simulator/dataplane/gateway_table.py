"""The rules of a listener (or of a Service in a mesh) in the order in which they are tried, indexed by host and path.

Responsible for: which rule a request matches, and why that one and not the next best.
Leaves to others: which routes are attached (`controllers.gateway_attachment`), what a rule then does (`gateway_http`).
Mirrors: kubernetes-sigs/gateway-api `apis/v1/httproute_types.go` and `grpcroute_types.go`: hostname, then path, method, headers, query,
then age, namespace and name, then the order in the route. RegularExpression paths are tried after Exact and before PathPrefix ones,
which the API leaves to implementations; so does Envoy Gateway.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from simulator.api.gateway_v1 import Match, Route, Rule, ValueMatch
from simulator.api.hostnames import specificity
from simulator.api.meta import Path
from simulator.dataplane import regular_expressions
from simulator.dataplane.http_messages import HttpRequest, prefix_elements

_PATH_RANK = {"Exact": 0, "RegularExpression": 1, "PathPrefix": 2}


@dataclass(frozen=True, slots=True)
class Entry:
    """One match of one rule for one hostname. `order` sorts the entry that wins first."""

    route: Route
    rule: Rule
    match: Match
    hostname: str
    order: tuple[Any, ...]
    path: Path

    @property
    def name(self) -> str:
        return f"{self.route.kind} {self.route.object.name}"


def entries(route: Route, hostnames: Iterable[str]) -> Iterator[Entry]:
    """All matches of a route for these hostnames."""
    for hostname in hostnames:
        exact, length = specificity(hostname)
        for number, rule in enumerate(route.rules):
            for index, match in enumerate(rule.matches):
                if route.kind == "GRPCRoute":
                    own = (-len(match.service), -len(match.rpc), -len(match.headers), 0, 0)
                else:
                    kind = _PATH_RANK.get(match.path_type, 1)
                    own = (kind, -len(match.path), 0 if match.method else 1, -len(match.headers), -len(match.query))
                order = (-exact, -length, *own, route.age, number, index)
                yield Entry(route, rule, match, hostname, order, (*rule.path, "matches", index))


class RouteTable:
    """Entries by hostname, then by the kind of path. Lookups touch only what can match."""

    def __init__(self, found: Iterable[Entry]) -> None:
        self._http: dict[str, dict[tuple[str, str], list[Entry]]] = defaultdict(lambda: defaultdict(list))
        self._grpc: dict[str, dict[tuple[str, str], list[Entry]]] = defaultdict(lambda: defaultdict(list))
        self.unusable: list[str] = []
        """The entries that never match, because their regular expression cannot be used, in words."""
        for entry in found:
            match = entry.match
            self.unusable += _unusable(entry)
            if entry.route.kind == "GRPCRoute":
                exact = match.path_type == "Exact"
                self._grpc[entry.hostname][(match.service, match.rpc) if exact else ("*", "*")].append(entry)
            elif match.path_type == "Exact":
                self._http[entry.hostname]["Exact", match.path].append(entry)
            elif match.path_type == "PathPrefix":
                self._http[entry.hostname]["PathPrefix", match.path.rstrip("/")].append(entry)
            else:
                self._http[entry.hostname]["RegularExpression", ""].append(entry)

    def find(self, request: HttpRequest, grpc: bool) -> list[Entry]:
        """Every entry that the request matches, the winner first. gRPC requests may also match HTTPRoutes, by their path."""
        found: list[Entry] = []
        paths = [("Exact", request.path), ("RegularExpression", ""), *(("PathPrefix", p) for p in prefix_elements(request.path))]
        for hostname in _patterns(request.hostname):
            by_path = self._http.get(hostname)
            if by_path:
                found += [e for key in paths for e in by_path.get(key, ()) if _matches_http(e.match, request)]
            by_rpc = self._grpc.get(hostname) if grpc else None
            if by_rpc:
                service, _, rpc = request.path.lstrip("/").partition("/")
                keys = ((service, rpc), (service, ""), ("", rpc), ("", ""), ("*", "*"))
                found += [e for key in keys for e in by_rpc.get(key, ()) if _matches_grpc(e.match, service, rpc, request)]
        return sorted(found, key=lambda entry: entry.order)


def _unusable(entry: Entry) -> Iterator[str]:
    match = entry.match
    patterns = [each.value for each in (*match.headers, *match.query) if each.type == "RegularExpression"]
    if match.path_type == "RegularExpression":
        patterns += [match.path, match.service, match.rpc]
    for pattern in patterns:
        try:
            regular_expressions.match(pattern, "", whole=True)
        except regular_expressions.UnsupportedError as fault:
            yield f"rule {entry.order[8]} of {entry.name} never matches, {pattern}: {fault}"


def _patterns(host: str) -> Iterator[str]:
    """The hostname patterns that cover a host, the most specific first."""
    yield host
    rest = host
    while "." in rest:
        rest = rest.partition(".")[2]
        yield f"*.{rest}"
    yield ""


def _matches_http(match: Match, request: HttpRequest) -> bool:
    return (
        (match.path_type != "RegularExpression" or _matches_expression(match.path, request.path))
        and match.method in ("", request.method)
        and _values_match(match.headers, request.lower_headers)
        and _values_match(match.query, request.parameters)
    )


def _matches_grpc(match: Match, service: str, rpc: str, request: HttpRequest) -> bool:
    if match.path_type == "RegularExpression":
        named = (match.service == "" or _matches_expression(match.service, service)) and (
            match.rpc == "" or _matches_expression(match.rpc, rpc)
        )
        if not named:
            return False
    return _values_match(match.headers, request.lower_headers)


def _values_match(wanted: Sequence[ValueMatch], given: Any) -> bool:
    return all(
        (value := given.get(each.name)) is not None
        and (_matches_expression(each.value, value) if each.type == "RegularExpression" else value == each.value)
        for each in wanted
    )


def _matches_expression(pattern: str, text: str) -> bool:
    try:
        return regular_expressions.match(pattern, text, whole=True) is not None
    except regular_expressions.UnsupportedError:
        return False


def described(match: Match) -> str:
    """A match in a few words: `Exact /pay`, `Prefix /p with header version`."""
    if match.service or match.rpc or match.path == "":
        told = f"method {match.service or '*'}/{match.rpc or '*'}"
    else:
        told = f"{match.path_type.removeprefix('Path').replace('RegularExpression', 'regular expression')} {match.path}"
    if match.method:
        told += f", method {match.method}"
    if match.headers:
        told += f", header {', '.join(f'{h.name}: {h.value}' for h in match.headers)}"
    if match.query:
        told += f", query {', '.join(f'{q.name}={q.value}' for q in match.query)}"
    return told


def why(winner: Entry, others: Sequence[Entry]) -> str:
    """Why `winner` and not the next best of the entries that match too."""
    if not others:
        return f"{described(winner.match)} is the only match for this request"
    other = others[0]
    same_route = winner.route.object.ref == other.route.object.ref
    mine, theirs = described(winner.match), described(other.match)
    if winner.order[:2] != other.order[:2]:
        return f"hostname {winner.hostname or '(any)'} is more specific than {other.hostname or '(any)'} of {other.name}"
    for index, criterion in enumerate(_criteria(winner), start=2):
        if winner.order[index] != other.order[index]:
            return f"{mine} beats {theirs}{'' if same_route else f' of {other.name}'}: {criterion}"
    if not same_route:
        older = winner.order[7][0] != other.order[7][0]
        return f"{winner.name} is older than {other.name}" if older else f"{winner.name} and {other.name} are of one age; names decide"
    return f"rule {winner.order[8]} comes before rule {other.order[8]} in {winner.name}"


def _criteria(entry: Entry) -> Sequence[str]:
    if entry.route.kind == "GRPCRoute":
        return ("the longer service name", "the longer method name", "more header matches", "", "")
    kind = "an exact path goes first" if entry.match.path_type == "Exact" else "the kind of path match goes first"
    return (kind, "the longer path", "a method match goes before none", "more header matches", "more query parameter matches")
