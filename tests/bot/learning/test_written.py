"""Grading of written answers: points, negation, exact things, doubt."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.learning.items import KeyPoint
from bot.learning.words import alike, keyword_salad, sentences, stem
from bot.learning.written import Heard, Verdict, grade

STABLE = KeyPoint(
    "stable", "A Service gives a stable virtual address", "required", ("stable|fixed|constant address|ip", "ip|address not change")
)
READY = KeyPoint(
    "ready",
    "traffic goes to ready Pods that match the selector",
    "required",
    ("forward|send|route|go ready pod", "traffic|request ready pod|endpoint"),
)
BY_NAME = KeyPoint("by-name", "Pods are not found by name", "forbidden", ("find|select|match pod name",))
POINTS = (STABLE, READY, BY_NAME)


@pytest.mark.parametrize(
    "answer",
    [
        "A Service has a stable IP and kube-proxy sends traffic to the ready Pods.",
        "Its address does not change; requests go to Pods that are ready and match the selector.",
        "The ClusterIP is constant, a fixed address, and it forwards to ready pods only.",
        "A service gives a fixed adress, and forwards connections to redy pods behind it, I think to the ready pods.",
    ],
)
def test_paraphrases_are_right(answer: str) -> None:
    """Word order, synonyms, stems and slips of the pen do not matter."""
    assert grade(answer, POINTS).verdict is Verdict.RIGHT


@pytest.mark.parametrize(
    "answer",
    [
        "A Service does not have a stable IP, and kube-proxy sends traffic to the ready Pods.",
        "A Service has a stable IP and kube-proxy never forwards traffic to the ready Pods.",
        "A Service has a stable IP but traffic doesn't go to ready pods.",
        "It has a stable IP, traffic goes to ready Pods, and it finds Pods by their name.",
    ],
)
def test_a_negated_or_wrong_claim_never_passes(answer: str) -> None:
    """The opposite of a point is wrong however many of its words are there."""
    assert grade(answer, POINTS).verdict is Verdict.WRONG


def test_a_point_missed_is_told() -> None:
    """Partial credit, with what was said and what was missed."""
    told = grade("The Service keeps a stable IP.", POINTS)
    assert (told.verdict, told.credit) == (Verdict.PARTLY, 0.5)
    assert [p.id for p in told.points(Heard.SAID)] == ["stable"]
    assert [p.id for p in told.points(Heard.MISSED)] == ["ready", "by-name"]


def test_a_list_of_keywords_is_left_to_a_person() -> None:
    """Terms without a sentence show nothing."""
    assert grade("service stable ip kube-proxy traffic ready pods selector endpoints", POINTS).verdict is Verdict.UNSURE


@pytest.mark.parametrize(
    ("answer", "salad"),
    [
        ("It resolves to web.shop.svc.cluster.local via 10.96.0.10, port 53.", False),
        ("502: the upstream sent an invalid reply; 503: nobody is ready; 504: it is too slow", False),
        ("endpoints, selector, labels, kube-proxy, iptables, ready", True),
        ("service stable ip traffic ready pods", True),
    ],
)
def test_names_make_no_salad(answer: str, salad: bool) -> None:
    """Full names and numbers are no list of words."""
    assert keyword_salad(answer) is salad


def test_a_false_belief_is_held_in_one_breath() -> None:
    """Its words in several clauses may speak of several things: then a person should look."""
    assert grade("It selects Pods by name.", (BY_NAME,)).heard[0][1] is Heard.SAID
    assert grade("It selects by label, the Pod keeps its name.", (BY_NAME,)).heard[0][1] is not Heard.SAID


@pytest.mark.parametrize(("one", "other"), [("there", "three"), ("one", "two"), ("ingress", "egress"), ("where", "were")])
def test_some_words_are_no_slips_of_each_other(one: str, other: str) -> None:
    assert not alike(stem(one), stem(other))


@pytest.mark.parametrize("name", ["IPsec", "WireGuard", "mTLS", "gRPC", "NoMatchingParent", "NotAllowedByListeners", "HAProxy"])
def test_a_name_is_one_word(name: str) -> None:
    """However it is written, in answers and in phrases."""
    assert [word.stem for word in next(sentences(f"{name}."))] == [stem(name.lower())]


def test_numbers_addresses_and_opposites_are_exact() -> None:
    """8080 is not 8081, ingress is not egress, 10.0.0.1 is not 10.0.0.2."""
    port = (KeyPoint("p", "8080", "required", ("8080",)),)
    assert grade("It listens on 8080.", port).verdict is Verdict.RIGHT
    assert grade("It listens on 8081.", port).verdict is Verdict.WRONG
    policy = (KeyPoint("p", "egress", "required", ("egress policy|rule",)),)
    assert grade("an egress rule", policy).verdict is Verdict.RIGHT
    assert grade("an ingress rule", policy).verdict is Verdict.WRONG
    address = (KeyPoint("p", "address", "required", ("10.0.0.1",)),)
    assert grade("to 10.0.0.2", address).verdict is Verdict.WRONG


def test_a_point_that_is_negative_wants_its_negation() -> None:
    """`not reachable` is made by saying so, and contradicted by its positive."""
    points = (KeyPoint("p", "not reachable from outside", "required", ("not reach|reachable|access|accessible outside",)),)
    assert grade("It cannot be reached from outside.", points).verdict is Verdict.RIGHT
    assert grade("It can be reached from outside.", points).verdict is Verdict.WRONG


@pytest.mark.parametrize(
    ("answer", "heard"),
    [
        ("It is wrong that the address is stable.", Heard.CONTRADICTED),
        ("To have a stable address is not needed.", Heard.CONTRADICTED),
        ("Unlike a stable address, it moves.", Heard.CONTRADICTED),
        ("It is not true that Services, of whatever type, have a stable IP.", Heard.CONTRADICTED),
        ("It is false that a Service is renamed, but a stable IP it has.", Heard.SAID),
        ("That it has a stable IP is a common misconception.", Heard.CONTRADICTED),
        ("A stable IP it has never.", Heard.CONTRADICTED),
        ("Of stable addresses a Pod has none.", Heard.CONTRADICTED),
        ("Ready or not, it has a stable IP.", Heard.SAID),
        ("If it has no stable IP, it is headless. Otherwise it has a stable IP.", Heard.SAID),
        ("Without a stable IP clients would be lost; it has a stable IP.", Heard.SAID),
        ("Without a stable IP clients would be lost.", Heard.UNCLEAR),
        ("NotAllowedByListeners is a reason, and a stable IP is an address.", Heard.SAID),
        ("A Service is an object. It keeps one address: a stable one, its IP.", Heard.SAID),
        ("It hardly ever keeps a stable IP.", Heard.CONTRADICTED),
        ("It fails to keep a stable IP.", Heard.CONTRADICTED),
        ("It does not lack a stable IP.", Heard.SAID),
        ("It is not a Pod but a stable IP.", Heard.SAID),
        ("It is not only a name, it has a stable IP.", Heard.SAID),
        ("One per Service, not per Pod and node: a stable IP.", Heard.SAID),
        ("Pods don't keep theirs when they are replaced, so a stable IP it is.", Heard.SAID),
    ],
)
def test_a_negation_reaches_its_own_thought(answer: str, heard: Heard) -> None:
    """Its clause, or the part it stands before; what is dismissed afterwards; and two take each other back."""
    assert grade(answer, (STABLE,)).heard[0][1] is heard


def test_two_negations_in_one_thought_are_not_taken_for_one() -> None:
    """`a node without a Pod does not drop` is not `a node without a Pod drops`."""
    drops = (KeyPoint("d", "a node without Pods drops", "required", ("not pod drop",)),)
    assert grade("A node without a Pod drops traffic.", drops).verdict is Verdict.RIGHT
    assert grade("A node without a Pod does not drop traffic.", drops).verdict is not Verdict.RIGHT


PORTS = (
    KeyPoint("s", "clients dial port", "required", ("port >service",)),
    KeyPoint("x", "`targetPort` is the Pod's", "forbidden", ("targetport >is >client|service",)),
)


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ("`port` is the Service's, `targetPort` the Pod's.", Verdict.RIGHT),
        ("`port` is the Service's and targetPort is the Pod's, which the Service asks.", Verdict.RIGHT),
        ("`port` is the Service's and targetPort is what clients dial.", Verdict.WRONG),
        ("The Service has a port.", Verdict.WRONG),
    ],
)
def test_who_does_what_may_be_asked_for(answer: str, verdict: Verdict) -> None:
    """`>` wants a term after the one before it, in one clause, and not over an `and`."""
    assert grade(answer, PORTS).verdict is verdict


@pytest.mark.parametrize(
    "answer",
    [
        "A stable IP isn't the reason, and traffic goes to ready Pods.",
        "The owner of the stable IP has nothing to change, traffic goes to ready Pods.",
        "A stable IP, as here, would change nothing; traffic goes to ready Pods.",
        "Contrary to popular opinion it has a stable IP, and traffic goes to ready Pods.",
        "It has a stable IP and traffic goes to ready Pods, so it is fine as it stands.",
    ],
)
def test_a_formula_that_takes_back_is_never_right(answer: str) -> None:
    """What is called no reason, without effect, a common error or fine as it is."""
    assert grade(answer, POINTS).verdict is not Verdict.RIGHT


@pytest.mark.parametrize("answer", ["No. A.", "nope - A.", "No, it does not take it."])
def test_a_no_at_the_beginning_is_an_answer(answer: str) -> None:
    """To a question that can be answered so; an author asks for it as `nay`."""
    assert grade(answer, (KeyPoint("n", "no", "required", ("nay",)),)).verdict is Verdict.RIGHT


def test_one_clause_of_a_long_answer_is_left_to_the_learner() -> None:
    """In a long answer that is right but for one clause, the clause is likelier to be read wrongly than meant."""
    long = (
        "A Service has a stable IP, and kube-proxy sends the traffic to the ready Pods of the Service. "
        + "It is an object of the API. " * 6
    )
    assert grade(long, POINTS).verdict is Verdict.RIGHT
    assert grade(f"{long} It finds Pods by their name.", POINTS).verdict is Verdict.UNSURE


@pytest.mark.parametrize(
    "answer",
    [
        "Service: one fixed address. Sends reqs to ready eps",
        "- Service: an object. Its IP is stable.\n- kube-proxy: one per node. Forwards conns to ready pods",
        "It has a stable IP \u2192 traffic goes to ready Pods w/o any change.",
    ],
)
def test_notes_are_read_as_sentences(answer: str) -> None:
    """A line goes on about what it begins with; arrows part clauses; shorthand is spelt out."""
    assert grade(answer, POINTS).verdict is Verdict.RIGHT


def test_a_cluster_ip_of_none_is_none() -> None:
    """`None` is a value there, and says that there is no address."""
    headless = (KeyPoint("h", "no cluster IP", "required", ("not cluster_ip",)),)
    for answer in ("clusterIP: None", "The cluster IP is None.", "clusterIP is set to None", "It has no ClusterIP."):
        assert grade(answer, headless).verdict is Verdict.RIGHT, answer


@pytest.mark.parametrize("text", ["not " * 2000, "stable ip " * 1000, "ready pod, traffic. " * 500, "(" * 9000, "a." * 4000])
def test_the_longest_answer_is_graded_in_few_steps(text: str) -> None:
    """What Discord's form can hold never keeps the bot waiting: calls are counted, since time depends on who else is running."""
    calls = 0

    def count(*_: object) -> None:
        nonlocal calls
        calls += 1

    sys.setprofile(count)
    try:
        grade(text, POINTS)
    finally:
        sys.setprofile(None)
    assert calls < 1_000_000, "a tenth of a second"


@given(st.text(max_size=300))
def test_any_text_gets_a_grade_and_no_credit_by_chance(answer: str) -> None:
    """No text raises; random text is not right."""
    assert grade(answer, POINTS).verdict is not Verdict.RIGHT
