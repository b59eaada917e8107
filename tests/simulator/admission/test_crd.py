"""Gateway API objects at the API server: unknown fields, defaults, and each kind of refusal in its words and order."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.admission import crd
from simulator.admission.structural import Schema
from simulator.schema import gateway

NOT_CHECKED = f"<nil>: Invalid value: null: {crd.RULES_NOT_CHECKED}"


def gateway_object(**spec: Any) -> dict[str, Any]:
    listeners = [{"name": "http", "port": 80, "protocol": "HTTP"}]
    return {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "Gateway",
        "metadata": {"name": "edge"},
        "spec": {"gatewayClassName": "c", "listeners": listeners, **spec},
    }


def route(*rules: Any, **spec: Any) -> dict[str, Any]:
    return {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "HTTPRoute",
        "metadata": {"name": "shop"},
        "spec": {"rules": list(rules), **spec},
    }


def errors(data: dict[str, Any], old: dict[str, Any] | None = None) -> list[str]:
    version = data["apiVersion"].split("/")[1]
    return [str(error) for error in crd.validate(data["kind"], version, crd.default(data["kind"], version, data), old)]


def listener(**fields: Any) -> dict[str, Any]:
    return {"name": "http", "port": 80, "protocol": "HTTP", **fields}


def test_an_object_without_fault_has_no_errors() -> None:
    """A plain Gateway and a plain route pass."""
    assert errors(gateway_object()) == []
    assert errors(route({"backendRefs": [{"name": "web", "port": 80}]}, parentRefs=[{"name": "edge"}])) == []


def test_defaults_are_filled_in_at_every_depth() -> None:
    """Defaults reach into lists and into defaults that are objects themselves, and into status."""
    filled = crd.default("HTTPRoute", "v1", route({"backendRefs": [{"name": "web", "port": 80}]}, parentRefs=[{"name": "edge"}]))
    assert filled["spec"]["parentRefs"] == [{"name": "edge", "group": "gateway.networking.k8s.io", "kind": "Gateway"}]
    rule = filled["spec"]["rules"][0]
    assert rule["matches"] == [{"path": {"type": "PathPrefix", "value": "/"}}]
    assert rule["backendRefs"] == [{"name": "web", "port": 80, "group": "", "kind": "Service", "weight": 1}]
    status = crd.default("Gateway", "v1", gateway_object())["status"]
    assert {(c["type"], c["status"], c["reason"]) for c in status["conditions"]} == {
        ("Accepted", "Unknown", "Pending"),
        ("Programmed", "Unknown", "Pending"),
    }


def test_defaults_replace_nulls_and_a_status_that_was_sent() -> None:
    """A null where a default stands means "absent"; status is a subresource, so what was sent of it is dropped."""
    sent = route({"matches": None, "backendRefs": [{"name": "web", "port": 80, "weight": None}]})
    sent["status"] = {"parents": []}
    filled = crd.default("HTTPRoute", "v1", sent)
    assert filled["spec"]["rules"][0]["matches"] == [{"path": {"type": "PathPrefix", "value": "/"}}]
    assert filled["spec"]["rules"][0]["backendRefs"][0]["weight"] == 1
    assert filled.get("status") != {"parents": []}


def test_defaulting_leaves_the_given_tree_alone() -> None:
    """The caller's tree is not written to, and defaults are not shared between objects."""
    given_object = route({"backendRefs": [{"name": "web", "port": 80}]})
    before = copy.deepcopy(given_object)
    filled = crd.default("HTTPRoute", "v1", given_object)
    filled["spec"]["rules"][0]["matches"][0]["path"]["value"] = "/changed"
    assert given_object == before
    assert crd.default("HTTPRoute", "v1", given_object)["spec"]["rules"][0]["matches"][0]["path"]["value"] == "/"


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (gateway_object(listeners=[listener(port=70000)]),
         ["spec.listeners[0].port: Invalid value: 70000: spec.listeners[0].port in body should be less than or equal to 65535"]),
        (gateway_object(listeners=[listener(port=0)]),
         ["spec.listeners[0].port: Invalid value: 0: spec.listeners[0].port in body should be greater than or equal to 1"]),
        (gateway_object(listeners=[]), ["spec.listeners: Invalid value: 0: spec.listeners in body should have at least 1 items"]),
        (gateway_object(listeners=[listener(name="")]),
         ['spec.listeners[0].name: Invalid value: "": spec.listeners[0].name in body should be at least 1 chars long']),
        (gateway_object(gatewayClassName="x" * 254), ["spec.gatewayClassName: Too long: may not be more than 253 characters", NOT_CHECKED]),
        (gateway_object(listeners=[listener(name=f"l{i}", port=i + 1) for i in range(65)]),
         ["spec.listeners: Too many: 65: must have at most 64 items", NOT_CHECKED]),
        (gateway_object(infrastructure={"labels": {f"k{i}": "" for i in range(9)}}),
         ["spec.infrastructure.labels: Too many: 9: must have at most 8 items", NOT_CHECKED]),
        (gateway_object(listeners=[{"name": "http", "port": 80}]), ["spec.listeners[0].protocol: Required value", NOT_CHECKED]),
        (gateway_object(listeners="all"),
         ['spec.listeners: Invalid value: "string": spec.listeners in body must be of type array: "string"', NOT_CHECKED]),
        (gateway_object(listeners=[listener(port="80")]),
         ['spec.listeners[0].port: Invalid value: "string": spec.listeners[0].port in body must be of type integer: "string"', NOT_CHECKED]),
        (gateway_object(listeners=[listener(port=80.5)]),
         ['spec.listeners[0].port: Invalid value: "float64": spec.listeners[0].port in body must be of type int32: "float64"',
          '<nil>: Invalid value: "": Checked value must be of type integer with format int32 in spec.listeners[0].port', NOT_CHECKED]),
        (gateway_object(listeners=[listener(port=True)]),
         ['spec.listeners[0].port: Invalid value: "": spec.listeners[0].port in body must be of type int32: ""', NOT_CHECKED]),
        (gateway_object(listeners=[listener(), None]),
         ['spec.listeners[1]: Invalid value: "null": spec.listeners[1] in body must be of type object: "null"', NOT_CHECKED]),
        (gateway_object(listeners=[listener(hostname="Shop.example")]),
         ['spec.listeners[0].hostname: Invalid value: "Shop.example": spec.listeners[0].hostname in body should match '
          r"'^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$'"]),
        (route({"filters": [{"type": "RequestRedirect", "requestRedirect": {"statusCode": 418}}]}),
         ["spec.rules[0].filters[0].requestRedirect.statusCode: Unsupported value: 418: "
          'supported values: "301", "302", "303", "307", "308"', NOT_CHECKED]),
        (gateway_object(addresses=[{"type": "IPAddress", "value": "10.0.0.300"}]),
         ['<nil>: Invalid value: "": "spec.addresses[0]" must validate one and only one schema (oneOf). Found none valid',
          '<nil>: Invalid value: "": "spec.addresses[0].value" must validate at least one schema (anyOf)',
          'spec.addresses[0].value: Invalid value: "10.0.0.300": spec.addresses[0].value in body must be of type ipv4: "10.0.0.300"',
          NOT_CHECKED]),
    ],
)  # fmt: skip
def test_structural_faults(data: dict[str, Any], wanted: list[str]) -> None:
    """Each kind of structural fault is told as the API server tells it; some keep the rules from being checked."""
    assert errors(data) == wanted


def test_list_types_are_checked_before_rules() -> None:
    """A list of type map may have a key only once, a set an item; the third is not told again."""
    assert errors(gateway_object(listeners=[listener(), listener(port=81), listener(port=82)])) == [
        'spec.listeners[1]: Duplicate value: {"name":"http"}',
        "spec.listeners: Invalid value: Listener name must be unique within the Gateway",
    ]
    cors = {"type": "CORS", "cors": {"allowMethods": ["GET", "PUT", "GET"]}}
    assert errors(route({"filters": [cors]})) == ['spec.rules[0].filters[0].cors.allowMethods[2]: Duplicate value: "GET"']


def test_rules_are_told_outside_in() -> None:
    """The rules of an object come before those of what it holds, each with its own message and without the value."""
    broken = route({"filters": [{"type": "RequestMirror", "requestRedirect": {"scheme": "https"}}], "backendRefs": [{"name": "web"}]})
    assert errors(broken) == [
        "spec.rules[0]: Invalid value: RequestRedirect filter must not be used together with backendRefs",
        "spec.rules[0].backendRefs[0]: Invalid value: Must have port for Service reference",
        "spec.rules[0].filters[0]: Invalid value: filter.requestMirror must be specified for RequestMirror filter.type",
        "spec.rules[0].filters[0]: Invalid value: filter.requestRedirect must be nil if the filter.type is not RequestRedirect",
    ]


def test_a_rule_that_cannot_be_evaluated_names_the_type() -> None:
    """A TLS listener without certificates meets a rule that looks for them, and is told so in the server's way."""
    bare = gateway_object(listeners=[listener(name="https", protocol="HTTPS", tls={})])
    assert errors(bare) == [
        'spec.listeners[0].tls: Invalid value: "object": no such key: certificateRefs evaluating rule: '
        "certificateRefs or options must be specified when mode is Terminate"
    ]


def test_a_megabyte_in_a_field_is_refused_at_once() -> None:
    """Length is checked before patterns, so that no pattern meets a text without bounds."""
    assert (
        errors(gateway_object(gatewayClassName="a-" * 500_000))[0] == "spec.gatewayClassName: Too long: may not be more than 253 characters"
    )


def test_transition_rules_wait_for_an_update() -> None:
    """A rule that speaks of the old value is not checked on creation, and holds on update."""
    new = {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "GatewayClass",
        "metadata": {"name": "c"},
        "spec": {"controllerName": "example.com/b"},
    }
    old = {**new, "spec": {"controllerName": "example.com/a"}}
    assert errors(new) == []
    assert errors(new, old=new) == []
    assert errors(new, old=old) == ['spec.controllerName: Invalid value: "example.com/b": Value is immutable']


def test_an_older_version_is_checked_by_its_schema() -> None:
    """`v1beta1` has the same fields; a version that is not there, or another kind, has no errors to tell."""
    old = {**gateway_object(listeners=[listener(port=0)]), "apiVersion": "gateway.networking.k8s.io/v1beta1"}
    assert len(errors(old)) == 1
    assert crd.validate("Gateway", "v9", {}) == []
    assert crd.default("Widget", "v1", {"a": 1}) == {"a": 1}
    assert crd.unknown_fields("Widget", "v1", {"a": 1}) == []


def test_unknown_fields_with_what_was_meant() -> None:
    """Fields that the kind does not have are found at every depth, with the near ones; metadata is not looked at."""
    data = route({"match": [], "backendRefs": [{"name": {"first": "web"}}]}, hostname=["a.example"])
    data["metadata"]["anything"] = 1
    found = [(unknown.path, unknown.near) for unknown in crd.unknown_fields("HTTPRoute", "v1", data)]
    assert found == [
        (("spec", "hostname"), ("hostnames",)),
        (("spec", "rules", 0, "backendRefs", 0, "name", "first"), ()),
        (("spec", "rules", 0, "match"), ("matches",)),
    ]


def test_rules_can_blame_a_field_and_word_their_own_message() -> None:
    """`fieldPath`, `messageExpression`, `reason` and a missing message are honoured; a rule that fails to run says why."""
    rules = [
        {"rule": "self.low <= self.high", "messageExpression": "'low is ' + string(self.low)", "fieldPath": ".low"},
        {"rule": "self.low > 9", "message": " too low ", "reason": "FieldValueForbidden"},
        {"rule": "has(self.name)", "message": "name it", "reason": "FieldValueRequired", "fieldPath": ".name"},
        {"rule": "self.low != 5"},
        {"rule": "self.absent == 1", "message": "m", "messageExpression": "self.absent"},
        {"rule": "self.low == 1", "message": "fallback", "messageExpression": "self.absent"},
        {"rule": "self.low && true", "message": "self.low"},
    ]
    schema = Schema.of({"type": "object", "x-kubernetes-validations": rules})
    assert [str(error) for error in crd.broken_rules(schema, {"low": 5, "high": 1})] == [
        "low: Invalid value: low is 5",
        "<nil>: Forbidden: too low",
        "name: Required value: name it",
        "<nil>: Invalid value: failed rule: self.low != 5",
        '<nil>: Invalid value: "object": no such key: absent evaluating rule: m',
        "<nil>: Invalid value: fallback",
        "<nil>: Invalid value: \"object\": 'no such overload': call arguments did not match a supported operator, "
        "function or macro signature for rule: self.low",
    ]


@pytest.mark.parametrize(("kind", "version"), [(kind, version) for kind, d in gateway().items() for version in d["versions"]])
def test_every_kind_survives_an_empty_object(kind: str, version: str) -> None:
    """Every schema that is shipped compiles, and tells of a missing spec where there must be one."""
    found = errors({"apiVersion": f"gateway.networking.k8s.io/{version}", "kind": kind, "metadata": {"name": "x"}})
    assert found in ([], ["spec: Required value", NOT_CHECKED])


trees = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "port", "rules", "matches", "path", "type", "filters", "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.sampled_from(sorted(gateway())), trees, st.sampled_from(["spec", "status", "rules", "listeners"]))
def test_no_tree_makes_the_checks_fail(kind: str, tree: Any, field: str) -> None:
    """Whatever stands in an object, each step gives an answer, the same one every time."""
    spec = tree if field == "spec" else {field: tree, "gatewayClassName": "c"}
    data = {"apiVersion": "gateway.networking.k8s.io/v1", "kind": kind, "metadata": {"name": "x"}, "spec": spec, "status": tree}
    crd.unknown_fields(kind, "v1", data)
    assert errors(data) == errors(data)
