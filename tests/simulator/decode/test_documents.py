"""A file is cut into documents where kubectl cuts it, and a fault stops what kubectl would not read."""

import pytest

from simulator.api.meta import SourceFile
from simulator.decode import MAX_BYTES, MAX_DOCUMENTS, decode


def read(text: str):
    return decode([SourceFile("m.yaml", text)])


def data(text: str):
    return [document.data for document in read(text).documents]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\n---\nb: 2\n", [{"a": 1}, {"b": 2}]),
        ("---\na: 1\n--- # second\nb: 2\n---\n", [{"a": 1}, {"b": 2}]),
        ("---\n---\n# nothing\n---\na: 1", [{"a": 1}]),
        ("a: 1\n...\nb: 2\n", [{"a": 1}]),
        ("a: |\n  text\n  --- not a separator\n", [{"a": "text\n--- not a separator\n"}]),
        ("\ufeffa: 1\r\nb: 2\r\n", [{"a": 1, "b": 2}]),
        ('{"a": 1}\n{"b": [2]}\n', [{"a": 1}, {"b": [2]}]),
        ("{a: 1}\n---\n{b: 2}\n", [{"a": 1}, {"b": 2}]),
    ],
)
def test_documents_are_cut_at_separator_lines(text, expected):
    """Only a line that begins with `---` separates; empty documents do not count; JSON objects may follow each other."""
    assert data(text) == expected


def test_text_after_a_separator_stops_the_file():
    """`--- name` is refused, and kubectl reads no further."""
    decoded = read("a: 1\n--- web\nb: 2\n")
    assert [reading.fault for reading in decoded.readings] == ["", "invalid Yaml document separator: web"]
    assert decoded.problems[0].place.span.line == 2


@pytest.mark.parametrize(
    ("text", "fault", "line"),
    [
        ("a:\n  b: 1\n c: 2\n", "line 2: did not find expected key", 3),
        ("a: 1\nb:\n\tc: 1\n", "line 3: found character that cannot start any token", 3),
        ('a: "x\nb: 1\n', "line 3: found unexpected end of stream", 3),
        ("a: b: c\nd: 1\n", "mapping values are not allowed in this context", 1),
        ("a: *x\n", "unknown anchor 'x' referenced", 1),
        ("a: &x [*x]\n", "anchor 'x' value contains itself", 1),
        ("? [a]\n: b\n", "invalid map key", 1),
        ("a: \x01\n", "control characters are not allowed", 1),
        ("a: !!int x\n", "cannot decode !!str `x` as a !!int", 1),
        ("<<: 5\n", "map merge requires map or sequence of maps as the value", 1),
    ],
)
def test_syntax_faults_are_told_in_kubectls_words(text, fault, line):
    """The text is go-yaml's, with its own way of counting lines; the place is counted within the file."""
    (problem,) = read(text).problems
    assert problem.message == f"error converting YAML to JSON: yaml: {fault}"
    assert problem.code == "yaml-syntax"
    assert problem.place.span.line == line


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('{"a": 1 "b": 2}', "json: offset 9: invalid character '\"' after object key:value pair"),
        ('{"a": ["1" 2]}', "json: offset 12: invalid character '2' after array element"),
        ('{"ä": "]", "b": ["1" 2]}', "json: offset 23: invalid character '2' after array element"),
        ('{"a": 1', "unexpected EOF"),
        ('{"a": "x', "unexpected EOF"),
        ('{"a": tru, b: c: d}', "json: offset 10: invalid character ',' in literal true (expecting 'e')"),
        ("{{ .Values.all }}\na: 1\n", "json: offset 2: invalid character '{' looking for beginning of object key string"),
        ('{"a": “b”: 1 [}', "json: offset 7: invalid character 'â' looking for beginning of value"),
        ('{"a": 1}\n{"b": 2}\n---\n', "invalid character '-' in numeric literal"),
    ],
)
def test_what_is_neither_json_nor_yaml_is_told_in_gos_words(text, fault):
    """What begins with a brace is tried as JSON first; that fault is the one told. After two objects nothing but JSON is read."""
    assert [reading.fault for reading in read(text).readings if reading.fault] == [fault]


def test_json_with_yamls_freedoms_is_read_as_yaml():
    """A trailing comma, a bare word, and a YAML document after one of JSON."""
    assert data('{"a": [1,], b: c,}\n') == [{"a": [1], "b": "c"}]
    assert data('{"a": 1}\n---\nb: 2\n') == [{"a": 1}, {"b": 2}]


def test_lines_count_within_the_document_for_kubectl_and_within_the_file_for_people():
    """A broken second document does not hide the third."""
    decoded = read("a: 1\n---\nb:\n\tc: 1\n---\nd: 1\n")
    assert [reading.index for reading in decoded.readings] == [0, 1, 2]
    assert "line 2: found character" in decoded.problems[0].message
    assert decoded.problems[0].place.span.line == 4
    assert [document.index for document in decoded.documents] == [0, 2]


def test_a_quotation_mark_that_is_never_closed_is_shown_where_it_opens():
    """Reading stops at the end of the file; what is wrong stands far above."""
    (problem,) = read('a: 1\nb: "x\nc: 1\nd: 2\n').problems
    assert (problem.related[0].span.line, problem.related[0].span.column) == (2, 4)


def test_a_list_is_its_items_each_with_places_of_its_own():
    """Items are documents whose paths begin at the item; those of a typed list have its kind."""
    text = "apiVersion: v1\nkind: PodList\nitems:\n- metadata: {name: a}\n- metadata: {name: b}\n"
    documents = read(text).documents
    assert [(d.data["kind"], d.data["metadata"]["name"], d.index, d.root) for d in documents] == [
        ("Pod", "a", 0, ("items", 0)),
        ("Pod", "b", 0, ("items", 1)),
    ]
    assert documents[1].value_span(("metadata", "name")).line == 5


def test_keys_given_twice_are_accepted_with_a_warning_at_both_places():
    """The last one counts, as Kubernetes has it."""
    decoded = read("a: 1\nb:\n  c: 1\n  c: 2\n")
    assert decoded.documents[0].data == {"a": 1, "b": {"c": 2}}
    (problem,) = decoded.problems
    assert (problem.code, problem.path, problem.severity.value) == ("duplicate-key", ("b", "c"), "warning")
    assert (problem.place.span.line, problem.related[0].span.line) == (4, 3)


def test_a_forgotten_separator_is_one_warning():
    """Two objects run together repeat apiVersion, kind, metadata: one cause, one diagnostic."""
    one = "apiVersion: v1\nkind: Service\nmetadata: {name: %s}\n"
    decoded = read(one % "a" + one % "b")
    assert [problem.code for problem in decoded.problems] == ["missing-document-separator"]
    assert decoded.problems[0].place.span.line == 4
    assert decoded.documents[0].data["metadata"] == {"name": "b"}


def test_limits_are_told_and_what_stands_before_them_is_read():
    """Depth, documents, bytes: a sentence each, never an exception."""
    assert "nested more than 100 deep" in read("[" * 5000).problems[0].message
    many = read("a: 1\n---\n" * (MAX_DOCUMENTS + 5))
    assert len(many.documents) == MAX_DOCUMENTS
    assert many.problems[-1].code == "too-much-to-read"
    large = decode([SourceFile("a", "a: 1\n"), SourceFile("b", "x" * MAX_BYTES)])
    assert len(large.documents) == 1
    assert "larger than 2 MiB" in large.problems[0].message


def test_an_alias_bomb_is_refused_without_being_built():
    """Nine levels of nine aliases would be four hundred million values."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    assert "excessive aliasing" in read("\n".join(lines)).problems[0].message


def test_unknown_tags_are_data_and_told():
    """A tag that means nothing to Kubernetes has no power and no effect."""
    decoded = read("a: !!python/object/apply:os.system [ls]\nb: !x 1\n")
    assert decoded.documents[0].data == {"a": ["ls"], "b": "1"}
    assert [problem.code for problem in decoded.problems] == ["custom-tag", "custom-tag"]


def test_text_that_is_no_unicode_is_refused():
    """A lone surrogate cannot have come out of a file."""
    assert read("a: \ud800\n").problems[0].code == "too-much-to-read"
