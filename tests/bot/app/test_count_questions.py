"""The table of generators on the terminal."""

import pytest

from bot.app import count_questions
from bot.generators import TEMPLATES, generate


def test_the_generators_of_each_topic_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    """Without making a question, which takes its time."""
    assert count_questions.main(counted=False) == 0
    words = capsys.readouterr().out.split()
    assert words[:2] == ["generators", str(len(TEMPLATES))]
    assert words[words.index("troubleshooting") + 1] == str(sum(each.topic == "troubleshooting" for each in TEMPLATES.values()))


def test_a_generator_that_repeats_itself_is_told_of(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Its count, and exit 1."""
    name = "gen-gw-canary-range"
    made = generate(name, "1")
    monkeypatch.setattr(count_questions, "TEMPLATES", {name: TEMPLATES[name]})
    monkeypatch.setattr(count_questions, "generate", lambda *_: made)
    assert count_questions.main(counted=True) == 1
    assert "     1  fewer than 20" in capsys.readouterr().out
