"""The inventory: nothing of the source lesson, and none of its corrections, may get lost.

Responsible for: every line taken up by a chunk, an item or a lab; how many lines of each kind there are; the table of it all.
Leaves to others: the lines themselves (`content/inventory.yaml`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from bot.learning.items import Choice, Chunk, Item, Lab, ScenarioItem, Skill, Written
from bot.library.faults import Slip
from bot.library.library import Library

COUNTS = {
    "objective": 5, "concept": 6, "diagram": 4, "missing diagram": 1, "manifest": 5, "demonstration": 8, "command": 5, "question": 10,
    "mistake": 2, "best practice": 2, "troubleshooting": 3, "summary": 6, "failure": 5, "decision": 4, "correction": 66,
}  # fmt: skip
"""How many lines of these kinds the lesson has; a line that is deleted is noticed."""
SKILLS = 66
PROOFS = ("proved", "modelled", "fact")
LEVELS = ("beginner", "intermediate", "advanced")
PICTURES = 5
MISTAKES = range(1, 41)
"""The frequent mistakes, by their numbers: each is a lab to repair, or told in a chunk where there is nothing to repair."""


def coverage(library: Library) -> Iterator[Slip]:
    covered = covering(library)
    for entry in library.inventory:
        if not covered[entry.id]:
            place = library.place(f"inventory {entry.id}")
            what = f"{entry.id}, {entry.title!r}, is taken up nowhere."
            yield Slip(place.file, place.line, what, f"Write it, and add `{entry.id}` to the `covers:` of what takes it up.", "coverage")
    kinds = Counter(entry.kind for entry in library.inventory)
    for kind, count in COUNTS.items():
        if kinds[kind] != count:
            yield Slip(
                "content/inventory.yaml", 1, f"There are {kinds[kind]} lines of kind {kind!r} and not {count}.", "Restore them.", "coverage"
            )
    if len(library.skills) != SKILLS:
        yield Slip(
            "content/skills.yaml", 1, f"There are {len(library.skills)} skills and not {SKILLS}.", "Skills are permanent.", "coverage"
        )
    drawn = {line for chunk in library.chunks.values() if chunk.picture for line in chunk.covers}
    for entry in library.inventory:
        if entry.kind.endswith("diagram") and entry.id not in drawn:
            place = library.place(f"inventory {entry.id}")
            yield Slip(
                place.file,
                place.line,
                f"{entry.id}, {entry.title!r}, is not drawn.",
                "Give the chunk that covers it a `picture:`.",
                "coverage",
            )
    for number in MISTAKES:
        if not any(number in of_kind for of_kind in mistakes(library)):
            what = f"Mistake {number} of the forty has neither lab nor chunk."
            yield Slip("content", 1, what, "Write one, with `mistake:` in a lab or `mistakes:` in a chunk.", "coverage")
    for skill in library.skills.values():
        if not any(item.skill == skill.id for item in library.questions.values()):
            place = library.place(f"skill {skill.id}")
            yield Slip(place.file, place.line, f"No question asks for `{skill.id}`.", "Write one.", "coverage")


def mistakes(library: Library) -> tuple[Mapping[int, str], Mapping[int, str]]:
    """The lab that each of the forty mistakes has, and the chunk of those that have no lab."""
    labs = {lab.mistake: lab.id for lab in library.labs.values() if lab.mistake}
    chunks = {number: chunk.id for chunk in library.chunks.values() for number in chunk.mistakes if number not in labs}
    return labs, chunks


def covering(library: Library) -> Mapping[str, Sequence[str]]:
    """The ids of the chunks, items and labs that take up each line of the inventory."""
    takers: dict[str, list[str]] = {entry.id: [] for entry in library.inventory}
    everything: Sequence[Chunk | Item | Lab] = (*library.chunks.values(), *library.items.values(), *library.labs.values())
    for taker in everything:
        for line in taker.covers:
            takers.setdefault(line, []).append(taker.id)
    return takers


def table(library: Library) -> str:
    """The coverage as text: inventory, skills by proof and level, kinds and levels of questions, what is run, labs and mistakes."""
    covered = covering(library)
    kinds = Counter(entry.kind for entry in library.inventory)
    taken = Counter(entry.kind for entry in library.inventory if covered[entry.id])
    questions = list(library.questions.values())
    asked = {question.skill for question in questions}
    lines = [f"{'inventory':<24}{'lines':>6}{'covered':>9}"]
    lines += [f"  {kind:<22}{count:>6}{taken[kind]:>9}" for kind, count in kinds.items()]
    lines += [
        "",
        f"{'skills':<24}{'all':>6}{'asked':>9}" + "".join(f"{kind:>10}" for kind in PROOFS) + "".join(f"{name:>14}" for name in LEVELS),
    ]
    for topic in dict.fromkeys(skill.topic for skill in library.skills.values()):
        lines.append(_skills(topic, [skill for skill in library.skills.values() if skill.topic == topic], asked))
    lines.append(_skills("all", list(library.skills.values()), asked))
    lines += ["", "questions"]
    lines += [f"  {name:<22}{count:>6}" for name, count in Counter(_kind(question) for question in questions).items()]
    lines += [f"  {level:<22}{count:>6}" for level, count in Counter(question.level.value for question in questions).items()]
    proofs = sum(question.proof is not None for question in questions)
    demonstrations = sum(chunk.demonstration is not None for chunk in library.chunks.values())
    tried = sum(1 + len(lab.solutions) for lab in library.labs.values())
    lines += ["", f"{'run':<24}{proofs + demonstrations + tried:>6}", f"  {'proofs of questions':<22}{proofs:>6}"]
    lines += [f"  {'demonstrations':<22}{demonstrations:>6}", f"  {'labs, solved and not':<22}{tried:>6}"]
    lines += ["", f"{'chunks':<24}{len(library.chunks):>6}", f"{'labs':<24}{len(library.labs):>6}"]
    labs, chunks = mistakes(library)
    lines += ["", f"{'forty mistakes':<24}{len(labs) + len(chunks):>6}"]
    lines.append(f"  {'as a lab':<22}{len(labs):>6}  {', '.join(map(str, sorted(labs)))}")
    lines.append(f"  {'in a chunk':<22}{len(chunks):>6}  {', '.join(f'{number} {chunks[number]}' for number in sorted(chunks))}")
    return "\n".join(lines)


def _skills(name: str, skills: Sequence[Skill], asked: AbstractSet[str]) -> str:
    proofs, levels = Counter(skill.proof for skill in skills), Counter(skill.level.value for skill in skills)
    counts = "".join(f"{proofs[kind]:>10}" for kind in PROOFS) + "".join(f"{levels[level]:>14}" for level in LEVELS)
    return f"  {name:<22}{len(skills):>6}{sum(skill.id in asked for skill in skills):>9}{counts}"


def _kind(question: Item) -> str:
    match question:
        case Choice():
            return "multiple choice"
        case Written(kind=kind):
            return kind
        case ScenarioItem():
            return "scenario"
    return "other"
