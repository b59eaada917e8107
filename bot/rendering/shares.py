"""What shares mean: which Service and Pod answers how much, and how many of a hundred requests that may be.

Responsible for: the parts of an answer by Service, the range that chance allows, alt text and text twin of the picture.
Leaves to others: the shares (the simulator), drawing (`pictures.shares`), the words (`templates/shares.j2`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb

from bot.rendering.escape import shortened
from bot.rendering.reply import Text
from bot.rendering.templates import text
from simulator import Answer

HUNDRED = 100
_NORMAL = 0.95


@dataclass(frozen=True, slots=True)
class Part:
    """A part of all requests: a Service with the Pods behind it, or a way to fail (`answers` False)."""

    name: str
    share: float
    pods: tuple[tuple[str, float], ...] = ()
    answers: bool = True

    @property
    def about(self) -> int:
        """How many of a hundred requests, on average."""
        return round(HUNDRED * self.share)

    @property
    def normal(self) -> tuple[int, int]:
        return normal_range(self.share)


def parts_of(answer: Answer) -> Sequence[Part]:
    """All requests in parts, the largest first; none where nobody answers, nor would if what is missing were there (`supposing`).

    Pods' shares are of all requests, not of their Service's.
    """
    if not answer.backends or not (answer.outcome == "answered" or supposing(answer)):
        return []
    failing = [
        (f"answered {each['status']} by the gateway" if "status" in each else "ended by the gateway", float(each["share"]))
        for each in answer.extra.get("failing", ())
    ]
    failing += [(outcome, float(share)) for outcome, share in answer.extra.get("outcomes", {}).items() if outcome != answer.outcome]
    left = max(0.0, 1 - sum(share for _, share in failing))
    whole = sum(backend.share for backend in answer.backends) or 1.0
    groups: dict[str, list[tuple[str, float]]] = {}
    for backend in answer.backends:
        name = f"{backend.service.namespace}/{backend.service.name}" if backend.service else "no Service"
        pod = backend.pod.name if backend.pod else backend.ip
        groups.setdefault(name, []).append((pod, backend.share / whole * left))
    parts = [Part(name, sum(share for _, share in pods), tuple(pods)) for name, pods in groups.items()]
    lost = [Part(name, share, answers=False) for name, share in failing if share > 0]
    return sorted(parts, key=lambda part: -part.share) + lost


def supposing(answer: Answer) -> str:
    """What has to be supposed for anyone to answer; empty where nothing has."""
    return str(answer.extra.get("supposing", ""))


def normal_range(share: float, requests: int = HUNDRED) -> tuple[int, int]:
    """The fewest and the most of so many requests that fall to this share in 95 of 100 trials.

    The central interval of the binomial distribution: less than the first, and more than the second, each in at most 2.5 of 100.
    """
    tail = (1 - _NORMAL) / 2
    low = high = requests
    sum_so_far, found_low = 0.0, False
    for hits in range(requests + 1):
        sum_so_far += comb(requests, hits) * share**hits * (1 - share) ** (requests - hits)
        if not found_low and sum_so_far >= tail:
            low, found_low = hits, True
        if sum_so_far >= 1 - tail:
            high = hits
            break
    return low, high


def percent(share: float) -> str:
    """`90 %`, `33.3 %`, `0.05 %`."""
    figure = 100 * share
    digits = 0 if abs(figure - round(figure)) < 0.005 else 1 if figure >= 1 else 2
    return f"{figure:.{digits}f} %"


def in_words(parts: Sequence[Part], supposed: str = "") -> Text:
    """The text twin of the picture. `supposed`: what has to be supposed for it."""
    return text("shares", parts=parts, percent=percent, supposed=supposed)


def alt(parts: Sequence[Part]) -> str:
    told = "; ".join(f"{part.name} {percent(part.share)}" + ("" if part.answers else " fails") for part in parts)
    return shortened(f"Bars of the shares of all requests: {told}.", 1024)
