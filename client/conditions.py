"""Protocols of condition: how a thing is when it changes hands, also said without a network (rental.md §3)."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, Literal

from client.errors import ProtocolAltered
from client.hub import Hub
from client.when import write_time
from crypto.dkx.protocol import sealed_hash
from crypto.dkx.unicode15 import sayable

View = dict[str, Any]
Draft = dict[str, Any]
Kind = Literal["hand_over", "return"]
SAID: Final = ("rental", "by", "kind", "made_at", "q", "condition", "meter", "note", "lines")


class Conditions:
    """What one party writes, the other confirms by its hash; then it is sealed for both."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def draft(self, kind: Kind, condition: str, *, made_at: datetime | None = None, **more: Any) -> Draft:
        """What is said here and now; a plain object to keep until there is a line. ``send`` takes it, also twice.

        ``more`` are ``q, meter, note, lines`` (each ``accessory, qty, found, note``), ``photos`` (ids of uploads),
        ``after`` (the protocol known last) and ``code`` (the other side's, which seals it at once).
        """
        made = write_time(made_at or datetime.now(UTC).replace(microsecond=0))
        return {"protocol": secrets.token_hex(16), "kind": kind, "made_at": made, "condition": condition, **more}

    async def send(self, rental: str, draft: Draft) -> View:
        """Bring it to the hub. ``protocol_gap``: the one that it comes ``after`` is not there yet."""
        said = {name: value for name, value in draft.items() if name != "protocol"}
        return await self._hub.call("PUT", f"/v1/rentals/{rental}/protocols/{draft['protocol']}", said)

    async def all(self, rental: str) -> Sequence[View]:
        """In the order they came in."""
        return list((await self._hub.get(f"/v1/rentals/{rental}/protocols"))["protocols"])

    async def confirm(self, protocol: Mapping[str, Any]) -> View:
        """Agree to what was read, and to nothing else: ProtocolAltered if its hash says something else."""
        if hash_of(protocol) != protocol["hash"]:
            raise ProtocolAltered
        path = f"/v1/rentals/{protocol['rental']}/protocols/{protocol['id']}/confirm"
        return await self._hub.call("POST", path, {"hash": protocol["hash"]})


def hash_of(protocol: Mapping[str, Any]) -> str:
    """The seal over all that a protocol says, and by whom, in hex (e2ee.md §9)."""
    media = sorted({photo["sha256"] for photo in protocol["photos"]})
    said = sayable({name: protocol[name] for name in SAID})
    return sealed_hash({"v": 1, "protocol": protocol["id"], "media": media} | said).hex()
