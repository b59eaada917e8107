"""The data of Secrets never gets past the door, and nothing else is touched."""

from __future__ import annotations

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.app.redaction import redact

SECRET = """\
apiVersion: v1
kind: Secret
metadata:
  name: db
  annotations:
    kubectl.kubernetes.io/last-applied-configuration: |
      {"data":{"password":"aHVudGVyMg=="}}
data:
  password: aHVudGVyMg==   # hunter2
  tls.crt: |
    aHVudGVyMg==
stringData:
  user: hunter2
  port: 5432
"""


def test_values_go_and_keys_and_lines_stay() -> None:
    """Every key stays on its line; every value is a placeholder, and so is every comment."""
    redacted = redact(SECRET)

    assert redacted.secrets == 1
    assert "hunter2" not in redacted.text
    assert "aHVudGVy" not in redacted.text
    assert redacted.text.count("\n") == SECRET.count("\n")
    read = yaml.safe_load(redacted.text)
    assert set(read["data"]) == {"password", "tls.crt"}
    assert read["stringData"] == {"user": "redacted", "port": 0}


def test_what_the_server_would_refuse_it_refuses_still() -> None:
    """A value that is not base64 stays one that is not base64, and a number stays a number."""
    read = yaml.safe_load(redact("kind: Secret\ndata: {good: aGk=, bad: hi there, number: 12, empty: }\n").text)

    assert read["data"] == {"good": "UkVEQUNURUQh", "bad": "redacted (not base64)", "number": 0, "empty": None}


@pytest.mark.parametrize(
    "text",
    [
        "data: {p: hunter2}\nkind: Secret\n",
        "kind: secret\nstringData:\n  p: hunter2\n",
        "kind: List\nitems:\n- kind: Secret\n  data:\n    p: hunter2\n",
        'kind: "Secret"\ndata: "hunter2"\n',
        "kind: Secret\ndata:\n  p: first\ndata:\n  p: hunter2\n",
        "kind: Secret\ndata: [hunter2, {p: hunter2}]\n",
        "kind: Secret\nmetadata: {labels: {x: &a hunter2}}\nstringData:\n  p: *a\n",
        "kind: Secret\nstringData:\n  p: &a hunter2\n  q: *a\n",
        "kind: Secret\nstringData:\n  p: >-\n    one\n    hunter2\n",
        "kind: Secret\nstringData:\n  p: 'one\n    hunter2'\n",
        "kind: Secret\nstringData:\n  p: !!str hunter2\n",
        "kind: Service\n---\nkind: Secret\nstringData: {p: *hunter2}\n",
        "kind: Secret\nstringData:\n  p: hunter2\n  : : broken [\n",
        json.dumps({"kind": "SecretList", "items": [{"kind": "Secret", "data": {"p": "hunter2"}}]}),
        "\ufeffkind: Secret\ndata: {p: hunter2}\n",
        "é: ü\n---\nkind: Secret\nmetadata: {name: ä}\ndata: {p: hunter2}\n",
    ],
)
def test_however_it_is_written(text: str) -> None:
    """Lists, JSON, quotes, aliases, repeated keys, broken syntax: the value is gone from what comes out."""
    assert "hunter2" not in redact(text).text


def test_a_broken_document_that_may_be_a_secret_is_given_up() -> None:
    """Its structure cannot be told, so nothing of it is kept; the line where it breaks is."""
    redacted = redact("apiVersion: v1\nkind: Secret\ndata:\n\tp: hunter2\n")

    assert redacted.text == ""
    assert redacted.given_up == 4


def test_broken_documents_without_secrets_stay() -> None:
    """Only what may be a Secret is given up: other broken files keep their faults, to be told."""
    text = "kind: Service\nspec:\n\tports: []\n"

    assert redact(text).text == text
    assert redact(text).given_up is None


@given(st.text())
def test_any_text_is_taken(text: str) -> None:
    """Nothing raises; what holds no Secret comes out as it went in."""
    redacted = redact(text)

    if redacted.secrets == 0 and redacted.given_up is None:
        assert redacted.text == text.removeprefix("\ufeff")


@given(
    st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff\u2028\u2029\x85"), min_size=6, max_size=30)
)
def test_any_value_is_hidden(value: str) -> None:
    """Whatever the value, its document comes out as valid YAML that no longer holds it."""
    text = yaml.safe_dump({"kind": "Secret", "metadata": {"name": "s"}, "stringData": {"key": f"<{value}>"}}, allow_unicode=True)

    assert yaml.safe_load(redact(text).text)["stringData"] == {"key": "redacted"}
