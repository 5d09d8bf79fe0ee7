"""Whether a bundle proves what it says, without asking anybody: who signed what and when, or why not (e2ee.md §9)."""

from dataclasses import dataclass, replace
from enum import StrEnum

from crypto.dkx.agreement import Agreement, Kind
from crypto.dkx.bundle import Bundle, SignedDocument, Witnessed
from crypto.dkx.devlist import DevList
from crypto.dkx.error import BundleError, DkxError, NotaryError, Refusal, SignatureRecordError
from crypto.dkx.roster import Role


class Standing(StrEnum):
    """``LATE`` is a withdrawal that came after both had signed: it changes nothing."""

    VALID = "valid"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Signature:
    """Times in milliseconds since 1970: ``signed_at`` by the signer's clock, ``witnessed_at`` by the hub's."""

    role: Role
    account: bytes
    aik: bytes
    device: bytes
    signed_at: int
    witnessed_at: int


@dataclass(frozen=True, slots=True)
class DocumentVerdict:
    agreement: Agreement
    signatures: tuple[Signature, ...]
    standing: Standing


@dataclass(frozen=True, slots=True)
class Verdict:
    """``refusal`` is None if everything holds, else the name of the first thing that does not, with a ``detail``."""

    documents: tuple[DocumentVerdict, ...] = ()
    notary: bytes = b""
    refusal: Refusal | None = None
    detail: str = ""

    @property
    def holds(self) -> bool:
        return self.refusal is None


def verify_bundle(raw: bytes) -> Verdict:
    """Judge an archive. Whether ``notary`` is the hub's key, and an AIK its person's, is for people to compare."""
    try:
        bundle = Bundle.parse(raw)
        return Verdict(_judge(bundle), bundle.notary)
    except BundleError as error:
        return Verdict(refusal=error.refusal, detail=error.detail)


def _judge(bundle: Bundle) -> tuple[DocumentVerdict, ...]:
    ordered = _in_order(bundle)
    _check_identities(bundle, ordered[0].agreement)
    judged = [_judge_document(bundle, signed) for signed in ordered]
    _check_used(bundle)
    signed = {verdict.agreement.digest: verdict for verdict in judged}
    return tuple(_weighed(verdict, signed) for verdict in judged)


def _in_order(bundle: Bundle) -> list[SignedDocument]:
    """The agreement, then what follows it, each before what follows it in turn; withdrawals last."""
    found = {signed.agreement.digest: signed for signed in bundle.documents}
    first = [signed for signed in bundle.documents if signed.agreement.kind is Kind.AGREEMENT]
    if len(first) != 1:
        raise BundleError("agreement_missing", "exactly one agreement begins a bundle")
    withdrawals = [signed for signed in bundle.documents if signed.agreement.kind is Kind.WITHDRAWAL]
    chain = _followed(first[0], [s for s in bundle.documents if s not in first and s not in withdrawals])
    if len(chain) + len(withdrawals) < len(found):
        raise BundleError("follows_nothing", "a document follows none of the others")
    if any(signed.agreement.prev not in {s.agreement.digest for s in chain} for signed in withdrawals):
        raise BundleError("follows_nothing", "a withdrawal of no document here")
    if not all(signed.agreement.same_rental(first[0].agreement) for signed in (*chain, *withdrawals)):
        raise BundleError("another_rental", "documents of different rentals or parties")
    return chain + withdrawals


def _followed(first: SignedDocument, others: list[SignedDocument]) -> list[SignedDocument]:
    chain = [first]
    while following := [s for s in others if s.agreement.prev == chain[-1].agreement.digest]:
        if len(following) > 1 or chain[-1].agreement.kind is Kind.RETURN:
            raise BundleError("fork", "two documents follow one, or one follows the return")
        chain += following
    return chain


def _check_identities(bundle: Bundle, agreement: Agreement) -> None:
    named = {party.account: party.aik for party in agreement.parties.values()}
    if bundle.aiks != named:
        raise BundleError("identity_differs", "other identity keys than the parties'")


def _judge_document(bundle: Bundle, signed: SignedDocument) -> DocumentVerdict:
    agreement, signatures = signed
    withdrawal = agreement.kind is Kind.WITHDRAWAL
    if len(signatures) < (1 if withdrawal else 2):
        raise BundleError("signature_missing", agreement.kind)
    if withdrawal and len(signatures) > 1:
        raise BundleError("signature_surplus", agreement.kind)
    judged = tuple(_judge_signature(bundle, agreement, role, signatures[role]) for role in sorted(signatures))
    return DocumentVerdict(agreement, judged, Standing.VALID)


def _judge_signature(bundle: Bundle, agreement: Agreement, role: Role, witnessed: Witnessed) -> Signature:
    record, notary = witnessed
    party = agreement.parties[role]
    if record.role is not role:
        raise BundleError("signature_invalid", "in another role than its name says")
    signer = _signer_list(bundle, party.aik, notary.devlist, notary.ts)
    if signer.account == record.account and signer.device(record.device) is None:
        raise BundleError("device_not_listed", "the device was not in its account's list when the notary signed")
    try:
        record.verify(agreement, signer)
        notary.verify(bundle.notary, record)
    except SignatureRecordError as error:
        raise BundleError("signature_invalid", str(error)) from error
    except NotaryError as error:
        raise BundleError("notary_invalid", str(error)) from error
    if notary.ts > agreement.valid_until:
        raise BundleError("expired", "signed after the offer had expired")
    return Signature(role, party.account, party.aik, record.device, record.signed_at, notary.ts)


def _signer_list(bundle: Bundle, aik: bytes, name: bytes, ts: int) -> DevList:
    """The device list the notary named, verified up to the identity key in the agreement."""
    known = bundle.lists.get(name)
    cert = bundle.certs.get((known.account, known.epoch)) if known else None
    if known is None or cert is None:
        raise BundleError("list_missing", "a device list or its certificate is not there")
    try:
        cert.verify(aik, ts)
        known.verify(cert)
    except DkxError as error:
        raise BundleError("list_invalid", str(error)) from error
    return known


def _check_used(bundle: Bundle) -> None:
    named = {notary.devlist for signed in bundle.documents for _, notary in signed.signatures.values()}
    places = {(known.account, known.epoch) for known in bundle.lists.values()}
    if bundle.lists.keys() != named or bundle.certs.keys() != places:
        raise BundleError("file_surplus", "a device list or certificate nobody needs")


def _weighed(verdict: DocumentVerdict, signed: dict[bytes, DocumentVerdict]) -> DocumentVerdict:
    """A withdrawal counts unless it came after the later of the two signatures: then the document never was valid."""
    if verdict.agreement.kind is not Kind.WITHDRAWAL:
        return verdict
    withdrawn = signed[verdict.agreement.prev or b""]
    completed = max(signature.witnessed_at for signature in withdrawn.signatures)
    if verdict.signatures[0].witnessed_at <= completed:
        raise BundleError("withdrawn", f"the {withdrawn.agreement.kind} was withdrawn before both had signed")
    return replace(verdict, standing=Standing.LATE)
