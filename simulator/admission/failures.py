"""Why kubectl could not apply a document, and how it prints that: alone, and among other failures.

Responsible for: kubectl's wording around the server's, one failure or several.
Leaves to others: finding failures (`kubectl`, `server`), the text of field errors (`field_errors`).
Mirrors: kubectl `pkg/cmd/util/helpers.go` (checkErr, StandardErrorMessage, MultilineError), apimachinery `pkg/api/errors`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simulator.admission.field_errors import FieldError
from simulator.api.diagnostics import Problem
from simulator.schema import Kind


@dataclass(frozen=True, slots=True)
class Failure:
    """One failure. `alone` and `among` are kubectl's text where it is the only one and where it is one of several.

    `problems` are the same for rules, without places yet: a problem's path is the field it is about.
    """

    alone: str
    among: str
    problems: tuple[Problem, ...] = ()


def refused_by_kubectl(text: str, code: str, problems: tuple[Problem, ...] = ()) -> Failure:
    """What kubectl itself will not send."""
    return Failure(f"error: {text}", text, problems or (Problem(code, text),))


def creating(file: str) -> str:
    """What kubectl was about when an object was new."""
    return f'error when creating "{file}"'


def patching(file: str, patch: str, about: str) -> str:
    """What it was about when the object was there; `about` is the object as `identified` puts it."""
    return f'error when applying patch:\n{patch}\nto:\n{about}\nfor: "{file}": error when patching "{file}"'


def identified(kind: Kind, sent_kind: str, name: str, namespace: str) -> str:
    """An object as kubectl names it among its errors, on two lines."""
    version = f"{kind.group}/{kind.version}"
    kinds = f'Resource: "{version}, Resource={kind.plural}", GroupVersionKind: "{version}, Kind={sent_kind}"'
    return f'{kinds}\nName: "{name}", Namespace: "{namespace}"'


def refused_by_server(reason: str, message: str, when: str, problems: tuple[Problem, ...]) -> Failure:
    """A status other than Invalid: BadRequest, NotFound, Forbidden ... `when`: what kubectl was about (`creating`, `patching`)."""
    text = f"Error from server ({reason}): {when}: {message}"
    return Failure(text, text, problems)


def invalid_object(kind: str, group: str, name: str, faults: Sequence[FieldError], when: str) -> Failure:
    """A status Invalid: alone kubectl prints its causes, among others its message."""
    lines = list(dict.fromkeys(str(fault) for fault in faults))
    head = f'The {kind} "{name}" is invalid: '
    alone = head + lines[0] if len(lines) == 1 else "\n".join([head, *(f"* {line}" for line in lines)])
    told = lines[0] if len(lines) == 1 else f"[{', '.join(lines)}]"
    qualified = f"{kind}.{group}" if group else kind
    among = f'Error from server (Invalid): {when}: {qualified} "{name}" is invalid: {told}'
    seen: dict[str, Problem] = {}
    for fault in faults:
        seen.setdefault(str(fault), Problem(fault.type.code, str(fault), tuple(fault.path)))
    return Failure(alone, among, tuple(seen.values()))


def printed(visiting: Sequence[Failure], applying: Sequence[Failure]) -> str:
    """What kubectl prints on standard error at the end for all failures of one run, each line ended."""
    if len(visiting) + len(applying) == 1:
        return "".join(f"{failure.alone}\n" for failure in (*visiting, *applying))
    if not applying:
        return "".join(f"{failure.among}\n" for failure in visiting)
    together = [failure.among for failure in visiting]
    first = [together[0] if len(together) == 1 else f"[{', '.join(dict.fromkeys(together))}]"] if together else []
    return "".join(f"{line}\n" for line in (*first, *(failure.among for failure in applying)))
