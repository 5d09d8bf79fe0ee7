"""Signing what was agreed: documents that say what the rental says, by both, witnessed by the hub (e2ee.md §9)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from crypto.dkx import agreement as dkx
from crypto.dkx.agreement import Agreement, Kind
from crypto.dkx.devlist import DevList
from crypto.dkx.error import DkxError
from crypto.dkx.sigrec import SignatureRecord
from hub.account import Actor
from hub.agreement import (
    LIFE,
    LONGEST,
    MAX_COMPLETE,
    MAX_DOCUMENTS,
    Document,
    Signed,
    Standing,
    Withdrawal,
    chain_of,
    differences,
    next_fields,
)
from hub.errors import Conflict, Invalid, NotFound
from hub.events import Event
from hub.ids import CommandId, RentalId, UserId
from hub.notice import notifications_of
from hub.period import stamp
from hub.ports import Applied, Ports
from hub.rental import Rental, Role
from hub.room import DeviceList
from hub.usecases._dkx import now_ms
from hub.usecases._move import append_fact
from hub.usecases._once import body_hash, once
from hub.usecases.dealing import of_party, role_of
from hub.usecases.telling import tell_notices, tell_rental


@dataclass(frozen=True, slots=True)
class DraftAgreement:
    rental: RentalId


@dataclass(frozen=True, slots=True)
class SignAgreement:
    """``document`` is the canonical JSON, ``signature`` a SIGREC of this device over it."""

    cmd_id: CommandId
    rental: RentalId
    document: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class ListAgreements:
    rental: RentalId


@dataclass(frozen=True, slots=True)
class AgreementSheet:
    """Every document of a rental and how it stands, the oldest first."""

    documents: Sequence[tuple[Document, Standing]]


@dataclass(frozen=True, slots=True)
class SignedAgreement:
    sheet: AgreementSheet
    seq: int
    duplicate: bool = False


@dataclass(frozen=True, slots=True)
class _Situation:
    """A rental, its documents, and what the next one must say: ``wanted`` is None where none follows."""

    rental: Rental
    documents: Sequence[Document]
    wanted: dict[str, Any] | None
    at: datetime
    now_ms: int

    def standing(self, document: Document) -> Standing:
        return document.standing(self.wanted, self.now_ms)

    def open(self) -> Document | None:
        return next((one for one in self.documents if self.standing(one) is Standing.OPEN), None)

    def find(self, digest: bytes | None) -> Document | None:
        return next((one for one in self.documents if one.agreement.digest == digest), None)


async def draft_agreement(ports: Ports, actor: Actor, command: DraftAgreement) -> Agreement:
    """What is to be signed now: the document that waits for a signature, else a new one. It is stored when signed."""
    situation = await _situation(ports, await of_party(ports, actor, command.rental))
    if waiting := situation.open():
        return waiting.agreement
    if situation.wanted is None:
        raise Conflict("nothing_to_sign")
    return _fresh(situation, ports.clock.real() + LIFE)


def _fresh(situation: _Situation, until: datetime) -> Agreement:
    """A document that is not there yet: what was taken back is not offered again, though it says the same."""
    while True:
        made = _written({**(situation.wanted or {}), "valid_until": stamp(until)})
        if situation.find(made.digest) is None:
            return made
        until += timedelta(seconds=1)


async def list_agreements(ports: Ports, actor: Actor, command: ListAgreements) -> AgreementSheet:
    return await _sheet(ports, await of_party(ports, actor, command.rental))


async def sign_agreement(ports: Ports, actor: Actor, command: SignAgreement) -> SignedAgreement:
    """Take a party's signature, as the hub witnesses it now. The first one offers the document to the other party.

    A withdrawal takes a document back that not both have signed. What the rental does not say is refused:
    ``Conflict("agreement_differs")``.
    """
    known, body = await of_party(ports, actor, command.rental), body_hash(actor.user, command)

    async def attempt() -> int:
        rental = await of_party(ports, actor, command.rental)
        situation = await _situation(ports, rental)
        document, event = await _decided(ports, actor, command, situation)
        return await _keep(ports, command, rental, document, event)

    outcome = await once(ports, known.room, command.cmd_id, body, attempt)
    sheet = await _sheet(ports, await of_party(ports, actor, command.rental))
    if isinstance(outcome, Applied):
        return SignedAgreement(sheet, outcome.seq, duplicate=True)
    return SignedAgreement(sheet, outcome)


async def _situation(ports: Ports, rental: Rental) -> _Situation:
    documents = await ports.agreements.of(rental.id)
    protocols = await ports.protocols.of(rental.id) if rental.verified else ()
    try:
        aiks = await _identities(ports, rental)
        wanted = next_fields(rental, chain_of(documents), ports.policy.origin, aiks, protocols)
    except Conflict:
        wanted = None
    return _Situation(rental, documents, wanted, ports.clock.now(), now_ms(ports))


async def _sheet(ports: Ports, rental: Rental) -> AgreementSheet:
    situation = await _situation(ports, rental)
    return AgreementSheet([(document, situation.standing(document)) for document in situation.documents])


async def _identities(ports: Ports, rental: Rental) -> dict[Role, bytes]:
    """Whoever has no device has no identity to sign with."""
    lists = await ports.devices.newest_of([rental.renter, rental.owner])
    if len(lists) < 2:  # noqa: PLR2004 - a rental has two sides
        raise Conflict("nothing_to_sign")
    return {Role.RENTER: lists[rental.renter].aik, Role.OWNER: lists[rental.owner].aik}


async def _decided(ports: Ports, actor: Actor, command: SignAgreement, situation: _Situation) -> tuple[Document, Event]:
    agreement, role = _parsed(command.document), role_of(situation.rental, actor.user)
    told: dict[str, Any] = {"rental": situation.rental.id, "party": role.value}
    if agreement.kind is Kind.WITHDRAWAL:
        taken_back = await _withdrawn(ports, actor, command, situation, agreement)
        return taken_back, Event("agreement_withdrawn", actor.user, told | {"digest": taken_back.digest})
    document = _to_sign(situation, agreement, role)
    signed = await _witnessed(ports, actor, agreement, command.signature)
    after = replace(document, signatures={**document.signatures, role: signed})
    told |= {"digest": after.digest, "kind": agreement.kind.value, "complete": after.complete}
    return after, Event("agreement_signed", actor.user, told)


def _to_sign(situation: _Situation, agreement: Agreement, role: Role) -> Document:
    """The document, kept already or new, if ``role`` may sign it now."""
    known = situation.find(agreement.digest)
    if known is None:
        _check_new(situation, agreement)
        return Document(situation.rental.id, agreement, situation.at, {})
    if (standing := situation.standing(known)) is not Standing.OPEN:
        raise Conflict("agreement_closed", {"state": standing.value})
    if role in known.signatures:
        raise Conflict("already_signed")
    return known


def _check_new(situation: _Situation, agreement: Agreement) -> None:
    if waiting := situation.open():
        raise Conflict("agreement_pending", {"digest": waiting.digest})
    if situation.wanted is None:
        raise Conflict("nothing_to_sign")
    if differing := differences(agreement, situation.wanted):
        raise Conflict("agreement_differs", {"fields": differing})
    left = agreement.valid_until - situation.now_ms
    if not 0 < left <= LONGEST / timedelta(milliseconds=1):
        raise Invalid("agreement_invalid", {"field": "valid_until"})
    complete = len(chain_of(situation.documents))
    if complete >= MAX_COMPLETE or len(situation.documents) >= MAX_DOCUMENTS:
        raise Conflict("quota_exceeded", {"of": "agreements", "max": MAX_COMPLETE})


async def _withdrawn(
    ports: Ports, actor: Actor, command: SignAgreement, situation: _Situation, agreement: Agreement
) -> Document:
    """What the withdrawal names, taken back; it says the same but for its kind, ``prev`` and time."""
    target = situation.find(agreement.prev)
    if target is None:
        raise NotFound("agreement_not_found")
    if target.complete or target.withdrawal:
        raise Conflict("agreement_closed", {"state": situation.standing(target).value})
    said = {**target.agreement.fields, "kind": Kind.WITHDRAWAL.value, "prev": target.digest}
    if differing := differences(agreement, said):
        raise Conflict("agreement_differs", {"fields": differing})
    signed = await _witnessed(ports, actor, agreement, command.signature)
    return replace(target, withdrawal=Withdrawal(agreement.raw, role_of(situation.rental, actor.user), signed))


async def _witnessed(ports: Ports, actor: Actor, agreement: Agreement, signature: bytes) -> Signed:
    """The signature, verified against the signer's list that is the current one, and countersigned by the hub."""
    while True:
        before = await _current(ports, actor.user)
        record = _verified(actor, agreement, signature, DevList.parse(before.devlist))
        ts = now_ms(ports)
        if ts > agreement.valid_until:
            raise Conflict("agreement_closed", {"state": Standing.EXPIRED.value})
        if (await _current(ports, actor.user)).hash == before.hash:
            break
    notary = ports.witness.notary.witness(record, before.hash, ts)
    return Signed(record.raw, notary.raw, before.devlist, before.cert)


async def _current(ports: Ports, account: UserId) -> DeviceList:
    """The newest list, asked of the store itself: what is cached may be older than the revocation of a device."""
    known = await ports.devices.newest(account)
    newer = await ports.devices.history(account, known.stamp if known else (0, 0))
    current = newer[-1] if newer else known
    if current is None:
        raise Invalid("signature_invalid")
    return current


def _verified(actor: Actor, agreement: Agreement, signature: bytes, signer: DevList) -> SignatureRecord:
    """By this person on this device, in the role the document gives them."""
    try:
        record = SignatureRecord.parse(signature)
        record.verify(agreement, signer)
    except (DkxError, KeyError) as error:
        raise Invalid("signature_invalid") from error
    if (record.account.hex(), record.device.hex()) != (actor.user, actor.proven_device()):
        raise Invalid("signature_invalid")
    return record


async def _keep(ports: Ports, command: SignAgreement, rental: Rental, document: Document, event: Event) -> int:
    now, body = ports.clock.now(), body_hash(UserId(event.by), command)
    notices = notifications_of(rental, event, command.cmd_id, now)
    async with ports.work() as tx:
        await tx.put_agreement(document)
        entry = await append_fact(tx, rental, event, command.cmd_id, body, now)
        await tx.notify(notices)
    tell_rental(ports, rental, entry)
    tell_notices(ports, notices)
    return entry.seq


def _parsed(raw: bytes) -> Agreement:
    try:
        return Agreement.parse(raw)
    except DkxError as error:
        raise Invalid("agreement_invalid") from error


def _written(fields: dict[str, Any]) -> Agreement:
    try:
        return dkx.write(fields)
    except DkxError as error:
        raise Invalid("agreement_invalid") from error
