"""`/ask`: what is there is found in a learner's words, what is not there is said not to be."""

from __future__ import annotations

import pytest

from bot.app.ask import Ask
from bot.library import load


@pytest.fixture(scope="module")
def ask() -> Ask:
    return Ask(load())


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("what is a selector?", "selector"),
        ("my selector matches no pods", "The selector matches no Pod"),
        ("netpol egress dns", "Egress is restricted and DNS forgotten"),
        ("Pod cannot resolve a name in another namespace", "A bare name from another namespace"),
        ("canary weights", "A route with two weights"),
        ("targetPort in quotes", "A port number in quotes"),
        ("all weights zero", "All weights are zero"),
        ("ExternalName", "ExternalName"),
        ("hostNetwork dns", "On the node's network, with the node's DNS"),
    ],
)
def test_a_question_finds_its_page(ask: Ask, question: str, title: str) -> None:
    """Among the few hits that are shown."""
    hits, _ = ask.find(question)
    assert title in [hit.page.title for hit in hits]


EVERYDAY = (
    ("why does my service have no endpoints", "selector-matches-no-pod lab-empty-slice pods-not-ready"),
    ("connection refused when I curl my service", "fail-refused-not-hanging target-port-not-listened"),
    ("could not resolve host", "short-name-from-other-namespace request-name-unknown dns-other-namespace fail-reading-key"),
    ("how do I reach a service in another namespace", "dns-other-namespace short-name-from-other-namespace"),
    ("external ip stays pending", "load-balancer-pending svc-type-load-balancer"),
    ("my ingress gives 404", "ing-path-types ing-needs-a-controller fail-reading-key"),
    ("ingress returns 503", "ingress-service-missing fail-reading-key ing-one-door pods-not-ready"),
    ("pod is running but gets no traffic", "pods-not-ready slice-conditions-decide"),
    ("what is the difference between port and targetPort", "svc-three-ports"),
    ("ClusterIP or NodePort or LoadBalancer", "svc-type-cluster-ip svc-type-node-port svc-type-load-balancer svc-five-forms"),
    ("network policy blocks dns", "policy-dns-egress-forgotten np-dns-forgotten"),
    ("how do I deny all traffic by default", "np-isolated-by-selection np-union-of-permissions np-flat-and-open"),
    ("why is my network policy ignored", "policy-not-enforced np-who-enforces policy-selects-nothing"),
    ("grpc uses only one pod", "proxy-programs-the-kernel svc-five-forms"),
    ("how do I see the real ip address of the client", "proxy-external-policy"),
    ("dns lookups are slow", "dns-five-seconds dns-search-list-order"),
    ("should I use ingress or gateway api", "decide-ingress-or-gateway"),
    ("how do I debug a service that does not work", "fail-the-scene fail-reading-key fail-what-describe-shows"),
    ("how do I expose my app to the internet", "svc-type-load-balancer ing-one-door decide-ingress-or-gateway decide-node-port"),
    ("my app listens on localhost only", "target-port-not-listened fail-refused-not-hanging"),
    ("service endpoints show none", "selector-matches-no-pod lab-empty-slice pods-not-ready"),
    ("can't ping service ip", "svc-virtual-address"),
    ("ingress 404 not found nginx", "ing-path-types fail-reading-key ing-needs-a-controller"),
    ("loadbalancer external-ip pending minikube", "load-balancer-pending svc-type-load-balancer"),
    ("client ip preserved", "proxy-external-policy"),
    ("network policy not working with flannel", "np-who-enforces policy-not-enforced"),
    ("gateway api vs ingress", "decide-ingress-or-gateway"),
    ("what happened to ingress nginx", "ing-frozen"),
    ("httproute not attached", "gw-consent route-not-allowed route-parent-missing route-without-parent"),
    ("502 after deployment", "fail-errors-in-a-rollout fail-reading-key"),
    ("load is not spread evenly between pods", "proxy-programs-the-kernel"),
    ("readiness vs liveness", "slice-conditions-decide why-what-replaces-a-pod"),
    ("coredns forward to corporate dns", "dns-corefile"),
    ("service without selector", "slice-many-and-mirrored"),
    ("does kubernetes encrypt pod traffic", "np-not-encryption"),
    ("rolling update drops connections", "fail-errors-in-a-rollout"),
    (
        "dns not resolving external domains",
        "dns-which-resolver dns-corefile np-dns-forgotten dns-search-list-order policy-dns-egress-forgotten",
    ),
    ("service has wrong port", "svc-three-ports target-port-not-listened ingress-port-not-on-service request-port-not-on-service"),
    ("curl exit code 7", "fail-refused-not-hanging"),
    ("migrate from ingress to gateway api", "decide-ingress-or-gateway ing-frozen"),
)
"""Questions as learners put them, and the pages of which one has to be among the first three."""


@pytest.mark.parametrize(("question", "pages"), EVERYDAY)
def test_an_everyday_question_leads_to_a_page_that_explains(ask: Ask, question: str, pages: str) -> None:
    """To a lesson step or an explanation, before labs and the glossary."""
    hits, _ = ask.find(question)
    assert {hit.page.name for hit in hits[:3]} & set(pages.split()), [hit.page.name for hit in hits]
    assert hits[0].page.kind in ("chunk", "explanation")


def test_what_authors_say_is_asked_finds_its_page(ask: Ask) -> None:
    """Each line of `content/asked.yaml`."""
    asked = [(page, question) for page, questions in load().asked.items() for question in questions]
    assert [(page, question) for page, question in asked if page not in [hit.page.name for hit in ask.find(question)[0][:3]]] == []


def test_a_word_of_the_field_alone_is_explained_first(ask: Ask) -> None:
    """What it means, in a sentence, before longer pages that use it."""
    for question in ("what is ndots?", "EndpointSlice", "headless service"):
        assert ask.find(question)[0][0].page.kind == "term"


@pytest.mark.parametrize(
    ("question", "typed", "meant"),
    [
        ("headles service", "headles", "headless"),
        ("readyness probe", "readyness", "readiness"),
        ("endpoitns empty", "endpoitns", "endpoints"),
    ],
)
def test_a_slip_of_the_pen_is_read_as_what_was_meant(ask: Ask, question: str, typed: str, meant: str) -> None:
    """And it is said which word was read differently."""
    hits, corrected = ask.find(question)
    assert hits
    assert (typed, meant) in corrected


@pytest.mark.parametrize(
    "question",
    [
        "how do I bake bread", "postgres replication lag", "capital of France", "football world cup", "terraform state locking",
        "best pizza in town", "how to train a neural network with pytorch", "git rebase conflicts", "css grid centering",
        "kotlin coroutines cancel", "mortgage interest", "??", "'; DROP TABLE page; --", '" OR NEAR(xyzzy', "*", "\u200b", "\ud800", "\0",
    ],
)  # fmt: skip
def test_what_is_not_there_is_not_found(ask: Ask, question: str) -> None:
    """A page that shares a word by chance is no answer, and no question breaks the search."""
    assert ask.find(question)[0] == []


def test_every_page_is_found_by_its_own_title(ask: Ask) -> None:
    """Whatever its title is made of."""
    library = load()
    titles = [chunk.title for chunk in library.chunks.values()] + [page.title for page in library.explanations.values()]
    missed = [title for title in titles if title.replace("`", "") not in [hit.page.title for hit in ask.find(title)[0]]]
    assert len(missed) <= len(titles) // 20, missed
