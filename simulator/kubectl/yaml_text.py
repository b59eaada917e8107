"""A tree as `kubectl -o yaml` prints it.

Responsible for: key order, indentation, and when a string is quoted and how.
Mirrors: sigs.k8s.io/yaml over go-yaml's emitter: keys sorted, lists not indented, no folding; a string that would read as another type
is double-quoted, one with line breaks is a literal block, any other that cannot stand plain is single-quoted by the emitter.
"""

from __future__ import annotations

from typing import Any

import yaml

from simulator.api.meta import Json

_TEXT = "tag:yaml.org,2002:str"
_GO_BOOLEANS = frozenset("yYnN")
"""go-yaml takes these for booleans of YAML 1.1; PyYAML does not."""


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the signature is PyYAML's
        return True


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = None
    if "\n" in text:
        style = "|"
    elif text in _GO_BOOLEANS or dumper.resolve(yaml.ScalarNode, text, (True, False)) != _TEXT:  # type: ignore[no-untyped-call]
        style = '"'
    return dumper.represent_scalar(_TEXT, text, style=style)


_Dumper.add_representer(str, _represent_text)


def yaml_text(tree: Json) -> str:
    """The tree as YAML, one document, ending with a newline."""
    return yaml.dump(tree, Dumper=_Dumper, sort_keys=True, default_flow_style=False, width=float("inf"), allow_unicode=True)


def inline(tree: Json) -> str:
    """The tree on one line, in flow style: `{name: http, port: 80}`."""
    text = yaml.dump(tree, Dumper=_Dumper, sort_keys=False, default_flow_style=True, width=float("inf"), allow_unicode=True)
    return text.removesuffix("\n").removesuffix("\n...")
