"""What was typed after `kubectl get`, `describe` or `rollout restart` -> resources, names and flags; or kubectl's own complaint.

Responsible for: flags, `TYPE NAME`, `TYPE/NAME`, `a,b` and `all`, and the words of kubectl's refusals.
Leaves to others: finding and printing objects (`get`, `describe`).
Mirrors: cli-runtime `resource.Builder` (ResourceTypeOrNameArgs) and the flags of kubectl's `get` and `describe`.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from simulator.api.meta import Json, Object
from simulator.api.resources import RESOURCES, Resource, find_resource
from simulator.cluster import Cluster, label_selector
from simulator.kubectl.selectors import parse_selector


class Refusal(Exception):  # noqa: N818 - the learner's doing, told in kubectl's words, never an error of ours
    """kubectl would end here with this text on standard error."""


@dataclass(frozen=True, slots=True)
class Printed:
    """What a command printed, and how it would have ended."""

    stdout: str
    stderr: str = ""
    exit_code: int = 0

    @property
    def text(self) -> str:
        """Both streams, as a terminal shows them."""
        return self.stdout + self.stderr


@dataclass(frozen=True, slots=True)
class Target:
    """A resource, and the one object of it that was asked for; `name` None means all of them."""

    resource: Resource
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Command:
    verb: str
    targets: Sequence[Target]
    namespace: str = "default"
    all_namespaces: bool = False
    output: str = ""
    show_labels: bool = False
    headers: bool = True
    selector: Mapping[str, Json] = field(default_factory=dict)

    def objects(self, cluster: Cluster, target: Target) -> Sequence[Object]:
        """The objects of the target's kind that the flags choose, in the order of their keys in the store."""
        namespace = self.namespace if target.resource.namespaced and not self.all_namespaces else None
        matches = label_selector(self.selector)
        found = [item for item in cluster.of(target.resource.kind, namespace) if matches(item.labels)]
        return sorted(found, key=lambda item: (item.namespace, item.name))

    def named(self, cluster: Cluster, target: Target) -> Object:
        """The one object that the target names. Raises Refusal with the server's NotFound."""
        found = cluster.get(target.resource.kind, self.namespace if target.resource.namespaced else "", target.name or "")
        if found is None:
            raise Refusal(f'Error from server (NotFound): {target.resource.qualified} "{target.name}" not found')
        return found


_VALUED = {"-n": "namespace", "--namespace": "namespace", "-o": "output", "--output": "output", "-l": "selector", "--selector": "selector"}
_SWITCHES = {"-A": "all_namespaces", "--all-namespaces": "all_namespaces", "--show-labels": "show_labels", "--no-headers": "no_headers"}
_API_RESOURCES = 'Use "kubectl api-resources" for a complete list of supported resources.'
_GET_ONLY = {"-o", "--output", "--show-labels", "--no-headers"}


def parse(verb: str, arguments: str | Sequence[str]) -> Command:
    """Reads what follows `kubectl VERB`. Raises Refusal."""
    values, positional = _flags(verb, split(arguments))
    if values.get("all_namespaces") and (any("/" in word for word in positional) or len(positional) > 1):
        raise Refusal("error: a resource cannot be retrieved by name across all namespaces")
    selector = parse_selector(str(values.get("selector", "")))
    if selector is None:
        raise Refusal(f'error: unable to parse requirement: "{values["selector"]}" is not a selector')
    targets = _targets(verb, positional)
    if values.get("selector") and any(target.name for target in targets):
        raise Refusal("error: name cannot be provided when a selector is specified")
    return Command(
        verb, targets, str(values.get("namespace") or "default"), bool(values.get("all_namespaces")), str(values.get("output", "")),
        bool(values.get("show_labels")), not values.get("no_headers"), selector,
    )  # fmt: skip


def split(arguments: str | Sequence[str]) -> Sequence[str]:
    """The words of a line, as a shell parts them. Raises Refusal."""
    if not isinstance(arguments, str):
        return arguments
    try:
        return shlex.split(arguments)
    except ValueError:
        raise Refusal("error: unclosed quotation mark") from None


def _flags(verb: str, words: Sequence[str]) -> tuple[dict[str, str | bool], list[str]]:
    values: dict[str, str | bool] = {}
    positional: list[str] = []
    queue = list(reversed(words))
    while queue:
        word = queue.pop()
        if not word.startswith("-") or word == "-":
            positional.append(word)
            continue
        name, equals, value = word.partition("=")
        if not word.startswith("--") and len(word) > 2:
            name, equals, value = word[:2], "=", word[2:].removeprefix("=")
        if name in _SWITCHES and not (verb == "describe" and name in _GET_ONLY):
            values[_SWITCHES[name]] = value != "false"
        elif name in _VALUED and not (verb == "describe" and name in _GET_ONLY):
            if not equals and not queue:
                raise Refusal(f"error: flag needs an argument: {_spelled(name)}")
            values[_VALUED[name]] = value if equals else queue.pop()
        else:
            kind = "flag: " + name if name.startswith("--") else f"shorthand flag: '{name[1:]}' in {word}"
            raise Refusal(f"error: unknown {kind}\nSee 'kubectl {verb} --help' for usage.")
    return values, positional


def _spelled(name: str) -> str:
    return name if name.startswith("--") else f"'{name[1:]}' in {name}"


def _targets(verb: str, words: Sequence[str]) -> Sequence[Target]:
    if not words:
        if verb == "describe":
            raise Refusal(f"error: You must specify the type of resource to describe. {_API_RESOURCES}")
        raise Refusal(
            f"You must specify the type of resource to get. {_API_RESOURCES}\n\n"
            "error: Required resource not specified.\n"
            'Use "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).\n'
            "See 'kubectl get -h' for help and examples"
        )  # fmt: skip
    if any("/" in word for word in words):
        return [_pair(verb, word) for word in words]
    resources = [resource for word in words[0].split(",") for resource in _resources(word)]
    if len(words) > 1:
        return [Target(resource, name) for resource in resources for name in words[1:]]
    return [Target(resource) for resource in dict.fromkeys(resources)]


def _pair(verb: str, word: str) -> Target:
    if word.count("/") != 1:
        if "/" in word:
            raise Refusal("error: arguments in resource/name form may not have more than one slash")
        raise Refusal(
            "error: there is no need to specify a resource type as a separate argument when passing arguments in resource/name form "
            f"(e.g. 'kubectl {verb} resource/<resource_name>' instead of 'kubectl {verb} resource resource/<resource_name>'"
        )
    kind, _, name = word.partition("/")
    if not kind or not name:
        raise Refusal("error: arguments in resource/name form must have a single resource and name")
    return Target(_resources(kind)[0], name)


def _resources(word: str) -> Sequence[Resource]:
    if word == "all":
        return [resource for resource in RESOURCES if resource.in_all]
    found = find_resource(word)
    if found is None:
        raise Refusal(f'error: the server doesn\'t have a resource type "{word}"')
    return [found]
