"""Every field has its place, and every place lies inside its file."""

from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.api.meta import SourceFile, Span
from simulator.decode import decode

TEXT = """\
# a comment
apiVersion: v1
metadata:
  name: "web"   # quoted
  labels: {app: web, tier: [a, bb]}
spec:
  ports:
  - port: 80
    name: http
  - port: 443
  empty:
  text: |
    one
    two
last: 1
"""


def paths(data, path=()):
    yield path
    if isinstance(data, dict):
        for key, value in data.items():
            yield from paths(value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from paths(value, (*path, index))


def test_spans_of_values_and_keys():
    """Scalars, flow and block collections, list items, empty values, block text."""
    (document,) = decode([SourceFile("m.yaml", TEXT)]).documents
    at = document.value_span
    assert at(("metadata", "name")) == Span(4, 9, 4, 14)
    assert document.key_span(("metadata", "name")) == Span(4, 3, 4, 7)
    assert at(("metadata", "labels")) == Span(5, 11, 5, 36)
    assert at(("metadata", "labels", "tier", 1)) == Span(5, 32, 5, 34)
    assert at(("spec", "ports")) == Span(8, 3, 10, 14)
    assert at(("spec", "ports", 1)) == Span(10, 5, 10, 14)
    assert document.key_span(("spec", "ports", 1)) == Span(10, 5, 10, 14)
    assert at(("spec", "text")).line == 12
    assert at(("spec", "text")).end_line == 14
    assert at(("nowhere",)) is None
    assert document.key_span(("spec", "ports", 7)) is None
    assert document.nearest_span(("spec", "ports", 0, "targetPort")) == Span(8, 5, 9, 15)


SCALAR = st.one_of(st.text(max_size=8), st.integers(-10, 10**6), st.booleans(), st.none())
TREE = st.recursive(SCALAR, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=1, max_size=6), inner, max_size=3))


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="ab:-[]{}#'\"|>&*!%?,. \n\t~<0y\u2028\x85\xe9", max_size=120))
def test_any_text_is_read_without_an_exception_and_every_span_lies_inside_it(text):
    """Hostile text: same input, same answer, no exception, places that exist."""
    decoded = decode([SourceFile("m.yaml", text)])
    again = decode([SourceFile("m.yaml", text)])
    assert [d.data for d in decoded.documents] == [d.data for d in again.documents]
    assert [p.message for p in decoded.problems] == [p.message for p in again.problems]
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n").replace("\u2028", "\n").split("\n")
    spans = [problem.place.span for problem in decoded.problems]
    spans += [span for d in decoded.documents for path in paths(d.data) if (span := d.value_span(path)) is not None]
    for span in spans:
        assert 1 <= span.line <= span.end_line <= len(lines) + 1
        assert (span.line, span.column) <= (span.end_line, span.end_column)


@settings(max_examples=60, deadline=None)
@given(TREE)
def test_every_field_of_generated_yaml_has_a_place(tree):
    """What PyYAML writes is read back, and no path of it is without a span."""
    import yaml

    text = yaml.safe_dump({"root": tree}, allow_unicode=True)
    for document in decode([SourceFile("m.yaml", text)]).documents:
        for path in paths(document.data):
            assert document.value_span(path) is not None
