"""How it looks when a learner asks what is kept.

Responsible for: each table in plain words, the file, the question before deleting.
Leaves to others: the rows (`bot.app.privacy`).
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.rendering.reply import Button, Buttons, File, Reply, Style, Text, Tone
from bot.rendering.templates import text

IN_WORDS = {
    "sessions": "quizzes, checks, labs, rounds, drills and questions of the day, open and recent",
    "attempts": "answers: which question, which option, right or wrong, when, how sure, how long it took",
    "lesson_progress": "steps of lessons that you opened or marked as understood",
    "manifests": "manifests in your workspace, without the data of Secrets",
    "cards": "review cards: when a question should come back",
    "abilities": "estimates of how strong you are, skill by skill",
    "preferences": "your own choices: time zone, exam date, reminder",
    "shown_on": "servers whose leaderboard shows you",
    "reward_wishes": "servers on which you said whether to wear their roles",
    "roles_given": "roles that I gave you on servers, and when",
    "reports": "reports of yours on questions, labs and pages, with your words",
    "tidings": "what you are still to be told about reported questions",
}


def kept(counts: Mapping[str, int], days: int) -> Reply:
    """What is kept, table by table. `days`: after so long an absence it is deleted unasked."""
    lines = [(count, IN_WORDS.get(table, table)) for table, count in counts.items()]
    blocks = (text("privacy", lines=lines, days=days),)
    if not counts:
        return Reply(blocks)
    return Reply(
        (*blocks, Buttons((Button("Download all of it", "privacy-export"), Button("Delete all of it", "privacy-ask", Style.DANGER))))
    )


def exported(name: str, data: bytes) -> Reply:
    return Reply((Text("Every row that is kept about you. Nothing else is."), File(name, data)), aside=True)


def sure(rows: int) -> Reply:
    """The question before it is done."""
    if not rows:
        return Reply((Text("Nothing is kept about you."),), aside=True)
    question = Text(
        f"This deletes {rows} {'row' if rows == 1 else 'rows'}: your answers, progress, reviews and workspace. It cannot be undone."
        " A drill or round that is going on goes on without you. Of reports that you sent, the reason stays, without you and your words."
    )
    return Reply((question, Buttons((Button("Yes, delete everything", "privacy-delete", Style.DANGER),))), Tone.CAREFUL, aside=True)


def deleted(rows: int) -> Reply:
    return Reply((Text(f"Done: {rows} {'row is' if rows == 1 else 'rows are'} deleted. Nothing is kept about you any more."),), Tone.GOOD)
