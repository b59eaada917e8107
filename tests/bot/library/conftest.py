"""A small, sound library in two folders, in which tests plant one fault at a time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.library.loader import Reading, read

FILES = {
    "content/skills.yaml": """\
- {id: svc-match, title: Match, topic: services, level: beginner, proof: proved}
- {id: svc-ports, title: Ports, topic: services, level: beginner, proof: proved, requires: [svc-match]}
""",
    "content/misconceptions.yaml": """\
- {id: names-match, belief: Names make the match.}
- {id: service-hangs, belief: An empty Service hangs.}
""",
    "content/facts.yaml": """\
- id: empty-is-rejected
  statement: What kube-proxy does with an empty Service.
  value: rejects
  source: https://kubernetes.io/docs/reference/networking/virtual-ips/
  checked: 2026-11-23
""",
    "content/glossary.yaml": "- {term: selector, means: The labels that a Service asks for., chunk: svc-selector}\n",
    "content/asked.yaml": "- {page: svc-selector, asked: [how does a Service find its Pods]}\n",
    "content/inventory.yaml": "- {id: C1, kind: concept, title: Selectors}\n- {id: D1, kind: diagram, title: A drawing}\n",
    "content/lessons/01-services/lesson.yaml": "id: services\ntitle: Services\nsummary: How Services find Pods.\n",
    "content/lessons/01-services/manifests/service.yaml": """\
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  ports:
  - port: 80
""",
    "content/lessons/01-services/01-selector.md": """\
---
id: svc-selector
title: The selector
question: svc-empty
skills: [svc-match]
sources: [https://kubernetes.io/docs/concepts/services-networking/service/]
facts: [empty-is-rejected]
covers: [C1, D1]
picture: |
  Service -> Pods
picture_alt: A Service leads to Pods.
predict: Which addresses will the slice show?
demonstration:
  manifests: [service.yaml]
  commands:
  - kubectl get svc web
---
A Service takes the Pods whose labels hold its selector.
""",
    "content/lessons/01-services/02-ports.md": """\
---
id: svc-two-ports
title: Ports
question: svc-port
requires: [svc-selector]
sources: [https://kubernetes.io/docs/concepts/services-networking/service/]
---
Clients dial the Service's port.
""",
    "content/labs/empty/lab.yaml": """\
id: empty-service
title: Nobody answers
story: curl is refused.
skills: [svc-match]
level: beginner
mistake: 1
manifests: [service.yaml, pods.yaml]
goal:
  requests:
  - {from: {pod: {namespace: default, name: client}}, host: web}
  expect: {requests: [{outcome: answered}]}
  keeps:
    lookups:
    - {from: {pod: {namespace: default, name: client}}, name: web}
    expect: {lookups: [{rcode: NOERROR}]}
hints:
- Look at the slice of the Service.
- Labels make the match.
- The Service asks for what no Pod carries.
- Set the selector to `frontend-web`.
solutions:
- [fixed/service.yaml]
explanation: The selector was wrong.
""",
    "content/labs/empty/service.yaml": """\
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: webb
  ports:
  - port: 80
""",
    "content/labs/empty/fixed/service.yaml": """\
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: frontend-web
  ports:
  - port: 80
""",
    "content/labs/empty/pods.yaml": """\
apiVersion: v1
kind: Pod
metadata:
  name: web-1
  labels: {app: frontend-web}
spec:
  containers: [{name: web, image: web}]
---
apiVersion: v1
kind: Pod
metadata:
  name: client
spec:
  containers: [{name: shell, image: curl}]
""",
    "quizzes/services.yaml": """\
topic: services
manifests:
  client.yaml: |
    apiVersion: v1
    kind: Pod
    metadata: {name: client}
    spec:
      containers: [{name: shell, image: curl}]
items:
- id: svc-empty
  kind: choice
  skill: svc-match
  level: beginner
  stem: No Pod matches. What does curl meet?
  manifests:
  - name: service.yaml
    text: |
      apiVersion: v1
      kind: Service
      metadata:
        name: web
      spec:
        selector:
          app: web
        ports:
        - port: 80
  proof:
    manifests: [client.yaml]
    requests:
    - {from: {pod: {namespace: default, name: client}}, host: web}
  options:
  - text: It is refused at once
    correct: true
    why: Nobody is behind it.
    asserts: {requests: [{outcome: refused}]}
  - text: It hangs for a while
    misconception: service-hangs
    why: kube-proxy rejects.
    asserts: {requests: [{outcome: timed-out}]}
  - text: It is answered by a Pod
    misconception: names-match
    why: No Pod has the label.
    asserts: {requests: [{outcome: answered}]}
  explanation: An empty Service rejects.
  sources: [https://kubernetes.io/docs/reference/networking/virtual-ips/]
  facts: [empty-is-rejected]
  read_next: svc-selector
- id: svc-port
  kind: short
  skill: svc-ports
  level: beginner
  stem: Which port does a client dial?
  key_points:
  - {id: service-port, kind: required, says: The port of the Service., phrases: [port_of_the_service], hint: Whose is it?}
  model_answer: The port of the Service.
  explanation: The Service's own port.
  sources: [https://kubernetes.io/docs/concepts/services-networking/service/]
  read_next: svc-two-ports
""",
}

Plant = Callable[..., Reading]


@pytest.fixture
def plant(tmp_path: Path) -> Plant:
    """Reads the small library after replacing text: `plant((file, old, new), ...)`. A new file is planted with old None."""

    def planted(*changes: tuple[str, str | None, str]) -> Reading:
        files = dict(FILES)
        for file, old, new in changes:
            if old is None:
                files[file] = new
            else:
                assert old in files[file], f"{file} does not hold {old!r}"
                files[file] = files[file].replace(old, new)
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return read(tmp_path / "content", tmp_path / "quizzes")

    return planted
