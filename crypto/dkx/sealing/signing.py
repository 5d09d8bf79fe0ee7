"""Making the signed documents: every one is parsed again before it leaves, so no device signs what others refuse."""

from collections.abc import Sequence

from crypto.dkx import devlist, dlkcert, login, roster, sigrec, spk
from crypto.dkx.agreement import Agreement
from crypto.dkx.devlist import Device, DevList
from crypto.dkx.dlkcert import DlkCert
from crypto.dkx.error import AgreementError
from crypto.dkx.primitive import ZEROS32
from crypto.dkx.roster import Member, Roster
from crypto.dkx.sealing.keys import BoxKey, OwnDevice, SigningKey
from crypto.dkx.sigrec import SignatureRecord
from crypto.dkx.spk import Spk


def certify(aik: SigningKey, account: bytes, epoch: int, dlk: bytes, *, now_ms: int) -> DlkCert:
    """Name ``dlk`` the device-list key of this epoch, valid from now."""
    body = dlkcert.unsigned(account, epoch, dlk, now_ms)
    return DlkCert.parse(body + aik.sign(dlkcert.LABEL, body))


def first_devlist(
    dlk: SigningKey, account: bytes, devices: Sequence[Device], *, now_ms: int, epoch: int = 1
) -> DevList:
    """Version 1; in a later ``epoch`` than the first only where an account begins anew under another identity."""
    return _devlist(dlk, account, (epoch, 1, ZEROS32), devices, now_ms)


def next_devlist(
    dlk: SigningKey, previous: DevList, devices: Sequence[Device], *, now_ms: int, epoch: int | None = None
) -> DevList:
    """The version after ``previous``; a new ``epoch`` needs the certificate of its new ``dlk``."""
    place = (epoch or previous.epoch, previous.version + 1, previous.hash)
    return _devlist(dlk, previous.account, place, devices, now_ms)


def sign_spk(own: OwnDevice, spk_id: int, key: BoxKey, *, now_ms: int) -> Spk:
    """Publish the public half of a prekey."""
    body = spk.unsigned(own.device, spk_id, key.public, now_ms)
    return Spk.parse(body + own.dsk.sign(spk.LABEL, body))


def first_roster(own: OwnDevice, room: bytes, members: Sequence[Member], *, now_ms: int) -> Roster:
    """Version 1, made by whoever opens the rental."""
    return _roster(own, room, (1, ZEROS32), members, now_ms)


def next_roster(own: OwnDevice, previous: Roster, members: Sequence[Member], *, now_ms: int) -> Roster:
    """The version after ``previous``; raises ``RosterForbiddenError`` for a change this account may not make."""
    new = _roster(own, previous.room, (previous.version + 1, previous.hash), members, now_ms)
    roster.check_successor(previous, new)
    return new


def sign_login(own: OwnDevice, challenge: bytes, origin: str) -> bytes:
    """Prove this device to the hub at ``origin``, the address it is really connected to."""
    message = login.message(challenge=challenge, origin=origin, account=own.account, device=own.device)
    return own.dsk.sign(login.LABEL, message)


def sign_agreement(own: OwnDevice, agreement: Agreement, *, now_ms: int) -> SignatureRecord:
    """Sign as the party this account is; ``AgreementError`` if it is none, or under another identity."""
    party = agreement.party(own.account)
    if party is None or party.aik != own.aik:
        raise AgreementError("this account is no party to it")
    body = sigrec.unsigned(party.role, own.account, own.device, now_ms, agreement.digest)
    return SignatureRecord.parse(body + own.dsk.sign(sigrec.LABEL, body))


def _devlist(
    dlk: SigningKey,
    account: bytes,
    place: tuple[int, int, bytes],
    devices: Sequence[Device],
    now_ms: int,
) -> DevList:
    epoch, version, prev_hash = place
    body = devlist.unsigned(
        account=account, epoch=epoch, version=version, prev_hash=prev_hash, created=now_ms, devices=devices
    )
    return DevList.parse(body + dlk.sign(devlist.LABEL, body))


def _roster(own: OwnDevice, room: bytes, place: tuple[int, bytes], members: Sequence[Member], now_ms: int) -> Roster:
    version, prev_hash = place
    body = roster.unsigned(
        room=room,
        version=version,
        prev_hash=prev_hash,
        signer=(own.account, own.device),
        created=now_ms,
        members=members,
    )
    return Roster.parse(body + own.dsk.sign(roster.LABEL, body))
