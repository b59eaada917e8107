"""Expressions of validation rules: the language as far as the rules use it, its errors in the words of the Go implementation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.admission.cel import CelSyntaxError, compile_expression, unescaped_field
from simulator.admission.cel_functions import CelError, duration, re2
from simulator.schema import gateway

SELF = {"name": "a", "port": 80, "tls": {"mode": ""}, "hostnames": ["x.example", "*.y.example"], "namespace": "shop"}


def run(source: str) -> object:
    return compile_expression(source).evaluate({"self": SELF})


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("1 + 2 * 3 - 4", 3),
        ("(1 + 2) * 3", 9),
        ("-7 / 2", -3),
        ("-7 % 2", -1),
        ("7.5 / 2.5", 3.0),
        ("0x10", 16),
        ("1 == 1.0", True),
        ("1 == true", False),
        ("'1' == 1", False),
        ("[1, {'a': 2}] == [1, {'a': 2}]", True),
        ("'a' + \"b\" + '''c'''", "abc"),
        (r"'\x41\u0042\t'", "AB\t"),
        (r"r'\d'", r"\d"),
        ('r"""^"$"""', '^"$'),
        ("true ? 1 : false ? 2 : 3", 1),
        ("2 in [1, 2] && 'a' in {'a': 1} && !('b' in {'a': 1})", True),
        ("self.hostnames[1]", "*.y.example"),
        ("self['port']", 80),
        ("self.__namespace__", "shop"),
        ("has(self.tls) && has(self.tls.mode) && !has(self.tls.certificateRefs)", True),
        ("size(self.hostnames) == 2 && self.hostnames.size() == 2 && 'é'.size() == 1", True),
        ("self.hostnames.all(h, h.endsWith('.example'))", True),
        ("self.hostnames.exists(h, h.startsWith('*.'))", True),
        ("[1, 2, 2].exists_one(x, x == 2)", False),
        ("[1, 2, 3].filter(x, x > 1)", [2, 3]),
        ("[1, 2, 3].map(x, x * x)", [1, 4, 9]),
        ("[1, 2, 3].map(x, x > 1, x * x)", [4, 9]),
        ("{'a': 1, 'b': 2}.all(key, key.size() == 1)", True),
        ("[[1], [2, 3]].exists(xs, xs.all(x, x > 1))", True),
        ("'a/b'.split('/')[0] + ['c', 'd'].join('-')", "ac-d"),
        ("'Gateway'.lowerAscii().contains('way')", True),
        ("'*.example'.substring(2)", "example"),
        ("duration('1h30m') > duration('90s')", True),
        ("duration('1m') == duration('60s')", True),
        ("isIP('10.0.0.1') && isIP('fd00::1') && !isIP('10.0.0.01') && !isIP('::ffff:1.2.3.4') && !isIP('web')", True),
        ("// a comment\n1 + 1", 2),
    ],
)
def test_value_of_an_expression(source: str, value: object) -> None:
    """An expression has the value, and the type, that the language definition gives it."""
    found = run(source)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("self.missing", "no such key: missing"),
        ("self.tls.mode.deeper", "no such overload"),
        ("[1][1]", "index out of bounds: 1"),
        ("1 / 0", "division by zero"),
        ("1 % 0", "modulus by zero"),
        ("'a' < 1", "no such overload"),
        ("1 && true", "no such overload"),
        ("9223372036854775807 + 1", "integer overflow"),
        ("'abc'.matches('(')", "error parsing regexp"),
        ("duration('10 seconds')", 'time: invalid duration "10 seconds"'),
        ("size(1)", "no such overload"),
        ("'a'.startsWith(1)", "no such overload"),
    ],
)
def test_error_of_an_expression(source: str, message: str) -> None:
    """What cannot be evaluated says why, in cel-go's words, and as nothing but a CelError."""
    with pytest.raises(CelError, match="^" + message.replace("(", r"\(")):
        run(source)


@pytest.mark.parametrize("source", ["false && self.missing", "self.missing && false", "!(true || 1 / 0 == 1)", "!(1 / 0 == 1 || true)"])
def test_a_decided_and_or_or_outweighs_an_error(source: str) -> None:
    """`&&` and `||` are settled by either side, whatever error the other side has."""
    assert run(source) is False


def test_of_two_errors_the_first_counts() -> None:
    """Where neither side settles it, the error is that of the left side."""
    with pytest.raises(CelError, match="no such key: certificateRefs"):
        run("size(self.certificateRefs) > 0 || size(self.options) > 0")
    with pytest.raises(CelError, match="no such key: missing"):
        run("true && self.missing && self.other")


def test_quantifiers_outweigh_errors_too() -> None:
    """One deciding item settles `all` and `exists`; without one, the error stands."""
    assert run("[0, 1].exists(x, 1 / x == 1)") is True
    assert run("[0, 2].all(x, 1 / x == 1)") is False
    with pytest.raises(CelError, match="division by zero"):
        run("[0, 1].all(x, 1 / x == 1)")


@pytest.mark.parametrize(
    "source", ["", "1 +", "a b", "has(self)", "has(self.a())", "unknown(1)", "[1, 2", "x.all(1, true)", "'open", "#", "a.all(x)"]
)
def test_what_is_no_expression_is_refused_when_compiled(source: str) -> None:
    """A slip in a rule is found when it is compiled, not when an object is checked."""
    with pytest.raises(CelSyntaxError):
        compile_expression(source)


@given(
    st.text(alphabet="()[]{}!-+*/%<>=&|?:.,'\"r\\ aself01\n", max_size=40)
    | st.text(max_size=20)
    | st.just("!" * 5000)
    | st.just("(" * 5000)
)
def test_any_text_compiles_or_is_refused(source: str) -> None:
    """No text makes the compiler fail in any other way."""
    try:
        compile_expression(source)
    except CelSyntaxError:
        return


def test_variables_are_the_free_names() -> None:
    """Names that a macro binds are not free; `oldSelf` marks a transition rule."""
    assert compile_expression("self.all(l, l == oldSelf)").variables == {"self", "oldSelf"}


def test_escaped_field_names() -> None:
    """Field names that are no identifiers of the language are escaped in rules."""
    names = {"__namespace__": "namespace", "a__dash__b": "a-b", "x__dot__y": "x.y", "__underscores__x": "__x", "plain_name": "plain_name"}
    assert {name: unescaped_field(name) for name in names} == names


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [("b$", "ab", True), ("b$", "ab\n", False), ("[$]", "a$", True), (r"^(?i)a(b|C)$", "ABc", False), (r"^(?i)a(b|C)$", "aB", True),
     (r"\d", "٣", False), (r"\$$", "a$", True), (r"x\z", "x", True), ("(a(?i)b)c", "aBc", True), ("(a(?i)b)c", "aBC", False)],
)  # fmt: skip
def test_regular_expressions_are_read_as_re2_reads_them(pattern: str, text: str, found: bool) -> None:
    """`$` is the very end, flags may stand anywhere and hold to the end of their group, `\\d` is ASCII."""
    assert (re2(pattern).search(text) is not None) is found


def test_durations() -> None:
    """Durations are Go's."""
    assert [duration(text).nanoseconds for text in ("0", "1.5s", "-2ms", "1h1m")] == [0, 1_500_000_000, -2_000_000, 3_660_000_000_000]


def test_every_rule_of_the_gateway_api_compiles() -> None:
    """Nothing in the rules that are shipped is left unimplemented."""

    def rules(node: object) -> list[str]:
        if isinstance(node, list):
            return [rule for item in node for rule in rules(item)]
        if not isinstance(node, dict):
            return []
        own = [rule["rule"] for rule in node.get("x-kubernetes-validations", [])]
        return own + [rule for child in node.values() for rule in rules(child)]

    found = rules(gateway())
    assert len(found) > 100
    assert all(compile_expression(rule).variables <= {"self", "oldSelf"} for rule in found)
