"""Proofs: items, labs and demonstrations are run, and what they claim is compared with what the run shows.

Responsible for: running material, and one sentence for every claim that does not hold.
Leaves to others: the comparison itself (`expectations`), commands (`terminal`), where it stands in the files (`checks`).
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.learning.items import Choice, Item, Lab, Manifest, Option
from bot.library.expectations import mismatches, unknown_words
from bot.library.standing import Standing
from bot.library.terminal import print_commands, questions_of
from bot.library.transcripts import agrees, transcripts
from simulator import Report, Scenario, report_as_json, run


def shown(material: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a run of `profile`, `manifests` and the questions shows: the contract's JSON, and `commands` with the printed texts.

    Raises ValueError, with one sentence, for what is no scenario.
    """
    return executed(material)[1]


def executed(material: Mapping[str, Any]) -> tuple[Report, Mapping[str, Any]]:
    """The same, with the report that the JSON was made from."""
    commands: Sequence[str] = material.get("commands") or ()
    asked = questions_of(commands)
    report = run(
        Scenario.of(
            {
                "profile": material.get("profile") or {},
                "manifests": material.get("manifests") or (),
                "connections": material.get("connections") or (),
                "rollouts": material.get("rollouts") or (),
                **{kind: (*(material.get(kind) or ()), *asked[kind]) for kind in ("requests", "lookups")},
            },
            _has_no_text,
        )
    )
    data: Mapping[str, Any] = report_as_json(report)
    own = {kind: data[kind][: len(material.get(kind) or ())] for kind in ("requests", "lookups")}
    return report, ChainMap({**own, "commands": [text for _, text in print_commands(report, commands)]}, data)  # type: ignore[arg-type]


def _has_no_text(name: str) -> str:
    raise ValueError(f"the manifest {name!r} has no text")


def play(material: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    """Each of a demonstration's `commands` with what it prints. Raises ValueError for a command that cannot be run."""
    return tuple(zip(material["commands"], shown(material)["commands"], strict=True))


def disproved(item: Item) -> Iterator[str]:
    """Every claim of an item's proof, and of the transcripts in its stem, that a run does not bear out; nothing if there is no proof."""
    told = transcripts(item.stem)
    if item.proof is None:
        yield from (f"`{command}` is shown with its output, and there is no proof to run it in" for command, _ in told)
        return
    try:
        run_shows = shown({**item.proof, "commands": (*(item.proof.get("commands") or ()), *(command for command, _ in told))})
        yield from _not_modelled(run_shows)
        yield from _untrue(told, run_shows["commands"])
        yield from _unfulfilled(item.proof.get("expect") or {}, run_shows, "the proof")
        for option in item.options if isinstance(item, Choice) else ():
            yield from _disproved_option(option, _after(item.proof, option.applies) if option.applies else run_shows)
    except ValueError as error:
        yield f"the proof cannot be run: {error}"


def _untrue(told: Sequence[tuple[str, str]], printed: Sequence[str]) -> Iterator[str]:
    """The transcripts, which are of the last commands that were run."""
    for (command, claimed), text in zip(told, printed[len(printed) - len(told) :], strict=True):
        if not agrees(claimed, text):
            yield f"`{command}` prints otherwise: {text}"


def _after(proof: Mapping[str, Any], applied: str) -> Mapping[str, Any]:
    """What the proof's run shows once `applied` has been applied besides."""
    return shown({**proof, "manifests": (*(proof.get("manifests") or ()), {"name": "applied.yaml", "text": applied})})


def _disproved_option(option: Option, run_shows: Mapping[str, Any]) -> Iterator[str]:
    who = f"the option {option.text!r}"
    if option.asserts is None:
        return
    if option.correct:
        yield from _unfulfilled(option.asserts, run_shows, who)
    elif misspelt := next(unknown_words(option.asserts), ""):
        yield f"{who}: `{misspelt}` is not a comparison"
    elif next(mismatches(option.asserts, run_shows), None) is None:
        yield f"{who} is marked wrong, and what it asserts is true"


def unsolved(lab: Lab) -> Iterator[str]:
    """Whatever makes a lab unfit: a goal that is reached already, something to keep that is broken already, a solution that fails.

    Operations that belong to no solution may not solve, one by one or all together; nor may half of a solution.
    """
    try:
        before = _reached(lab, lab.manifests)
        if not before[0]:
            yield "the broken cluster reaches the goal already"
        yield from (f"broken before the learner comes: {sentence}" for sentence in before[1])
        for number, solution in enumerate(lab.solutions, 1):
            goal, keeps = _reached(lab.after(solution.operations), solution.manifests)
            yield from (f"solution {number} does not reach the goal: {sentence}" for sentence in goal)
            yield from (f"solution {number} breaks what worked: {sentence}" for sentence in keeps)
        for done in _vain(lab):
            tried = lab.after(done)
            if not any(_reached(tried, tried.manifests)):
                yield f"{' and '.join(f'`{id_}`' for id_ in done)} alone solves it, and no solution says so"
    except ValueError as error:
        yield f"the lab cannot be run: {error}"


def standings(lab: Lab) -> Sequence[Standing]:
    """How each of its solutions leaves the cluster."""
    found = []
    for solution in lab.solutions:
        files = [{"name": m.name, "text": m.text} for m in solution.manifests]
        report, _ = executed({"profile": lab.after(solution.operations).profile or {}, "manifests": files})
        found.append(Standing(report.cluster))
    return found


def _vain(lab: Lab) -> Iterator[tuple[str, ...]]:
    """Operations that may not solve by themselves."""
    enough = [set(solution.operations) for solution in lab.solutions if solution.manifests == lab.after(solution.operations).manifests]
    yield from ((operation.id,) for operation in lab.operations if {operation.id} not in enough)
    stray = tuple(operation.id for operation in lab.operations if operation.id not in lab.helpful)
    if len(stray) > 1:
        yield stray


def _reached(lab: Lab, manifests: Sequence[Manifest]) -> tuple[list[str], list[str]]:
    """What is missing of the goal, and what of the things to keep, with these manifests."""
    cluster = {"profile": lab.profile or {}, "manifests": [{"name": m.name, "text": m.text} for m in manifests]}
    goal = judge({**cluster, **lab.goal})
    keeps = lab.goal.get("keeps")
    return goal, judge({**cluster, **keeps}) if keeps else []


def judge(material: Mapping[str, Any]) -> list[str]:
    """One sentence for each thing in which a run is not as `expect` says. An empty list: all of it holds."""
    return list(_unfulfilled(material["expect"], shown(material), "the run"))


def _unfulfilled(expected: Mapping[str, Any], run_shows: Mapping[str, Any], who: str) -> Iterator[str]:
    for word in unknown_words(expected):
        yield f"{who}: `{word}` is not a comparison"
    for sentence in mismatches(expected, run_shows):
        yield f"{who}: {sentence}"


def _not_modelled(run_shows: Mapping[str, Any]) -> Iterator[str]:
    for kind in ("requests", "lookups", "connections", "rollouts"):
        for index, answer in enumerate(run_shows.get(kind, ())):
            if answer.get("not_modelled"):
                yield f"{kind}[{index}] is not modelled: {answer['not_modelled']}"
