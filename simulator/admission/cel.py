"""The Common Expression Language, as far as validation rules of custom resources use it.

Responsible for: text of a rule -> `Program`, compiled once; running a Program on plain JSON values.
Leaves to others: which rules there are and what to say when one is false (`crd`), library functions (`cel_functions`).
Mirrors: the CEL specification (langdef.md) and its Go implementation for errors' words; field names are unescaped as
k8s.io/apiserver `pkg/cel` escapes them (`__namespace__`). Types are checked when a rule runs, not before; cost limits are not modelled.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, NoReturn

from simulator.admission.cel_functions import FUNCTIONS, CelError, compare, equal, is_number, no_such_overload

Value = Any
Environment = dict[str, Value]
Step = Callable[[Environment], Value]
"""A compiled piece of an expression: the values of the variables in, its value out. Raises CelError."""


class CelSyntaxError(ValueError):
    """The text is no CEL expression, or calls what is not implemented. Rules are this repository's own data: tests find it, no learner."""


@dataclass(frozen=True, slots=True)
class Program:
    """A compiled expression; `variables` are the free names in it (`self`, `oldSelf`)."""

    source: str
    variables: frozenset[str]
    _run: Step

    def evaluate(self, variables: Mapping[str, Value]) -> Value:
        """The expression's value. Raises CelError with the words of the Go implementation (`no such key: tls`)."""
        return self._run(dict(variables))


@lru_cache(maxsize=1024)
def compile_expression(source: str) -> Program:
    """Raises CelSyntaxError."""
    parser = _Parser(source)
    run = parser.whole()
    return Program(source, frozenset(parser.free), run)


_TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*)
      | (?P<string>[rR]?(?:\"{3}(?:\\.|[^\\])*?\"{3}|'{3}(?:\\.|[^\\])*?'{3}|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))
      | (?P<float>\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+)
      | (?P<int>0[xX][0-9a-fA-F]+|\d+)[uU]?
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<operator>\|\||&&|==|!=|<=|>=|[<>+\-*/%!?:.,()\[\]{}])""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPES = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))", re.DOTALL)
_LITERALS = {"true": True, "false": False, "null": None}
_MACROS = ("all", "exists", "exists_one", "existsOne", "map", "filter")
_UNESCAPED = {"underscores": "__", "dot": ".", "dash": "-", "slash": "/"}
_PRECEDENCE = {"||": 1, "&&": 2, "==": 3, "!=": 3, "<": 3, "<=": 3, ">": 3, ">=": 3, "in": 3, "+": 4, "-": 4, "*": 5, "/": 5, "%": 5}
_DEEPEST = 100


def _tokens(source: str) -> Iterator[tuple[str, str]]:
    position = 0
    while position < len(source):
        match = _TOKEN.match(source, position)
        if match is None:
            raise CelSyntaxError(f"unexpected {source[position]!r} at {position} in {source!r}")
        position = match.end()
        if match.lastgroup not in ("space", None):
            yield str(match.lastgroup), match[str(match.lastgroup)]
    yield "end", ""


def _unquoted(literal: str) -> str:
    raw = literal[0] in "rR"
    quoted = literal[1:] if raw else literal
    width = 3 if quoted[:3] in ('"""', "'''") else 1
    inner = quoted[width:-width]
    return inner if raw else _ESCAPE.sub(_unescaped_character, inner)


def _unescaped_character(match: re.Match[str]) -> str:
    hexadecimal, octal, single = match[1] or match[2] or match[3], match[4], match[5]
    if hexadecimal:
        return chr(int(hexadecimal, 16))
    return chr(int(octal, 8)) if octal else _ESCAPES.get(single, single)


def unescaped_field(name: str) -> str:
    """The property that an identifier of a rule means: `__namespace__` is `namespace`, `a__dash__b` is `a-b`."""
    if re.fullmatch(r"__[a-z]+__", name) and name[2:-2] not in _UNESCAPED:
        return name[2:-2]
    return re.sub(r"__(underscores|dot|dash|slash)__", lambda match: _UNESCAPED[match[1]], name)


class _Parser:
    """Precedence climbing over the tokens; every method gives the compiled step for what it read."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._tokens = list(_tokens(source))
        self._next = 0
        self._depth = 0
        self._bound: list[str] = []
        self._selection: tuple[Step, str, int] = (_constant(None), "", -1)
        """The field access read last: what it reads from, the field, and where the next token stood then."""
        self.free: set[str] = set()

    def whole(self) -> Step:
        step = self._expression()
        if self._kind != "end":
            self._fail()
        return step

    @property
    def _kind(self) -> str:
        return self._tokens[self._next][0]

    @property
    def _text(self) -> str:
        return self._tokens[self._next][1]

    def _fail(self) -> NoReturn:
        raise CelSyntaxError(f"unexpected {self._text or 'end'!r} in {self._source!r}")

    def _take(self) -> str:
        text = self._text
        self._next += 1
        return text

    def _is(self, operator: str) -> bool:
        return self._kind in ("operator", "name") and self._text == operator

    def _accept(self, operator: str) -> bool:
        found = self._is(operator)
        self._next += found
        return found

    def _expect(self, operator: str) -> None:
        if not self._accept(operator):
            self._fail()

    def _expression(self) -> Step:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise CelSyntaxError(f"nested too deeply: {self._source!r}")
        step = self._binary(1)
        if self._accept("?"):
            yes = self._binary(1)
            self._expect(":")
            step = _conditional(step, yes, self._expression())
        self._depth -= 1
        return step

    def _binary(self, least: int) -> Step:
        left = self._unary()
        while (self._kind == "operator" or self._text == "in") and _PRECEDENCE.get(self._text, 0) >= least:
            operator = self._take()
            left = _operation(operator, left, self._binary(_PRECEDENCE[operator] + 1))
        return left

    def _unary(self) -> Step:
        signs = []
        while self._is("!") or self._is("-"):
            signs.append(self._take())
        if len(signs) > _DEEPEST:
            raise CelSyntaxError(f"nested too deeply: {self._source!r}")
        step = self._member(self._primary())
        for sign in reversed(signs):
            step = _prefixed(FUNCTIONS[f"unary {sign}"], step)
        return step

    def _member(self, step: Step) -> Step:
        while True:
            if self._accept("."):
                name = self._name()
                if self._is("("):
                    step = self._method(step, name)
                else:
                    self._selection = (step, unescaped_field(name), self._next)
                    step = _field(step, unescaped_field(name))
            elif self._accept("["):
                index = self._expression()
                self._expect("]")
                step = _index(step, index)
            else:
                return step

    def _name(self) -> str:
        if self._kind != "name":
            self._fail()
        return self._take()

    def _primary(self) -> Step:
        kind, text = self._kind, self._text
        if self._accept("("):
            step = self._expression()
            self._expect(")")
            return step
        if self._accept("["):
            items = self._list("]")
            return lambda environment: [item(environment) for item in items]
        if self._accept("{"):
            return self._map()
        self._next += 1
        if kind == "string":
            return _constant(_unquoted(text))
        if kind == "int":
            return _constant(int(text, 0) if text[:2].lower() == "0x" else int(text))
        if kind == "float":
            return _constant(float(text))
        if kind == "name":
            return self._identifier(text)
        self._next -= 1
        return self._fail()

    def _identifier(self, name: str) -> Step:
        if name in _LITERALS:
            return _constant(_LITERALS[name])
        if self._is("("):
            return self._has() if name == "has" else self._call(name, [])
        if name not in self._bound:
            self.free.add(name)
        return lambda environment: environment[name] if name in environment else _raise(f"no such attribute(s): {name}")

    def _list(self, end: str) -> Sequence[Step]:
        items: list[Step] = []
        while not self._accept(end):
            items.append(self._expression())
            if not self._is(end):
                self._expect(",")
        return items

    def _map(self) -> Step:
        entries: list[tuple[Step, Step]] = []
        while not self._accept("}"):
            key = self._expression()
            self._expect(":")
            entries.append((key, self._expression()))
            if not self._is("}"):
                self._expect(",")
        return lambda environment: {key(environment): value(environment) for key, value in entries}

    def _has(self) -> Step:
        """`has(a.b)`: the last step is a test, not an access."""
        self._expect("(")
        self._expression()
        field, name, end = self._selection
        if end != self._next:
            raise CelSyntaxError(f"has() takes a field selection: {self._source!r}")
        self._expect(")")

        def present(environment: Environment) -> bool:
            value = field(environment)
            return name in value if isinstance(value, Mapping) else no_such_overload()

        return present

    def _method(self, target: Step, name: str) -> Step:
        return self._macro(target, name) if name in _MACROS else self._call(name, [target])

    def _call(self, name: str, arguments: list[Step]) -> Step:
        self._expect("(")
        arguments = [*arguments, *self._list(")")]
        function = FUNCTIONS.get(name)
        if function is None:
            raise CelSyntaxError(f"undeclared reference to {name!r} in {self._source!r}")

        def call(environment: Environment) -> Value:
            values = [argument(environment) for argument in arguments]
            try:
                return function(*values)
            except (TypeError, AttributeError):
                return no_such_overload()

        return call

    def _macro(self, target: Step, name: str) -> Step:
        self._expect("(")
        variable = self._name()
        self._expect(",")
        self._bound.append(variable)
        steps = self._list(")")
        self._bound.pop()
        if not 1 <= len(steps) <= (2 if name == "map" else 1):
            raise CelSyntaxError(f"wrong number of arguments for {name}() in {self._source!r}")

        def each(environment: Environment) -> Iterator[tuple[Value, Environment]]:
            items = target(environment)
            if not isinstance(items, (list, Mapping)):
                no_such_overload()
            inner = dict(environment)
            for item in items:
                inner[variable] = item
                yield item, inner

        return _comprehension(name, each, steps)


def _raise(message: str) -> NoReturn:
    raise CelError(message)


def _constant(value: Value) -> Step:
    return lambda _: value


def _prefixed(function: Callable[[Value], Value], operand: Step) -> Step:
    return lambda environment: function(operand(environment))


def _boolean(value: Value) -> bool:
    return value if isinstance(value, bool) else no_such_overload()


def _conditional(condition: Step, yes: Step, no: Step) -> Step:
    return lambda environment: yes(environment) if _boolean(condition(environment)) else no(environment)


def _field(holder: Step, name: str) -> Step:
    def read(environment: Environment) -> Value:
        value = holder(environment)
        if not isinstance(value, Mapping):
            no_such_overload()
        return value[name] if name in value else _raise(f"no such key: {name}")

    return read


def _index(holder: Step, index: Step) -> Step:
    def read(environment: Environment) -> Value:
        value, key = holder(environment), index(environment)
        if isinstance(value, Mapping):
            return value[key] if key in value else _raise(f"no such key: {key}")
        if not isinstance(value, list) or not is_number(key):
            no_such_overload()
        return value[key] if 0 <= key < len(value) else _raise(f"index out of bounds: {key}")

    return read


def _settled(tests: Iterable[Callable[[], Value]], decisive: bool) -> bool:
    """`&&` and `all` (decisive: false), `||` and `exists` (true): a decisive test settles it, else the first error counts."""
    fault: CelError | None = None
    for test in tests:
        try:
            if _boolean(test()) is decisive:
                return decisive
        except CelError as error:
            fault = fault or error
    if fault is not None:
        raise fault
    return not decisive


def _operation(operator: str, left: Step, right: Step) -> Step:
    if operator in ("&&", "||"):
        return lambda environment: _settled((partial(left, environment), partial(right, environment)), operator == "||")
    if operator in ("==", "!="):
        wanted = operator == "=="
        return lambda environment: equal(left(environment), right(environment)) is wanted
    if operator in ("<", "<=", ">", ">="):
        return lambda environment: compare(operator, left(environment), right(environment))
    function = FUNCTIONS[operator]
    return lambda environment: function(left(environment), right(environment))


def _comprehension(name: str, each: Callable[[Environment], Iterator[tuple[Value, Environment]]], steps: Sequence[Step]) -> Step:
    test = steps[0]
    match name:
        case "all" | "exists":
            return lambda environment: _settled((partial(test, inner) for _, inner in each(environment)), name == "exists")
        case "exists_one" | "existsOne":
            return lambda environment: sum(_boolean(test(inner)) for _, inner in each(environment)) == 1
        case "filter":
            return lambda environment: [item for item, inner in each(environment) if _boolean(test(inner))]
    if len(steps) == 1:
        return lambda environment: [test(inner) for _, inner in each(environment)]
    return lambda environment: [steps[1](inner) for _, inner in each(environment) if _boolean(test(inner))]
