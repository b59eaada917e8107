"""What people wrongly expect checks to show where one of the faults is.

Responsible for: misconceptions as code: what somebody who holds one expects of a check, and what is so instead.
Leaves to others: faults, checks and what they show in truth (`faults`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.generators.faults import EMPTY, LISTED, ONE, Scene


@dataclass(frozen=True, slots=True)
class Belief:
    """With this misconception one expects `sight` of a check where one of these faults is. `law` is what is so instead.

    `{port}` in `sight` is the port on which the Pods listen.
    """

    misconception: str
    check: str
    faults: tuple[str, ...]
    sight: str
    law: str

    def expects(self, s: Scene) -> str:
        return self.sight.format(port=s.target)


_NOBODY = ("selector", "unready", "no-pods")
_REFUSED, _HANGS, _UNRESOLVED = "`curl: (7)`", "`curl: (28)`", "`curl: (6)`"

BELIEFS: Sequence[Belief] = (
    Belief("empty-service-hangs", "curl", ("selector", "no-pods"), _HANGS, "A Service without endpoints refuses at once."),
    Belief("unready-hangs", "curl", ("unready",), _HANGS, "With no Pod Ready the Service refuses at once."),
    Belief("closed-port-hangs", "curl", ("target", "headless"), _HANGS, "A port on which nobody listens refuses at once."),
    Belief("headless-translates-ports", "curl", ("headless",), "HTTP 200", "A headless Service translates no port."),
    Belief("name-needs-endpoints", "curl", _NOBODY, _UNRESOLVED,
           "The name of a Service with a cluster IP is there even if nobody is Ready."),
    Belief("name-needs-endpoints", "nslookup", _NOBODY, "`NXDOMAIN`",
           "The name of a Service with a cluster IP is there even if nobody is Ready."),
    Belief("policy-refuses", "curl", ("policy",), _REFUSED, "What a policy denies is dropped, and curl waits in vain."),
    Belief("local-refuses", "curl", ("local",), _REFUSED,
           "Where `Local` leaves nobody on the node, packets are dropped, and curl waits in vain."),
    Belief("timeout-means-dns", "curl", ("name", "dns"), _HANGS,
           "A name that is not resolved is `curl: (6)`; there is nothing to connect to."),
    Belief("six-means-unreachable", "curl", ("policy", "local"), _UNRESOLVED,
           "`curl: (6)` is about the name alone, before any connection."),
    Belief("slice-lists-ready-only", "slices", ("unready",), EMPTY, "A slice lists Pods that are not Ready too."),
    Belief("slice-checks-listening", "slices", ("target",), EMPTY, "A slice does not know whether anybody listens."),
    Belief("names-make-the-match", "slices", ("selector",), LISTED, "A selector that fits no labels leaves the slice empty."),
    Belief("slice-keeps-history", "slices", ("no-pods",), LISTED, "Addresses of Pods that are gone leave the slice."),
    Belief("slice-port-is-the-pods", "slices", ("target",), LISTED,
           "The port in a slice is the Service's `targetPort`, whatever the Pod listens on."),
    Belief("policy-empties-slice", "slices", ("policy",), EMPTY, "A policy takes nobody out of a slice."),
    Belief("empty-match-has-no-slice", "slices", ("selector", "no-pods"), "no slice", "A Service without Pods keeps an empty slice."),
    Belief("describe-lists-everyone", "describe", ("unready",), ONE, "`describe svc` lists Ready endpoints only."),
    Belief("names-make-the-match", "describe", ("selector",), ONE, "A selector that fits no labels leaves no endpoints."),
    Belief("slice-checks-listening", "describe", ("target",), "no endpoint", "An endpoint is listed whether or not anybody listens."),
    Belief("slice-port-is-the-pods", "describe", ("target",), ONE,
           "The port of an endpoint is the Service's `targetPort`, whatever the Pod listens on."),
    Belief("policy-empties-slice", "describe", ("policy",), "no endpoint", "A policy takes away no endpoint."),
    Belief("running-means-ready", "pods", ("unready",), "READY 1/1", "A Pod can be Running and show READY 0/1."),
    Belief("ready-checks-the-port", "pods", ("target",), "READY 0/1", "Readiness knows nothing of a Service's `targetPort`."),
    Belief("probes-are-denied", "pods", ("policy",), "READY 0/1", "The kubelet's probes pass, whatever a policy says."),
    Belief("unselected-pods-are-unready", "pods", ("selector",), "READY 0/1",
           "A Pod is Ready with or without a Service that selects it."),
    Belief("pods-need-a-service", "direct", ("selector", "target", "headless"), _REFUSED,
           "A Pod answers at its own address and port, Service or not."),
    Belief("unready-is-closed", "direct", ("unready",), _REFUSED,
           "A Pod that is not Ready still answers at its own address if its process listens."),
    Belief("address-bypasses-policy", "direct", ("policy",), "HTTP 200", "A policy holds for a Pod's own address too."),
    Belief("service-shows-health", "service", (*_NOBODY, "target", "policy", "local"), "an error",
           "`kubectl get svc` says nothing of endpoints or of who is let in."),
    Belief("no-rule-means-503", "outside", ("host",), "HTTP 503", "A host without a rule is a 404."),
    Belief("missing-path-means-503", "outside", ("exact",), "HTTP 503", "A path that no rule has is a 404."),
    Belief("bad-backend-means-404", "outside", ("backend-port", "backend-name"), "HTTP 404",
           "The rule matches; its backend is missing, and that is a 503."),
    Belief("backend-404", "outside", _NOBODY, "HTTP 404", "The rule matches; nobody behind it is Ready, and that is a 503."),
    Belief("proxy-turns-all-into-502", "outside", (*_NOBODY, "backend-port", "backend-name"), "HTTP 502",
           "A 502 takes a Pod that was dialled, and here the controller has none to dial."),
    Belief("closed-port-means-503", "outside", ("target",), "HTTP 503", "A Pod was dialled and refused: that is a 502."),
    Belief("ingress-is-on-the-way", "curl", ("host", "exact"), "HTTP 404", "A client inside dials the Service and passes no Ingress."),
    Belief("ingress-is-on-the-way", "curl", ("backend-port", "backend-name"), _REFUSED,
           "A client inside dials the Service and passes no Ingress."),
)  # fmt: skip
"""Whoever holds one of them takes the wrong cause for possible, or for ruled out. None of them is so; a test runs each."""
