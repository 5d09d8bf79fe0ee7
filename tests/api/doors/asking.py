"""Asking a row of the table over HTTP, with a payload as a socket would send it."""

import re
from typing import Any
from urllib.parse import quote

from api.protocol import Act
from tests.api.doors.hubs import Worker
from tests.support.world import Neighbour


def in_path(row: Act) -> set[str]:
    """The names of the payload that stand in the row's path."""
    return set(re.findall(r"\{(\w+)\}", row.path or ""))


async def over_http(hub: Worker, row: Act, payload: dict[str, Any], person: Neighbour | None, **how: Any) -> Any:
    """The answer to a payload at the HTTP door: path, then query or body."""
    assert row.method
    assert row.path
    path = row.path.format(**{name: quote(str(payload[name]), safe="") for name in in_path(row)})
    rest = {name: value for name, value in payload.items() if name not in in_path(row)}
    told: dict[str, Any] = {"params": rest}
    if row.raw:
        told["content"] = b"x"
    elif row.method in {"POST", "PUT"}:
        told = {"json": rest}
    return await hub.ask(row.method, path, person, **told, **how)


def is_refused(response: Any, status: int, code: str) -> None:
    """Assert a problem object of RFC 9457 with this status and code."""
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert (response.status_code, problem["status"], problem["code"]) == (status, status, code)
    assert problem["type"] == f"urn:dorfkiste:error:{code}"
