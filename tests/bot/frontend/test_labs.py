"""`/lab` as a learner uses it, in simcord's world."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import pytest
import simcord

from bot.app.workers import Workers
from bot.frontend.client import Bot, build_bot
from bot.learning.items import Lab, Level, Manifest, Operation, Solution
from bot.settings import Settings
from bot.storage import Storage, attempts
from tests.bot.material import library
from tests.bot.screen import action, buttons, parts, text

SERVICE = """\
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: wbe
  ports:
  - port: 80
    targetPort: 8080
"""
PODS = """\
apiVersion: v1
kind: Pod
metadata:
  name: web-1
  labels:
    app: web
spec:
  containers:
  - name: web
    image: web
    ports:
    - containerPort: 8080
---
apiVersion: v1
kind: Pod
metadata:
  name: client
spec:
  containers:
  - name: shell
    image: curl
"""
MENDED = SERVICE.replace("wbe", "web")
TYPO = Lab(
    id="web-typo",
    title="Nobody behind web",
    story="`curl http://web` fails.",
    skills=("svc-selector-match",),
    manifests=(Manifest("service.yaml", SERVICE), Manifest("pods.yaml", PODS)),
    given=("pods.yaml",),
    goal={
        "requests": [{"from": {"pod": {"namespace": "default", "name": "client"}}, "host": "web"}],
        "expect": {"requests": [{"outcome": "answered", "status": 200}]},
    },
    hints=("Look at the slice.", "Labels decide.", "The Service asks for `app=wbe`.", "Set it to `web`."),
    solutions=(Solution((Manifest("service.yaml", MENDED), Manifest("pods.yaml", PODS))),),
    explanation="Two letters had changed places.",
    level=Level.BEGINNER,
)

FIREWALL = Lab(
    id="firewall",
    title="Closed from outside",
    story="From outside it hangs.",
    skills=("svc-selector-match",),
    manifests=(Manifest("service.yaml", MENDED.replace("spec:", "spec:\n  type: NodePort")), Manifest("pods.yaml", PODS)),
    goal={
        "requests": [
            {
                "from": "external",
                "via": {"kind": "Service", "namespace": "default", "name": "web", "address": "nodePort", "node": "node-1"},
                "port": 80,
            }
        ],
        "expect": {"requests": [{"outcome": "answered"}]},
    },
    hints=("Look before the nodes.", "Firewalls drop.", "It lets in 22.", "Open the port."),
    solutions=(Solution((Manifest("service.yaml", MENDED), Manifest("pods.yaml", PODS)), ("open-port",)),),
    explanation="Nothing came through.",
    profile={"nodeFirewall": [22]},
    operations=(
        Operation("restart-web", "Restart web", "It is as it was."),
        Operation("open-port", "Open the port", "It passes.", {"nodeFirewall": ["30000-32767"]}),
    ),
)


@pytest.fixture
def new_bot(storage: Storage, workers: Workers) -> Callable[[], Bot]:
    """The bot with two labs."""
    now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    shelf = replace(library(), labs={TYPO.id: TYPO, FIREWALL.id: FIREWALL})
    return lambda: build_bot(Settings(shard_count=1), shelf, storage, workers, lambda: now, Random(7))


async def hand_in(learner: simcord.MemberActor, shown: simcord.InteractionResult, manifests: str) -> simcord.InteractionResult:
    window = await learner.click(shown.response, label="Hand in a change")
    return await learner.submit_modal(window, {"manifests": manifests})


async def test_from_the_list_to_the_solution_of_ones_own(
    ada: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage
) -> None:
    """List, task, a wrong change, a hint that costs, the right change; the answer is kept with its hint."""
    listed = await ada.slash(channel, "lab list")
    assert listed.ephemeral
    assert "Nobody behind web" in text(listed.response)

    task = await ada.slash(channel, "lab start", name="web-typo")
    assert "`curl http://web/` from Pod default/client: HTTP 200" in text(task.response)
    assert "app: wbe" in text(task.response)

    still = await hand_in(ada, task, SERVICE.replace("wbe", "webb"))
    assert "service/web replaced" in text(still.response)
    assert "✗ `curl http://web/`" in text(still.response)
    assert "rejected" in text(still.response)
    assert text(still.response).index("✗ `curl") < text(still.response).index("service/web replaced"), "the verdict first"

    hint = await ada.click(still.response, label="Hint 1 of 4 (then worth 90 %)")
    assert "worth 90 % now" in text(hint.response)
    assert "Look at the slice." in text(hint.response)

    done = await hand_in(ada, still, MENDED)
    assert "solved" in text(done.response)
    assert "Worth 90 %, with 1 hint" in text(done.response)
    kept = await storage.read(lambda db: attempts.evidence(db, ada.id, "svc-selector-match"))
    assert [(answer.instance, answer.correct, answer.hints) for answer in kept] == [("web-typo", True, 1)]
    assert "✓ Nobody behind web" in text((await ada.slash(channel, "lab list")).response)


async def test_the_subcommands_speak_of_the_open_lab(ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """Without one they say so; with one: state, hint, submit by file, reset."""
    assert "no open lab" in text((await ada.slash(channel, "lab state")).response)
    await ada.slash(channel, "lab start", name="web-typo")
    state = text((await ada.slash(channel, "lab state")).response)
    assert "What happens now" in state
    assert "**kube-proxy** `Service default/web` · rejected" in state
    assert "matches no Pod" not in state, "that is what hints cost credit for"
    assert "Hint 1 of 4" in text((await ada.slash(channel, "lab hint")).response)
    assert "Hint 2 of 4" in text((await ada.slash(channel, "lab hint")).response)
    await ada.slash(channel, "lab submit", file=("mine.yaml", SERVICE.replace("wbe", "webb").encode()))
    assert "1 changed document in it" in text((await ada.slash(channel, "lab start", name="web-typo")).response)
    assert "changed document" not in text((await ada.slash(channel, "lab reset")).response)


async def test_the_solution_is_not_locked_and_costs(ada: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage) -> None:
    """It is asked for twice, then shown, and the lab counts as not yet; solving it afterwards changes nothing of that."""
    task = await ada.slash(channel, "lab start", name="web-typo")
    asked = await ada.click(task.response, label="Worked solution")
    assert "app: web\n" not in text(asked.response)
    shown = await ada.click(asked.response, label="Show the solution")
    assert "app: web\n" in text(shown.response)
    done = await hand_in(ada, shown, MENDED)
    assert "after the solution was shown" in text(done.response)
    kept = await storage.read(lambda db: attempts.evidence(db, ada.id, "svc-selector-match"))
    assert [answer.correct for answer in kept] == [False]


async def test_each_view_leads_to_the_other_and_back_to_the_start_once_something_changed(
    ada: simcord.MemberActor, channel: simcord.ChannelHandle
) -> None:
    """What is shown already, and a fresh start from a cluster that is fresh, are not offered."""
    task = await ada.slash(channel, "lab start", name="web-typo")
    assert {"How it stands"} == {"How it stands", "Task and manifests", "Start afresh"} & set(buttons(task.response))
    state = await ada.click(task.response, label="How it stands")
    assert {"Task and manifests"} == {"How it stands", "Task and manifests", "Start afresh"} & set(buttons(state.response))
    still = await hand_in(ada, state, SERVICE.replace("wbe", "webb"))
    assert {"Task and manifests", "Start afresh"} == {"How it stands", "Task and manifests", "Start afresh"} & set(buttons(still.response))
    anew = await ada.click(still.response, label="Start afresh")
    assert "Start afresh" not in buttons(anew.response)


async def test_it_goes_on_after_a_restart(
    simcord_env: simcord.Env, ada: simcord.MemberActor, channel: simcord.ChannelHandle, new_bot: Callable[[], Bot]
) -> None:
    """Buttons of an old message work, and what was handed in is still there."""
    task = await ada.slash(channel, "lab start", name="web-typo")
    still = await hand_in(ada, task, SERVICE.replace("wbe", "webb"))
    await simcord_env.restart_bot(new_bot())

    again = await ada.click(still.response, label="Task and manifests")
    assert "You have 1 changed document in it." in text(again.response)
    state = await ada.click(again.response, label="How it stands")
    assert "Start afresh" in buttons(state.response)


async def test_somebody_elses_attempt_stays_theirs(
    simcord_env: simcord.Env, ada: simcord.MemberActor, bob: simcord.MemberActor, channel: simcord.ChannelHandle
) -> None:
    """Its number alone opens nothing to others."""
    task = await ada.slash(channel, "lab start", name="web-typo")
    session = action(task.response, "How it stands").split(":")[1]
    reply = await simcord_env.bot.app.solve_lab.state(bob.id, session)
    assert "belongs to somebody else" in reply.blocks[0].markdown


async def operate(learner: simcord.MemberActor, shown: simcord.InteractionResult, operation: str) -> simcord.InteractionResult:
    menu = next(part for part in parts(shown.response) if "lab-operate" in str(part.get("custom_id")))
    return await learner.select(shown.response, custom_id=menu["custom_id"], values=[operation])


async def test_an_operation_is_done_and_taken_back(
    simcord_env: simcord.Env, ada: simcord.MemberActor, channel: simcord.ChannelHandle, new_bot: Callable[[], Bot], storage: Storage
) -> None:
    """One in vain costs, what is done is said and outlives a restart, the right one solves."""
    task = await ada.slash(channel, "lab start", name="firewall")
    assert "what does not costs 10 %" in text(task.response)
    vain = await operate(ada, task, "restart-web")
    assert "**Done:** Restart web. It is as it was." in text(vain.response)
    assert "worth 90 % now" in text(vain.response)
    assert text(vain.response).count("Restart web.") == 1
    await simcord_env.restart_bot(new_bot())

    again = await ada.click(vain.response, label="Task and manifests")
    state = await ada.click(again.response, label="How it stands")
    assert "Done: Restart web." in text(state.response)
    back = await operate(ada, state, "restart-web")
    assert "**Taken back:** Restart web." in text(back.response)
    done = await operate(ada, back, "open-port")
    assert "Worth 90 %, without a hint, with 1 operation that did not help." in text(done.response)
    kept = await storage.read(lambda db: attempts.evidence(db, ada.id, "svc-selector-match"))
    assert [(answer.correct, answer.hints) for answer in kept] == [(True, 1)]
    assert "Do: Open the port." in text((await ada.click(done.response, label="Worked solution")).response)


async def test_a_hint_knows_of_operations(ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """A cluster to which something was done is not called unchanged."""
    task = await ada.slash(channel, "lab start", name="firewall")
    assert "unchanged so far" in text((await ada.click(task.response, label="Hint 1 of 4 (then worth 90 %)")).response)
    vain = await operate(ada, task, "restart-web")
    hint = await ada.click(vain.response, label="Hint 2 of 4 (then worth 65 %)")
    assert "In your cluster curl to the node port" in text(hint.response)
    await operate(ada, hint, "restart-web")
    assert "**Taken back:** Restart web." in text(hint.response)


async def test_an_operation_of_elsewhere_does_nothing(
    simcord_env: simcord.Env, ada: simcord.MemberActor, bob: simcord.MemberActor, channel: simcord.ChannelHandle
) -> None:
    """Of another lab, of none, of another learner's attempt: a sentence, and the attempt stays as it was."""
    labs = simcord_env.bot.app.solve_lab
    task = await ada.slash(channel, "lab start", name="web-typo")
    session = action(task.response, "How it stands").split(":")[1]
    assert not any("lab-operate" in str(part.get("custom_id")) for part in parts(task.response))
    for operation in ("open-port", "", "@everyone", "x" * 5000):
        assert "cannot be done in this lab" in (await labs.operate(ada.id, session, operation)).blocks[0].markdown
    other = await ada.slash(channel, "lab start", name="firewall")
    theirs = action(other.response, "How it stands").split(":")[1]
    assert "belongs to somebody else" in (await labs.operate(bob.id, theirs, "open-port")).blocks[0].markdown
    assert "Done" not in text((await ada.slash(channel, "lab state")).response)


async def test_an_unknown_lab_and_an_empty_paste(ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """Both are answered with what to do."""
    assert "I know no lab" in text((await ada.slash(channel, "lab start", name="nope")).response)
    task = await ada.slash(channel, "lab start", name="web-typo")
    assert "no manifest" in text((await hand_in(ada, task, " ")).response)
    assert "Hand in a change" in buttons(task.response)
