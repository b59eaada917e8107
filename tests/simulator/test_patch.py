"""Edits written into a manifest's own text: what they change, and that they leave everything else alone."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from simulator.api.diagnostics import Edit
from simulator.api.meta import Path, SourceFile
from simulator.decode import decode
from simulator.patch import CannotPatchError, patched_text, patched_tree

SERVICE = """\
apiVersion: v1
kind: Service   # a comment
metadata: {name: web, labels: {app: web}}
spec:
  selector:
    app: webb  # who
    tier: front

  ports:
  - name: http
    port: 80
  - port: 90
"""


def patched(text: str, *edits: Edit) -> str:
    source = SourceFile("a.yaml", text)
    return patched_text(source, decode([source]).documents, edits).text


def change(path: Path, value: Any = None, remove: bool = False, index: int = 0) -> Edit:
    return Edit("a.yaml", index, path, value, remove)


def test_a_value_is_replaced_where_it_stands_and_comments_stay() -> None:
    """Only the value's own letters change."""
    assert patched(SERVICE, change(("spec", "selector", "app"), "web")) == SERVICE.replace("app: webb  # who", "app: web  # who")


def test_text_that_would_be_read_as_something_else_is_quoted() -> None:
    """A number, a boolean or a date as text keeps its quotes."""
    for value in ("8080", "true", "yes", "y", "null", "2020-01-01", "a: b", "", "1e3", "0x1f"):
        text = patched(SERVICE, change(("spec", "selector", "app"), value))
        assert decode([SourceFile("a.yaml", text)]).documents[0].data["spec"]["selector"]["app"] == value


def test_a_field_is_renamed_where_it_stands() -> None:
    """Taking a field away and setting its value under another name only changes the key."""
    edits = (change(("spec", "selector", "tier"), remove=True), change(("spec", "selector", "level"), "front"))
    assert patched(SERVICE, *edits) == SERVICE.replace("tier: front", "level: front")


def test_a_new_field_gets_the_indentation_of_its_neighbours() -> None:
    """In block style it stands before its first neighbour on a line of its own; in flow style it follows the last."""
    assert "  selector:\n    track: stable\n    app: webb" in patched(SERVICE, change(("spec", "selector", "track"), "stable"))
    assert "{name: web, labels: {app: web}, namespace: shop}" in patched(SERVICE, change(("metadata", "namespace"), "shop"))


def test_an_item_is_added_at_the_end_of_a_list() -> None:
    """A list of mappings grows by a block item."""
    text = patched(SERVICE, change(("spec", "ports", 2), {"name": "metrics", "port": 9090}))
    assert text.endswith("  - port: 90\n  - name: metrics\n    port: 9090\n")


def test_a_field_is_added_to_an_item_that_begins_with_its_dash() -> None:
    """Before a field of the item that has a line of its own, or behind the only one."""
    assert "  - name: http\n    protocol: TCP\n    port: 80" in patched(SERVICE, change(("spec", "ports", 0, "protocol"), "TCP"))
    assert patched(SERVICE, change(("spec", "ports", 1, "name"), "admin")).endswith("  - port: 90\n    name: admin\n")


def test_removing_takes_the_whole_line_of_a_block_and_the_comma_of_a_flow() -> None:
    """Nothing is left behind that would change the meaning."""
    assert patched(SERVICE, change(("spec", "selector", "tier"), remove=True)) == SERVICE.replace("    tier: front\n", "")
    assert "metadata: {name: web}" in patched(SERVICE, change(("metadata", "labels"), remove=True))
    assert patched(SERVICE, change(("spec", "ports", 1), remove=True)).endswith("    port: 80\n")


def test_a_block_that_takes_the_place_of_a_block_is_written_as_one() -> None:
    """A mapping that becomes a list of one keeps its lines; in flow style it stays on its line."""
    text = patched("spec:\n  ports:\n    port: 80\n    name: http\nkind: x\n", change(("spec", "ports"), [{"port": 80, "name": "http"}]))
    assert text == "spec:\n  ports:\n    - port: 80\n      name: http\nkind: x\n"
    assert "labels: {app: api}" in patched(SERVICE, change(("metadata", "labels"), {"app": "api"}))


def test_several_edits_are_made_against_the_text_as_it_was() -> None:
    """Earlier edits do not move the places of later ones."""
    text = patched(SERVICE, change(("spec", "selector", "app"), "a-much-longer-name"), change(("spec", "ports", 0, "port"), 8080))
    data = yaml.safe_load(text)
    assert (data["spec"]["selector"]["app"], data["spec"]["ports"][0]["port"]) == ("a-much-longer-name", 8080)


def test_a_document_is_added_at_the_end_of_the_file() -> None:
    """A new object follows a line of dashes."""
    text = patched(SERVICE, change((), {"kind": "Namespace", "metadata": {"name": "shop"}}, index=1))
    assert text.endswith("  - port: 90\n---\nkind: Namespace\nmetadata:\n  name: shop\n")


def test_an_item_of_a_list_kind_is_edited_in_its_place() -> None:
    """The path of an edit counts from the YAML document, the item's own fields below its root."""
    text = "kind: List\napiVersion: v1\nitems:\n- kind: Pod\n  metadata: {name: a}\n- kind: Pod\n  metadata: {name: b}\n"
    assert "name: c}" in patched(text, change(("items", 1, "metadata", "name"), "c"))


def test_an_edit_that_does_not_fit_is_refused() -> None:
    """A path through a value that is no mapping, or into a document that is not there."""
    for edit in (change(("kind", "name"), "x"), change(("spec", "ports", 7, "port"), 1), change(("kind",), "x", index=9)):
        with pytest.raises(CannotPatchError):
            patched(SERVICE, edit)


scalars = st.one_of(st.text(max_size=12), st.integers(), st.booleans())
trees = st.dictionaries(
    st.sampled_from(["a", "b", "c"]), st.recursive(scalars, lambda t: st.dictionaries(st.sampled_from("xyz"), t, min_size=1), max_leaves=5),
    min_size=1,
)  # fmt: skip


@given(trees, st.sampled_from([True, False, None]), st.text(max_size=12), st.data())
def test_the_text_after_an_edit_reads_as_the_tree_after_it(tree: Any, flow: bool | None, value: str, data: st.DataObject) -> None:
    """Whatever the layout: either the edit is refused, or the text says exactly what the edit means."""
    text = yaml.safe_dump(tree, default_flow_style=flow, allow_unicode=True)
    source = SourceFile("a.yaml", text)
    documents = decode([source]).documents
    if not documents or documents[0].data != tree:
        return
    edit = change((data.draw(st.sampled_from([*tree, "new"])),), value)
    try:
        after = patched_text(source, documents, [edit])
        wanted = patched_tree(tree, [edit])
    except CannotPatchError:
        return
    assert decode([after]).documents[0].data == wanted
