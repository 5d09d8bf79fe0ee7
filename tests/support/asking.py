"""Any act of the table over HTTP, asked as its example asks, about things that exist here."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import httpx2

from api.examples.sample import ITEM, NEIGHBOUR, RENTAL, ROOM
from api.protocol import ACTS, Act
from crypto import b64
from hub.account import Actor
from hub.usecases.messaging import SendMessage
from tests.support.live_hub import LiveHub

HTTP = [row for row in ACTS if row.doors != "socket"]
STAND_INS = {"item": ITEM, "rental": RENTAL, "room": ROOM, "user": NEIGHBOUR}
"""What the examples call the things of a village."""


def payload(row: Act, ids: Mapping[str, str]) -> dict[str, Any]:
    """The example's question about ``ids``, as a command that was never given before."""
    real = {STAND_INS[name]: value for name, value in ids.items()}
    return {**_replaced(row.example.ask, real), **({"cmd_id": uuid4().hex} if "cmd_id" in row.example.ask else {})}


def _replaced(value: Any, real: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {_replaced(name, real): _replaced(part, real) for name, part in value.items()}
    if isinstance(value, list):
        return [_replaced(part, real) for part in value]
    return real.get(value, value) if isinstance(value, str) else value


async def ask_http(hub: LiveHub, row: Act, asked: Mapping[str, Any], by: Actor | None) -> httpx2.Response:
    """Path, then query or body, as the table has it."""
    path = str(row.path).format(**asked)
    rest = {name: value for name, value in asked.items() if f"{{{name}}}" not in str(row.path)}
    kind = "json" if row.method in {"POST", "PUT"} else "params"
    return await hub.call(str(row.method), path, by, **{kind: rest})


def code_of(answer: httpx2.Response) -> str:
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status_code
    return str(problem["code"])


def message_payload(sent: SendMessage) -> dict[str, Any]:
    """A message as a client writes it on the wire."""
    return {
        "room": sent.room,
        "cid": sent.cid.hex(),
        "env": b64.encode(sent.env),
        "chain": sent.chain.hex(),
        "idx": sent.idx,
        "dl": {account: list(stamp) for account, stamp in sent.dl.items()},
        "roster": sent.roster,
        "keys": [{"to": key.to, "pkt": b64.encode(key.pkt)} for key in sent.keys],
    }
