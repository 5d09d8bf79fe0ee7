"""A neighbour who acts over the live socket instead of HTTP: the same acts, by the protocol's own table."""

import re
from collections.abc import Mapping
from typing import Any

from api.protocol import ACTS
from api.protocol.act import Act
from client.neighbour import Neighbour


def act_at(method: str, path: str) -> tuple[Act, dict[str, Any]]:
    """The row that answers there, and what the path holds, typed as a socket says it."""
    for row in ACTS:
        pattern = re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", row.path or "")
        found = row.method == method and re.fullmatch(pattern, path)
        if found:
            fields = row.wire.model_fields
            return row, {k: int(v) if fields[k].annotation is int else v for k, v in found.groupdict().items()}
    raise LookupError(f"{method} {path}")


class SocketDoor:
    """In place of a neighbour's HTTP calls, while ``on``; what the table has for HTTP alone goes there."""

    def __init__(self, person: Neighbour) -> None:
        self.on = False
        self._by_http, self._ask = person._hub.call, person._line.ask
        person._hub.call = self._call  # type: ignore[method-assign]

    async def _call(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, query: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        row, named = act_at(method, path)
        if not self.on or row.doors == "http" or query:
            return await self._by_http(method, path, body, query)
        answer = await self._ask(row.event, {**named, **(body or {})})
        return {name: value for name, value in answer.items() if name != "ok"}
