"""Documents -> stored objects, in the API server's order: decode strictly, default, allocate, validate.

Responsible for: the run of `kubectl apply` over all documents together, and the verdict on each document alone.
Leaves to others: kubectl's part (`kubectl`), the server's (`server`), what controllers add.
Lets stay in a stored object what the server would not take from a manifest and routing needs: status, times and owners in a paste of
`kubectl get -o yaml`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simulator.admission.dual_stack import as_described
from simulator.admission.existing import existing
from simulator.admission.failures import Failure, printed
from simulator.admission.kubectl import Info, Visit, before_sending, visit
from simulator.admission.places import in_document, in_reading
from simulator.admission.server import MOMENT, Server, Stored
from simulator.admission.warnings import deprecation
from simulator.admission.webhooks import Unreachable
from simulator.api.diagnostics import ApplyOutput, Problem, Verdict
from simulator.api.meta import Document, Json, Ref
from simulator.cluster import Cluster
from simulator.decode import Decoded, Reading
from simulator.profile import Profile
from simulator.schema import Table, table


@dataclass(frozen=True, slots=True)
class Admitted:
    """The cluster after the apply; what kubectl printed; a verdict for each YAML document, a List counting as one."""

    cluster: Cluster
    verdicts: Sequence[Verdict]
    output: ApplyOutput


def admit(decoded: Decoded, profile: Profile, unreachable: Sequence[Unreachable] = ()) -> Admitted:
    """Applies everything. Any document is accepted or refused, never raised about. `unreachable`: webhooks that cannot be called."""
    profile = as_described(decoded, profile)
    run = _Run(profile, decoded, unreachable)
    run.apply_all()
    verdicts = [run.verdict(reading) for reading in decoded.readings]
    run.settle()
    return Admitted(Cluster(profile, run.server.objects.values()), verdicts, run.output())


class _Run:
    """One `kubectl apply -f` of all the files."""

    def __init__(self, profile: Profile, decoded: Decoded, unreachable: Sequence[Unreachable]) -> None:
        self.known: Table = table(profile.kubernetes, profile.gateway_api != "absent")
        given = [_ref(document) for document in decoded.documents]
        self.server = Server(self.known, profile.service_cidr, list(existing(profile, given, MOMENT)), unreachable)
        self.readings = decoded.readings
        self.visits: dict[int, Visit] = {}
        self.results: dict[int, list[Stored | Failure]] = {}
        self.visiting: list[Failure] = []
        self.applying: list[Failure] = []
        self.refused: list[Info] = []
        self.lines: list[str] = []
        self.warnings: dict[str, None] = {}

    def apply_all(self) -> None:
        stopped: set[str] = set()
        queue: list[tuple[int, Info]] = []
        for reading in self.readings:
            seen = self.visits[id(reading)] = visit(reading, self.known)
            if reading.file in stopped:
                continue
            self.visiting += seen.failures
            queue += [(id(reading), info) for info in seen.infos]
            if seen.stops:
                stopped.add(reading.file)
        for key, info in queue:
            result = self._apply(info)
            self.results.setdefault(key, []).append(result)
            if not before_sending(info) and (told := deprecation(info.kind)):
                self.warnings.setdefault(f"Warning: {told}")
            if isinstance(result, Failure):
                self.applying.append(result)
                self.refused.append(info)
                continue
            self.lines.append(f"{info.kind.printed}/{info.name} {result.outcome}")
            for warning in result.warnings:
                self.warnings.setdefault(f"Warning: {warning.message}")

    def settle(self) -> None:
        """Applies once more what was refused, as one does who reads the errors: an object that came before its Namespace is there then.

        The cluster is so the final state that the verdicts are about, not the half of it that one apply in the wrong order leaves.
        """
        for info in self.refused:
            self._apply(info)

    def _apply(self, info: Info, dry_run: bool = False) -> Stored | Failure:
        failure = before_sending(info)
        return failure or self.server.apply(info.document, info.kind, info.sent_kind, info.namespace, dry_run)

    def output(self) -> ApplyOutput:
        out = "".join(f"{line}\n" for line in self.lines)
        errors = "".join(f"{line}\n" for line in self.warnings) + printed(self.visiting, self.applying)
        if not self.lines and not errors:
            errors = "error: no objects passed to apply\n"
        return ApplyOutput(out, errors)

    def verdict(self, reading: Reading) -> Verdict:
        """The document alone, dry-run against the final state. What only the real apply found is told among the problems."""
        seen, done = self.visits[id(reading)], self.results.get(id(reading), [])
        lines: list[str] = []
        applying: list[Failure] = []
        problems = [in_reading(reading, problem) for failure in seen.failures for problem in failure.problems]
        warnings: list[Problem] = []
        for index, info in enumerate(seen.infos):
            real = done[index] if index < len(done) else None
            alone = real if isinstance(real, Stored) else self._apply(info, dry_run=True)
            if isinstance(alone, Failure):
                applying.append(alone)
                problems += [in_document(info.document, problem) for problem in alone.problems]
                continue
            lines.append(f"{info.kind.printed}/{info.name} {alone.outcome}{'' if alone is real else ' (server dry run)'}")
            warnings += [in_document(info.document, warning) for warning in alone.warnings]
            if isinstance(real, Failure):
                problems += [in_document(info.document, problem) for problem in real.problems]
        accepted = not seen.failures and not applying
        output = "\n".join(lines) if accepted else printed(seen.failures, applying).removesuffix("\n")
        kind, namespace, name = _named(reading, seen)
        told = (*problems, *warnings)
        return Verdict(reading.file, reading.index, kind, namespace, name, accepted, output, tuple(w.message for w in warnings), told)


def _ref(document: Document) -> Ref:
    meta = document.data.get("metadata")
    meta = meta if isinstance(meta, dict) else {}
    kind, namespace, name = document.data.get("kind"), meta.get("namespace"), meta.get("name")
    return Ref(str(kind), str(namespace or "default") if kind not in _WITHOUT_NAMESPACE else "", str(name))


_WITHOUT_NAMESPACE = ("Namespace", "Node", "IngressClass", "GatewayClass")


def _named(reading: Reading, seen: Visit) -> tuple[str, str, str]:
    """Kind, namespace and name as far as the document tells them."""
    if len(seen.infos) == 1 and len(reading.documents) == 1 and not reading.documents[0].root:
        info = seen.infos[0]
        return info.sent_kind, info.namespace, info.name
    data = reading.data if isinstance(reading.data, dict) else {}
    found = data.get("metadata")
    meta = found if isinstance(found, dict) else {}
    return _text(data.get("kind")), _text(meta.get("namespace")), _text(meta.get("name"))


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""
