"""Labels and selectors read and print as kubectl does it."""

import pytest

from simulator.cluster import label_selector
from simulator.kubectl.selectors import format_labels, format_selector, parse_selector


def test_labels_are_sorted_and_an_empty_set_is_none():
    """`kubectl get --show-labels` sorts by key; no labels are `<none>`."""
    assert format_labels({"b": "2", "a": "1"}) == "a=1,b=2"
    assert format_labels({}) == format_labels(None) == "<none>"


def test_a_selector_prints_its_requirements_sorted_by_key():
    """matchLabels use `=`, matchExpressions their own operators with sorted values."""
    expressions = [
        {"key": "tier", "operator": "In", "values": ["b", "a"]},
        {"key": "old", "operator": "DoesNotExist"},
        {"key": "app", "operator": "Exists"},
        {"key": "zone", "operator": "NotIn", "values": ["x"]},
    ]
    assert format_selector({"matchLabels": {"x": "y"}, "matchExpressions": expressions}) == "app,!old,tier in (a,b),x=y,zone notin (x)"
    assert format_selector(None) == "<none>"


@pytest.mark.parametrize(
    ("text", "labels", "matches"),
    [
        ("", {}, True),
        ("app=web", {"app": "web"}, True),
        ("app==web,tier!=db", {"app": "web"}, True),
        ("app=web,tier!=db", {"app": "web", "tier": "db"}, False),
        ("tier in (a, b)", {"tier": "b"}, True),
        ("tier notin (a,b),app", {"app": "x"}, True),
        ("!app", {"app": "x"}, False),
        ("kubernetes.io/service-name=web", {"kubernetes.io/service-name": "web"}, True),
    ],
)
def test_what_follows_l_selects_by_labels(text, labels, matches):
    """Equality and set requirements, joined by commas, all must hold."""
    selector = parse_selector(text)
    assert selector is not None
    assert label_selector(selector)(labels) is matches


@pytest.mark.parametrize("text", ["=web", "app=web,,", "app in", "a b", "app=(x)"])
def test_what_is_no_selector_is_none(text):
    """A slip in `-l` is told apart from a selector that matches nothing."""
    assert parse_selector(text) is None
