"""`nc -zv`: what the tool prints. Without `-v` it says nothing, and only its exit code tells.

Responsible for: the line of text. Leaves to others: how the connection ended (`trace`).
Mirrors: OpenBSD's `usr.bin/nc/netcat.c`, in the Linux build of Debian and Ubuntu.
"""

from __future__ import annotations

from simulator.api.traffic import Answer, Request

_SERVICES = {22: "ssh", 53: "domain", 80: "http", 443: "https", 5432: "postgresql", 3306: "mysql", 6379: "redis"}
"""Names of ports, from /etc/services."""
_FAILURES = {"refused": "Connection refused", "timed-out": "Connection timed out"}


def nc_line(request: Request, answer: Answer) -> str:
    """The tool's output."""
    kind = request.protocol.lower()
    if answer.outcome == "answered":
        return f"Connection to {request.host} {request.port} port [{kind}/{_SERVICES.get(request.port or 0, '*')}] succeeded!"
    if failure := _FAILURES.get(answer.outcome):
        return f"nc: connect to {request.host} port {request.port} ({kind}) failed: {failure}"
    return f'nc: getaddrinfo for host "{request.host}" port {request.port}: Name or service not known'
