"""Questions about finding faults: which one it is, what an output rules out, which check to make next.

Responsible for: what is asked about the faults of `faults`; every key is read from runs, one for each fault that comes into question.
Leaves to others: faults and checks (`faults`), what people believe of them (`beliefs`), repairs (`repairs`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from math import log2
from random import Random

from bot.generators.beliefs import BELIEFS, Belief
from bot.generators.draft import Draft, Reason, Template, UnfitError, Wrong
from bot.generators.faults import CHECKS, FAULTS, Reading, Scene, asked, model, of_kind, readings, scene
from bot.generators.play import way
from bot.generators.repairs import minimal_fix
from bot.learning.items import Level, Manifest

_DEBUG = "https://kubernetes.io/docs/tasks/debug/debug-application/debug-service/"

Seen = Mapping[str, Mapping[str, Reading]]
"""By fault and check."""


def _seen(s: Scene, faults: Sequence[str]) -> Seen:
    return {fault: readings(s, fault) for fault in faults}


def _cause(fault: str) -> str:
    return FAULTS[fault].cause[:1].upper() + FAULTS[fault].cause[1:]


def _command(s: Scene, check: str) -> str:
    return f"`{CHECKS[check].command(s)}`"


def _terminal(s: Scene, checks: Sequence[str], shown: Mapping[str, Reading]) -> Manifest:
    """The checks as somebody made them, one after the other."""
    lines = (f"$ {CHECKS[check].command(s)}\n{shown[check].printed}" for check in checks)
    return Manifest("terminal", "\n\n".join(lines).replace(" -l ", " \\\n  -l ") + "\n")


def _setting(s: Scene, door: bool) -> str:
    """What is known of the cluster before anything is checked."""
    way_in = f" From outside it is reached by an Ingress of ingress-nginx, as `http://{s.host}{s.path}`." if door else ""
    return (
        f"`{s.app}` should be one Pod that listens on {s.target}, and the Pod `client`, on another node, should reach it as "
        f"`http://{s.app}`.{way_in} The cluster has one fault. What is asked from inside is asked in `client`."
    )


def _list(causes: Sequence[str]) -> str:
    return " · ".join(f"**{number}** {FAULTS[fault].cause}" for number, fault in enumerate(causes, 1))


def _numbers(numbers: Collection[int], nothing: str = "None of them") -> str:
    words = [str(number) for number in sorted(numbers)]
    if len(words) < 2:
        return f"Number {words[0]}" if words else nothing
    return f"Numbers {', '.join(words[:-1])} and {words[-1]}"


def symptoms_to_fault(dice: Random) -> Draft:
    door, s = dice.random() < 0.4, scene(dice)
    fault, *others = dice.sample(of_kind(door), 6)
    seen = _seen(s, [fault, *others])
    first = "outside" if door else "curl"
    checks = [first, *dice.sample([check for check in seen[fault] if check not in (first, *(() if door else ("outside",)))], 2)]
    here = seen[fault]
    wrong = []
    for other in others:
        there = seen[other]
        apart = [check for check in checks if check in there and there[check].sight != here[check].sight]
        beliefs = [_expecting(s, check, other, here[check].sight) for check in apart]
        if apart and None not in beliefs and all(check in there for check in checks):
            belief, check = beliefs[0], apart[0]
            assert belief is not None
            why = f"Then {_command(s, check)} would show {there[check].sight}, and it shows {here[check].sight}. {belief.law}"
            wrong.append(Wrong(belief.misconception, _cause(other), Reason(why, there[check].sight != here[check].sight)))
    report = asked(s, FAULTS[fault].inject(s))
    return Draft(
        stem=f"{_setting(s, door)} Which one explains all three outputs?",
        shown=(_terminal(s, checks, here),),
        right=_cause(fault),
        why=Reason(
            f"{here[checks[0]].sight}, {here[checks[1]].sight} and {here[checks[2]].sight}: that is what a cluster with this fault shows.",
            all(check in here for check in checks),
        ),
        wrong=dice.sample(wrong, len(wrong)),
        explanation="A cause has to explain every output. One output that it would not give strikes it off.",
        trace=way(report, 1 if door else 0),
        model=model(door),
    )


def _expecting(s: Scene, check: str, fault: str, sight: str) -> Belief | None:
    """A belief with which one would expect to see this where that fault is."""
    return next((b for b in BELIEFS if b.check == check and fault in b.faults and b.expects(s) == sight), None)


def ruled_out(dice: Random) -> Draft:
    door, s = dice.random() < 0.4, scene(dice)
    check = dice.choice([check for check in CHECKS if door or check != "outside"])
    causes = dice.sample(of_kind(door), 4)
    seen = _seen(s, causes)
    if any(check not in seen[cause] for cause in causes):
        raise UnfitError("the check says nothing of one of the causes")
    fault = dice.choice(causes)
    shown = seen[fault][check]

    def out(expected: Mapping[str, str]) -> frozenset[int]:
        return frozenset(number for number, cause in enumerate(causes, 1) if expected[cause] != shown.sight)

    sights = {cause: seen[cause][check].sight for cause in causes}
    right = out(sights)
    wrong = []
    for belief in BELIEFS:
        expected = {cause: belief.expects(s) if cause in belief.faults else sight for cause, sight in sights.items()}
        off = out(expected) ^ right
        if belief.check == check and off and (not off & right or off <= right) and len(out(expected)) < len(causes):
            gives, kept = {sights[causes[number - 1]] for number in off}, not off & right
            why = f"{_numbers(off)} would show {' or '.join(sorted(gives))}{' too' if kept else ''}. {belief.law}"
            wrong.append(Wrong(belief.misconception, _numbers(out(expected)), Reason(why, (shown.sight in gives) == kept)))
    if not 0 < len(right) < 4:
        raise UnfitError("the output tells nothing")
    return Draft(
        stem=f"{_setting(s, door)} Four causes come into question: {_list(causes)}. Somebody runs {_command(s, check)}. Which of the "
        "four does the output rule out?",
        shown=(_terminal(s, [check], seen[fault]),),
        right=_numbers(right),
        why=Reason(
            f"{_numbers(right)} would show {' or '.join(sorted({sights[causes[n - 1]] for n in right}))}; here we see {shown.sight}.",
            all(sights[causes[number - 1]] != shown.sight for number in right),
        ),
        wrong=dice.sample(wrong, len(wrong)),
        explanation="An output rules out each cause with which it would look otherwise, and no other.",
        trace="".join(f"{number}. {FAULTS[cause].cause}\n{seen[cause][check].printed}\n\n" for number, cause in enumerate(causes, 1)),
        model=model(door),
    )


def _parts(sights: Sequence[str]) -> list[list[int]]:
    """The numbers of the causes, those together that a check shows alike."""
    return [[number for number, other in enumerate(sights, 1) if other == sight] for sight in dict.fromkeys(sights)]


def _bits(sights: Sequence[str]) -> float:
    """What the check tells, in bits, if all causes are equally likely."""
    return sum(-len(part) / len(sights) * log2(len(part) / len(sights)) for part in _parts(sights))


def _told_apart(sights: Sequence[str]) -> str:
    parts = [" ".join(map(str, part)) for part in _parts(sights)]
    return f"It tells these apart: `{' | '.join(parts)}`" if len(parts) > 1 else "It shows the same for all of them"


def next_check(dice: Random) -> Draft:
    door, s = dice.random() < 0.4, scene(dice)
    causes = dice.sample(of_kind(door), dice.randint(3, 4))
    seen = _seen(s, causes)
    checks = [check for check in CHECKS if all(check in seen[cause] for cause in causes)]
    sights = {check: [seen[cause][check].sight for cause in causes] for check in checks}
    bits = {check: _bits(sights[check]) for check in checks}
    best, second = sorted(checks, key=lambda check: -bits[check])[:2]
    if bits[best] - bits[second] < 0.1:
        raise UnfitError("two checks tell as much")
    wrong = []
    for check in checks:
        for belief in BELIEFS:
            expected = [belief.expects(s) if cause in belief.faults else sight for cause, sight in zip(causes, sights[check], strict=True)]
            if belief.check == check != best and _bits(expected) > bits[check]:
                why = f"{_told_apart(sights[check])}. {belief.law}"
                wrong.append(Wrong(belief.misconception, _command(s, check), Reason(why, bits[check] < bits[best])))
    return Draft(
        stem=f"{_setting(s, door)} These causes are left, all equally likely: {_list(causes)}. Which check tells "
        "most about which one it is?",
        shown=(),
        right=_command(s, best),
        why=Reason(
            f"{_told_apart(sights[best])}. No other check tells more.", all(bits[best] > bits[check] for check in checks if check != best)
        ),
        wrong=dice.sample(wrong, len(wrong)),
        explanation="The best check is the one whose outputs part the causes into the most and most even groups.",
        trace="".join(
            f"$ {CHECKS[check].command(s)}  ({bits[check]:.2f} bits)\n"
            + "".join(f"  {number}. {sight}\n" for number, sight in enumerate(sights[check], 1))
            for check in sorted(checks, key=lambda check: -bits[check])
        ).replace("`", ""),
        model=model(door),
    )


_I, _A = Level.INTERMEDIATE, Level.ADVANCED
TEMPLATES = (
    Template("ts-symptoms-to-fault", "troubleshooting", _I, symptoms_to_fault, _DEBUG, "fail-reading-key"),
    Template("ts-minimal-fix", "troubleshooting", _I, minimal_fix, _DEBUG, "fail-recovery"),
    Template("ts-ruled-out", "troubleshooting", _A, ruled_out, _DEBUG, "fail-reading-key"),
    Template("ts-next-check", "troubleshooting", _A, next_check, _DEBUG, "slice-reading-the-table"),
)
