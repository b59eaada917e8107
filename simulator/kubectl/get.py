"""`kubectl get`: tables, names, YAML and JSON of stored objects.

Responsible for: which objects, the frame of a table (NAMESPACE, LABELS, prefixes, blank lines between kinds), the other output formats.
Leaves to others: the columns of a kind (`tables`), flags (`arguments`), alignment (`tabwriter`), YAML (`yaml_text`).
Mirrors: kubectl `pkg/cmd/get`, cli-runtime `printers.TablePrinter`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from simulator.api.meta import Json, Object
from simulator.cluster import Cluster
from simulator.kubectl.arguments import Command, Printed, Refusal, Target, parse
from simulator.kubectl.selectors import format_labels
from simulator.kubectl.tables import columns_of
from simulator.kubectl.tabwriter import table

_FORMATS = ("", "wide", "name", "yaml", "json")
_HIDDEN = "<hidden>"


def get(cluster: Cluster, arguments: str | Sequence[str], *, show_secrets: bool = False) -> Printed:
    """What `kubectl get ARGUMENTS` prints. Unless `show_secrets`, YAML and JSON keep the keys of a Secret's data and hide the values."""
    try:
        command = parse("get", arguments)
        if command.output not in _FORMATS:
            raise Refusal(_unknown_format(command.output))
    except Refusal as refusal:
        return Printed("", f"{refusal}\n", 2)
    groups, complaints = _chosen(cluster, command)
    stderr = "".join(f"{complaint}\n" for complaint in complaints)
    found = [item for _, items in groups for item in items]
    if command.output in ("yaml", "json"):
        single = found[0] if len(command.targets) == 1 and command.targets[0].name and found else None
        text = _serialized(command.output, single, found, show_secrets) if found or not complaints else ""
        return Printed(text, stderr, 1 if complaints else 0)
    text = _names(groups) if command.output == "name" else _tables(command, groups)
    if not text and not complaints:
        stderr = _nothing(command)
    return Printed(text, stderr, 1 if complaints else 0)


def _unknown_format(output: str) -> str:
    return f'error: unable to match a printer suitable for the output format "{output}", allowed formats are: json,name,wide,yaml'


Group = tuple[Target, Sequence[Object]]


def _chosen(cluster: Cluster, command: Command) -> tuple[Sequence[Group], Sequence[str]]:
    groups: list[Group] = []
    complaints: list[str] = []
    for target in command.targets:
        if target.name is None:
            groups.append((target, command.objects(cluster, target)))
            continue
        try:
            groups.append((target, [command.named(cluster, target)]))
        except Refusal as refusal:
            complaints.append(str(refusal))
    return groups, complaints


def _nothing(command: Command) -> str:
    namespaced = all(target.resource.namespaced for target in command.targets)
    if command.all_namespaces or not namespaced:
        return "No resources found\n"
    return f"No resources found in {command.namespace} namespace.\n"


def _names(groups: Sequence[Group]) -> str:
    return "".join(f"{target.resource.named(item.name)}\n" for target, items in groups for item in items)


def _tables(command: Command, groups: Sequence[Group]) -> str:
    """One table per kind; with several kinds every name says its kind, and a blank line stands between."""
    by_kind: dict[str, list[Object]] = {}
    targets = {target.resource.kind: target for target, _ in groups}
    for target, items in groups:
        by_kind.setdefault(target.resource.kind, []).extend(items)
    several = len({target.resource.kind for target in command.targets}) > 1
    return "\n".join(_table(command, targets[kind], items, several) for kind, items in by_kind.items() if items)


def _table(command: Command, target: Target, items: Sequence[Object], several: bool) -> str:
    wide = command.output == "wide"
    columns = columns_of(target.resource.kind, wide)
    with_namespace = command.all_namespaces and target.resource.namespaced
    rows = [[column.header for column in columns]] if command.headers else []
    if rows:
        rows[0] = ["NAMESPACE"] * with_namespace + rows[0] + ["LABELS"] * command.show_labels
    for item in items:
        cells = [_one_line(column.cell(item, wide)) for column in columns]
        if several:
            cells[0] = target.resource.named(item.name)
        rows.append([item.namespace] * with_namespace + cells + [format_labels(item.labels)] * command.show_labels)
    return table(rows)


def _one_line(cell: str) -> str:
    """A cell ends at its first line break, and no tab of the learner's may move the columns."""
    first, *rest = cell.splitlines() or [""]
    return (f"{first}..." if rest else first).replace("\t", "\\t")


def _serialized(output: str, single: Object | None, items: Sequence[Object], show_secrets: bool) -> str:
    shown = [item.data if show_secrets else _without_secrets(item) for item in ([single] if single else items)]
    tree: Json = shown[0] if single else {"apiVersion": "v1", "items": shown, "kind": "List", "metadata": {"resourceVersion": ""}}
    if output == "json":
        text = json.dumps(tree, indent=4, sort_keys=True, ensure_ascii=False, default=str)
        return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e") + "\n"
    from simulator.kubectl.yaml_text import yaml_text

    return yaml_text(tree)


def _without_secrets(item: Object) -> Mapping[str, Json]:
    if item.kind != "Secret":
        return item.data  # type: ignore[no-any-return]
    hidden = {
        field: dict.fromkeys(item.data[field], _HIDDEN) for field in ("data", "stringData") if isinstance(item.data.get(field), Mapping)
    }
    annotations = {key: value for key, value in item.annotations.items() if key != "kubectl.kubernetes.io/last-applied-configuration"}
    metadata = {**item.metadata, "annotations": annotations} if item.annotations else item.metadata
    return {**item.data, **hidden, "metadata": metadata}
