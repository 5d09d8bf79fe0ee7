"""Taking home what both have signed: one archive that proves it without the hub (e2ee.md §9)."""

from collections.abc import Sequence
from dataclasses import dataclass

from crypto.dkx.bundle import Bundle, SignedDocument, Witnessed
from crypto.dkx.devlist import DevList
from crypto.dkx.dlkcert import DlkCert
from crypto.dkx.notary import NotaryRecord
from crypto.dkx.roster import Role as SigningRole
from crypto.dkx.sigrec import SignatureRecord
from hub.account import Actor
from hub.agreement import Document, Signed, chain_of
from hub.errors import NotFound
from hub.ids import RentalId
from hub.ports import Note, Ports
from hub.rental import Rental
from hub.usecases.dealing import of_moderator, of_party


@dataclass(frozen=True, slots=True)
class GetBundle:
    rental: RentalId


@dataclass(frozen=True, slots=True)
class GetDisputedBundle:
    rental: RentalId


@dataclass(frozen=True, slots=True)
class GetNotary:
    pass


@dataclass(frozen=True, slots=True)
class NotaryKeys:
    """``retired`` keys signed before; bundles name ``key`` alone."""

    key: bytes
    retired: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class BundleFile:
    rental: RentalId
    raw: bytes


async def get_notary(ports: Ports, command: GetNotary) -> NotaryKeys:  # noqa: ARG001 - shape of an act
    """The keys with which this hub witnesses signatures, for people to compare with those in a bundle."""
    return NotaryKeys(ports.witness.notary.public, ports.witness.notary.retired)


async def get_bundle(ports: Ports, actor: Actor, command: GetBundle) -> BundleFile:
    """What both have signed, with all it takes to verify it without the hub (``dorfkiste verify``)."""
    return await _bundle(ports, await of_party(ports, actor, command.rental))


async def get_disputed_bundle(ports: Ports, actor: Actor, command: GetDisputedBundle) -> BundleFile:
    """The same for a moderator, in a rental with a case."""
    rental = await of_moderator(ports, actor, command.rental)
    if not rental.cases:
        raise NotFound("case_not_found")
    await ports.audit.note(Note("agreement_read", actor.user, (rental.owner, rental.renter), rental.id))
    return await _bundle(ports, rental)


async def _bundle(ports: Ports, rental: Rental) -> BundleFile:
    chain = chain_of(await ports.agreements.of(rental.id))
    if not chain:
        raise NotFound("agreement_not_found")
    kept = [signed for document in chain for signed in document.signatures.values()]
    certs = [DlkCert.parse(signed.cert) for signed in kept]
    lists = [DevList.parse(signed.devlist) for signed in kept]
    signed = [_signed_document(ports, document) for document in chain]
    return BundleFile(rental.id, Bundle.of(ports.witness.notary.public, signed, certs, lists).to_bytes())


def _signed_document(ports: Ports, document: Document) -> SignedDocument:
    signatures = {SigningRole[role.name]: _renewed(ports, signed) for role, signed in document.signatures.items()}
    return SignedDocument(document.agreement, signatures)


def _renewed(ports: Ports, signed: Signed) -> Witnessed:
    """With the hub's signature under the key of today, where it was witnessed with an older one."""
    record, notary = SignatureRecord.parse(signed.record), NotaryRecord.parse(signed.notary)
    return Witnessed(record, ports.witness.notary.renewed(record, notary))
