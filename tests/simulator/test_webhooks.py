"""Admission webhooks that cannot be called: the API server's words, and which objects it refuses for them."""

from __future__ import annotations

import pytest

from simulator import Report, Scenario, SourceFile, run
from simulator.profile import Profile

GATE = """
apiVersion: v1
kind: Service
metadata: {name: gate}
spec: {selector: {app: gate}, ports: [{port: 443, targetPort: 8443}]}
---
apiVersion: v1
kind: Pod
metadata: {name: gate, labels: {app: gate}}
spec: {containers: [{name: gate, image: gate, ports: [{containerPort: 8443}]}]}
"""
HOOK = """
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: gate}
webhooks:
- name: validate.gate.example.com
  admissionReviewVersions: [v1]
  sideEffects: None
  clientConfig: {service: {name: gate, namespace: default, path: /check}}
  rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [configmaps]}]
"""
SETTINGS = """
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, labels: {tier: front}}
data: {colour: red}
"""
APART = {"controlPlaneFirewall": ["1-65535"]}
URL = 'Post "https://gate.default.svc:443/check?timeout=10s": '


def applied(text: str, profile: dict[str, object] | None = None) -> Report:
    return run(Scenario(Profile.of(profile or {}), (SourceFile("all.yaml", text),)))


def refusal(text: str, profile: dict[str, object] | None = None) -> str:
    """What kubectl prints on standard error."""
    return applied(text, profile).apply.stderr.removesuffix("\n")


def test_a_webhook_that_is_reached_allows():
    """From a node by the cluster IP, from a control plane apart by the endpoint."""
    assert refusal(GATE + HOOK + SETTINGS) == ""
    assert refusal(GATE + HOOK + SETTINGS, {"controlPlaneFirewall": [8443]}) == ""


@pytest.mark.parametrize(
    ("profile", "old", "new", "why"),
    [
        (None, "name: gate, namespace", "name: gates, namespace", 'service "gates" not found'),
        (None, "port: 443, targetPort", "port: 444, targetPort", 'no service port 443 found for service "gate"'),
        (None, "{selector", "{clusterIP: None, selector", 'cannot route to service with ClusterIP "None"'),
        (APART, "{selector", "{clusterIP: None, selector", ""),
        (None, "{selector: {app: gate}", "{clusterIP: 10.96.3.4, selector: {app: gates}", "dial tcp 10.96.3.4:443: connect: connection refused"),
        (APART, "{selector: {app: gate}", "{selector: {app: gates}", 'no endpoints available for service "gate"'),
        (None, "{selector", "{type: ExternalName, externalName: gate.example.com, selector", ""),
        (APART, "{selector", "{type: ExternalName, externalName: gate.example.com, selector", 'unsupported service type "ExternalName"'),
        (APART, "containerPort: 8443", "containerPort: 9443", "dial tcp 10.244.1.10:8443: connect: connection refused"),
        ({"controlPlaneFirewall": [443]}, "app: gate", "app: gate", "context deadline exceeded"),
        (None, "path: /check", "path: /check, port: 443", ""),
    ],
)  # fmt: skip
def test_where_the_call_ends_is_told_in_the_servers_words(profile, old, new, why):
    """As `NewClusterIPServiceResolver` and `NewEndpointServiceResolver` find the address, and as a dial to it fails."""
    told = refusal((GATE + HOOK).replace(old, new) + SETTINGS, profile)
    url = URL.replace("gate.default", "gates.default") if "gates" in why else URL
    assert told == (
        'Error from server (InternalError): error when creating "all.yaml": Internal error occurred: failed calling webhook '
        f'"validate.gate.example.com": failed to call webhook: {url}{why}' if why else ""
    )  # fmt: skip


GONE = HOOK.replace("name: gate, namespace", "name: gone, namespace")


@pytest.mark.parametrize(
    ("hook", "refused"),
    [
        (GONE, True),
        (GONE.replace("[configmaps]", "[secrets]"), False),
        (GONE.replace("[configmaps]", '["*"]'), True),
        (GONE.replace("[configmaps]", "[configmaps/status]"), False),
        (GONE.replace('[""]', "[apps]"), False),
        (GONE.replace("[CREATE]", "[UPDATE]"), False),
        (GONE.replace("[v1], operations", "[v2], operations"), False),
        (GONE.replace("operations: [CREATE]", "operations: [CREATE], scope: Cluster"), False),
        (GONE + "  failurePolicy: Ignore\n", False),
        (GONE + "  matchConditions: [{name: never, expression: 'false'}]\n", False),
        (GONE + "  objectSelector: {matchLabels: {tier: back}}\n", False),
        (GONE + "  objectSelector: {matchLabels: {tier: front}}\n", True),
        (GONE + "  namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}\n", False),
        (GONE + "  namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: Exists}]}\n", True),
    ],
)
def test_only_what_the_webhook_would_see_is_refused(hook, refused):
    """Rules, selectors, failurePolicy."""
    assert bool(refusal(hook.removeprefix("\n---\n") + SETTINGS)) == refused


def test_what_was_stored_before_the_configuration_stays():
    """A webhook judges writes and no objects; a change is a write again, of another operation."""
    again = SETTINGS.replace("red", "blue")
    assert refusal(SETTINGS.removeprefix("\n---\n") + GONE) == ""
    report = applied(SETTINGS.removeprefix("\n---\n") + GONE.replace("CREATE", "UPDATE") + again)
    assert [verdict.accepted for verdict in report.verdicts] == [True, True, False]
    stored = report.cluster.get("ConfigMap", "default", "settings")
    assert stored is not None
    assert stored.data["data"] == {"colour": "red"}


def test_what_is_refused_for_a_webhook_is_looked_at_all_the_same():
    """Its own faults are told beside the webhook's, as is that the Service may stand elsewhere."""
    hook = GONE.replace("configmaps", "ingresses").replace('[""]', "[networking.k8s.io]").replace("default, path", "edge, path")
    backend = "{service: {name: nowhere, port: {number: 80}}}"
    rules = f"[{{host: a.example.com, http: {{paths: [{{path: /, pathType: Prefix, backend: {backend}}}]}}}}]"
    head = "---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: web}\nspec: "
    ingress = f"{head}{{ingressClassName: nginx, rules: {rules}}}\n"
    report = applied(hook.removeprefix("\n---\n") + ingress)
    assert [verdict.accepted for verdict in report.verdicts] == [True, False]
    assert {found.rule for found in report.findings} == {"webhook-unreachable", "ingress-service-missing"}
    assert report.findings[0].message.endswith('has no Service "gone"; perhaps it stands in a manifest that was not given')


def test_configurations_are_never_shown_to_webhooks():
    """Or a broken one could not be mended."""
    everything = GONE.replace('[""]', '["*"]').replace("[v1], operations", '["*"], operations').replace("[configmaps]", '["*"]')
    report = applied(everything.removeprefix("\n---\n") + HOOK.replace("{name: gate}", "{name: other}"))
    assert [verdict.accepted for verdict in report.verdicts] == [True, True]


def test_of_several_the_first_to_fail_is_told():
    """Validating webhooks are called at once; a mutating one comes before them all."""
    late = HOOK.replace("validate.gate", "late.gate").replace("{name: gate}", "{name: a}")
    told = refusal(GATE + late + GONE + SETTINGS, {"controlPlaneFirewall": [443]})
    assert '"validate.gate.example.com"' in told
    mutating = late.replace("Validating", "Mutating").replace("late.", "change.")
    assert '"change.gate.example.com"' in refusal(GATE + GONE + mutating + SETTINGS, {"controlPlaneFirewall": [443]})


def test_a_later_version_of_a_kind_is_asked_about_unless_the_match_is_exact():
    """matchPolicy Equivalent, the default: an HTTPRoute is the same object in v1 and v1beta1."""
    routes = GONE.replace('[""]', "[gateway.networking.k8s.io]").replace("[v1], operations", "[v1beta1], operations")
    routes = routes.replace("configmaps", "httproutes").removeprefix("\n---\n")
    route = "---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: web}\nspec: {parentRefs: [{name: front}]}\n"
    assert "failed calling webhook" in refusal(routes + route)
    assert refusal(routes + "  matchPolicy: Exact\n" + route) == ""


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("validate.gate.example.com", "gate", 'webhooks[0].name: Invalid value: "gate": should be a domain with at least three segments separated by dots'),
        ("  sideEffects: None\n", "", "webhooks[0].sideEffects: Required value: must specify one of None, NoneOnDryRun"),
        ("sideEffects: None", "sideEffects: Some", 'webhooks[0].sideEffects: Unsupported value: "Some": supported values: "None", "NoneOnDryRun"'),
        ("[v1]\n", "[v2]\n", 'webhooks[0].admissionReviewVersions: Invalid value: ["v2"]: must include at least one of v1, v1beta1'),
        ("sideEffects", "timeoutSeconds: 60\n  sideEffects", "webhooks[0].timeoutSeconds: Invalid value: 60: the timeout value must be between 1 and 30 seconds"),
        ("[CREATE]", '["*", CREATE]', 'webhooks[0].rules[0].operations: Invalid value: ["*","CREATE"]: if \'*\' is present, must not specify other operations'),
        ("[CREATE]", "[PATCH]", 'webhooks[0].rules[0].operations[0]: Unsupported value: "PATCH": supported values: "*", "CONNECT", "CREATE", "DELETE", "UPDATE"'),
        ("path: /check", "path: check", 'webhooks[0].clientConfig.service.path: Invalid value: "check": must start with a \'/\''),
        ("{service: {name: gate, namespace: default, path: /check}}", "{}", "webhooks[0].clientConfig: Required value: exactly one of url or service is required"),
        ("{service: {name: gate, namespace: default, path: /check}}", "{url: 'http://gate'}", 'webhooks[0].clientConfig.url: Invalid value: "http": \'https\' is the only allowed URL scheme; desired format: https://host[/path]'),
    ],
)  # fmt: skip
def test_what_no_configuration_may_say(old, new, fault):
    """As `pkg/apis/admissionregistration/validation` refuses it."""
    told = refusal(HOOK.removeprefix("\n---\n").replace(old, new))
    assert told == f'The ValidatingWebhookConfiguration "gate" is invalid: {fault}'
