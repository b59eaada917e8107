"""How reports look to those who decide on them: the queue, a case, the forms, the figures of items, a text for an issue.

Responsible for: the layout of these messages and what their buttons carry.
Leaves to others: words (`templates`), what a click does (`bot.app.judge_reports`), what reporters see (`reports`).
What reporters wrote is shown as text and nothing else. No figure is shown before ten people have answered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isinf

from bot.learning.item_analysis import ENOUGH, SHOWN_FROM, Analysis
from bot.learning.items import Choice, Chunk, Explanation, Item, Lab, ScenarioItem, Written
from bot.learning.reporting import PROPOSED_FROM, Case, Decision, Kind, Thing, Verdict
from bot.rendering.escape import plain, shortened
from bot.rendering.form import Form, Line, Options
from bot.rendering.notices import notice
from bot.rendering.quiz import LETTERS, setting
from bot.rendering.reply import Block, Button, Buttons, Code, Entry, Menu, Reply, Rule, Style, Text, Tone
from bot.rendering.reports import NAMES, in_words
from bot.rendering.templates import text
from bot.rendering.terminal import output

PAGE = 8
_LISTED = 10
_QUOTED = 5
_MENU = 25

_BUTTONS = {
    Verdict.KEPT: ("Keep it", Style.SUCCESS),
    Verdict.TO_BE_MENDED: ("Will be mended", Style.SECONDARY),
    Verdict.TAKEN_OUT: ("Take it out", Style.DANGER),
    Verdict.BROUGHT_BACK: ("Bring it back", Style.SUCCESS),
    Verdict.ACCEPTED: ("Accept another option", Style.SECONDARY),
    Verdict.VOIDED: ("Let it not count", Style.DANGER),
}
_MEANS = {
    Verdict.KEPT: "nothing changes, and these reports are settled",
    Verdict.TO_BE_MENDED: "it stays as it is until a new version mends it",
    Verdict.TAKEN_OUT: "nobody {where} gets it until you bring it back",
    Verdict.BROUGHT_BACK: "people {where} get it again",
    Verdict.ACCEPTED: "whoever chose that option gets it as right, and it is taken out; corrected answers stay corrected",
    Verdict.VOIDED: "answers given already are left out for good, and it is taken out",
}
_DONE = {
    Verdict.KEPT: "It stays as it is.",
    Verdict.TO_BE_MENDED: "It will be mended; until then it stays as it is.",
    Verdict.TAKEN_OUT: "It is taken out: nobody {where} gets it any more. Who has it on the screen may still answer.",
    Verdict.BROUGHT_BACK: "It is back: people {where} get it again.",
    Verdict.ACCEPTED: "The option counts as right as well, and the question is taken out until it is mended.",
    Verdict.VOIDED: "It no longer counts, and is taken out until it is mended.",
}

_FOR_OURS = "Copy this into an issue of the project. A corrected file and a new version mend it; then bring it back here."
_FOR_OWN = "For whoever looks after the pack. `/pack upload` of the corrected file mends it; then bring it back here."


@dataclass(frozen=True, slots=True)
class Checked:
    """What running a thing once more has shown: a sentence for each claim that does not hold; None if there is nothing to run."""

    sentences: tuple[str, ...] | None
    in_time: bool = True


@dataclass(frozen=True, slots=True)
class Judged:
    """A case as it stands. `server` is 0 for the operator; `last` is the newest decision, `out` where it is taken out (0: everywhere)."""

    case: Case
    title: str
    server: int
    last: Decision | None
    out: frozenset[int]
    choice: bool = False
    reported: int = 0
    """Reports on it that are kept, from anywhere, decided or not."""

    @property
    def seen(self) -> int:
        """The number of the decision that a click on this case's buttons takes to be the newest."""
        return self.last.id if self.last else 0

    @property
    def address(self) -> str:
        return f"{self.case.thing.kind.value}:{self.case.thing.id}"


def queue(cases: Sequence[tuple[Case, str]], held: Sequence[tuple[Thing, str]], page: int = 0, *, operator: bool) -> Reply:
    """A page of what waits, most urgent first, and of what is taken out by these very people."""
    pages = max(1, -(-max(len(cases), len(held)) // _MENU))
    page = page if 0 <= page < pages else 0
    first, out = page * _MENU, {thing for thing, _ in held}
    waiting, here = cases[first:][:_MENU], held[first:][:_MENU]
    lines = [(first + n, case, title, _reasons(case), case.thing in out) for n, (case, title) in enumerate(waiting[:_LISTED], 1)]
    words = text(
        "report_queue", lines=lines, more=len(waiting) - _LISTED, held=here[:_LISTED], held_more=len(here) - _LISTED, waiting=len(cases),
        held_all=len(held), page=page + 1, pages=pages, operator=operator, proposed_from=PROPOSED_FROM, names=NAMES,
    )  # fmt: skip
    blocks: list[Block] = [words]
    if waiting:
        blocks.append(Menu("reports-open", "Look at a case ...", _entries([(case.thing, title) for case, title in waiting])))
    if here:
        blocks.append(Menu("reports-held", "Look at what is taken out ...", _entries(here)))
    ways = [Button("Figures of all questions", "reports-items:0"), Button("Look again", "reports-queue")]
    if pages > 1:
        ways.append(Button("Next page", f"reports-queue:{(page + 1) % pages}"))
    blocks.append(Buttons(tuple(ways)))
    return Reply(tuple(blocks))


def case(judged: Judged, found: Item | Lab | Chunk | Explanation | None, scenario: ScenarioItem | None, checked: Checked | None) -> Reply:
    """One case. `found` is None if the thing is no longer there."""
    opened, last = judged.case, judged.last
    said = [report for report in opened.reports if report.words][-_QUOTED:]
    words = text(
        "report_case", judged=judged, case=opened, name=NAMES[opened.thing.kind], reasons=_reasons(opened), said=said,
        silent=len(opened.reports) - len(said), last=_done(last) if last else "", gone=found is None,
        everywhere=0 in judged.out, here=judged.server in judged.out, operator=judged.server == 0,
    )  # fmt: skip
    blocks: list[Block] = [words, Rule()]
    if found is not None:
        blocks += [*_as_learners_see(found, scenario), Rule(), _evidence(judged, found, checked)]
    return Reply((*blocks, *_ways(judged, gone=found is None)))


def form(judged: Judged, verdict: Verdict, longest: int, item: Item | None = None) -> Form:
    """What is told to the reporters; for a correction also what it will do. `item` is a question that is the same for everybody."""
    told = judged.case.reporters
    whom = f"Told to {told} {'person' if told == 1 else 'people'}" if told else "Nobody waits for it; kept with the decision"
    said = Line("words", "One or two sentences", whom, long=True, most=longest)
    title = shortened(f"{_BUTTONS[verdict][0]}: {judged.title}", 45)
    fields: tuple[Line | Options, ...] = (said,)
    if verdict is Verdict.ACCEPTED and isinstance(item, Choice):
        wrong = tuple(
            (str(number), shortened(f"{LETTERS[number]} · {plain(option.text)}", 100), False)
            for number, option in enumerate(item.options)
            if not option.correct
        )
        fields = (Options("option", "Which option is right as well?", wrong, "Who chose it gets the answer as right"), said)
    return Form(title, f"judged:{verdict.value}:{judged.address}:{judged.seen}", fields)


def decided(judged: Judged, answers: int = 0, people: int = 0, told: int = 0) -> Reply:
    """What was decided; so many answers of so many people are corrected by it, and so many reporters hear of it."""
    last = judged.last
    assert last is not None
    again = Button("The case once more", f"reports-case:{judged.address}")
    out = last.verdict.corrects or last.verdict is Verdict.TAKEN_OUT
    words = text("report_decided", title=judged.title, done=_done(last), words=last.words, answers=answers, people=people, told=told,
                 corrects=last.verdict.corrects, also=last.verdict is Verdict.ACCEPTED, own=out and judged.case.thing.owner)  # fmt: skip
    return Reply((words, Buttons((_back(Style.PRIMARY), again))), Tone.GOOD)


def decided_meanwhile(judged: Judged) -> Reply:
    """Somebody else was faster."""
    now = _done(judged.last) if judged.last else "The decision that you saw is no longer there."
    buttons = Buttons((Button("Look at it again", f"reports-case:{judged.address}", Style.PRIMARY), _back()))
    return Reply((Text(f"Somebody has decided on this since you looked, so nothing was changed. {now}"), buttons), Tone.CAREFUL)


def not_possible() -> Reply:
    return notice("That cannot be decided here: the question is another's, or has no such option. Nothing was changed.")


def items(listed: Sequence[tuple[Thing, str, Analysis]], page: int, *, operator: bool) -> Reply:
    """A page of the figures of items."""
    pages = max(1, -(-len(listed) // PAGE))
    page = min(max(page, 0), pages - 1)
    here = listed[page * PAGE : (page + 1) * PAGE]
    words = text("item_list", lines=[(thing, title, found, _figures(found)) for thing, title, found in here], page=page + 1, pages=pages,
                 total=len(listed), enough=ENOUGH, shown_from=SHOWN_FROM, operator=operator)  # fmt: skip
    turns = (
        Button("Previous", f"reports-items:{page - 1}", disabled=page == 0),
        Button("Next", f"reports-items:{page + 1}", disabled=page + 1 == pages),
    )
    menu = [Menu("reports-open", "Look at one ...", _entries([(thing, title) for thing, title, _ in here]))] if here else []
    return Reply((words, *menu, Buttons((*turns, _back()))))


def issue(judged: Judged, place: str, checked: Checked | None) -> Reply:
    """Something to copy into an issue. What reporters wrote is in it, without who they are."""
    opened = judged.case
    lines = [
        f"{NAMES[opened.thing.kind].capitalize()} {opened.thing.id}",
        f"Written in {place}",
        *(f"Reported {'once' if count == 1 else f'{count} times'}: {words}" for words, count in _reasons(opened)),
        *(f"  {' '.join(report.words.split())}" for report in opened.reports if report.words),
        *(plain(line) for line in _figures(opened.figures)),
        *(f"Mark: {mark.value}" for mark in opened.figures.marks),
        *([_verdict(checked)] if checked else []),
        *(f"  {sentence}" for sentence in (checked.sentences if checked else None) or ()),
    ]
    heading = Text(_FOR_OWN if opened.thing.owner else _FOR_OURS)
    return Reply((heading, output("\n".join(lines), "issue.txt")), aside=True)


def not_for_you() -> Reply:
    return notice("Reports are looked at by people who have *Manage Server* here, and in direct messages by the operator of this bot.")


def _entries(things: Sequence[tuple[Thing, str]]) -> tuple[Entry, ...]:
    return tuple(Entry(title, f"{thing.kind.value}/{thing.id}", NAMES[thing.kind]) for thing, title in things[:_MENU])


def _reasons(opened: Case) -> list[tuple[str, int]]:
    return [(in_words(opened.thing.kind, reason).lower(), count) for reason, count in opened.reasons]


def _as_learners_see(found: Item | Lab | Chunk | Explanation, scenario: ScenarioItem | None) -> list[Block]:
    match found:
        case Item():
            around: list[Block] = [setting(scenario, found), *_manifests(scenario)] if scenario else []
            return [*around, text("question", item=found), *_manifests(found), _key(found)]
        case Lab():
            return [text("judged_lab", lab=found), *_manifests(found)]
        case _:
            return [Text(f"**{found.title}**\n{found.body}")]


def _key(item: Item) -> Text:
    if isinstance(item, Choice):
        return text("judged_options", options=list(zip(LETTERS, item.options, strict=False)), item=item)
    return text("judged_points", item=item, points=item.key_points if isinstance(item, Written) else ())


def _manifests(item: Item | Lab) -> list[Block]:
    return [block for each in item.manifests for block in (text("file", name=each.name), Code(each.text, "yaml", each.name))]


def _evidence(judged: Judged, found: Item | Lab | Chunk | Explanation, checked: Checked | None) -> Text:
    rests_on = [*found.facts, *(f"<{source}>" for source in found.sources)] if isinstance(found, Item) else []
    figures, generated = judged.case.figures, isinstance(found, Choice) and bool(found.instance)
    verdict = _verdict(checked) if checked and not generated else ""
    return text(
        "report_evidence", verdict=verdict, sentences=(checked.sentences if checked else None) or (),
        rests_on=rests_on[:4], asked=judged.case.thing.kind.asked, figures=_figures(figures), marks=[mark.value for mark in figures.marks],
        generated=generated, reported=judged.reported,
    )  # fmt: skip


def _verdict(checked: Checked) -> str:
    if not checked.in_time:
        return "Run again just now: it took too long, so nothing is known."
    if checked.sentences is None:
        return "There is nothing to run: it does not depend on behaviour that the simulator shows."
    return "Run again just now: this does not hold." if checked.sentences else "Run again just now: all that it claims holds."


def _figures(found: Analysis) -> list[str]:
    """Lines of Markdown; never what a single person answered."""
    if found.answers < SHOWN_FROM:
        return [f"Fewer than {SHOWN_FROM} people have answered it: too few answers to show any figure."]
    lines = [
        f"{_percent(found.facility)} right of {found.answers} first answers (95 % sure: {_percent(found.low)} to {_percent(found.high)})"
    ]
    if not found.enough:
        lines[0] += f". Too few answers to judge by: {ENOUGH} are needed"
    if found.discrimination is not None and found.placed >= SHOWN_FROM:
        lines.append(
            f"Discrimination {found.discrimination:+.2f} (95 % sure: {found.weakest:+.2f} to {found.strongest:+.2f}),"
            f" from {found.placed} answers of people known well enough"
        )
    if found.shares:
        lines.append("Chosen: " + " · ".join(f"{LETTERS[option]} {_percent(share)}" for option, share in found.shares.items()))
    if found.beliefs:
        top = sorted(found.beliefs.items(), key=lambda entry: -entry[1])[:4]
        lines.append("Wrong by: " + " · ".join(f"`{belief}` {_percent(share)}" for belief, share in top))
    if found.median is not None:
        lines.append("Median time: " + ("more than ten minutes" if isinf(found.median) else f"about {found.median:.0f} s"))
    if found.hinted:
        lines.append(f"Hints taken: by {_percent(found.hinted)}")
    return lines


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _ways(judged: Judged, *, gone: bool) -> tuple[Block, ...]:
    thing, mine = judged.case.thing, judged.server in judged.out
    verdicts = [Verdict.KEPT] if not mine and (judged.case.reports or judged.case.proposed) else []
    if judged.server == 0 and judged.case.reports and not gone:
        verdicts.append(Verdict.TO_BE_MENDED)
    if thing.kind.asked and not gone:
        verdicts.append(Verdict.BROUGHT_BACK if mine else Verdict.TAKEN_OUT)
    corrects = thing.kind is Kind.QUESTION and thing.owner == judged.server and not gone
    settled = mine and judged.last is not None and judged.last.verdict is Verdict.VOIDED
    if corrects and not settled:
        verdicts += [Verdict.ACCEPTED, Verdict.VOIDED] if judged.choice else [Verdict.VOIDED]
    ways = tuple(
        Button(_BUTTONS[verdict][0], f"judge:{verdict.value}:{judged.address}:{judged.seen}", _BUTTONS[verdict][1]) for verdict in verdicts
    )
    looks = (Button("Text for the author" if thing.owner else "Text for an issue", f"reports-issue:{judged.address}"), _back())
    if not ways:
        return (Buttons(looks),)
    where = _where(judged.server)
    means = Text("\n".join(f"-# *{_BUTTONS[verdict][0]}*: {_MEANS[verdict].format(where=where)}." for verdict in verdicts))
    return (means, Buttons(ways), Buttons(looks))


def _done(decision: Decision) -> str:
    daily = " As the question of the day it is withdrawn." if decision.thing.kind is Kind.QUESTION else ""
    return _DONE[decision.verdict].format(where=_where(decision.server)) + (daily if decision.verdict is Verdict.TAKEN_OUT else "")


def _where(server: int) -> str:
    return "on this server" if server else "on any server"


def _back(style: Style = Style.SECONDARY) -> Button:
    return Button("All reports", "reports-queue", style)
