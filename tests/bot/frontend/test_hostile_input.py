"""Anything may be pasted: each gets a clear sentence, and does no harm to others, to the disk or to the log."""

from __future__ import annotations

import logging
import time
from pathlib import Path

import pytest
import simcord

from bot.storage import Storage
from tests.bot.frontend.test_check_manifest import paste
from tests.bot.screen import text

BOUND = 30
"""Seconds on a machine that is busy with other tests. The bot itself stops the simulator after eight."""

ALIAS_BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [" + ",".join([f"*{chr(97 + n)}"] * 9) + "]\n" for n in range(9)
)
SECRET = """\
apiVersion: v1
kind: Secret
metadata:
  name: db
data:
  password: aHVudGVyMg==
stringData:
  user: hunter2
"""
HOSTILE_NAME = """\
apiVersion: v1
kind: Service
metadata:
  name: "@everyone ```**x** <@1>"
spec:
  selector: {app: "`a` @here"}
  ports: [{port: 80}]
"""


async def upload(ada: simcord.MemberActor, channel: simcord.ChannelHandle, name: str, data: bytes) -> str:
    shown = await ada.slash(channel, "check-manifest", file=(name, data))
    answers = [shown.response, *shown.followups]
    return text(next(answer for answer in reversed(answers) if answer is not None))


@pytest.mark.parametrize(
    ("pasted", "said"),
    [
        (ALIAS_BOMB, ""),
        ("\tkind: Service\n", "found character that cannot start any token"),
        ("!!python/object/apply:os.system ['true']\n", ""),
        ("{" * 2000, ""),
        ("hello, is this a manifest?", ""),
        ("---\n---\n", ""),
        ("\u202e\u200b\x07", ""),
        ("kind: \ud800 Service", ""),
    ],
)
async def test_odd_pastes_get_an_answer(ada: simcord.MemberActor, channel: simcord.ChannelHandle, pasted: str, said: str) -> None:
    """Each is answered within a moment, by words on what was pasted and never by an incident."""
    before = time.monotonic()
    shown = await paste(ada, channel, pasted)

    assert time.monotonic() - before < BOUND
    screen = text(shown.response or shown.followups[-1])
    assert said in screen
    assert "incident" not in screen
    assert shown.ephemeral


async def test_too_large_a_file_is_not_even_fetched(ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """Ten megabytes are refused by their size."""
    assert "10.0 MB; I read at most 1 MB" in await upload(ada, channel, "big.yaml", b"a" * 10 * 2**20)


async def test_binary_and_other_encodings(ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """What is not text says so."""
    assert "not text in UTF-8" in await upload(ada, channel, "a.yaml", b"\x89PNG\r\n\x1a\n\xff")
    assert "binary" in await upload(ada, channel, "a.yaml", b"kind: \0Service")


@pytest.mark.parametrize("data", [b"a:\n" + b" - " * 5000 + b"x", b"---\nkind: Pod\n" * 5_000, b"[" * 5000])
async def test_deep_and_many(ada: simcord.MemberActor, channel: simcord.ChannelHandle, data: bytes) -> None:
    """5,000 levels and 5,000 documents are answered in bounded time."""
    before = time.monotonic()
    screen = await upload(ada, channel, "odd.yaml", data)

    assert time.monotonic() - before < BOUND
    assert screen
    assert "incident" not in screen


async def test_a_megabyte_on_one_line(ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """A fault at the end of a very long line is shown where it is, and shown quickly."""
    line = '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"a": "' + "x" * 900_000 + '"}, "dta": {}}'
    before = time.monotonic()
    screen = await upload(ada, channel, "long.json", line.encode())

    assert time.monotonic() - before < BOUND
    assert "…" in screen
    assert '"dta"' in screen


async def test_names_cannot_mention_or_format(ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """Backticks, mentions and stars in names are shown as text; nobody is mentioned, no block is broken."""
    shown = await paste(ada, channel, HOSTILE_NAME)
    message = shown.response.message

    assert not message.mention_everyone
    assert message.mentions == []
    for part in text(shown.response).split("\n"):
        assert "**x**" not in part or "`" in part or "|" in part
    assert text(shown.response).count("```") % 2 == 0


async def test_a_file_name_cannot_either(ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """A file's name is cut down to harmless characters."""
    screen = await upload(ada, channel, "../@everyone `x`.yaml", b"\tkind: x")

    assert "everyone-x-.yaml" in screen
    assert "@everyone" not in screen


async def test_a_secrets_data_is_nowhere(
    ada: simcord.MemberActor,
    channel: simcord.ChannelHandle,
    storage: Storage,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Not in the answer, not behind its buttons, not in the file on disk, not in the log."""
    caplog.set_level(logging.DEBUG, "portside")
    shown = await paste(ada, channel, SECRET)
    kubectl = await ada.slash(channel, "kubectl get", arguments="secret db -o yaml")
    workspace = await ada.slash(channel, "workspace show")
    await paste(ada, channel, "kind: Secret\ndata:\n\tpassword: hunter2\n")

    for answer in (shown, kubectl, workspace):
        assert "hunter2" not in text(answer.response)
        assert "aHVudGVyMg" not in text(answer.response)
    assert "was replaced by placeholders" in text(shown.response)
    await storage.write(lambda db: db.execute("SELECT 1").fetchone())
    on_disk = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"hunter2" not in on_disk
    assert b"aHVudGVyMg" not in on_disk
    assert "hunter2" not in caplog.text
    assert "aHVudGVyMg" not in caplog.text


async def test_a_broken_secret_is_thrown_away(ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """Its line is named, its text is not; nothing of it is kept."""
    shown = await paste(ada, channel, "kind: Secret\ndata:\n\tpassword: hunter2\n")

    assert "breaks off on line 3 in what may be a Secret" in text(shown.response)
    assert "hunter2" not in text(shown.response)


async def test_nothing_pasted(ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """An empty window is no fault; it says what to do."""
    window = await ada.slash(channel, "check-manifest")
    shown = await ada.submit_modal(window, {"manifests": ""})

    assert "There was no manifest in that" in text(shown.response)


async def test_the_clusters_questions_take_any_text(ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """Commands typed wrongly are answered as kubectl would, or with a sentence."""
    await paste(ada, channel, "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}], selector: {app: web}}\n")

    for arguments in ("`@everyone`", "svc -o 'x", "--help", "svc,"):
        assert text((await ada.slash(channel, "kubectl get", arguments=arguments)).response)
    for url in ("http://[", "http://\ud800/", "ftp://x", "``` @everyone", "http://web:99999/", "http://web/ x"):
        shown = await ada.slash(channel, "curl", url=url)
        assert "incident" not in text(shown.response)
    assert "A header has a name" in text((await ada.slash(channel, "curl", url="http://web", header="nonsense")).response)
    assert "no such client" in text((await ada.slash(channel, "curl", url="http://web", **{"from": "nobody"})).response)
    assert text((await ada.slash(channel, "nslookup", name="..")).response)
