"""Questions about backends with weights: what becomes of a bad backend's share, and what a canary shows in few requests.

Responsible for: random weights and backends in every state, and the wrong rules that people apply to them.
Leaves to others: what makes a draft a question (`draft`), clusters and runs (`play`, `gateways`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import comb, sqrt
from random import Random
from typing import Any

from bot.generators.draft import Draft, Reason, Template, Wrong
from bot.generators.gateways import GATEWAY_CLASS, SPEC, app, backend, gateway, route, through
from bot.generators.play import APPS, Tree, namespace, play, pod, service, shown, table, way
from bot.learning.items import Level
from simulator import Answer

Shares = Mapping[int, Fraction]
"""By HTTP status."""


def _word(shares: Shares) -> str:
    parts = [(share, "answered" if status == 200 else f"HTTP {status}") for status, share in sorted(shares.items()) if share]
    if len(parts) == 1:
        return f"All of them {parts[0][1]}"
    return ", ".join(f"{share.numerator}/{share.denominator} {what}" for share, what in parts)


def _met(answer: Answer) -> Shares:
    """What the run says that requests meet, over many of them."""
    failing: Any = answer.extra.get("failing", ())
    met = [*((200, found.share) for found in answer.backends), *((failure["status"], failure["share"]) for failure in failing)]
    return _added((status, Fraction(share).limit_denominator(300)) for status, share in met or [(answer.status or 0, 1.0)])


def _added(parts: Iterable[tuple[int, Fraction]]) -> Shares:
    shares: dict[int, Fraction] = {}
    for status, share in parts:
        shares[status] = shares.get(status, Fraction()) + share
    return shares


_STATES = {
    "ready": "",
    "empty": "has no Ready Pod",
    "missing": "does not exist",
    "port": "has no port 80",
    "foreign": "is in another namespace, without a grant",
}


def invalid_backend(dice: Random) -> Draft:
    apps = dice.sample(APPS, 3)
    states = ["ready", dice.choice(("missing", "port", "foreign")), dice.choice(("empty", "empty", "ready", "missing", "port"))]
    dice.shuffle(states)
    weights = [dice.choice((1, 1, 2, 3, 4)) for _ in apps]
    refs = [
        backend(name, weight=weight, **({"namespace": "away"} if state == "foreign" else {}))
        for name, state, weight in zip(apps, states, weights, strict=True)
    ]
    made = route("split", [{"backendRefs": refs}])
    behind = [tree for name, state in zip(apps, states, strict=True) for tree in _behind(name, state)]
    report = play([namespace("away"), GATEWAY_CLASS, gateway(), made, *behind], requests=[{"via": through()}])
    total = sum(weights)

    def given(statuses: Mapping[str, int]) -> str:
        return _word(_added((statuses[state], Fraction(weight, total)) for state, weight in zip(states, weights, strict=True)))

    true = {"ready": 200, "empty": 503, "missing": 500, "port": 500, "foreign": 500}
    bad = [(name, state) for name, state in zip(apps, states, strict=True) if true[state] == 500]
    empty = [name for name, state in zip(apps, states, strict=True) if state == "empty"]
    some, how = bad[0]
    wrong = [
        Wrong("shares-are-redistributed", given(dict.fromkeys(states, 200)), "Each backend keeps its share, whatever becomes of it there."),
        Wrong("one-bad-ref-breaks-all", given(dict.fromkeys(states, 500)),
              Reason(f"`{some}` spoils its own share alone.", "ready" in states)),
        Wrong("bad-backend-means-503", given({**true, "missing": 503, "port": 503, "foreign": 503}),
              Reason(f"`{some}` {_STATES[how]}: not a valid backend, and that is a 500.", true[how] == 500)),
        Wrong("bad-backend-means-404", given({**true, "missing": 404, "port": 404, "foreign": 404}),
              Reason(f"The rule matches; its backend `{some}` {_STATES[how]}, and that is a 500.", true[how] == 500)),
    ]  # fmt: skip
    if empty:
        wrong += [
            Wrong("empty-means-unresolved", given({**true, "empty": 500}),
                  Reason(f"`{empty[0]}` is valid and has nobody Ready: that is a 503.", "empty" in states)),
            Wrong("shares-are-redistributed", given({**true, "empty": 200}),
                  Reason(f"Nobody takes over the share of `{empty[0]}`.", "empty" in states)),
        ]  # fmt: skip
    return Draft(
        stem="These are all the Services, and there is no ReferenceGrant. What do requests to this route meet, over many of them?",
        shown=(shown("route.yaml", made), table("services", "NAMESPACE NAME PORTS READY-PODS", _rows(apps, states))),
        right=_word(_met(report.answers[0])),
        why=Reason(
            f"The weights add up to {total}. "
            + " ".join(
                f"`{name}` {_STATES[state]}: HTTP {true[state]}." for name, state in zip(apps, states, strict=True) if _STATES[state]
            ),
            given(true) == _word(_met(report.answers[0])),
        ),
        wrong=wrong,
        explanation="A backend that is not valid answers its share with 500, one without Ready Pods with 503, as the specification "
        "recommends. A port that the Service lacks is not valid to most controllers. No share goes to others.",
        trace=way(report),
    )


def _behind(name: str, state: str) -> list[Tree]:
    if state == "missing":
        return []
    if state == "port":
        return [service(name, {"app": name}, port=8080), pod(f"{name}-1", {"app": name})]
    return app(name, "away" if state == "foreign" else "", ready=state != "empty")


def _rows(apps: Sequence[str], states: Sequence[str]) -> list[tuple[object, ...]]:
    return [
        ("away" if state == "foreign" else "default", name, "8080/TCP" if state == "port" else "80/TCP", int(state != "empty"))
        for name, state in sorted(zip(apps, states, strict=True))
        if state != "missing"
    ]


SURE = 0.95
"""In so many of all series the range that is asked for has to hold."""


def _chances(n: int, p: Fraction) -> Sequence[float]:
    """How likely it is that 0, 1, ... n of n requests are hits, each being one with the chance p."""
    return [float(comb(n, k) * p**k * (1 - p) ** (n - k)) for k in range(n + 1)]


def _range(chances: Sequence[float], expected: Fraction) -> tuple[int, int]:
    """The narrowest range around the expected number that holds in at least `SURE` of all series; of several the likeliest."""
    n = len(chances) - 1
    for width in range(n + 1):
        around = [low for low in range(n - width + 1) if low <= expected <= low + width]
        best = max(around, key=lambda low: sum(chances[low : low + width + 1]), default=0)
        if around and sum(chances[best : best + width + 1]) >= SURE:
            return best, best + width
    return 0, n


def canary_range(dice: Random) -> Draft:
    stable, canary = dice.sample(APPS, 2)
    weights = dice.choice(((9, 1), (19, 1), (4, 1), (3, 1), (90, 10), (95, 5), (49, 1), (1, 1), (2, 1), (80, 20), (45, 5)))
    n = dice.choice((20, 30, 40, 50, 60, 80, 100))
    made = route("canary", [{"backendRefs": [backend(stable, weight=weights[0]), backend(canary, weight=weights[1])]}])
    report = play([GATEWAY_CLASS, gateway(), made, *app(stable), *app(canary)], requests=[{"via": through()}])
    share = next(found.share for found in report.answers[0].backends if found.service and found.service.name == canary)
    p = Fraction(share).limit_denominator(300)
    expected, spread = round(n * p), round(sqrt(n * p * (1 - p)))
    chances = _chances(n, p)
    low, high = _range(chances, n * p)
    as_percent, over = Fraction(weights[1], 100), Fraction(weights[1], weights[0])

    def held(low: int, high: int) -> float:
        return sum(chances[max(low, 0) : high + 1])

    def told(low: int, high: int) -> str:
        return f"Between {max(low, 0)} and {min(high, n)}"

    def off(misconception: str, least: int, most: int, law: str) -> list[Wrong]:
        """Nothing where the range is no worse than the right one."""
        short = held(least, most) < SURE
        if not short and min(most, n) - max(least, 0) <= high - low:
            return []
        text = f"That holds in {_percent(held(least, most))} of the series" + ("." if short else ", and a narrower one is enough for 95%.")
        return [Wrong(misconception, told(least, most), Reason(f"{text} {law}", short or held(low, high) >= SURE))]

    return Draft(
        stem=f"Somebody sends {n} requests and counts how many `{canary}` answers, again and again. Which is the narrowest of these ranges "
        "that holds in at least 95 of 100 such series?",
        shown=(shown("route.yaml", made),),
        right=told(low, high),
        why=Reason(
            f"Each request has a chance of {p.numerator}/{p.denominator}; of {n}, so many are hits in {_percent(held(low, high))} of the "
            "series.",
            held(low, high) >= SURE,
        ),
        wrong=[
            *off("weights-are-exact", expected - 1, expected + 1, f"About {expected} is the average of many series."),
            *off("one-spread-is-enough", expected - spread, expected + spread, "That is one standard deviation to each side."),
            *off("small-series-tell-nothing", 0, 3 * expected + 2, "Far from the average is possible, and seldom."),
            *off("weights-are-percent", *_range(_chances(n, as_percent), n * as_percent), "A share is the weight over the sum of all."),
            *(
                off("weight-over-the-other", *_range(_chances(n, over), n * over), "A share is the weight over the sum of all.")
                if over < 1
                else ()
            ),
        ],
        explanation="Weights are chances. The fewer the requests, the farther a series may stray, and no hit in a small series proves no "
        "fault.",
        trace=way(report),
    )


def _percent(part: float) -> str:
    return f"{100 * part:.1f}%" if 0.0005 < part < 0.9995 else "nearly all" if part > SURE else "hardly any"


_I = Level.INTERMEDIATE
TEMPLATES = (
    Template("gw-invalid-backend", "gateway-api", _I, invalid_backend, SPEC, "gw-weights-are-shares"),
    Template(
        "gw-canary-range", "gateway-api", Level.ADVANCED, canary_range, SPEC, "gw-canary-safely",
        model="the proxy draws lots for every request, as Envoy does. One that lets backends take turns strays less.",
    ),
)  # fmt: skip
