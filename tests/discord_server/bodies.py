"""What requests carry and answers hold.

Responsible for: JSON and multipart forms, in and out.
Leaves to others: what is in them.
"""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web


def answer(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """JSON with the bare content type that discord.py insists on."""
    return web.Response(body=json.dumps(data).encode(), status=status, headers={**(headers or {}), "Content-Type": "application/json"})


async def body_of(request: web.Request) -> tuple[dict[str, Any], list[tuple[str, bytes]]]:
    """A request's payload and files, from JSON or from a multipart form."""
    if not request.content_type.startswith("multipart/"):
        return await request.json(), []
    payload: dict[str, Any] = {}
    files: list[tuple[str, bytes]] = []
    async for part in await request.multipart():
        if part.name == "payload_json":  # type: ignore[union-attr]
            payload = json.loads(await part.text())  # type: ignore[union-attr]
        else:
            files.append((part.filename or "file", bytes(await part.read(decode=False))))  # type: ignore[union-attr]
    return payload, files
