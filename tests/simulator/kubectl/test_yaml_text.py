"""YAML as `kubectl -o yaml` prints it."""

import yaml
from hypothesis import given
from hypothesis import strategies as st

from simulator.kubectl.yaml_text import inline, yaml_text


def test_keys_are_sorted_and_lists_are_not_indented():
    """sigs.k8s.io/yaml sorts keys and sets list dashes in the column of their key."""
    assert yaml_text({"spec": {"ports": [{"port": 80, "name": "http"}]}, "kind": "Service"}) == (
        "kind: Service\nspec:\n  ports:\n  - name: http\n    port: 80\n"
    )


def test_text_that_reads_as_another_type_is_double_quoted():
    """`"8080"`, `"true"`, `"y"` and an empty string are quoted so that they stay strings."""
    assert yaml_text({"a": "8080", "b": "true", "c": "y", "d": "", "e": "2026-01-01T00:00:00Z", "f": "null"}) == (
        'a: "8080"\nb: "true"\nc: "y"\nd: ""\ne: "2026-01-01T00:00:00Z"\nf: "null"\n'
    )


def test_text_that_cannot_stand_plain_is_single_quoted():
    """A leading star or a colon and space would mean something to YAML."""
    assert yaml_text({"a": "*.example.com", "b": "x: y", "c": "web"}) == "a: '*.example.com'\nb: 'x: y'\nc: web\n"


def test_several_lines_are_a_literal_block_and_long_lines_are_not_folded():
    """A ConfigMap's file reads as it was written."""
    assert yaml_text({"a": "one\ntwo\n"}) == "a: |\n  one\n  two\n"
    assert yaml_text({"a": "word " * 60 + "end"}).count("\n") == 1


def test_shared_trees_are_written_out():
    """The same tree in two places is printed twice: kubectl never prints an alias."""
    shared = {"x": 1}
    assert "&" not in yaml_text({"a": shared, "b": shared})


def test_inline_is_one_line_of_flow_style():
    """A fix's value stands on one line."""
    assert inline({"name": "http", "port": 80}) == "{name: http, port: 80}"
    assert inline("web") == "web"


trees = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.text(st.characters(codec="ascii"), max_size=20),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text("abc", min_size=1, max_size=3), children, max_size=3),
    max_leaves=10,
)


@given(trees)
def test_what_is_printed_reads_back_the_same(tree):
    """Printing loses nothing."""
    assert yaml.safe_load(yaml_text(tree)) == tree
