"""The state of the cluster at one moment: every stored object, by kind, namespace and name.

Responsible for: holding objects and finding them (by key, by namespace, by owner, by labels).
Leaves to others: what may be stored (`admission`), what controllers add (`controllers`).
A Cluster never changes; `with_objects` gives a new one. Iteration follows the order of insertion, which is the order of
the manifests and then of the controllers; nothing may depend on it but what Kubernetes itself makes depend on creation order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeVar

from simulator.api.meta import Json, Object, Ref
from simulator.profile import Profile

K = TypeVar("K")
T = TypeVar("T")


class Cluster:
    def __init__(self, profile: Profile, objects: Iterable[Object] = ()) -> None:
        self.profile = profile
        self._objects: dict[Ref, Object] = {item.ref: item for item in objects}
        self._derived: dict[Callable[[Cluster], Any], Any] = {}
        self._labelled: dict[str, Mapping[tuple[str, str, str], Sequence[Object]]] = {}
        self._owned: dict[str, Mapping[Ref, Sequence[Object]]] = {}

    def __iter__(self) -> Iterator[Object]:
        return iter(self._objects.values())

    def __len__(self) -> int:
        return len(self._objects)

    def get(self, kind: str, namespace: str, name: str) -> Object | None:
        return self._objects.get(Ref(kind, namespace, name))

    def find(self, ref: Ref) -> Object | None:
        return self._objects.get(ref)

    def of(self, kind: str, namespace: str | None = None) -> Sequence[Object]:
        """All objects of a kind, or those of one namespace."""
        if namespace is None:
            return self._by_kind.get(kind, ())
        return self._by_namespace.get((kind, namespace), ())

    def selected(self, kind: str, namespace: str, selector: Mapping[str, str]) -> Sequence[Object]:
        """Objects of a namespace whose labels hold every pair of `selector` (a Service's kind of selector).

        An empty selector selects everything here; a Service without a selector must be told apart by the caller.
        """
        if not selector:
            return self.of(kind, namespace)
        rarest = min((self._by_label(kind).get((namespace, key, value), ()) for key, value in selector.items()), key=len)
        return [item for item in rarest if all(item.labels.get(key) == value for key, value in selector.items())]

    def matching(self, kind: str, namespace: str | None, selector: Mapping[str, Json]) -> Sequence[Object]:
        """Objects whose labels satisfy a LabelSelector (`matchLabels` and `matchExpressions`); empty selects all."""
        matches = label_selector(selector)
        return [item for item in self.of(kind, namespace) if matches(item.labels)]

    def owned_by(self, owner: Ref, kind: str) -> Sequence[Object]:
        """Objects of a kind whose controller is `owner`."""
        return self._by_owner(kind).get(owner, ())

    def with_objects(self, changed: Iterable[Object], removed: Iterable[Ref] = ()) -> Cluster:
        """A new Cluster in which `changed` are added or take the place of their namesakes and `removed` are gone."""
        objects, kinds = dict(self._objects), set()
        for ref in removed:
            objects.pop(ref, None)
            kinds.add(ref.kind)
        for item in changed:
            objects[item.ref] = item
            kinds.add(item.kind)
        new = Cluster(self.profile)
        new._objects = objects
        new._labelled = {kind: index for kind, index in self._labelled.items() if kind not in kinds}
        new._owned = {kind: index for kind, index in self._owned.items() if kind not in kinds}
        return new

    def derived(self, build: Callable[[Cluster], T]) -> T:
        """What `build` makes of this state, made once: an index or a routing table. `build` is a module's function and pure."""
        if build not in self._derived:
            self._derived[build] = build(self)
        made: T = self._derived[build]
        return made

    @cached_property
    def _by_kind(self) -> Mapping[str, Sequence[Object]]:
        return _grouped(self, lambda item: item.kind)

    @cached_property
    def _by_namespace(self) -> Mapping[tuple[str, str], Sequence[Object]]:
        return _grouped(self, lambda item: (item.kind, item.namespace))

    def _by_label(self, kind: str) -> Mapping[tuple[str, str, str], Sequence[Object]]:
        """Namespace, key and value -> the objects of a kind that bear this label."""
        if kind not in self._labelled:
            groups: dict[tuple[str, str, str], list[Object]] = defaultdict(list)
            for item in self.of(kind):
                for key, value in item.labels.items():
                    groups[item.namespace, key, value].append(item)
            self._labelled[kind] = groups
        return self._labelled[kind]

    def _by_owner(self, kind: str) -> Mapping[Ref, Sequence[Object]]:
        if kind not in self._owned:
            groups: dict[Ref, list[Object]] = defaultdict(list)
            for item in self.of(kind):
                owner = item.controller
                if owner is not None:
                    groups[owner].append(item)
            self._owned[kind] = groups
        return self._owned[kind]


def _grouped(items: Iterable[Object], key: Callable[[Object], K]) -> Mapping[K, Sequence[Object]]:
    groups: dict[K, list[Object]] = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return groups


def label_selector(selector: Mapping[str, Json]) -> Callable[[Mapping[str, str]], bool]:
    """A test of labels for a `metav1.LabelSelector` (apimachinery `LabelSelectorAsSelector`); empty accepts everything.

    An operator that the API does not know matches nothing.
    """
    wanted = dict(selector.get("matchLabels") or {})
    expressions = [(e.get("key"), e.get("operator"), tuple(e.get("values") or ())) for e in selector.get("matchExpressions") or ()]

    def matches(labels: Mapping[str, str]) -> bool:
        return all(labels.get(key) == value for key, value in wanted.items()) and all(
            _satisfies(labels, key, operator, values) for key, operator, values in expressions
        )

    return matches


def _satisfies(labels: Mapping[str, str], key: str, operator: str, values: tuple[str, ...]) -> bool:
    match operator:
        case "In":
            return key in labels and labels[key] in values
        case "NotIn":
            return key not in labels or labels[key] not in values
        case "Exists":
            return key in labels
        case "DoesNotExist":
            return key not in labels
    return False
