"""Plain scalars mean what they mean to kubectl: YAML 1.1 with Go's numbers."""

import pytest

from simulator.api.meta import SourceFile
from simulator.decode import decode


def value(text: str):
    return decode([SourceFile("m.yaml", f"a: {text}\n")]).documents[0].data["a"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("y", True), ("Yes", True), ("on", True), ("n", False), ("NO", False), ("off", False), ("~", None), ("", None), ("null", None),
        ("yEs", "yEs"), ("'no'", "no"), ('"1"', "1"), ("010", 8), ("0o17", 15), ("0x1F", 31), ("0b101", 5), ("1_000", 1000), ("+5", 5),
        ("-7", -7), ("08", 8), ("1e3", 1000), ("1.5", 1.5), (".5", 0.5), ("1.0", 1), ("2026-01-01", "2026-01-01"), ("12:30", "12:30"),
        ("10.0.0.1", "10.0.0.1"), ("1.27", 1.27), ("0x", "0x"), ("_1", "_1"), ("!!str 8", "8"), ("!!float 8", 8), ("!!binary aGk=", "hi"),
        ("18446744073709551616", 18446744073709551616.0),
    ],
)  # fmt: skip
def test_plain_scalars(text, expected):
    """Words, octals, underscores and dates as sigs.k8s.io/yaml reads them."""
    got = value(text)
    assert got == expected
    assert type(got) is type(expected)


def test_keys_become_strings_as_json_has_them():
    """`on:` and `8080:` are keys that JSON spells out."""
    document = decode([SourceFile("m.yaml", "on: 1\n8080: 2\n1.5: 3\nno: 4\n")]).documents[0]
    assert document.data == {"true": 1, "8080": 2, "1.5": 3, "false": 4}
    assert document.key_span(("true",)).line == 1
    assert document.key_span(("8080",)).line == 2


def test_merge_keys_override_what_stands_above_and_yield_to_what_stands_below():
    """go-yaml applies `<<` where it stands; of several maps the first wins."""
    text = "base: &b {p: 1, q: 2, r: 3}\nother: &o {p: 9, s: 8}\nit:\n  p: 0\n  <<: [*b, *o]\n  q: 5\n"
    document = decode([SourceFile("m.yaml", text)]).documents[0]
    assert document.data["it"] == {"p": 1, "q": 5, "r": 3, "s": 8}
    assert document.value_span(("it", "r")).line == 1
    assert document.value_span(("it", "q")).line == 6
