"""The picture of `/progress`: a PNG of a phone's width for any facts, and its words."""

from __future__ import annotations

import io

from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.learning.mastery import Calibration
from bot.learning.progress import DAYS, Progress, TopicProgress
from bot.learning.quiz import Confidence
from bot.rendering.limits import ALT
from bot.rendering.pictures.progress import WIDTH, draw
from bot.rendering.progress import alt

counts = st.integers(0, 500)
topics = st.builds(
    lambda name, mastered, begun, new: TopicProgress(name, mastered, begun, mastered + begun + new),
    st.sampled_from(["services", "network-policy", "troubleshooting"]), st.integers(0, 20), st.integers(0, 20), st.integers(0, 20),
)  # fmt: skip
told = st.builds(
    lambda confidence, right, wrong: Calibration(confidence, right + wrong, right), st.sampled_from(Confidence), counts, counts
)
facts = st.builds(
    Progress,
    st.lists(topics, max_size=8).map(tuple), st.lists(counts, min_size=DAYS, max_size=DAYS).map(tuple),
    st.lists(told, max_size=3).map(tuple), counts, counts, st.just(0), st.just(0),
)  # fmt: skip


@settings(max_examples=15, deadline=None)
@given(facts)
def test_any_facts_make_a_picture_with_words(given_facts: Progress) -> None:
    """Its width is fixed, its alt text short enough, its size far below what Discord takes."""
    data = draw(given_facts)
    assert Image.open(io.BytesIO(data)).width == WIDTH
    assert len(data) < 500_000
    assert 1 <= len(alt(given_facts)) <= ALT
