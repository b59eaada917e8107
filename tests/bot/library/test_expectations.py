"""What a run is expected to show, compared with what it showed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.library.expectations import mismatches, unknown_words

RUN = {
    "requests": [
        {"outcome": "answered", "backends": [{"pod": {"name": "a"}, "share": 0.3333333}, {"pod": {"name": "b"}, "share": 0.6666667}]},
        {},
    ],
    "objects": [{"kind": "Service", "name": "web"}, {"kind": "Pod", "name": "a"}],
    "commands": ["web   10.96.0.1   80/TCP"],
}


@pytest.mark.parametrize(
    "expected",
    [
        {},
        {"requests": [{"outcome": "answered"}]},
        {"requests": [{"backends": [{"share": 0.333}]}]},
        {"requests": [{"backends": {"$only": [{"pod": {"name": "b"}}, {"pod": {"name": "a"}}]}}]},
        {"requests": [{"backends": {"$count": 2}}]},
        {"requests": [{"backends": {"$first": {"pod": {"name": "a"}}}}]},
        {"requests": [{"backends": {"$none": {"pod": {"name": "c"}}}}]},
        {"requests": [{"backends": [{"share": {"$between": [0.6, 0.7]}}]}]},
        {"requests": [{"outcome": {"$one_of": ["refused", "answered"]}}]},
        {"objects": [{"kind": "Pod"}, {"kind": "Service"}]},
        {"commands": [{"$contains": ["web", "80/TCP"]}]},
        {"commands": [{"$lacks": "<none>"}]},
    ],
)
def test_what_holds(expected: Any) -> None:
    """Fields that are not asked for stay open."""
    assert list(mismatches(expected, RUN)) == []


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        ({"requests": [{"outcome": "refused"}]}, "requests[0].outcome: wanted 'refused', found 'answered'"),
        ({"requests": [{}, {}, {}]}, "wanted 3 entries, found 2"),
        ({"requests": [{"backends": [{"share": 0.5}]}]}, "no entry is like"),
        ({"requests": [{"backends": {"$only": [{"pod": {"name": "a"}}]}}]}, "$only"),
        ({"requests": [{"backends": {"$only": [{"pod": {"name": "a"}}, {"pod": {"name": "a"}}]}}]}, "$only"),
        ({"requests": [{"backends": {"$count": 3}}]}, "$count 3"),
        ({"requests": [{"backends": {"$first": {"pod": {"name": "b"}}}}]}, "$first"),
        ({"requests": [{"backends": {"$none": {"pod": {"name": "a"}}}}]}, "$none"),
        ({"requests": [{"status": 200}]}, "wanted 200, found None"),
        ({"objects": [{"kind": "Ingress"}]}, "no entry is like"),
        ({"commands": [{"$contains": ["web", "<none>"]}]}, "$contains"),
        ({"commands": [{"$lacks": "web"}]}, "$lacks"),
        ({"nothing": {"there": 1}}, "wanted fields, found None"),
        ({"requests": [{"outcome": {"$almost": 1}}]}, "`$almost` is not a comparison"),
    ],
)
def test_what_does_not_hold(expected: Any, said: str) -> None:
    """Each difference is one sentence with its path."""
    assert any(said in sentence for sentence in mismatches(expected, RUN))


def test_true_is_not_one() -> None:
    """YAML's true and the number 1 are kept apart."""
    assert list(mismatches({"ready": True}, {"ready": 1}))


def test_unknown_comparisons_are_found_wherever_they_stand() -> None:
    """A misspelt comparison in a wrong option would otherwise make it false without anybody noticing."""
    assert list(unknown_words({"a": [{"b": {"$cuont": 1}}], "c": {"$count": 1}})) == ["$cuont"]


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text("abc"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text("abc", min_size=1), PLAIN, max_size=3))
def test_a_run_is_as_itself(run: Any) -> None:
    """Without special comparisons, everything agrees with itself."""
    assert list(mismatches(run, run)) == []
