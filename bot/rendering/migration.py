"""How `/migrate` looks: the new manifests, what was asked of both sides, what could not be carried over.

Responsible for: the layout, the file.
Leaves to others: converting and proving (the simulator), the words (`templates/migration.j2`).
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.rendering.limits import CODE_LINES
from bot.rendering.notices import notice
from bot.rendering.reply import Block, Code, File, Reply, Tone
from bot.rendering.templates import text
from bot.rendering.terminal import output
from simulator import Comparison, Migration

_NOTES, _DIFFERENT = 10, 6
_UNKNOWN = "not modelled"


def migrated(made: Migration, proof: Sequence[Comparison]) -> Reply:
    """The proof first: where both sides differ, each difference; then the manifests, and all requests as a table."""
    unknown = [each for each in proof if each.by_ingress.startswith(_UNKNOWN) or each.by_gateway.startswith(_UNKNOWN)]
    known = [each for each in proof if each not in unknown]
    different = [each for each in known if not each.same]
    proved = bool(known) and not different and not unknown
    kinds = [f"{obj.kind} {obj.namespace}/{obj.name}" for obj in made.objects]
    blocks: list[Block] = [
        text(
            "migration", kinds=kinds, asked=len(known), same=len(known) - len(different), different=different[:_DIFFERENT],
            more=len(different) - _DIFFERENT, unknown=unknown[:_DIFFERENT], unknown_more=len(unknown) - _DIFFERENT,
            notes=made.notes[:_NOTES], notes_more=len(made.notes) - _NOTES, url=_url, proved=proved,
        )
    ]  # fmt: skip
    if made.objects and made.text.count("\n") <= CODE_LINES:
        blocks.append(Code(made.text, "yaml"))
    if proof:
        blocks.append(output(_table(proof), "requests.txt"))
    if made.objects:
        blocks.append(File("gateway-and-routes.yaml", made.text.encode()))
    return Reply(tuple(blocks), Tone.GOOD if proved else Tone.CAREFUL, aside=True)


def no_ingress() -> Reply:
    return notice("There is no Ingress in your workspace. `/check-manifest` puts one there.")


def _table(proof: Sequence[Comparison]) -> str:
    """Every request that was put to both sides: alike or not, and the answer of the Ingress."""
    rows = []
    for each in proof:
        if each.by_ingress.startswith(_UNKNOWN) or each.by_gateway.startswith(_UNKNOWN):
            verdict = "?"
        else:
            verdict = "same" if each.same else "DIFFERENT"
        rows.append(f"{verdict:10}{_url(each)}\n    {each.by_ingress}")
    return "\n".join(rows)


def _url(each: Comparison) -> str:
    return f"{each.request.scheme}://{each.request.host}{each.request.path}"
