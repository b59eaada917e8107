"""From Ingress to the Gateway API: the same answers on both sides, or a note that says why not."""

from __future__ import annotations

import pytest
import yaml

from simulator.api.meta import Ref
from simulator.cluster import Cluster
from simulator.migrate import Migration, migrate_ingresses
from simulator.migration_proof import Comparison, prove_migration
from tests.simulator.gateway.certificates import secret
from tests.simulator.ingress.town import NGINX, OTHER, ingress, path, town

NOTE = "nginx.ingress.kubernetes.io/"
TLS = "tls: [{hosts: [web.example.com], secretName: web-tls}]"


def different(cluster: Cluster, migration: Migration) -> list[Comparison]:
    found = prove_migration(cluster, migration)
    assert found
    return [each for each in found if not each.same]


@pytest.mark.parametrize("controller", [NGINX, OTHER])
@pytest.mark.parametrize(
    "parts",
    [
        [ingress(path("/", "one"))],
        [ingress(f"{path('/', 'one')}, {path('/pay', 'two', 'Exact')}, {path('/a/b', 'idle')}")],
        [ingress(path("/a", "one"), more="defaultBackend: {service: {name: two, port: {number: 80}}}")],
        [ingress(path("/", "one"), host="web.example.com", more=TLS), secret("web-tls")],
        [ingress(path("/a", "one")), ingress(path("/b", "two"), name="b", host="b.example.com")],
    ],
)
def test_both_sides_answer_alike(parts: list[str], controller: str) -> None:
    """Every path and host that the Ingress names, and near misses, get the same answer from the Gateway."""
    cluster = town(*parts, controller=controller)
    migration = migrate_ingresses(cluster, "example")
    assert different(cluster, migration) == []


@pytest.mark.parametrize(
    ("annotations", "value"),
    [
        (f"{NOTE}rewrite-target: /$2", "/app(/|$)(.*)"),
        (f"{NOTE}force-ssl-redirect: 'true'", "/app"),
        (f"{NOTE}rewrite-target: /", "/app"),
    ],
)
def test_annotations_that_have_a_counterpart(annotations: str, value: str) -> None:
    """Rewrites of a stripped prefix and redirects to HTTPS become filters; what is left differs only in letter case."""
    cluster = town(ingress(path(value, "one", "ImplementationSpecific"), annotations=annotations))
    migration = migrate_ingresses(cluster, "example")
    assert all(each.request.path in ("/APP", "/appx") for each in different(cluster, migration))


def test_canary_becomes_weights_and_a_header_rule() -> None:
    """The canary's share goes into the main route; the canary has no route of its own."""
    notes = f"{NOTE}canary: 'true', {NOTE}canary-weight: '20', {NOTE}canary-by-header: X-New"
    cluster = town(ingress(path("/", "one")), ingress(path("/", "two"), name="canary", annotations=notes))
    migration = migrate_ingresses(cluster, "example")
    assert [obj.name for obj in migration.objects] == ["shop-gateway", "web"]
    rules = migration.objects[1].spec["rules"]
    assert [rule["matches"][0].get("headers", [{}])[0].get("value") for rule in rules] == ["always", "never", None]
    assert {ref["name"]: ref["weight"] for ref in rules[2]["backendRefs"]} == {"one": 80, "two": 20}
    assert different(cluster, migration) == []


def test_a_wildcard_host_is_not_quite_the_same() -> None:
    """An Ingress's wildcard covers one label, an HTTPRoute's any number: the note says it and the proof finds it."""
    cluster = town(ingress(path("/", "one"), host="*.example.com"))
    migration = migrate_ingresses(cluster, "example")
    assert [each.request.host for each in different(cluster, migration)] == ["a.b.example.com"] * len(different(cluster, migration))
    assert any("any number of labels" in note.text for note in migration.notes)


def test_what_cannot_be_carried_over_is_noted() -> None:
    """Unknown annotations, expressions without a counterpart, and Ingresses that nobody serves."""
    cluster = town(
        ingress(path("/a|/b", "one", "ImplementationSpecific"), annotations=f"{NOTE}use-regex: 'true', {NOTE}auth-url: x"),
        ingress(path("/", "one"), name="lost", class_name="none"),
    )
    texts = [note.text for note in migrate_ingresses(cluster, "example").notes]
    assert [part for part in ("auth-url", "regular expression", "is not served") if any(part in text for text in texts)] == [
        "auth-url", "regular expression", "is not served",
    ]  # fmt: skip


def test_a_missing_service_is_answered_in_two_ways() -> None:
    """503 from an Ingress, 500 from a Gateway: the proof finds it, and a note says so."""
    cluster = town(ingress(path("/", "gone")))
    migration = migrate_ingresses(cluster, "example")
    assert {(each.by_ingress, each.by_gateway) for each in different(cluster, migration)} == {("503", "500")}
    assert [note.text for note in migration.notes] == ["there is no Service gone: an Ingress answers 503 for it, a Gateway 500"]


def test_the_text_is_the_objects() -> None:
    """What is shown is what was proved; ports are numbers, and nothing but the asked Ingress is moved."""
    cluster = town(ingress(path("/", "one", port="number: 80")), ingress(path("/", "two"), name="b", host="b.example.com"))
    migration = migrate_ingresses(cluster, "example", [Ref("Ingress", "shop", "web")])
    assert list(yaml.safe_load_all(migration.text)) == [obj.data for obj in migration.objects]
    assert [obj.name for obj in migration.objects] == ["shop-gateway", "web"]
