"""`/check-manifest` and its siblings as a learner uses them, in simcord's world."""

from __future__ import annotations

from collections.abc import Callable

import simcord

from bot.frontend.client import Bot
from bot.storage import Storage, workspaces
from tests.bot.screen import buttons, text

SERVICE = """\
apiVersion: v1
kind: Service
metadata:
  name: production-api-svc
spec:
  selector:
    app: production-backend-api
  ports:
    - port: 80
      targetPort: 8080
"""
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: backend-api
spec:
  replicas: 2
  selector:
    matchLabels:
      app: backend-api
  template:
    metadata:
      labels:
        app: backend-api
    spec:
      containers:
        - name: api
          image: example/api
          ports:
            - containerPort: 8080
"""
BOTH = SERVICE + "---\n" + DEPLOYMENT
SUMMARY = "Endpoints: <none>, selector app=production-backend-api matches 0 pods"


async def paste(learner: simcord.MemberActor, channel: simcord.ChannelHandle, manifests: str) -> simcord.InteractionResult:
    """Types `/check-manifest`, pastes into its window, submits."""
    window = await learner.slash(channel, "check-manifest")
    return await learner.submit_modal(window, {"manifests": manifests})


async def test_the_service_that_selects_nobody(ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """The summary line, both places underlined, a hint, and a proved fix with the Pods' addresses."""
    shown = await paste(ada, channel, BOTH)

    assert shown.ephemeral
    screen = text(shown.response)
    assert SUMMARY in screen
    assert " 7 |     app: production-backend-api\n   |          ^^^^^^^^^^^^^^^^^^^^^^" in screen
    assert "24 |         app: backend-api\n   |              -----------" in screen
    hint = await ada.click(shown.response, label="Hint")
    assert "letter by letter" in text(hint.response)
    fix = await ada.click(shown.response, label="Fix (proved)")
    assert "Proved" in text(fix.response)
    assert "10.244." in text(fix.response)
    assert "-    app: production-backend-api\n+    app: backend-api" in text(fix.response)


async def test_trace_and_kubectl_show_it_in_the_cluster(ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """The trace ends where the request does; kubectl prints what a real cluster would."""
    shown = await paste(ada, channel, BOTH)

    trace = await ada.click(shown.response, label="Trace")
    assert "curl: (7)" in text(trace.response)
    kubectl = await ada.click(shown.response, label="kubectl")
    assert "kubectl get endpointslices -l kubernetes.io/service-name=production-api-svc" in text(kubectl.response)
    assert "app=backend-api" in text(kubectl.response)


async def test_service_and_deployment_one_after_the_other(ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """What was pasted before stays applied; pasted anew it takes the place of the old; a reset begins afresh."""
    await paste(ada, channel, DEPLOYMENT)
    broken = await paste(ada, channel, SERVICE)
    assert SUMMARY in text(broken.response)
    assert "Together with 1 manifest that you applied before" in text(broken.response)

    mended = await paste(ada, channel, SERVICE.replace("production-backend-api", "backend-api"))
    assert "I found nothing wrong" in text(mended.response)
    assert "`default/production-api-svc`: `10.244." in text(mended.response)
    assert "`Deployment/default/backend-api` and `Service/default/production-api-svc`" in text(
        (await ada.slash(channel, "workspace show")).response
    )

    await ada.slash(channel, "workspace reset")
    assert "Your workspace is empty" in text((await ada.slash(channel, "workspace show")).response)


async def test_what_the_server_refuses_is_not_applied(ada: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage) -> None:
    """A refused document is diagnosed in the server's words and does not enter the workspace; its neighbour does."""
    shown = await paste(ada, channel, SERVICE.replace("port: 80", "port: 80000") + "---\n" + DEPLOYMENT)

    assert "must be between 1 and 65535" in text(shown.response)
    applied = await storage.read(lambda db: workspaces.of(db, ada.id))
    assert [document.objects for document in applied] == [("Deployment/default/backend-api",)]


async def test_sharing_shows_the_channel(ada: simcord.MemberActor, bob: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """Private until shared; what is shared can be looked into by everyone, and only the owner could share it."""
    shown = await paste(ada, channel, BOTH)
    shared = await ada.click(shown.response, label="Share with the channel")

    assert shared.response is not None
    assert not shared.ephemeral
    assert SUMMARY in text(shared.response)
    assert "Share with the channel" not in buttons(shared.response)
    hint = await bob.click(shared.response, label="Hint")
    assert hint.ephemeral
    assert "letter by letter" in text(hint.response)


async def test_a_check_that_was_not_shared_is_its_owners(
    simcord_env: simcord.Env, ada: simcord.MemberActor, bob: simcord.MemberActor, channel: simcord.ChannelHandle
) -> None:
    """Its number alone opens nothing to others."""
    shown = await paste(ada, channel, BOTH)
    check = next(part for part in buttons_of(shown) if "check-hint" in part).split(":")[1]

    reply = await simcord_env.bot.app.check_manifest.hint(bob.id, check, 0)

    assert "belongs to somebody else" in reply.blocks[0].markdown


def buttons_of(shown: simcord.InteractionResult) -> list[str]:
    from tests.bot.screen import parts

    return [part["custom_id"] for part in parts(shown.response) if part.get("custom_id")]


async def test_its_buttons_outlive_a_restart(
    simcord_env: simcord.Env, ada: simcord.MemberActor, channel: simcord.ChannelHandle, new_bot: Callable[[], Bot]
) -> None:
    """A check can be looked into after the bot was started again."""
    shown = await paste(ada, channel, BOTH)
    await simcord_env.restart_bot(new_bot())

    assert "letter by letter" in text((await ada.click(shown.response, label="Hint")).response)


async def test_a_file_instead_of_a_paste(ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """As an option of the command, and in the window; the file keeps its name."""
    option = await ada.slash(channel, "check-manifest", file=("svc.yaml", BOTH.encode()))
    assert SUMMARY in text(option.response)
    assert "svc.yaml\n" in text(option.response)

    window = await ada.slash(channel, "check-manifest")
    upload = await ada.submit_modal(window, {"files": [("a.yaml", SERVICE.encode()), ("b.yaml", DEPLOYMENT.encode())]})
    assert SUMMARY in text(upload.response)
    assert "b.yaml\n" in text(upload.response)


async def test_the_menu_of_somebodys_message(ada: simcord.MemberActor, bob: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """A code block in anybody's message is checked for the one who asks, privately; a message without any says so."""
    posted = await bob.send(channel, f"why does this not work?\n```yaml\n{BOTH}```\nthanks")
    shown = await ada.context_menu(channel, "Check manifest", posted)
    assert shown.ephemeral
    assert SUMMARY in text(shown.response)

    chat = await bob.send(channel, "hello")
    assert "There was no manifest in that" in text((await ada.context_menu(channel, "Check manifest", chat)).response)


async def test_a_code_block_in_a_direct_message(simcord_env: simcord.Env, ada: simcord.MemberActor) -> None:
    """It is answered there; small talk is not."""
    await ada.send_dm(f"```\n{BOTH}```")
    await ada.send_dm("thank you")

    replies = [message for message in ada.user.dm_channel.history() if message.author.bot]
    assert len(replies) == 1
    assert SUMMARY in text(replies[0])
