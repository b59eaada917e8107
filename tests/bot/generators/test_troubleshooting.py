"""The fault library: sound clusters are sound, each fault shows, each belief is wrong, and what a check tells is counted rightly."""

from random import Random

import pytest

from bot.generators.beliefs import BELIEFS
from bot.generators.faults import CHECKS, FAULTS, Scene, asked, of_kind, readings, scene
from bot.generators.troubleshooting import _bits

SCENE = scene(Random(1))


@pytest.fixture(scope="module")
def seen() -> dict:
    return {fault: readings(SCENE, fault) for fault in FAULTS}


def _sights(s: Scene) -> dict[str, str]:
    report = asked(s, s.trees)
    return {name: check.read(s, report).sight for name, check in CHECKS.items()}


@pytest.mark.parametrize("seed", range(5))
def test_a_sound_cluster_answers_everybody(seed: int) -> None:
    """Inside, outside, and at a Pod's own address; the slice lists the Pod with the port on which it listens."""
    s = scene(Random(seed))
    found = _sights(s)
    assert (found["curl"], found["outside"], found["direct"]) == ("HTTP 200", "HTTP 200", "HTTP 200")
    assert found["slices"] == f"the Pod's address with port {s.target}"
    assert found["describe"] == f"an endpoint at port {s.target}"


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_is_felt_by_the_client_that_it_is_told_of(fault: str, seen) -> None:
    """A question says that somebody is not answered; with each fault that is so."""
    assert (fault in of_kind(door=True)) or (fault in of_kind(door=False))
    if fault in of_kind(door=True):
        assert seen[fault]["outside"].sight != "HTTP 200"
    if fault in of_kind(door=False):
        assert seen[fault]["curl"].sight != "HTTP 200"


@pytest.mark.parametrize(
    ("check", "shows"),
    [
        ("curl", {"selector": "`curl: (7)`", "target": "`curl: (7)`", "policy": "`curl: (28)`", "local": "`curl: (28)`", "name": "`curl: (6)`"}),
        ("outside", {"host": "HTTP 404", "exact": "HTTP 404", "backend-port": "HTTP 503", "unready": "HTTP 503", "target": "HTTP 502"}),
        ("direct", {"selector": "HTTP 200", "unready": "HTTP 200", "policy": "`curl: (28)`"}),
        ("slices", {"selector": "a slice without addresses", "name": "no slice"}),
        ("pods", {"unready": "READY 0/1", "selector": "READY 1/1", "no-pods": f"no Pod of `{SCENE.app}`"}),
        ("nslookup", {"name": "`NXDOMAIN`", "headless": "the Pod's address", "unready": "a cluster IP"}),
        ("service", {"name": "`NotFound`", "headless": "`None` for an address", "policy": "a cluster IP"}),
    ],
)  # fmt: skip
def test_checks_show_what_the_textbook_says(check: str, shows: dict[str, str], seen) -> None:
    """The reading key: refused, hanging and unresolved; 404, 503 and 502; Ready and not."""
    assert {fault: seen[fault][check].sight for fault in shows} == shows


@pytest.mark.parametrize("belief", BELIEFS, ids=lambda belief: f"{belief.misconception}-{belief.check}")
def test_no_belief_is_borne_out(belief, seen) -> None:
    """What somebody with the misconception expects is not what the check shows, with any of its faults."""
    for fault in belief.faults:
        assert seen[fault][belief.check].sight != belief.expects(SCENE)


def test_what_a_check_tells_is_the_entropy_of_its_parts() -> None:
    """Two bits for four causes told apart, one for two halves, none where all look alike."""
    assert _bits(["a", "b", "c", "d"]) == 2
    assert _bits(["a", "a", "b", "b"]) == 1
    assert _bits(["a", "a", "a"]) == 0
    assert 0.91 < _bits(["a", "a", "b"]) < 0.92
