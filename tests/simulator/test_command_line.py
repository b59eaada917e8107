"""`python -m simulator`: verbs, options, exit codes."""

from __future__ import annotations

import io
import json
import subprocess
import sys

import pytest

from simulator.__main__ import main

MANIFEST = """\
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{port: 80}]
---
apiVersion: v1
kind: Pod
metadata: {name: web-0, labels: {app: web}}
spec: {containers: [{name: c, image: example.com/web:1, ports: [{containerPort: 80}]}]}
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "web.yaml"
    path.write_text(MANIFEST)
    return str(path)


def test_it_runs_as_a_module(file):
    """The entry point works in a process of its own, and its exit code is the program's."""
    done = subprocess.run([sys.executable, "-m", "simulator", "get", "svc", "web", "-f", file], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.splitlines()[1].split()[0]) == (0, "web")


@pytest.mark.parametrize(
    "arguments",
    [
        [], ["frob"], ["check"], ["check", "-f"], ["check", "-f", "no-such-file"], ["check", "stray"], ["check", "--frob"], ["check", "-o", "xml"],
        ["curl", "-f", "FILE"], ["curl", "http://", "-f", "FILE"], ["curl", "http://web:99999", "-f", "FILE"], ["curl", "--via", "web", "http://x", "-f", "FILE"],
        ["curl", "--outside", "--from", "a/b", "http://x", "-f", "FILE"], ["nslookup", "-f", "FILE"], ["run"], ["run", "no-such-file"], ["get", "widget", "-f", "FILE"],
        ["reach", "-f", "FILE", "stray"],
    ],
)  # fmt: skip
def test_a_wrong_call_ends_with_2_and_says_why(arguments, file, capsys):
    """Nothing on standard output, the reason on standard error."""
    assert main([file if word == "FILE" else word for word in arguments]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err


def test_a_roll_out_is_told(file, tmp_path, capsys):
    """What clients meet; for what is no Deployment kubectl's words, on standard error."""
    path = tmp_path / "deployment.yaml"
    path.write_text(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {selector: {matchLabels: {app: web}}, template: "
        "{metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: c}]}}}\n"
    )
    assert main(["rollout", "restart", "deployment/web", "-f", str(path)]) == 0
    assert "refused for up to 2 s" in capsys.readouterr().out
    assert main(["rollout", "restart", "pod/web-0", "-f", file]) == 1
    assert "restarting is not supported" in capsys.readouterr().err


def test_help_is_not_an_error(capsys):
    """--help prints the verbs and ends with 0."""
    assert main(["--help"]) == 0
    assert "nslookup" in capsys.readouterr().out


def test_standard_input_is_a_file(monkeypatch, capsys):
    """`-f -` reads what is piped in."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(MANIFEST))
    assert main(["get", "svc", "web", "-o", "name", "-f", "-"]) == 0
    assert capsys.readouterr().out == "service/web\n"


def test_files_add_up(tmp_path, capsys):
    """-f may be given several times, as `-f FILE` or `-f=FILE`, anywhere."""
    parts = MANIFEST.split("---\n")
    for name, part in zip(("a.yaml", "b.yaml"), parts, strict=True):
        (tmp_path / name).write_text(part)
    assert main(["get", "-f", str(tmp_path / "a.yaml"), "svc/web", "pod/web-0", "-o", "name", f"-f={tmp_path / 'b.yaml'}"]) == 0
    assert capsys.readouterr().out == "service/web\npod/web-0\n"


@pytest.mark.parametrize(
    ("arguments", "keys"),
    [
        (["check"], {"findings", "documents"}),
        (["apply"], {"stdout", "stderr", "documents"}),
        (["get", "svc"], {"apiVersion", "kind", "items", "metadata"}),
        (["describe", "svc", "web"], {"stdout", "stderr"}),
        (["curl", "--from", "default/web-0", "http://web"], {"outcome", "curl_exit", "status", "answered_by", "backends", "hops"}),
        (["nslookup", "--from", "default/web-0", "web"], {"queries", "rcode", "records"}),
    ],
)
def test_every_verb_gives_data(arguments, keys, file, capsys):
    """-o json prints one JSON value with the contract's names."""
    main([*arguments, "-f", file, "-o", "json"])
    assert keys <= set(json.loads(capsys.readouterr().out))


def test_reach_gives_the_matrix_as_data(file, capsys):
    """A list of pairs; with --diff a list of changes, empty for the same manifests."""
    assert main(["reach", "-f", file, "-o", "json"]) == 0
    assert {"from", "to", "allowed"} <= set(json.loads(capsys.readouterr().out)[0])
    assert main(["reach", "-f", file, "--diff", file, "-o", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_a_scenario_runs_with_files_beside_it(tmp_path, capsys):
    """Paths of manifests are relative to the scenario's file; the answer has the contract's sections."""
    (tmp_path / "web.yaml").write_text(MANIFEST)
    (tmp_path / "scenario.yaml").write_text("manifests: [web.yaml]\nlookups: [{from: {pod: {name: web-0}}, name: web}]\n")
    main(["run", str(tmp_path / "scenario.yaml"), "-o", "json"])
    told = json.loads(capsys.readouterr().out)
    assert list(told) == ["apply", "documents", "objects", "findings", "requests", "lookups", "connections"]
    assert told["lookups"][0]["rcode"] == "NOERROR"
    main(["run", str(tmp_path / "scenario.yaml")])
    assert "# lookup: A web\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    "text", ["[]", "manifests: [nope.yaml]", "nonsense: 1", "a: [", "{", "profile: {proxyMode: x}", "requests: 7", "\x00"]
)
def test_what_is_no_scenario_is_a_wrong_call(text, tmp_path, capsys):
    """One line says what is the matter; never a traceback."""
    (tmp_path / "scenario.yaml").write_text(text)
    assert main(["run", str(tmp_path / "scenario.yaml")]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_failed_request_and_a_failed_lookup_end_with_1(file, capsys):
    """A learner's script can tell that it did not work."""
    assert main(["curl", "--from", "default/web-0", "http://nope", "-f", file]) == 1
    assert main(["nslookup", "--from", "default/web-0", "nope", "-f", file]) == 1
    capsys.readouterr()


def test_apply_ends_with_1_where_a_document_is_refused(tmp_path, capsys):
    """The server's words stand on standard error."""
    (tmp_path / "bad.yaml").write_text(MANIFEST.replace("port: 80}", "port: 0}", 1))
    assert main(["apply", "-f", str(tmp_path / "bad.yaml")]) == 1
    assert "must be between 1 and 65535" in capsys.readouterr().err
