"""A request by a Service's bare name from another namespace: a bare name is looked up in the client's own.

Mirrors: the resolver's search list that the kubelet writes (`NAMESPACE.svc.cluster.local` first), kubernetes/dns specification.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.diagnosis.rule import Rule
from simulator.diagnosis.state import State
from simulator.diagnosis.traffic import asked
from simulator.diagnosis.wording import kubectl, listed


def check(state: State) -> Iterator[Finding]:
    for index, (request, answer) in enumerate(state.traffic):
        host, pod = request.host or "", request.client.pod
        if answer.outcome != "unresolved" or pod is None or "." in host:
            continue
        namesakes = [s for s in state.given("Service") if s.name == host and s.namespace != pod.namespace]
        if not namesakes or state.cluster.get("Service", pod.namespace, host):
            continue
        homes = [s.namespace for s in namesakes]
        yield RULE.finding(
            namesakes[0].ref,
            f"{asked(request)} cannot resolve the name: a client in {pod.namespace} looks up a bare {host} in {pod.namespace}, "
            f"and the Service lives in {listed(homes)}; from there its name is {host}.{homes[0]}",
            path=("metadata", "namespace"),
            places=[state.place(namesakes[0], ("metadata", "namespace"), "the Service lives here", key=True)],
            facts={"request": index, "host": host, "namespace": pod.namespace, "namespaces": homes, "name": f"{host}.{homes[0]}"},
            hint="Which namespace does the search list of the client's resolver begin with?",
            check=kubectl(pod.namespace, f"exec {pod.name or 'POD'} -- nslookup {host}.{homes[0]}"),
        )


RULE = Rule(
    id="short-name-from-other-namespace",
    severity=Severity.ERROR,
    basis=Basis.SPECIFIED,
    sources=("https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#namespaces-of-services",),
    check=check,
    of_request=True,
)
