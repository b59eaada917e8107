"""`/check-manifest` and its siblings as a learner uses them, in simcord's world."""

from __future__ import annotations

import simcord

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


async def paste(learner: simcord.MemberActor, channel: simcord.ChannelHandle, manifests: str) -> simcord.InteractionResult:
    window = await learner.slash(channel, "check-manifest")
    assert window.modal is not None
    field = window.modal["components"][0]["component"]["custom_id"]
    return await learner.submit_modal(window, {field: manifests})


async def test_the_service_that_selects_nobody(ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """The summary line, both places underlined, a hint and a proved fix with the Pods' addresses."""
    shown = await paste(ada, channel, SERVICE + "---\n" + DEPLOYMENT)

    assert shown.ephemeral
    screen = text(shown.response)
    assert "Endpoints: <none>, selector app=production-backend-api matches 0 pods" in screen
    assert "^^^^^^^^" in screen
    assert "--------" in screen
    assert "Fix (proved)" in buttons(shown.response)
    fix = await ada.click(shown.response, label="Fix (proved)")
    assert "+    app: backend-api" in text(fix.response)
    assert "10.244." in text(fix.response)
