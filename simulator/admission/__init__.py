"""Documents -> stored objects, in the API server's order: decode strictly, default, allocate, validate.

Responsible for: verdicts in the server's words, allocated addresses and ports, the objects that every cluster has.
Leaves to others: what controllers add.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simulator.api.diagnostics import ApplyOutput, Verdict
from simulator.api.meta import Object
from simulator.cluster import Cluster
from simulator.decode import Decoded
from simulator.profile import Profile


@dataclass(frozen=True, slots=True)
class Admitted:
    cluster: Cluster
    verdicts: Sequence[Verdict]
    output: ApplyOutput


def admit(decoded: Decoded, profile: Profile) -> Admitted:
    objects, verdicts = [], []
    for document in decoded.documents:
        data = document.data
        name = data["metadata"]["name"]
        namespace = data["metadata"].get("namespace", "default")
        objects.append(Object(data["apiVersion"], data["kind"], namespace, name, data, document))
        verdicts.append(
            Verdict(document.file, document.index, data["kind"], namespace, name, True, f"{data['kind'].lower()}/{name} created")
        )
    return Admitted(Cluster(profile, objects), verdicts, ApplyOutput("".join(v.output + "\n" for v in verdicts), ""))
