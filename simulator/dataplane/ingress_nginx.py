"""What ingress-nginx does beyond the specification: its locations, and the annotations that change routing.

Responsible for: regular expression paths, rewrite-target, redirects to HTTPS, canaries; naming the annotations that are not modelled.
Leaves to others: hosts, backends, answers (`ingress`).
Mirrors: kubernetes/ingress-nginx `internal/ingress/controller/{controller,location}.go`, `controller/template/template.go` (buildLocation,
buildProxyPass), `rootfs/etc/nginx/lua/balancer.lua` (canary), the annotations page of its documentation; version 1.15, its last.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from simulator.api.ingress_v1 import Ingress
from simulator.dataplane import regular_expressions
from simulator.dataplane.http_messages import HttpRequest, under_prefix
from simulator.dataplane.ingress_paths import Choice, Location, choose

PREFIX = "nginx.ingress.kubernetes.io/"
MODELLED = frozenset({
    "rewrite-target", "use-regex", "ssl-redirect", "force-ssl-redirect", "canary", "canary-by-header", "canary-by-header-value",
    "canary-by-header-pattern", "canary-by-cookie", "canary-weight", "canary-weight-total",
})  # fmt: skip
_WITHOUT_EFFECT_ON_ROUTING = re.compile(
    r"proxy-|client-body-|client-header-|large-client-header|connection-proxy|load-balance$|upstream-hash|affinity|session-cookie|enable-access-log"
    r"|enable-rewrite-log|enable-opentelemetry|opentelemetry-|http2-|service-upstream|x-forwarded-prefix|ssl-ciphers|ssl-prefer|limit-rate"
)
FAKE_CERTIFICATE = "Kubernetes Ingress Controller Fake Certificate"


def setting(ingress: Ingress, name: str) -> str:
    return ingress.object.annotations.get(PREFIX + name, "")


def is_set(ingress: Ingress, name: str, default: bool = False) -> bool:
    """A boolean annotation, read as Go's ParseBool does."""
    value = setting(ingress, name)
    return default if value not in _TRUE | _FALSE else value in _TRUE


_TRUE = frozenset({"1", "t", "T", "true", "TRUE", "True"})
_FALSE = frozenset({"0", "f", "F", "false", "FALSE", "False"})


def not_modelled(ingress: Ingress) -> Sequence[str]:
    """The annotations of ingress-nginx on this Ingress that may change where a request goes, and that the simulator does not follow."""
    names = (key.removeprefix(PREFIX) for key in ingress.object.annotations if key.startswith(PREFIX))
    return sorted(name for name in names if name not in MODELLED and not _WITHOUT_EFFECT_ON_ROUTING.match(name))


def is_canary(ingress: Ingress) -> bool:
    return is_set(ingress, "canary")


def choose_location(locations: Sequence[Location], path: str) -> Choice | None:
    """The location of a host that nginx picks. One regular expression on a host makes all its paths regular expressions."""
    regular = next((each for each in locations if needs_rewrite(each) or is_set(each.ingress, "use-regex")), None)
    if regular is None:
        return choose(locations, path, _matches)
    by_length = sorted(sorted(locations, key=lambda each: each.path.path, reverse=True), key=lambda each: -len(each.path.path))
    found = [each for each in by_length if _matches_expression(each.path.path, path)]
    if not found:
        return None
    reason = (
        f"Ingress {regular.ingress.object.name} has a rewrite or use-regex, so every path of this host is a regular expression, "
        f"without regard to case, the longest tried first"
    )
    return Choice(found[0], f"{found[0].path.path} matches; {reason}")


def needs_rewrite(location: Location) -> bool:
    return setting(location.ingress, "rewrite-target") not in ("", location.path.path)


def _matches(location: Location, path: str) -> bool:
    """As nginx has it: ImplementationSpecific is a prefix of characters, not of path elements."""
    wanted = location.path.path
    if location.path.type == "Exact":
        return path == wanted
    if location.path.type == "Prefix":
        return wanted == "/" or under_prefix(path, wanted)
    return path.startswith(wanted)


def _matches_expression(pattern: str, path: str) -> bool:
    try:
        return regular_expressions.match(pattern, path, whole=False, ignore_case=True) is not None
    except regular_expressions.UnsupportedError:
        return False


def rewritten_path(location: Location, path: str) -> str:
    """The path after rewrite-target: the whole path is replaced, with the groups that the rule's path captured."""
    if not needs_rewrite(location):
        return path
    try:
        groups = regular_expressions.match(location.path.path, path, whole=False, ignore_case=True)
    except regular_expressions.UnsupportedError:
        return path
    if groups is None:
        return path
    known = groups
    target = setting(location.ingress, "rewrite-target")
    return re.sub(r"\$(\d)", lambda m: known[int(m[1])] if int(m[1]) < len(known) else "", target)


def redirects_to_https(ingress: Ingress, host_has_tls: bool) -> str:
    """Why a plain request is sent to HTTPS (308); "" where it is not."""
    if is_set(ingress, "force-ssl-redirect"):
        return "force-ssl-redirect is set"
    if host_has_tls and is_set(ingress, "ssl-redirect", default=True):
        return "the Ingress of the host has a tls block, and ssl-redirect is on unless it is turned off"
    return ""


@dataclass(frozen=True, slots=True)
class CanaryPart:
    """How much (0 to 1) of a request's kind goes to the canary, and why."""

    part: float
    reason: str


def canary_part(ingress: Ingress, request: HttpRequest) -> CanaryPart:
    """Header before cookie before weight."""
    header, value, pattern = (setting(ingress, name) for name in ("canary-by-header", "canary-by-header-value", "canary-by-header-pattern"))
    sent = request.lower_headers.get(header.lower()) if header else None
    if sent is not None:
        if value or pattern:
            if (value and sent == value) or (not value and _matches_anywhere(pattern, sent)):
                return CanaryPart(1.0, f"header {header}: {sent} is the canary's")
        elif sent in ("always", "never"):
            return CanaryPart(float(sent == "always"), f"header {header}: {sent}")
    cookie = setting(ingress, "canary-by-cookie")
    crumb = request.cookie(cookie) if cookie else None
    if crumb in ("always", "never"):
        return CanaryPart(float(crumb == "always"), f"cookie {cookie}={crumb}")
    weight = _number(setting(ingress, "canary-weight"), 0)
    total = max(_number(setting(ingress, "canary-weight-total"), 100), 100)  # a smaller total is passed over
    return CanaryPart(min(weight / total, 1.0), f"canary-weight {weight} of {total}")


def _matches_anywhere(pattern: str, text: str) -> bool:
    try:
        return any(regular_expressions.match(pattern, text[at:], whole=False) is not None for at in range(len(text) + 1))
    except regular_expressions.UnsupportedError:
        return False


def _number(text: str, default: int) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else default
