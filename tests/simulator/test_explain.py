"""Findings together: one root cause, its consequences below it, and fixes that were tried."""

from __future__ import annotations

from typing import Any

from simulator import Finding, Report, Scenario, run
from simulator.diagnosis.near import near

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
      - name: web
        image: nginx
        ports:
        - name: http
          containerPort: 8080
"""
SERVICE = """\
apiVersion: v1
kind: Service
metadata:
  name: web-svc
spec:
  selector:
    app: web
  ports:
  - port: 80
    targetPort: http
"""
INGRESS = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  ingressClassName: nginx
  rules:
  - host: web.example.com
    http:
      paths:
      - path: /
        pathType: Prefix
        backend:
          service:
            name: web-svc
            port:
              number: 80
"""


def examine(*manifests: str, **given: Any) -> Report:
    named = [{"name": f"{index}.yaml", "text": text} for index, text in enumerate(manifests)]
    return run(Scenario.of({"manifests": named, **given}, lambda name: name))


def rules(report: Report) -> list[str]:
    return [finding.rule for finding in report.findings]


def only(report: Report) -> Finding:
    (finding,) = report.findings
    return finding


def test_manifests_without_a_fault_have_no_findings() -> None:
    """Nothing is said where nothing is wrong."""
    assert rules(examine(DEPLOYMENT, SERVICE, INGRESS)) == []


def test_the_first_example_of_the_house_is_told_with_both_sides_and_a_proved_fix() -> None:
    """A Service that asks for another name than its Pods carry: summary, both places, what a client meets, and the fix."""
    text = f"{SERVICE}---\n{DEPLOYMENT}".replace("    app: web\n  ports", "    app: production-web  # who\n  ports")
    finding = only(examine(text))
    assert finding.facts["summary"] == "Endpoints: <none>, selector app=production-web matches 0 pods"
    assert finding.message == (
        "selector app=production-web matches 0 Pods: the Service asks for app=production-web, "
        "but the 2 Pods of Deployment web in default carry app=web"
    )
    assert [(p.label, p.span.line) for p in finding.places] == [
        ("the Service asks for this", 7),
        ("the 2 Pods of Deployment web carry this", 24),
    ]
    assert finding.consequences == ("curl http://web-svc is refused at once: curl: (7); kube-proxy has nowhere to send it",)
    (fix,) = finding.fixes
    assert (fix.proved, fix.certainty) == (True, "likely")
    assert fix.outcome == "2 endpoints: 10.244.1.10:8080 and 10.244.2.11:8080"
    assert fix.files[0].text == text.replace("production-web  # who", "web  # who")


def test_four_planted_faults_give_four_diagnoses_that_each_name_what_was_meant() -> None:
    """A refused Deployment hides none of the faults behind it, and no root cause is told twice."""
    report = examine(
        DEPLOYMENT.replace("replicas", "replica"),
        SERVICE.replace("    app: web", "    app: webb").replace("targetPort: http", "targetPort: htp"),
        INGRESS.replace("name: web-svc", "name: web-svcc"),
    )
    assert rules(report) == ["unknown-field", "selector-matches-no-pod", "target-port-name-missing", "ingress-service-missing"]
    for finding, meant in zip(report.findings, ("replicas", "app=web", '"http"', '"web-svc"'), strict=True):
        assert meant in finding.message
        assert finding.fixes[0].proved
    assert [f.fixes[0].outcome for f in report.findings[1:3]] == [
        "with the other fixes, 2 endpoints: 10.244.1.10:8080 and 10.244.2.11:8080"
    ] * 2
    assert not report.verdicts[0].accepted


def test_what_follows_from_a_fault_is_told_under_it() -> None:
    """The Ingress that answers 503 is no finding of its own; the Service without endpoints is the cause."""
    finding = only(examine(DEPLOYMENT, SERVICE.replace("    app: web", "    app: webb"), INGRESS))
    assert finding.rule == "selector-matches-no-pod"
    assert finding.consequences[1] == "Ingress default/web answers 503 where it sends to this Service: it has no ready endpoint"


def test_a_refused_object_is_the_cause_of_what_lacks_it() -> None:
    """Neither the Service without Pods nor the Ingress without its Service is told beside the refusal."""
    broken = DEPLOYMENT.replace("containerPort: 8080", "containerPort: 80800")
    finding = only(examine(broken, SERVICE))
    assert finding.rule == "invalid-value"
    assert finding.consequences == ("Service default/web-svc has no endpoints, because this Deployment was refused",)
    finding = only(examine(DEPLOYMENT, SERVICE.replace("port: 80\n", "port: 80000\n"), INGRESS))
    assert finding.rule == "invalid-value"
    assert finding.consequences == ('Ingress default/web has no backend: Service "web-svc" was refused',)


def test_a_failed_request_stands_under_the_fault_that_explains_it() -> None:
    """The request is a consequence in the words of curl, and has no finding of its own."""
    request = {"from": {"node": "node-1"}, "via": {"kind": "Service", "namespace": "default", "name": "web-svc"}, "port": 80}
    finding = only(examine(DEPLOYMENT, SERVICE.replace("    app: web", "    app: webb"), requests=[request]))
    assert finding.consequences == ("curl http://web-svc is refused at once: curl: (7)",)


def test_a_fix_that_would_break_something_else_is_not_offered() -> None:
    """Moving the Service to its Pods' namespace would take it from the Ingress that uses it."""
    namespace = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n"
    there = DEPLOYMENT.replace("  name: web\nspec", "  name: web\n  namespace: shop\nspec")
    alone = only(examine(namespace, there, SERVICE))
    assert (alone.rule, len(alone.fixes)) == ("wrong-namespace", 1)
    used = only(examine(namespace, there, SERVICE, INGRESS))
    assert (used.rule, used.fixes) == ("wrong-namespace", ())


def test_a_fix_that_breaks_a_request_that_worked_is_not_offered() -> None:
    """A canary that is asked on purpose by the broad selector keeps its requests, or the fix is silent about it."""
    other = DEPLOYMENT.replace("name: web\nspec", "name: api\nspec").replace("app: web", "app: api")
    tiered = [d.replace("        app:", "        tier: back\n        app:") for d in (DEPLOYMENT, other)]
    broad = SERVICE.replace("name: web-svc", "name: api").replace("    app: web", "    tier: back")
    finding = only(examine(*tiered, broad))
    assert finding.rule == "selector-matches-other-app"
    assert finding.fixes[0].outcome.startswith("2 endpoints")


def test_an_unreadable_document_does_not_make_its_absence_a_fault() -> None:
    """What stands behind it is still looked at, but nothing is called missing that may be in it."""
    report = examine(f"{DEPLOYMENT}\t---\n", SERVICE)
    assert rules(report) == ["yaml-syntax"]
    report = examine(f"kind: [\n---\n{DEPLOYMENT}---\n{SERVICE.replace('targetPort: http', 'targetPort: htp')}")
    assert rules(report) == ["yaml-syntax", "target-port-name-missing"]


def test_no_fix_is_tried_in_a_very_large_cluster() -> None:
    """The fix is then given as it is, and says that it was not proved."""
    many = "---\n".join(DEPLOYMENT.replace("web", f"web-{i}").replace("replicas: 2", "replicas: 20") for i in range(150))
    report = examine(many, SERVICE.replace("    app: web", "    app: web-7x"))
    assert [(f.rule, [x.proved for x in f.fixes]) for f in report.findings] == [("selector-matches-no-pod", [False])]


def test_the_order_of_documents_changes_no_finding() -> None:
    """The same facts in another order give the same messages."""
    broken = (DEPLOYMENT, SERVICE.replace("    app: web", "    app: webb"), INGRESS.replace("number: 80", "number: 8080"))
    forth, back = examine("---\n".join(broken)), examine("---\n".join(reversed(broken)))
    assert [f.message for f in forth.findings] == [f.message for f in back.findings]


def test_objects_of_an_unrelated_namespace_change_no_finding() -> None:
    """Another team's workloads neither hide nor add a fault."""
    broken = SERVICE.replace("    app: web", "    app: webb")
    other = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: zoo\n---\n" + DEPLOYMENT.replace(
        "name: web\nspec", "name: web\n  namespace: zoo\nspec"
    )
    messages = [f.message for f in examine(DEPLOYMENT, broken).findings]
    assert [f.message for f in examine(DEPLOYMENT, broken, other.replace("app: web", "app: lion")).findings] == messages


def test_names_are_close_by_case_or_two_edits_and_never_by_chance() -> None:
    """Short names must share more than half of their letters; at most three are offered, the closest first."""
    assert near("Web", ["web", "api"]) == ["web"]
    assert near("webb", ["web", "webs", "wab", "weeb", "api"]) == ["web", "webs", "weeb"]
    assert near("htp", ["https", "http"]) == ["http", "https"]
    assert near("api", ["web", "db"]) == []
    assert near("v1", ["v2"]) == []
    assert near("web", ["web"]) == []
