"""Short answers by modal and questions from random clusters, as a learner meets them in a quiz."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest
import simcord

from bot.app.workers import Workers
from bot.frontend.client import Bot, build_bot
from bot.generators import TEMPLATES
from bot.learning.items import KeyPoint, Level, Written
from bot.settings import Settings
from bot.storage import Storage, attempts, cards, sessions
from tests.bot.conftest import NOW
from tests.bot.material import library
from tests.bot.screen import buttons, text

WHY = Written(
    id="q-written",
    topic="services",
    skill="svc-selector-match",
    level=Level.BEGINNER,
    stem="How does a Service find its Pods?",
    explanation="Names play no part.",
    key_points=(
        KeyPoint("labels", "By their labels.", "required", ("selector|finds|matches labels",), "What do Pods carry?"),
        KeyPoint("namespace", "In its own namespace.", "required", ("own|same namespace",)),
        KeyPoint("name", "A Service does not look at names.", "forbidden", ("finds|matches pods by_name",)),
    ),
    model_answer="Its selector matches labels of Pods in its own namespace.",
)


@pytest.fixture
def new_bot(storage: Storage, workers: Workers) -> Callable[[], Bot]:
    """The bot with a library of this one written question."""
    only = replace(library(), items={WHY.id: WHY})
    return lambda: build_bot(Settings(shard_count=1), only, storage, workers, lambda: NOW, Random(7))


async def wrote(learner: simcord.MemberActor, channel: simcord.ChannelHandle, answer: str) -> simcord.InteractionResult:
    """Opens a quiz, its window, and submits an answer; gives the quiz's message."""
    shown = await learner.slash(channel, "quiz", length=1)
    window = await learner.click(shown.response, label="Write the answer")
    await learner.submit_modal(window, {"answer": answer})
    return shown


async def test_a_right_answer_is_told_point_by_point(ada: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage) -> None:
    """What was heard, a model answer, and the way on; the attempt says that nothing was chosen."""
    shown = await wrote(ada, channel, "The selector matches labels of pods in the same namespace.")

    assert "✓ Right." in text(shown.response)
    assert "✓ By their labels." in text(shown.response)
    assert "A model answer" in text(shown.response)
    await ada.click(shown.response, label="See the result")
    assert "1 of 1 right" in text(shown.response)
    rows = await storage.read(lambda db: list(db.query("SELECT option, correct FROM attempts")))
    assert [(row["option"], row["correct"]) for row in rows] == [(-1, 1)]


async def test_answers_in_ones_own_words_can_be_asked_for(
    simcord_env: simcord.Env, ada: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage, workers: Workers
) -> None:
    """Out of many questions only those to be written are asked, or only the others."""
    both = replace(library(), items={**library().items, WHY.id: WHY})
    await simcord_env.restart_bot(build_bot(Settings(shard_count=1), both, storage, workers, lambda: NOW, Random(7)))

    shown = await ada.slash(channel, "quiz", answers="written", length=5)
    assert "Question 1 of 1" in text(shown.response)
    assert "Write the answer" in buttons(shown.response)

    shown = await ada.slash(channel, "quiz", answers="options", length=20)
    assert "How does a Service find its Pods?" not in text(shown.response)
    sitting = await storage.read(lambda db: sessions.latest_open(db, ada.id, "quiz"))
    assert sitting is not None
    assert len(sitting.state["questions"]) > 1
    assert all(question["order"] for question in sitting.state["questions"])


async def test_in_doubt_the_learner_judges(ada: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage) -> None:
    """Half of the points heard: nothing is recorded until the learner has compared; then it counts."""
    shown = await wrote(ada, channel, "The selector matches labels of the pods.")

    assert "Part of it is there.** I heard 1 of the 2 points" in text(shown.response)
    assert "– In its own namespace." in text(shown.response)
    assert buttons(shown.response) == ["I had all of it", "Not all of it", "Report"]
    assert await storage.read(lambda db: db.table("attempts").count) == 0
    await ada.click(shown.response, label="Not all of it")
    assert "✗ Not yet, as you judged." in text(shown.response)
    assert await storage.read(lambda db: attempts.last_results(db, ada.id)) == {"q-written": False}
    assert await storage.read(lambda db: cards.find(db, ada.id, "q-written")) is not None


async def test_a_wrong_claim_is_wrong(ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """With what is true instead; what was typed is shown, and does nothing."""
    shown = await wrote(ada, channel, "It finds pods by name. **@everyone**")

    assert "✗ Not yet.** A Service does not look at names." in text(shown.response)
    assert "**@everyone**" not in text(shown.response)


async def test_a_doubtful_answer_outlives_a_restart(
    simcord_env: simcord.Env, ada: simcord.MemberActor, channel: simcord.ChannelHandle, new_bot: Callable[[], Bot]
) -> None:
    """The buttons to judge it work on."""
    shown = await wrote(ada, channel, "The selector matches labels.")
    await simcord_env.restart_bot(new_bot())

    await ada.click(shown.response, label="I had all of it")

    assert "✓ Right, as you judged." in text(shown.response)


async def test_a_question_from_a_random_cluster(
    simcord_env: simcord.Env,
    ada: simcord.MemberActor,
    channel: simcord.ChannelHandle,
    new_bot: Callable[[], Bot],
    storage: Storage,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Asked like any other, the same after a restart, with the run behind it; a new cluster when it comes again."""
    name = "gen-svc-selector-match"
    monkeypatch.setattr("bot.app.questions.TEMPLATES", {name: TEMPLATES[name]})
    shown = await ada.slash(channel, "quiz", length=2)
    if "Write the answer" in buttons(shown.response):
        window = await ada.click(shown.response, label="Write the answer")
        await ada.submit_modal(window, {"answer": "It finds pods by name."})
        await ada.click(shown.response, label="Next question")
    asked = text(shown.response).split("-#")[0]
    await simcord_env.restart_bot(new_bot())

    await ada.click(shown.response, label="A")

    assert asked.split("\n")[1] in text(shown.response)
    run = await ada.click(shown.response, label="The run")
    assert "What the simulated cluster shows" in text(run.response)
    rows = await storage.read(lambda db: list(db.query("SELECT item, instance FROM attempts WHERE item = ?", [name])))
    assert len(rows) == 1
    assert rows[0]["instance"]
    again = simcord_env.bot.app.questions.another(name)
    assert again.instance != rows[0]["instance"]


async def test_a_hint_is_counted(ada: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage) -> None:
    """It is shown with the question, and the answer remembers that it took one."""
    shown = await ada.slash(channel, "quiz", length=1)
    assert "comes back sooner" in text(shown.response)
    await ada.click(shown.response, label="Hint")
    assert "**Hint** What do Pods carry?" in text(shown.response)
    assert "Hint" not in buttons(shown.response)

    window = await ada.click(shown.response, label="Write the answer")
    await ada.submit_modal(window, {"answer": "The selector matches labels of pods in the same namespace."})

    [evidence] = await storage.read(lambda db: attempts.evidence(db, ada.id))
    assert evidence.correct
    assert evidence.hints == 1
    assert not evidence.counts


@pytest.mark.parametrize("answer", ["\ud800", "```\n@everyone", "x" * 2000, "\u202e\0 labels", "- not\n" * 300])
async def test_any_text_is_an_answer(ada: simcord.MemberActor, channel: simcord.ChannelHandle, answer: str) -> None:
    """Graded, shown harmlessly, and the quiz goes on."""
    shown = await wrote(ada, channel, answer)

    assert "**You wrote**" in text(shown.response)
    assert "\u202e" not in text(shown.response)
