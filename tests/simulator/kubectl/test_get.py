"""`kubectl get` prints what kubectl prints."""

import json

import pytest
import yaml

from simulator.kubectl.front import kubectl_get
from simulator.kubectl.get import get
from tests.simulator.worlds import stored

SHOP = """
{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop, labels: {app: web}},
 spec: {type: NodePort, clusterIP: 10.96.0.7, clusterIPs: [10.96.0.7], selector: {app: web},
        ports: [{name: http, port: 80, nodePort: 30080, protocol: TCP, targetPort: 8080}, {name: dns, port: 53, protocol: UDP}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: api, namespace: shop},
 spec: {type: LoadBalancer, clusterIP: 10.96.0.8, clusterIPs: [10.96.0.8], ports: [{port: 443, protocol: TCP}]}, status: {loadBalancer: {}}}
---
{apiVersion: v1, kind: Service, metadata: {name: out}, spec: {type: ExternalName, externalName: example.com}}
---
{apiVersion: v1, kind: Endpoints, metadata: {name: web, namespace: shop},
 subsets: [{addresses: [{ip: 10.244.1.1}, {ip: 10.244.1.2}], ports: [{port: 8080}, {port: 9090}]}]}
---
{apiVersion: v1, kind: Endpoints, metadata: {name: sick, namespace: shop}, subsets: [{notReadyAddresses: [{ip: 10.244.1.1}], ports: [{port: 1}]}]}
---
{apiVersion: v1, kind: Endpoints, metadata: {name: none, namespace: shop}}
---
{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: web-abc, namespace: shop}, addressType: IPv4,
 ports: [{name: http, port: 8080}], endpoints: [{addresses: [10.244.1.1]}, {addresses: [10.244.1.2]}, {addresses: [10.244.1.3]}, {addresses: [10.244.1.4]}]}
---
{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: none-abc, namespace: shop}, addressType: IPv4, ports: null, endpoints: null}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop},
 spec: {replicas: 3, selector: {matchLabels: {app: web}}, template: {spec: {containers: [{name: a, image: x:1}, {name: b, image: y:2}]}}},
 status: {readyReplicas: 2, updatedReplicas: 3, availableReplicas: 2}}
---
{apiVersion: v1, kind: Secret, metadata: {name: key, namespace: shop}, type: Opaque, data: {password: aHVudGVyMg==}}
---
{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: web, namespace: shop},
 spec: {ingressClassName: nginx, tls: [{hosts: [a.example.com]}], rules: [{host: a.example.com}, {host: b.example.com}, {host: c.example.com}, {host: d.example.com}]}}
---
{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: gw, namespace: shop}, spec: {gatewayClassName: any},
 status: {conditions: [{type: Programmed, status: Unknown}]}}
---
{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r, namespace: shop}, spec: {hostnames: [a.example.com, b.example.com]}}
"""


@pytest.fixture(scope="module")
def shop():
    return stored(SHOP)


def lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]


def test_services_show_type_addresses_and_ports(shop):
    """Node ports stand after a colon; a LoadBalancer without an address is pending; names come in alphabetical order."""
    assert kubectl_get(shop, "svc -n shop") == (
        "NAME   TYPE           CLUSTER-IP   EXTERNAL-IP   PORT(S)               AGE\n"
        "api    LoadBalancer   10.96.0.8    <pending>     443/TCP               0s\n"
        "web    NodePort       10.96.0.7    <none>        80:30080/TCP,53/UDP   0s\n"
    )


def test_an_external_name_has_no_cluster_ip_and_no_ports(shop):
    """The name stands where an external address would."""
    assert lines(kubectl_get(shop, "service out"))[1] == "out ExternalName <none> example.com <none> 0s"


def test_endpoints_tell_nothing_from_not_ready(shop):
    """No match is `<none>`; only addresses that are not ready leave the column blank; more than three are counted."""
    assert lines(kubectl_get(shop, "ep -n shop")) == [
        "NAME ENDPOINTS AGE",
        "none <none> 0s",
        "sick 0s",
        "web 10.244.1.1:8080,10.244.1.2:8080,10.244.1.1:9090 + 1 more... 0s",
    ]


def test_a_placeholder_slice_is_unset(shop):
    """The slice of a Service that selects nothing has neither ports nor endpoints."""
    assert lines(kubectl_get(shop, "endpointslices -n shop")) == [
        "NAME ADDRESSTYPE PORTS ENDPOINTS AGE",
        "none-abc IPv4 <unset> <unset> 0s",
        "web-abc IPv4 8080 10.244.1.1,10.244.1.2,10.244.1.3 + 1 more... 0s",
    ]


def test_wide_adds_columns_and_labels_come_last(shop):
    """-o wide shows the priority-1 columns, --show-labels one more."""
    assert lines(kubectl_get(shop, "deploy web -n shop -o wide --show-labels")) == [
        "NAME READY UP-TO-DATE AVAILABLE AGE CONTAINERS IMAGES SELECTOR LABELS",
        "web 2/3 3 2 0s a,b x:1,y:2 app=web <none>",
    ]


def test_several_kinds_say_their_kind_and_all_namespaces_their_namespace(shop):
    """Mixed tables prefix the names and stand apart by a blank line."""
    assert lines(kubectl_get(shop, "svc,deploy -A")) == [
        "NAMESPACE NAME TYPE CLUSTER-IP EXTERNAL-IP PORT(S) AGE",
        "default service/out ExternalName <none> example.com <none> 0s",
        "shop service/api LoadBalancer 10.96.0.8 <pending> 443/TCP 0s",
        "shop service/web NodePort 10.96.0.7 <none> 80:30080/TCP,53/UDP 0s",
        "",
        "NAMESPACE NAME READY UP-TO-DATE AVAILABLE AGE",
        "shop deployment.apps/web 2/3 3 2 0s",
    ]


def test_an_ingress_lists_three_hosts_and_its_ports(shop):
    """TLS adds 443; an Ingress that no controller has taken up has no address."""
    row = lines(kubectl_get(shop, "ing -n shop"))[1]
    assert row == "web nginx a.example.com,b.example.com,c.example.com + 1 more... 80, 443 0s"


def test_gateway_kinds_have_the_columns_of_their_definitions(shop):
    """An absent address is an empty cell; a list of host names is JSON."""
    assert kubectl_get(shop, "gtw -n shop") == "NAME   CLASS   ADDRESS   PROGRAMMED   AGE\ngw     any               Unknown      0s\n"
    assert lines(kubectl_get(shop, "httproutes -n shop"))[1] == 'r ["a.example.com","b.example.com"] 0s'


def test_nodes_come_from_the_cluster(shop):
    """Cluster-scoped kinds need no namespace and show none."""
    assert lines(kubectl_get(shop, "no -A"))[1].startswith("node-1 Ready <none> 0s")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("svc web", 'Error from server (NotFound): services "web" not found\n'),
        ("deployment.apps/web", 'Error from server (NotFound): deployments.apps "web" not found\n'),
        ("ingress", "No resources found in default namespace.\n"),
        ("cronjobs -A", "No resources found\n"),
        ("widget", 'error: the server doesn\'t have a resource type "widget"\n'),
        ("svc web -A", "error: a resource cannot be retrieved by name across all namespaces\n"),
        ("svc --frob", "error: unknown flag: --frob\nSee 'kubectl get --help' for usage.\n"),
        ("svc -n", "error: flag needs an argument: 'n' in -n\n"),
        ("svc web -l app=web", "error: name cannot be provided when a selector is specified\n"),
    ],
)
def test_kubectl_speaks_its_own_words_where_it_finds_nothing(shop, arguments, told):
    """Refusals and empty answers are kubectl's."""
    assert kubectl_get(shop, arguments) == told


def test_exit_codes_tell_nothing_found_from_not_found(shop):
    """An empty list is no failure; a name that is not there is; what cannot be read at all was called wrongly."""
    assert get(shop, "ingress").exit_code == 0
    assert get(shop, "svc nope").exit_code == 1
    assert get(shop, "widget").exit_code == 2


@pytest.mark.parametrize("word", ["svc", "service", "services", "Service", "services.v1.", "SERVICES"])
def test_a_kind_goes_by_many_names(shop, word):
    """Plural, singular, kind and short name mean the same."""
    assert "web" in kubectl_get(shop, f"{word.removesuffix('.v1.')} -n shop")


def test_short_names_are_lower_case(shop):
    """kubectl does not know `SVC`."""
    assert kubectl_get(shop, "SVC") == 'error: the server doesn\'t have a resource type "SVC"\n'


def test_a_selector_chooses_by_label(shop):
    """-l keeps what matches."""
    assert kubectl_get(shop, "svc -A -l app=web -o name") == "service/web\n"


def test_yaml_and_json_are_the_stored_object(shop):
    """One name gives the object, several give a List; both read back as what is stored."""
    one = yaml.safe_load(kubectl_get(shop, "svc out -o yaml"))
    assert one["spec"] == {"type": "ExternalName", "externalName": "example.com"}
    many = json.loads(kubectl_get(shop, "svc -n shop -o json"))
    assert (many["kind"], [item["metadata"]["name"] for item in many["items"]]) == ("List", ["api", "web"])


def test_a_secrets_data_is_shown_to_the_terminal_alone(shop):
    """The bot's door hides the values and keeps the keys; the command line shows what kubectl shows; a table never has them."""
    hidden = kubectl_get(shop, "secret key -n shop -o yaml")
    assert "password: <hidden>" in hidden
    assert "aHVudGVyMg" not in hidden + kubectl_get(shop, "secrets -A -o json") + kubectl_get(shop, "secret -n shop")
    assert "aHVudGVyMg==" in get(shop, "secret key -n shop -o yaml", show_secrets=True).stdout
