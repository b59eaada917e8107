"""Questions about error texts: what a client prints, and which stop on its way is at fault.

Responsible for: one fault on the way from a client to a Pod, the text that a program prints, and the faults that people take it for.
Leaves to others: what makes a draft a question (`draft`), sound clusters and their faults (`faults`), Gateways (`gateways`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from textwrap import fill

from bot.generators.draft import MOST, Draft, Reason, Template, Wrong
from bot.generators.faults import COLUMNS, FAULTS, Scene, model, put, scene
from bot.generators.gateways import GATEWAY_CLASS, backend, gateway, route, through
from bot.generators.play import Tree, ask, namespace, play, service, way
from bot.learning.items import Level, Manifest
from simulator import Answer, Ref, Report

_DEBUG = "https://kubernetes.io/docs/tasks/debug/debug-application/debug-service/"


@dataclass(frozen=True, slots=True)
class _Cause:
    """A fault. `text`: as an option. `law`: why the client meets what it meets. `mistaken`: what one may meet, in the words of `_met`, ->
    the belief that expects it where this fault is. `delay`: seconds that a reply takes.
    """

    text: str
    law: str
    mistaken: Mapping[str, str]
    objects: Callable[[Scene], Sequence[Tree]]
    delay: int = 0


def _faulty(fault: str) -> Callable[[Scene], Sequence[Tree]]:
    return lambda s: list(FAULTS[fault].inject(s).values())


def _of(fault: str, law: str, **mistaken: str) -> _Cause:
    return _Cause(_text(fault), law, mistaken, _faulty(fault))


def _text(fault: str) -> str:
    cause = FAULTS[fault].cause
    return cause[:1].upper() + cause[1:]


def _headless_and_unready(s: Scene) -> Sequence[Tree]:
    unready = FAULTS["unready"].inject(s)
    return list(put(unready, "service", ("spec", "clusterIP"), "None").values())


_REJECTED = "the cluster IP has no endpoint, and kube-proxy rejects at once"
_NO_ADDRESS = "there is no address to dial"
_NOBODY = "a rule fits, and there is nobody to dial"
_NO_RULE = "no rule fits, and the proxy answers by itself"
_STOPPED = _of("dns", f"no question reaches the DNS server, so {_NO_ADDRESS}", hangs="lookup-timeout-is-28", refused="policy-refuses")
_INSIDE = (
    _of("name", f"no Service has the name that is asked for, so {_NO_ADDRESS}", hangs="timeout-means-dns", refused="unknown-name-refuses"),
    _STOPPED,
    _Cause("The Service is headless, and its Pod is not Ready", f"a headless name stands for Ready Pods, and with none {_NO_ADDRESS}",
           {"refused": "headless-is-proxied", "hangs": "empty-service-hangs"}, _headless_and_unready),
    _of("selector", _REJECTED, unresolved="name-needs-endpoints", hangs="empty-service-hangs"),
    _of("unready", _REJECTED, unresolved="name-needs-endpoints", hangs="unready-hangs"),
    _of("no-pods", _REJECTED, unresolved="name-needs-endpoints", hangs="empty-service-hangs"),
    _of("target", "a Pod is reached, and refuses a port on which nobody listens", unresolved="six-means-unreachable",
        hangs="closed-port-hangs"),
    _of("policy", "what a policy denies is dropped, and the client waits in vain", refused="policy-refuses",
        unresolved="six-means-unreachable"),
    _of("local", "where `Local` leaves nobody on the node, packets are dropped, and the client waits in vain", refused="local-refuses",
        unresolved="six-means-unreachable"),
)  # fmt: skip
_DOOR = (
    _of("host", _NO_RULE, http_503="no-rule-means-503", http_502="proxy-turns-all-into-502"),
    _of("exact", _NO_RULE, http_503="missing-path-means-503", http_502="proxy-turns-all-into-502"),
    _of("backend-name", _NOBODY, http_404="bad-backend-means-404", http_502="proxy-turns-all-into-502"),
    _of("selector", _NOBODY, http_404="no-endpoints-means-no-rule", http_502="proxy-turns-all-into-502", http_504="empty-service-hangs"),
    _of("unready", _NOBODY, http_404="no-endpoints-means-no-rule", http_502="proxy-turns-all-into-502", http_504="unready-hangs"),
    _of("target", "a Pod was dialled, and refused", http_503="closed-port-means-503", http_504="closed-port-hangs",
        http_404="bad-backend-means-404"),
    _Cause("The Pod takes longer to reply than the controller waits", "a Pod was dialled, and no reply came in time",
           {"http_502": "proxy-turns-all-into-502", "http_503": "errors-are-503"}, lambda s: list(s.trees.values()), delay=90),
)  # fmt: skip
"""Behind ingress-nginx."""


def _behind_gateway(s: Scene, *, to: Tree | None = None, host: str = "", service_in: str = "", fault: str = "") -> Sequence[Tree]:
    """The Service and its Pods, with this fault, behind a Gateway instead of the Ingress."""
    trees = FAULTS[fault].inject(s) if fault else s.trees
    kept = [tree for name, tree in trees.items() if name != "ingress"]
    rule = {"backendRefs": [to or backend(s.app)], "timeouts": {"request": "10s"}}
    elsewhere = [namespace(service_in), service(s.app, {"app": s.app}, namespace=service_in)] if service_in else []
    return [*kept, *elsewhere, GATEWAY_CLASS, gateway(), route("site", [rule], host=host or s.host)]


_INVALID = "a rule whose backend reference is not valid is answered with 500"
_GATEWAY = (
    _Cause("The HTTPRoute is for another host", _NO_RULE, {"http_503": "no-rule-means-503", "http_500": "bad-backend-means-500"},
           lambda s: _behind_gateway(s, host=s.other_host)),
    _Cause("The HTTPRoute names a Service that does not exist", _INVALID,
           {"http_404": "bad-backend-means-404", "http_503": "bad-backend-means-503"},
           lambda s: _behind_gateway(s, to=backend(f"{s.app}-svc"))),
    _Cause("The HTTPRoute names a port that the Service lacks", _INVALID,
           {"http_404": "bad-backend-means-404", "http_503": "bad-port-means-503"},
           lambda s: _behind_gateway(s, to={**backend(s.app), "port": s.elsewhere})),
    _Cause("The backend is in another namespace, without a ReferenceGrant", _INVALID,
           {"http_404": "bad-backend-means-404", "http_503": "bad-backend-means-503"},
           lambda s: _behind_gateway(s, to=backend(s.app, namespace="team-b"), service_in="team-b")),
    _Cause(_text("unready"), _NOBODY,
           {"http_500": "empty-means-unresolved", "http_404": "no-endpoints-means-no-rule", "http_504": "unready-hangs"},
           lambda s: _behind_gateway(s, fault="unready")),
    _Cause(_text("selector"), _NOBODY,
           {"http_500": "empty-means-unresolved", "http_404": "no-endpoints-means-no-rule", "http_504": "empty-service-hangs"},
           lambda s: _behind_gateway(s, fault="selector")),
    _Cause("The Pod takes longer to reply than the rule's timeout", "a Pod was dialled, and no reply came in time",
           {"http_500": "bad-backend-means-500", "http_503": "errors-are-503"}, _behind_gateway, delay=30),
)  # fmt: skip

_MODELS = {
    "": model(door=False),
    "Ingress": "the statuses are those of ingress-nginx; other controllers may choose others.",
    "Gateway": "503 where nobody is Ready is what the specification recommends, and most controllers take a port that the Service lacks "
    "for a reference that is not valid.",
}
"""On whose behaviour the answer rests, by the door."""

_SAYS = {
    "curl": ("curl: (6) Could not resolve host: {host}",
             "curl: (7) Failed to connect to {host} port 80 after 2 ms: Couldn't connect to server",
             "curl: (28) Failed to connect to {host} port 80 after 127004 ms: Couldn't connect to server"),
    "a Go program": ("dial tcp: lookup {host} on 10.96.0.10:53: no such host", "dial tcp {ip}:80: connect: connection refused",
                     "dial tcp {ip}:80: connect: connection timed out"),
    "a Python program": ("socket.gaierror: [Errno -2] Name or service not known", "ConnectionRefusedError: [Errno 111] Connection refused",
                         "TimeoutError: [Errno 110] Connection timed out"),
    "a Node.js program": ("Error: getaddrinfo ENOTFOUND {host}", "Error: connect ECONNREFUSED {ip}:80", "Error: connect ETIMEDOUT {ip}:80"),
    "a Java program": ("java.net.UnknownHostException: {host}", "java.net.ConnectException: Connection refused",
                       "java.net.ConnectException: Connection timed out"),
}  # fmt: skip
"""What programs print where a name is not found, a connection is refused, or nobody answers."""


def error_to_layer(dice: Random) -> Draft:
    s = scene(dice)
    causes, door, key = dice.choice(
        (
            (
                _INSIDE,
                "",
                "No name: `(6)`. Refused at once: nobody is behind the Service, or nobody listens, `(7)`. No answer: dropped on the way, "
                "`(28)`.",
            ),
            (_DOOR, "Ingress", "404: no rule. 503: nobody to dial. 502: somebody was dialled and refused. 504: too slow."),
            (_GATEWAY, "Gateway", "404: no rule. 500: a reference that is not valid. 503: nobody is Ready. 504: too slow."),
        )
    )
    at_fault = dice.choice(causes)
    report = _asked(s, at_fault, door)
    here = _met(report.answers[0])
    wrong: list[Wrong] = []
    for cause in dice.sample(causes, len(causes)):
        if here in cause.mistaken and len(wrong) < MOST and cause.text != at_fault.text:
            there = _met(_asked(s, cause, door).answers[0])
            wrong.append(Wrong(cause.mistaken[here], cause.text, Reason(f"That would be {_WORDS[there]}: {cause.law}.", there != here)))
    program = "curl" if door or at_fault is _STOPPED else dice.choice(sorted(_SAYS))
    client = {
        "": f"In a Pod, {program} asks the Service `{s.app}` for a page, and prints this.",
        "Ingress": f"From outside, curl asks for a page of `{s.app}`, to which an Ingress of ingress-nginx leads.",
        "Gateway": f"From outside, curl asks for a page of `{s.app}`, to which an HTTPRoute of a Gateway leads.",
    }[door]
    return Draft(
        stem=f"{client} One thing is wrong. Which of these explains it?",
        shown=(Manifest("terminal", _printed(program, s, report)),),
        right=at_fault.text,
        why=Reason(f"That is {_WORDS[here]}: {at_fault.law}.", here not in at_fault.mistaken),
        wrong=wrong,
        explanation=key,
        trace=way(report),
        model=_MODELS[door],
    )


def _asked(s: Scene, cause: _Cause, door: str) -> Report:
    slow = {"backend_behaviour": {"delay_response": f"{cause.delay}s"}} if cause.delay else {}
    via = {"Ingress": {"kind": "Ingress", "namespace": "default", "name": "site"}, "Gateway": through()}
    request = {"via": via[door], "host": s.host, "path": f"{s.path}/new", **slow} if door else ask(s.app)
    return play(cause.objects(s), requests=[request])


_EXITS = {6: "unresolved", 7: "refused", 28: "hangs"}
_WORDS = {
    "unresolved": "a name that does not resolve, `curl: (6)`",
    "refused": "a refusal, `curl: (7)`",
    "hangs": "a hang, `curl: (28)`",
    **{f"http_{status}": f"HTTP {status}" for status in (200, 404, 500, 502, 503, 504)},
}


def _met(answer: Answer) -> str:
    return _EXITS[answer.curl_exit] if answer.curl_exit else f"http_{answer.status}"


def _printed(program: str, s: Scene, report: Report) -> str:
    """The text, as this program prints it."""
    answer = report.answers[0]
    if not answer.curl_exit:
        return f"$ curl -i http://{s.host}{s.path}/new\n{way(report).splitlines()[0]}\n"
    stored = report.cluster.find(Ref("Service", "default", s.app))
    text = _SAYS[program][list(_EXITS).index(answer.curl_exit)].format(host=s.app, ip=stored.spec["clusterIP"] if stored else "")
    return (f"$ curl http://{s.app}\n" if program == "curl" else "") + fill(text, COLUMNS, break_on_hyphens=False) + "\n"


TEMPLATES = (Template("dns-error-to-layer", "troubleshooting", Level.BEGINNER, error_to_layer, _DEBUG, "fail-reading-key"),)
