"""curl's and nslookup's words, and the way of a request hop by hop."""

from simulator.api.diagnostics import Basis
from simulator.api.meta import Ref
from simulator.api.traffic import Answer, Backend, Hop, Lookup, LookupAnswer, Record, Request, Via
from simulator.kubectl.curl import curl_text
from simulator.kubectl.nslookup import nslookup_text

WEB = Ref("Service", "default", "web")


def backend(name: str, share: float) -> Backend:
    return Backend(WEB, 80, Ref("Pod", "default", name), "node-1", "10.244.1.9", 8080, share)


def test_errors_are_curls_own():
    """Exit code and sentence as curl gives them; the port is the scheme's where none was named."""
    assert curl_text(Request(host="web"), Answer("refused", 7, "kube-proxy")) == (
        "curl: (7) Failed to connect to web port 80 after 0 ms: Couldn't connect to server\n"
    )
    assert curl_text(Request(host="web"), Answer("unresolved", 6, "network")) == "curl: (6) Could not resolve host: web\n"
    assert curl_text(Request(scheme="https", via=Via(WEB)), Answer("timed-out", 28, "network")).startswith(
        "curl: (28) Failed to connect to web port 443 after "
    )


def test_a_refusal_names_the_address_and_the_port_that_were_dialled():
    """A node port is dialled by address; with `-H Host` or `--resolve` the URL's host is named, the port is the dialled one."""
    answer = Answer("timed-out", 28, "network", dialled=("192.168.10.12", 30080))
    told = "curl: (28) Failed to connect to 192.168.10.12 port 30080 after 127000 ms: Couldn't connect to server\n"
    assert curl_text(Request(via=Via(WEB, "nodePort"), port=80), answer) == told
    assert " to shop.example.com port 30080 after " in curl_text(Request(via=Via(WEB, "nodePort"), host="shop.example.com"), answer)


def test_an_answer_shows_status_headers_and_the_echo_of_the_backend():
    """The body is modelled: what the Pod saw."""
    seen = {"method": "GET", "scheme": "http", "host": "web", "path": "/a", "query": "q=1", "headers": {"X-Added": ["1", "2"]}, "sni": None}
    answer = Answer("answered", 0, "backend", 200, backends=(backend("web-0", 1.0),), backend_request=seen, response_headers={"Via": "gw"})
    assert curl_text(Request(host="web"), answer) == (
        "HTTP/1.1 200 OK\nVia: gw\n\nHostname: web-0\nGET /a?q=1 HTTP/1.1\nHost: web\nX-Added: 1, 2\n\n"
        "Who may answer:\n  100.0%  Pod default/web-0 10.244.1.9:8080 on node-1\n"
    )


def test_the_host_header_holds_a_port_that_is_not_the_schemes():
    """As curl sends it; a header given by `-H`, or a host that was rewritten on the way, stays as it is."""
    answer = Answer("answered", 0, "backend", 200, backends=(backend("web-0", 1.0),), backend_request={"host": "web"})
    assert "Host: web:8080\n" in curl_text(Request(host="web", port=8080), answer)
    assert "Host: web\n" in curl_text(Request(host="web", port=80), answer)
    assert "Host: web\n" in curl_text(Request(host="10.0.0.1", port=8080), answer)
    assert "Host: web\n" in curl_text(Request(host="web", port=8080, extra={"host_header": "web"}), answer)


def test_the_part_that_ends_otherwise_is_told_with_its_share():
    """Of three Pods one refuses: each has a third of the connections; a Gateway's bad backends and refusals stand beside the rest."""
    two = (backend("web-0", 0.5), backend("web-1", 0.5))
    third = Answer("answered", 0, "backend", 200, backends=two, extra={"outcomes": {"answered": 2 / 3, "refused": 1 / 3}})
    assert curl_text(Request(host="web"), third).endswith(
        "Who may answer:\n   33.3%  Pod default/web-0 10.244.1.9:8080 on node-1\n   33.3%  Pod default/web-1 10.244.1.9:8080 on node-1\n"
        "   33.3%  refused\n"
    )
    bad = [{"status": 500, "share": 0.2, "reason": ""}, {"share": 0.3, "reason": ""}]
    told = curl_text(Request(host="web"), Answer("answered", 0, "backend", 200, backends=two, extra={"failing": bad}))
    assert told.endswith(
        "   25.0%  Pod default/web-1 10.244.1.9:8080 on node-1\n   20.0%  HTTP 500 by the gateway\n   30.0%  ended by the gateway\n"
    )
    refused = Answer("refused", 7, "backend", backends=(backend("web-0", 1.0),))
    assert "Who refuses:\n  100.0%" in curl_text(Request(host="web"), refused)


def test_an_ingress_answers_for_itself_without_a_body():
    """A 404 of the controller has no echo: nobody else saw the request."""
    assert curl_text(Request(host="web"), Answer("answered", 0, "ingress", 404)) == "HTTP/1.1 404 Not Found\n"


def test_a_proxy_that_has_no_backends_answer_says_so_in_its_own_words():
    """nginx has words of its own for 503 and 504; a hop that tells of a redirect is no status line."""
    for stage, decision, status, line in (
        ("backend", "504 Gateway Time-out", 504, "504 Gateway Time-out"),
        ("backend", "504", 504, "504 Gateway Timeout"),
        ("filter", "308 to https://web/", 308, "308 Permanent Redirect"),
    ):
        answer = Answer("answered", 0, "ingress", status, hops=(Hop(stage, decision, "so"),))
        assert curl_text(Request(host="web"), answer).splitlines()[0] == f"HTTP/1.1 {line}"


def test_what_is_not_modelled_says_so():
    """No verdict is made up."""
    assert curl_text(Request(host="web"), Answer("answered", 0, "network", not_modelled="HTTP/3")) == "Not modelled: HTTP/3\n"


def test_every_hop_names_object_decision_reason_basis_and_place():
    """One paragraph a hop."""
    hops = (
        Hop("dns", "web is 10.96.0.7", "the Service's ClusterIP", None, Basis.SPECIFIED),
        Hop("kube-proxy", "refused", "no ready endpoint", WEB, Basis.IMPLEMENTED, "web.yaml", 6),
    )
    assert curl_text(Request(host="web"), Answer("refused", 7, "kube-proxy", hops=hops)).endswith(
        "\nHow it went:\n 1. dns\n    web is 10.96.0.7\n    the Service's ClusterIP [specified]\n"
        " 2. kube-proxy · Service default/web\n    refused\n    no ready endpoint [implemented] (web.yaml:6)\n"
    )


def test_nslookup_prints_the_address_and_the_queries():
    """As BIND's tool, then the search list as it was tried."""
    answer = LookupAnswer(
        (("web.shop.svc.cluster.local.", "A", "NXDOMAIN"), ("web.svc.cluster.local.", "A", "NOERROR")),
        "NOERROR",
        (Record("web.svc.cluster.local.", "A", "10.96.0.7"),),
    )
    assert nslookup_text(Lookup("web"), answer, "10.96.0.10") == (
        "Server:\t\t10.96.0.10\nAddress:\t10.96.0.10#53\n\nName:\tweb.svc.cluster.local\nAddress: 10.96.0.7\n\n"
        "Queries, in order:\n 1. A     web.shop.svc.cluster.local.  NXDOMAIN\n 2. A     web.svc.cluster.local.       NOERROR\n"
    )


def test_nslookup_tells_no_such_name_from_no_answer():
    """NXDOMAIN names the last query; a name without records of the type is `No answer`."""
    missing = LookupAnswer((("web.", "A", "NXDOMAIN"),), "NXDOMAIN", ())
    assert "** server can't find web: NXDOMAIN\n" in nslookup_text(Lookup("web"), missing)
    assert "*** Can't find web: No answer\n" in nslookup_text(Lookup("web"), LookupAnswer((), "NOERROR", ()))


def test_nslookup_prints_each_type_in_its_own_form():
    """CNAME, SRV, PTR and TXT have words of their own."""
    records = (Record("a.", "CNAME", "b."), Record("_h._tcp.a.", "SRV", "a.", 80), Record("1.in-addr.arpa.", "PTR", "a."))
    text = nslookup_text(Lookup("a"), LookupAnswer((), "NOERROR", records))
    assert "a\tcanonical name = b.\n_h._tcp.a\tservice = 0 33 80 a.\n1.in-addr.arpa\tname = a.\n" in text
