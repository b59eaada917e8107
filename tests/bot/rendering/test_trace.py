"""What a trace shows beside the hops: shares with what chance allows, stations, and pictures of both."""

from __future__ import annotations

import io
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.rendering.pictures import shares as bars
from bot.rendering.pictures import way as drawing
from bot.rendering.pictures.canvas import WIDTH
from bot.rendering.shares import Part, normal_range, parts_of, percent
from bot.rendering.way import State, Station, alt, stations
from simulator import Answer, Backend, Hop, Ref


def backend(service: str, pod: str, share: float) -> Backend:
    return Backend(Ref("Service", "shop", service), 80, Ref("Pod", "shop", pod), "node-1", "10.0.0.1", 80, share)


@given(st.floats(0, 1), st.integers(1, 120))
def test_the_normal_range_is_the_central_interval(share: float, requests: int) -> None:
    """Fewer than the low end, and more than the high end, come each in at most 2.5 of 100 trials; no narrower range has that."""
    low, high = normal_range(share, requests)

    def chance(hits: int) -> float:
        return comb(requests, hits) * share**hits * (1 - share) ** (requests - hits)

    assert low <= high
    assert sum(map(chance, range(low))) <= 0.025 + 1e-9
    assert sum(map(chance, range(high + 1, requests + 1))) <= 0.025 + 1e-9
    assert sum(map(chance, range(low + 1))) >= 0.025 - 1e-9
    assert sum(map(chance, range(high, requests + 1))) >= 0.025 - 1e-9


def test_ten_in_a_hundred() -> None:
    """A canary with a tenth of the weight."""
    assert normal_range(0.1) == (5, 16)
    assert (percent(0.9), percent(1 / 3), percent(0.0005)) == ("90 %", "33.3 %", "0.05 %")


def test_failing_parts_take_their_share() -> None:
    """Where a tenth ends in 500 and a third of the rest is refused, the Pods answer what is left, and all of it is one whole."""
    whole = Answer("answered", 0, "backend", 200, backends=(backend("a", "a-1", 0.75), backend("b", "b-1", 0.25)),
                   extra={"failing": [{"status": 500, "share": 0.1, "reason": ""}], "outcomes": {"answered": 0.6, "refused": 0.3}})  # fmt: skip

    parts = parts_of(whole)

    assert sum(part.share for part in parts) == pytest.approx(1)
    assert [(part.name, round(part.share, 2), part.answers) for part in parts] == [
        ("shop/a", 0.45, True), ("shop/b", 0.15, True), ("answered 500 by the gateway", 0.1, False), ("refused", 0.3, False),
    ]  # fmt: skip
    assert parts_of(Answer("refused", 7, "backend", backends=(backend("a", "a-1", 1),))) == []


def test_the_broken_hop_is_marked() -> None:
    """The way ends where the request does; what is not modelled is not known to be broken."""
    hops = (
        Hop("dns", "found", "", Ref("Service", "shop", "web")),
        Hop("network-policy", "denied", "", Ref("NetworkPolicy", "shop", "deny")),
    )
    told = stations("Pod shop/a", Answer("timed-out", 28, "network", hops=hops))
    assert [station.state for station in told] == [State.PASSED, State.PASSED, State.BROKEN]
    assert "NetworkPolicy shop/deny (stops here)" in alt(told)
    unknown = stations("Pod shop/a", Answer("unresolved", 6, "network", hops=hops[:1], not_modelled="the outside"))
    assert unknown[-1].state is State.UNSURE


words = st.text(max_size=300)


@given(st.lists(st.builds(Station, words, words, words, st.sampled_from(State), st.booleans()), min_size=1, max_size=40))
def test_any_way_can_be_drawn(given_stations: list[Station]) -> None:
    """Whatever the names are, the picture has a phone's width and a bounded height, and its alt text fits."""
    picture = Image.open(io.BytesIO(drawing.draw(given_stations)))
    assert picture.format == "PNG"
    assert picture.width == WIDTH
    assert picture.height < 4000
    assert 0 < len(alt(given_stations)) <= 1024


@given(
    st.lists(
        st.builds(Part, words, st.floats(0, 1), st.lists(st.tuples(words, st.floats(0, 1)), max_size=9).map(tuple), st.booleans()),
        max_size=12,
    )
)
def test_any_shares_can_be_drawn(parts: list[Part]) -> None:
    """As above, for bars."""
    picture = Image.open(io.BytesIO(bars.draw(parts)))
    assert picture.width == WIDTH
    assert picture.height < 8000
