"""Types and unknown fields, as the API server's JSON decoder tells them; the tables themselves."""

import pytest

from simulator.schema import table
from simulator.schema.build import table as build_table
from simulator.schema.near import distance, near
from simulator.schema.strict import decode, fits

SERVICE = table().kind("v1", "Service").type
DEPLOYMENT = table().kind("apps/v1", "Deployment").type


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        ({"spec": {"ports": {"port": 80}}}, "object into Go struct field ServiceSpec.spec.ports of type []v1.ServicePort"),
        ({"spec": {"ports": ["80"]}}, "string into Go struct field ServiceSpec.spec.ports of type v1.ServicePort"),
        ({"spec": {"ports": [{"port": "80"}]}}, "string into Go struct field ServicePort.spec.ports.port of type int32"),
        ({"spec": {"ports": [{"port": 80.5}]}}, "number 80.5 into Go struct field ServicePort.spec.ports.port of type int32"),
        ({"spec": {"ports": [{"port": 2**31}]}}, "number 2147483648 into Go struct field ServicePort.spec.ports.port of type int32"),
        ({"spec": {"ports": [{"targetPort": True}]}}, "bool into Go struct field ServicePort.spec.ports.targetPort of type int32"),
        ({"spec": {"selector": ["a"]}}, "array into Go struct field ServiceSpec.spec.selector of type map[string]string"),
        ({"spec": {"selector": {"a": True}}}, "bool into Go struct field ServiceSpec.spec.selector of type string"),
        ({"spec": {"type": 5}}, "number into Go struct field ServiceSpec.spec.type of type v1.ServiceType"),
        ({"spec": {"ipFamilies": [4]}}, "number into Go struct field ServiceSpec.spec.ipFamilies of type v1.IPFamily"),
        ({"spec": []}, "array into Go struct field Service.spec of type v1.ServiceSpec"),
    ],
)
def test_the_first_wrong_type_in_gos_words(data, fault):
    """Struct, path and Go type of the field; numbers are shown where they do not fit."""
    assert decode(data, SERVICE).fault == f"json: cannot unmarshal {fault}"


def test_fields_are_visited_in_the_order_of_their_names():
    """kubectl sends sorted JSON; what a type's own parser refuses comes before what was found earlier."""
    found = decode({"spec": {"type": 1, "externalName": 2}}, SERVICE)
    assert (found.fault_path, found.fault_wanted) == (("spec", "externalName"), "string")
    container = {"name": 1, "resources": {"limits": {"cpu": "1x"}}}
    text = decode({"spec": {"template": {"spec": {"containers": [container]}}}}, DEPLOYMENT).fault
    assert text.startswith("quantities must match the regular expression")


def test_embedded_structs_show_in_the_path():
    """Go names the struct that a field is reached through."""
    ingress = table().kind("networking.k8s.io/v1", "Ingress").type
    data = {"spec": {"rules": [{"http": {"paths": [{"backend": {"service": {"port": {"number": "80"}}}}]}}]}}
    assert (
        "ServiceBackendPort.spec.rules.IngressRuleValue.http.paths.backend.service.port.number of type int32" in decode(data, ingress).fault
    )


def test_unknown_fields_all_of_them_with_the_one_that_was_meant():
    """Sorted by path; near by letter case or two edits among the object's own fields."""
    data = {"spec": {"replica": 2, "template": {"spec": {"container": [], "zzz": 1}}}, "Spec": 1}
    unknown = decode(data, DEPLOYMENT).unknown
    assert [(field.path, field.near) for field in unknown] == [
        (("Spec",), ("spec",)),
        (("spec", "replica"), ("replicas",)),
        (("spec", "template", "spec", "container"), ("containers",)),
        (("spec", "template", "spec", "zzz"), ()),
    ]


def test_nulls_are_left_out_and_nothing_else_changes():
    """A null field is no field; a null in a list or map is Go's zero value. The given tree stays as it was."""
    given = {"spec": {"selector": {"a": None}, "ports": [None], "type": None}}
    assert decode(given, SERVICE).data == {"spec": {"selector": {"a": ""}, "ports": [{}]}}
    assert given["spec"]["type"] is None
    right = {"spec": {"ports": [{"port": 80}]}}
    assert decode(right, SERVICE).data is right
    assert fits(right, SERVICE)


def test_names_of_go_types_and_resources():
    """What messages and kubectl's lines are made of."""
    assert table().kind("networking.k8s.io/v1", "NetworkPolicy").plural == "networkpolicies"
    assert table().kind("v1", "Endpoints").plural == "endpoints"
    assert table().kind("apps/v1", "Deployment").printed == "deployment.apps"
    assert table().kind("gateway.networking.k8s.io/v1", "HTTPRoute").type is None
    assert table().kind("gateway.networking.k8s.io/v9", "HTTPRoute") is None
    assert table().kind("extensions/v1beta1", "Ingress") is None
    assert not table().kind("v1", "Node").namespaced


def test_an_unknown_version_is_answered_with_the_newest_table():
    """A profile may name any version."""
    assert table("9.9").kind("v1", "Service") is not None


def test_the_table_is_made_from_published_schemas():
    """Named types, merge keys, required fields and embedded structs come out of the builder."""
    definitions = {
        "a.v1.Service": {
            "properties": {"spec": {"$ref": "#/$defs/a.v1.ServiceSpec"}},
            "x-kubernetes-group-version-kind": [{"group": "", "version": "v1", "kind": "Service"}],
        },
        "a.v1.ServiceSpec": {
            "required": ["ports"],
            "properties": {
                "type": {"type": ["string", "null"]},
                "ports": {
                    "type": ["array", "null"], "items": {"type": "integer", "format": "int32"},
                    "x-kubernetes-patch-strategy": "merge", "x-kubernetes-patch-merge-key": "port",
                },
            },
        },
    }  # fmt: skip
    assert build_table(definitions, "1.0") == {
        "version": "1.0",
        "kinds": {"v1 Service": ["a.v1.Service", "services", True]},
        "types": {
            "a.v1.Service": {"spec": "a.v1.ServiceSpec"},
            "a.v1.ServiceSpec": {"!ports": "[port]int32", "type": "v1.ServiceType=string"},
        },
    }


def test_near_names():
    """Two edits, a swap counting as one; for short names one; never more than three."""
    assert distance("slector", "selector") == 1
    assert distance("prot", "port") == 1
    assert near("Selector", ["selector", "ports"]) == ("selector",)
    assert near("prot", ["port", "ports", "type"]) == ("port", "ports")
    assert near("xyz", ["port", "type"]) == ()
