"""What a reader keeps of each message to prove later that it was said, even when it was erased (e2ee.md §8)."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Self

from client.errors import MALFORMED, NotReady
from client.store.log import Entry
from crypto import b64
from crypto.dkx.envelope import HEADER
from crypto.dkx.report import Report
from crypto.dkx.sealing.message import Opened
from crypto.franking import Mark

REPORTABLE_MS: Final = 30 * 86_400_000
"""A message that its author has erased can still be reported for so long after it was sent; then nothing is left."""
_LAYOUT = struct.Struct(f">{HEADER}s32s53s32sB?")


@dataclass(frozen=True, slots=True)
class Proof:
    """``head`` is what stands before the body in the committed part; ``body`` is kept here once the entry has none."""

    header: bytes
    kf: bytes
    head: bytes
    mark: Mark
    body: bytes | None = None

    @classmethod
    def of(cls, opened: Opened, envelope: bytes, mark: Mark) -> Self:
        rest = opened.rest.to_bytes()
        return cls(envelope[:HEADER], opened.kf, rest[: len(rest) - len(opened.rest.body)], mark)

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """What ``to_bytes`` wrote."""
        header, kf, head, ft, kid, erased = _LAYOUT.unpack_from(raw)
        body = _LAYOUT.size + kid
        return cls(header, kf, head, Mark(raw[_LAYOUT.size : body].decode(), ft), raw[body:] if erased else None)

    def to_bytes(self) -> bytes:
        kid = self.mark.kid.encode()
        fixed = _LAYOUT.pack(self.header, self.kf, self.head, self.mark.ft, len(kid), self.body is not None)
        return fixed + kid + (self.body or b"")


def mark_of(item: Mapping[str, Any]) -> Mark | None:
    """The hub's mark on a message it delivered; None where it gave none that could ever count."""
    try:
        kid, ft = str(item["kid"]), b64.decode(item["ft"])
    except MALFORMED:
        return None
    return Mark(kid, ft) if len(ft) == 32 and 0 < len(kid.encode()) <= 64 else None  # noqa: PLR2004 - e2ee.md section 8


def erased(entry: Entry) -> Entry:
    """The entry after its author erased it: nothing of it is shown any more, but it can still be reported."""
    proof = entry.proof
    if proof is not None and entry.body is not None:
        proof = replace(Proof.parse(proof), body=entry.body).to_bytes()
    return replace(entry, kind="gone", body=None, reason=None, item=None, proof=proof)


def report_of(entry: Entry) -> Report:
    """The report of one message, judged as its reader judged it. NotReady for what this device has not read."""
    proof = Proof.parse(entry.proof) if entry.proof else None
    body = entry.body if proof is None or proof.body is None else proof.body
    if proof is None or body is None:
        raise NotReady(f"entry {entry.seq} was not read on this device")
    ids = bytes.fromhex(entry.room), bytes.fromhex(entry.account)
    made = Report(ids[0], entry.seq, proof.header, proof.kf, proof.head + body, ids[1], entry.at, proof.mark)
    made.opened()
    return made
