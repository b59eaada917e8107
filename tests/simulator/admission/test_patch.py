"""The patch that a second `kubectl apply` sends, and the object after it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator import Scenario, SourceFile, run
from simulator.admission.patch import patch_of, patched, printed
from simulator.schema import table

SERVICE = table().kind("v1", "Service").type
DEPLOYMENT = table().kind("apps/v1", "Deployment").type


def spec(**fields):
    return {"spec": fields}


def port(number, **fields):
    return {"port": number, **fields}


@pytest.mark.parametrize(
    ("original", "modified", "current", "patch", "after"),
    [
        # what the server added is no difference
        (spec(ports=[port(80)]), spec(ports=[port(80)]), spec(ports=[port(80, protocol="TCP")], type="ClusterIP"), {}, None),
        # changed in the manifest, and changed by somebody else meanwhile
        (spec(type="NodePort"), spec(type="NodePort"), spec(type="ClusterIP"), spec(type="NodePort"), spec(type="NodePort")),
        # taken out of the manifest
        (spec(selector={"a": "b", "c": "d"}), spec(selector={"a": "b"}), spec(selector={"a": "b", "c": "d", "e": "f"}),
         spec(selector={"c": None}), spec(selector={"a": "b", "e": "f"})),
        # one port takes another's place: the list has a merge key
        (spec(ports=[port(80)]), spec(ports=[port(81)]), spec(ports=[port(80, nodePort=30080)]),
         {"spec": {"$setElementOrder/ports": [{"port": 81}], "ports": [{"port": 81}, {"$patch": "delete", "port": 80}]}},
         spec(ports=[port(81)])),
        # a port that somebody else added stays, before what it stood before; the order of the others is the manifest's
        (spec(ports=[port(80), port(90)]), spec(ports=[port(90), port(80)]), spec(ports=[port(80), port(85), port(90)]),
         {"spec": {"$setElementOrder/ports": [{"port": 90}, {"port": 80}]}}, spec(ports=[port(85), port(90), port(80)])),
        # all of them taken out
        (spec(ports=[port(80)]), spec(ports=[]), spec(ports=[port(80)]),
         {"spec": {"$setElementOrder/ports": [], "ports": [{"$patch": "delete", "port": 80}]}}, spec(ports=[])),
        # a plain list is replaced
        (spec(externalIPs=["1.1.1.1"]), spec(externalIPs=["2.2.2.2"]), spec(externalIPs=["1.1.1.1"]), spec(externalIPs=["2.2.2.2"]), None),
        # the same number twice: item by item, as far as the key tells them apart
        (spec(ports=[port(53, protocol="TCP"), port(53, protocol="UDP")]), spec(ports=[port(53, protocol="TCP"), port(53, protocol="UDP")]),
         spec(ports=[port(53, protocol="TCP"), port(53, protocol="UDP")]), {}, None),
    ],
)  # fmt: skip
def test_the_patch_of_a_service_and_what_it_makes(original, modified, current, patch, after):
    """As strategicpatch makes and applies it; None: what was asked for, or no change."""
    assert patch_of(original, modified, current, SERVICE) == patch
    assert patched(current, patch, SERVICE) == (after or (modified if patch else current))


def test_one_member_of_a_union_takes_the_place_of_another():
    """The patch strategy retainKeys: `rollingUpdate` goes with its type, and so does the old source of a volume."""
    current = spec(strategy={"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1}})
    modified = spec(strategy={"type": "Recreate"})
    patch = patch_of({}, modified, current, DEPLOYMENT)
    assert patch == spec(strategy={"$retainKeys": ["type"], "type": "Recreate"})
    assert patched(current, patch, DEPLOYMENT) == modified

    def pod(**source):
        return spec(template={"spec": {"volumes": [{"name": "v", **source}]}})

    stored = pod(configMap={"name": "c", "defaultMode": 420})
    assert patch_of(pod(configMap={"name": "c"}), pod(configMap={"name": "c"}), stored, DEPLOYMENT) == {}
    patch = patch_of(pod(configMap={"name": "c"}), pod(emptyDir={}), stored, DEPLOYMENT)
    assert patched(stored, patch, DEPLOYMENT) == pod(emptyDir={})


def test_custom_resources_have_no_merge_keys():
    """A JSON merge patch: lists are replaced, what is gone is null."""
    patch = patch_of({"a": [1], "b": {"c": 1, "d": 2}}, {"a": [2], "b": {"c": 1}}, {"a": [1], "b": {"c": 1, "d": 2, "e": 3}}, None)
    assert patch == {"a": [2], "b": {"d": None}}
    assert patched({"a": [1], "b": {"c": 1, "d": 2, "e": 3}}, patch, None) == {"a": [2], "b": {"c": 1, "e": 3}}


PORTS = st.lists(st.builds(port, st.integers(80, 84), name=st.sampled_from("xyz")), max_size=4, unique_by=lambda item: item["port"])
SPECS = st.builds(spec, ports=PORTS, selector=st.dictionaries(st.sampled_from("abc"), st.sampled_from("12"), max_size=3))


@given(SPECS, SPECS, SPECS)
def test_an_apply_leaves_nothing_to_be_done(original, modified, current):
    """The object says all that the manifest says, and the same apply again changes nothing."""
    after = patched(current, patch_of(original, modified, current, SERVICE), SERVICE)
    assert patched(after, patch_of(modified, modified, after, SERVICE), SERVICE) == after
    assert [item for item in after["spec"]["ports"] if item["port"] in {p["port"] for p in modified["spec"]["ports"]}] == modified["spec"][
        "ports"
    ]
    assert modified["spec"]["selector"].items() <= after["spec"]["selector"].items()


def test_json_is_written_as_go_writes_it():
    """Sorted, tight, and safe in HTML."""
    assert printed({"b": "<a&b>", "a": "é"}) == '{"a":"é","b":"\\u003ca\\u0026b\\u003e"}'


WEB = """\
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {clusterIP: 10.96.0.7, ports: [{port: 80}]}
---
"""


def test_a_refused_change_is_told_with_its_patch_where_it_is_one_of_several():
    """Alone, kubectl prints the causes; among others, what it was about."""
    changed = WEB.replace("10.96.0.7", "10.96.0.8")
    alone = run(Scenario(manifests=(SourceFile("web.yaml", WEB + changed),))).apply.stderr
    assert alone.startswith('The Service "web" is invalid: ')
    broken = "apiVersion: v1\nkind: Service\nmetadata: {name: other}\nspec: {ports: [{port: 0}]}\n"
    told = run(Scenario(manifests=(SourceFile("web.yaml", WEB + changed + broken),))).apply.stderr
    applied = (
        '{\\"apiVersion\\":\\"v1\\",\\"kind\\":\\"Service\\",\\"metadata\\":{\\"annotations\\":{},\\"name\\":\\"web\\",\\"namespace\\":\\"default\\"},'
        '\\"spec\\":{\\"clusterIP\\":\\"10.96.0.8\\",\\"ports\\":[{\\"port\\":80}]}}\\n'
    )
    assert told.startswith(
        "Error from server (Invalid): error when applying patch:\n"
        f'{{"metadata":{{"annotations":{{"kubectl.kubernetes.io/last-applied-configuration":"{applied}"}}}},"spec":{{"clusterIP":"10.96.0.8"}}}}\n'
        'to:\nResource: "/v1, Resource=services", GroupVersionKind: "/v1, Kind=Service"\nName: "web", Namespace: "default"\n'
        'for: "web.yaml": error when patching "web.yaml": Service "web" is invalid: '
    )


@pytest.mark.parametrize(
    ("second", "outcome"),
    [
        ("{ports: [{port: 80}], clusterIP: 10.96.0.7}", "unchanged"),
        ("{clusterIP: 10.96.0.7, ports: [{port: 80, protocol: TCP}]}", "configured"),
        ("{clusterIP: 10.96.0.7, type: ClusterIP, ports: [{port: 80}]}", "configured"),
    ],
)
def test_unchanged_means_that_the_manifest_is_the_one_applied_last(second, outcome):
    """A default that is written down changes the annotation alone, and kubectl says configured."""
    again = WEB.replace("{clusterIP: 10.96.0.7, ports: [{port: 80}]}", second)
    output = run(Scenario(manifests=(SourceFile("web.yaml", WEB + again),))).apply
    assert output.stdout == f"service/web created\nservice/web {outcome}\n"
