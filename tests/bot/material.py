"""A library of two lesson steps and three questions, enough to take every way through the bot."""

from __future__ import annotations

from bot.learning.items import Choice, Chunk, Explanation, Lesson, Level, Manifest, Option, Skill
from bot.library import Library

SERVICE = """\
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  ports:
    - port: 80
"""


def choice(name: str, skill: str = "svc-selector-match", level: Level = Level.BEGINNER, topic: str = "services") -> Choice:
    return Choice(
        id=name,
        topic=topic,
        skill=skill,
        level=level,
        stem=f"What happens in `{name}`?",
        explanation="A Service finds Pods by their labels.",
        sources=("https://kubernetes.io/docs/concepts/services-networking/service/",),
        manifests=(Manifest("service.yaml", SERVICE),),
        read_next="why-services",
        options=(
            Option("It answers.", True, "The labels match."),
            Option("It is refused.", False, "There are endpoints.", "name-matches", "A Service finds Pods by name."),
            Option("It times out.", False, "Nothing drops the packets.", "silent-drop", "No endpoints means silence."),
        ),
    )


def library() -> Library:
    chunks = (
        Chunk("why-services", "basics", "Why Services exist", "Pods come and go. A **Service** stays.", "q-why", ("svc-selector-match",)),
        Chunk(
            "selectors",
            "basics",
            "Selectors",
            "Labels decide.",
            "q-labels",
            picture="Service --> Pod",
            picture_alt="A Service points at a Pod.",
        ),
    )
    items = [
        choice("q-why"),
        choice("q-labels", skill="svc-labels"),
        choice("q-dns", skill="dns-names", level=Level.ADVANCED, topic="dns"),
    ]
    return Library(
        skills={"svc-selector-match": Skill("svc-selector-match", "Selectors", "services", Level.BEGINNER, "proved")},
        misconceptions={},
        facts={},
        lessons={"basics": Lesson("basics", "The basics", "Why Pods need Services.", chunks)},
        items={item.id: item for item in items},
        labs={},
        explanations={
            "selector-matches-no-pod": Explanation(
                "selector-matches-no-pod", "The selector matches no Pod", "## What happened\nThe Service selects nothing."
            )
        },
    )
