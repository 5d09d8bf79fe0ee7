"""Anna, who owns a drill, and Bernd, who would like to borrow it: the keys, ids and times of the vectors."""

import json
from pathlib import Path
from typing import Any

from crypto.dkx.devlist import Device, DevList
from crypto.dkx.dlkcert import DlkCert
from crypto.dkx.roster import Member, Role
from crypto.dkx.sealing import signing
from crypto.dkx.sealing.body import ChainBody
from crypto.dkx.sealing.chain import SendingChain
from crypto.dkx.sealing.keys import BoxKey, OwnDevice, SigningKey
from crypto.dkx.sealing.record import ChainRecord

VECTORS: dict[str, Any] = json.loads(Path("docs/e2ee-vectors.json").read_text("utf-8"))
SECOND: dict[str, Any] = json.loads(Path("docs/e2ee-vectors-2.json").read_text("utf-8"))
T = 1_760_000_000_000
ORIGIN = "https://kiste.example"


def seed(n: int) -> bytes:
    return bytes([n]) * 32


def id16(n: int) -> bytes:
    return bytes([n]) * 16


def hexed(key: str) -> bytes:
    return bytes.fromhex(VECTORS[key])


AIK_A, AIK_B, DLK_A = map(SigningKey.from_seed, map(seed, (1, 2, 3)))
DLK_B = SigningKey.from_seed(seed(200))
ANNA = OwnDevice(id16(0xA1), id16(0xA2), AIK_A.public, SigningKey.from_seed(seed(4)), BoxKey.from_secret(seed(6)))
BERND = OwnDevice(id16(0xB1), id16(0xB2), AIK_B.public, SigningKey.from_seed(seed(5)), BoxKey.from_secret(seed(7)))
SPK_B, OPK_B = BoxKey.from_secret(seed(8)), BoxKey.from_secret(seed(9))
ROOM, CHAIN, CID = id16(0xC1), id16(0xC2), id16(0xC3)


def row(own: OwnDevice, added: int = T) -> Device:
    return Device(own.device, own.dsk.public, own.dbk.public, added)


def device(n: int, account: bytes = ANNA.account, aik: bytes = ANNA.aik) -> OwnDevice:
    """Some other device, all of it made from one number."""
    return OwnDevice(
        account, id16(n), aik, SigningKey.from_seed(bytes([n, 1] * 16)), BoxKey.from_secret(bytes([n, 2] * 16))
    )


def member(own: OwnDevice, role: Role) -> Member:
    return Member(own.account, own.aik, role)


def stranger(n: int) -> OwnDevice:
    """Some other person's only device."""
    return device(n, id16(n), SigningKey.from_seed(bytes([n, 3] * 16)).public)


CERT_A = signing.certify(AIK_A, ANNA.account, 1, DLK_A.public, now_ms=T)
CERT_B = signing.certify(AIK_B, BERND.account, 1, DLK_B.public, now_ms=T)
LIST_A = signing.first_devlist(DLK_A, ANNA.account, [row(ANNA)], now_ms=T)
LIST_B = signing.first_devlist(DLK_B, BERND.account, [row(BERND)], now_ms=T)
LISTS = {ANNA.account: LIST_A, BERND.account: LIST_B}
SIGNED_SPK_B = signing.sign_spk(BERND, 7, SPK_B, now_ms=T)
ROSTER = signing.first_roster(ANNA, ROOM, [member(ANNA, Role.OWNER), member(BERND, Role.RENTER)], now_ms=T)

CSK = SigningKey.from_seed(seed(11))
BODY = ChainBody(0, seed(10), CSK.public, ROSTER.hash, (1, 1), T, 0)
SENDING = SendingChain(ROOM, ANNA.device, CHAIN, 0, seed(10), CSK, ROSTER.hash, id16(0xD2), T, 0)
RECORD = ChainRecord.of(SENDING, ANNA.account)


def next_list(previous: DevList = LIST_A, *others: OwnDevice, **place: int) -> DevList:
    """Anna's next list: her first device and others."""
    return signing.next_devlist(DLK_A, previous, [row(ANNA), *map(row, others)], now_ms=T, **place)


def cert_of_epoch(epoch: int, dlk: SigningKey) -> DlkCert:
    return signing.certify(AIK_A, ANNA.account, epoch, dlk.public, now_ms=T)


def resigned(body: bytes, key: SigningKey, purpose: bytes) -> bytes:
    """A document with a good signature over bytes our own code would not write."""
    return body + key.sign(purpose, body)
