"""`kubectl apply` of whole files: what is printed, what is stored, what each document alone would be told."""

import pytest

from simulator.admission import admit
from simulator.admission.existing import is_add_on
from simulator.api.meta import SourceFile
from simulator.decode import decode
from simulator.profile import NodeSpec, Profile

SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: %s}\nspec: {%s}\n"
PORTS = "ports: [{port: 80}]"


def apply(*texts, profile=None):
    return admit(decode([SourceFile(f"m{n or ''}.yaml", text) for n, text in enumerate(texts)]), profile or Profile())


def service(spec=PORTS, name="web"):
    return SERVICE % (name, spec)


def test_a_fault_does_not_stop_later_documents_but_a_syntax_error_does():
    """Validation is the server's, one object at a time; reading is kubectl's, and ends where it breaks."""
    admitted = apply(service("") + "---\n" + service() + "---\na:\n\tb: 1\n---\n" + service(name="late"), service(name="other"))
    assert admitted.output.stdout == "service/web created\nservice/other created\n"
    assert [v.accepted for v in admitted.verdicts] == [False, True, False, True, True]
    assert admitted.verdicts[3].output == "service/late created (server dry run)"
    assert admitted.cluster.get("Service", "default", "late") is None


def test_several_failures_are_printed_as_kubectl_aggregates_them():
    """One Invalid is printed by its causes; among others each is a status, and kubectl's own lose their `error: `."""
    alone = apply(service("")).output.stderr
    assert alone == 'The Service "web" is invalid: spec.ports: Required value\n'
    unknown = "apiVersion: v2\nkind: Service\nmetadata: {name: b}\n"
    both = apply(service("") + "---\n" + unknown).output.stderr
    assert both == (
        'resource mapping not found for name: "b" namespace: "" from "m.yaml": no matches for kind "Service" in version "v2"\n'
        "ensure CRDs are installed first\n"
        'Error from server (Invalid): error when creating "m.yaml": Service "web" is invalid: spec.ports: Required value\n'
    )


def test_several_faults_of_one_object_are_a_list():
    """One line each, in the server's order."""
    text = service("ports: [{port: 0}, {port: 443, protocol: tcp}]")
    assert apply(text).output.stderr == (
        'The Service "web" is invalid: \n'
        "* spec.ports[0].name: Required value\n"
        "* spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive\n"
        "* spec.ports[0].targetPort: Invalid value: 0: must be between 1 and 65535, inclusive\n"
        "* spec.ports[1].name: Required value\n"
        '* spec.ports[1].protocol: Unsupported value: "tcp": supported values: "SCTP", "TCP", "UDP"\n'
    )


def test_nothing_to_apply_is_said():
    """An empty file and a file of comments."""
    comments = apply("# nothing\n")
    assert comments.output.stderr == "error: no objects passed to apply\n"
    assert [(v.accepted, v.output) for v in comments.verdicts] == [(False, "error: no objects passed to apply")]
    assert apply("").output.stderr == "error: no objects passed to apply\n"
    assert apply("# nothing\n", service()).output.stderr == ""


def test_a_namespace_must_exist_before_what_is_in_it():
    """Applied in the wrong order the object is refused; alone, against the final state, it would be taken."""
    inside = service().replace("{name: web}", "{name: web, namespace: shop}")
    admitted = apply(inside + "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n")
    assert admitted.output.stdout == "namespace/shop created\n"
    assert 'namespaces "shop" not found' in admitted.output.stderr
    first = admitted.verdicts[0]
    assert first.accepted
    assert [p.code for p in first.problems] == ["namespace-missing"]


@pytest.mark.parametrize(
    ("second", "outcome"),
    [(PORTS, "unchanged"), ("ports: [{port: 81}]", "configured"), (PORTS + ", selector: {a: b}", "configured")],
)
def test_the_same_object_twice(second, outcome):
    """Lists with a merge key do not differ by the server's defaults."""
    admitted = apply(service() + "---\n" + service(second))
    assert admitted.output.stdout == f"service/web created\nservice/web {outcome}\n"


def test_an_update_keeps_what_was_allocated_and_drops_what_was_taken_back():
    """Three-way merge: fields that the first manifest had and the second has not are removed."""
    first = service("type: NodePort, selector: {a: b}, ports: [{port: 80}]")
    before = apply(first).cluster.get("Service", "default", "web").spec
    after = (
        apply(first + "---\n" + service("type: NodePort, ports: [{port: 80, targetPort: 8080}]"))
        .cluster.get("Service", "default", "web")
        .spec
    )
    assert after["clusterIP"] == before["clusterIP"]
    assert after["ports"][0]["nodePort"] == before["ports"][0]["nodePort"]
    assert after["ports"][0]["targetPort"] == 8080
    assert "selector" not in after


DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: %s}}
  template: {metadata: {labels: {app: %s}}, spec: {containers: [{name: c, image: nginx}]}}
"""


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        (DEPLOYMENT % ("a", "a"), DEPLOYMENT % ("b", "b"), 'spec.selector: Invalid value: {"matchLabels":{"app":"b"}}: field is immutable'),
        (service(PORTS + ", clusterIP: 10.96.9.9"), service(PORTS + ", clusterIP: 10.96.9.8"), "spec.clusterIPs[0]: Invalid value"),
        (
            "apiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: {name: a}\nspec: {controller: a.b/c}\n",
            "apiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: {name: a}\nspec: {controller: a.b/d}\n",
            'spec.controller: Invalid value: "a.b/d": field is immutable',
        ),
    ],
)
def test_fields_that_may_not_change(first, second, told):
    """The second apply is refused and the first object stays."""
    admitted = apply(first + "---\n" + second)
    assert told in admitted.output.stderr
    assert [v.accepted for v in admitted.verdicts] == [True, False]


def test_lists_are_checked_by_kubectl_and_judged_as_one_document():
    """A field that does not exist is kubectl's own complaint, the rest the server's."""
    items = "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Service\n  metadata: {name: web}\n  spec: {%s}\n"
    wrong = apply(items % "slector: {a: b}")
    assert wrong.output.stderr == (
        'error: error validating "m.yaml": error validating data: ValidationError(Service.spec): unknown field "slector" in '
        "io.k8s.api.core.v1.ServiceSpec; if you choose to ignore these errors, turn validation off with --validate=false\n"
    )
    (problem,) = wrong.verdicts[0].problems
    assert (problem.code, problem.facts["near"], problem.place.span.line) == ("unknown-field", ["selector"], 7)
    assert apply(items % PORTS).output.stdout == "service/web created\n"


def test_problems_carry_places_and_what_was_meant():
    """An unknown field is underlined at its key; a missing one where it would have stood."""
    text = "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  slector: {a: b}\n  ports:\n  - port: 80\n"
    (problem,) = apply(text).verdicts[0].problems
    assert (problem.code, problem.path, problem.facts["near"]) == ("unknown-field", ("spec", "slector"), ["selector"])
    assert (problem.place.span.line, problem.place.span.column, problem.place.span.end_column) == (6, 3, 10)
    missing = apply(text.replace("  slector: {a: b}\n  ports:\n  - port: 80\n", "  selector: {a: b}\n")).verdicts[0].problems[0]
    assert (missing.code, missing.place.span.line) == ("required-value", 5)


def test_a_dry_run_does_not_see_what_only_an_allocator_finds():
    """Node ports and addresses are checked when they are taken: apply fails, the verdict alone does not, the problem is told."""
    admitted = apply(service("type: NodePort, ports: [{port: 80, nodePort: 8080}]"))
    assert "The range of valid ports is 30000-32767" in admitted.output.stderr
    (verdict,) = admitted.verdicts
    assert verdict.accepted
    assert verdict.problems[0].path == ("spec", "ports", 0, "nodePort")


def test_a_refused_service_gives_its_port_back():
    """What a refused object asked for is free for the next one."""
    asked = "type: NodePort, ports: [{port: 80, nodePort: 30080}]"
    admitted = apply(service(asked + ", sessionAffinity: Cookie") + "---\n" + service(asked, "web2") + "---\n" + service(asked, "web3"))
    assert admitted.output.stdout == "service/web2 created\n"
    assert "provided port is already allocated" in admitted.output.stderr


def test_the_order_of_documents_changes_no_address():
    """Addresses and ports follow from names."""
    one, two = service("type: NodePort, " + PORTS, "a"), service("type: NodePort, " + PORTS, "b")
    ways = [apply(one + "---\n" + two), apply(two + "---\n" + one)]
    assert len({str([w.cluster.get("Service", "default", n).spec for n in "ab"]) for w in ways}) == 1


def test_every_cluster_has_what_the_profile_says():
    """Namespaces, nodes, the API's Service, DNS, an ingress class that the manifests can replace."""
    profile = Profile(nodes=(NodeSpec("n1", "10.0.0.1", "z"),))
    cluster = apply(profile=profile).cluster
    assert [n.name for n in cluster.of("Namespace")] == ["default", "kube-node-lease", "kube-public", "kube-system"]
    assert cluster.get("Node", "", "n1").labels["topology.kubernetes.io/zone"] == "z"
    assert cluster.get("Service", "default", "kubernetes").spec["clusterIP"] == "10.96.0.1"
    assert is_add_on(cluster.get("Service", "kube-system", "kube-dns"))
    assert [c.name for c in cluster.of("IngressClass")] == ["nginx"]
    own = "apiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: {name: mine}\nspec: {controller: a.b/c}\n"
    assert [c.name for c in apply(own).cluster.of("IngressClass")] == ["mine"]
    assert apply(profile=Profile(ingress_controllers=())).cluster.of("IngressClass") == ()


def test_what_the_cluster_had_before_lacks_the_annotation():
    """kubectl warns when it applies onto an object that it did not make."""
    output = apply("apiVersion: v1\nkind: Namespace\nmetadata: {name: default}\n").output
    assert output.stdout == "namespace/default configured\n"
    assert output.stderr.startswith("Warning: resource namespaces/default is missing the kubectl.kubernetes.io/last-applied-configuration")


def test_a_paste_of_live_objects_keeps_what_routing_needs():
    """Owners, times, uid and status survive."""
    text = (
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  uid: abc\n  creationTimestamp: '2020-01-01T00:00:00Z'\n"
        "  ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: r, uid: u, controller: true}]\n"
        "spec: {containers: [{name: c, image: nginx}], nodeName: node-1}\nstatus: {podIP: 10.9.9.9, phase: Running}\n"
    )
    pod = apply(text).cluster.get("Pod", "default", "web")
    assert (pod.metadata["uid"], pod.metadata["creationTimestamp"]) == ("abc", "2020-01-01T00:00:00Z")
    assert (pod.status["podIP"], pod.status["phase"], pod.controller.name) == ("10.9.9.9", "Running", "r")


def test_a_kind_in_small_letters_reaches_the_server_and_another_does_not():
    """kubectl's mapping knows kinds in small letters; misspelt ones it does not."""
    small = apply(service().replace("Service", "service")).verdicts[0]
    assert 'no kind "service" is registered for version "v1" in scheme "pkg/api/legacyscheme/scheme.go:30"' in small.output
    wrong = apply(service().replace("Service", "Servce")).verdicts[0]
    assert wrong.problems[0].facts["near"] == ["Service"]
    moved = apply(service().replace("apiVersion: v1", "apiVersion: apps/v1")).verdicts[0]
    assert moved.problems[0].facts["near"] == ["v1"]


@pytest.mark.parametrize(
    "text",
    ["- 1\n", "5\n", "kind: 5\napiVersion: []\n", "apiVersion: a/b/c\nkind: X\n", "apiVersion: v1\nkind: List\nitems: [5, {kind: Pod}]\n",
     "apiVersion: v1\nkind: Service\nmetadata: []\n", "apiVersion: v1\nkind: ''\nmetadata: {name: x}\n",
     "apiVersion: v1\nkind: Service\nmetadata: {name: x, labels: 5, annotations: {a: [1]}}\nspec: 7\n"],
)  # fmt: skip
def test_odd_documents_are_refused_and_never_raise(text):
    """Whatever a learner pastes is data."""
    assert not apply(text).verdicts[0].accepted


@pytest.mark.parametrize(
    ("metadata", "fault"),
    [
        ("name:web", "cannot unmarshal string into Go struct field metadataOnlyObject.metadata of type v1.ObjectMeta"),
        ("[{name: web}]", "cannot unmarshal array into Go struct field metadataOnlyObject.metadata of type v1.ObjectMeta"),
        ("{name: web, labels: {new: yes}}", "cannot unmarshal bool into Go struct field ObjectMeta.metadata.labels of type string"),
    ],
)
def test_kubectl_reads_metadata_itself(metadata, fault):
    """A colon without a space after it, a list, a word that YAML takes for true: told before anything is sent."""
    text = f"apiVersion: v1\nkind: Service\nmetadata: {metadata}\nspec: {{ports: [{{port: 80}}]}}\n"
    assert apply(text).output.stderr == f'error: unable to decode "m.yaml": json: {fault}\n'
