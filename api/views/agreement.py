"""What the parties see of the documents they sign."""

from typing import Any

from api.views.common import View
from crypto import b64
from crypto.dkx.agreement import Agreement
from crypto.dkx.notary import NotaryRecord
from crypto.dkx.sigrec import SignatureRecord
from hub.agreement import Document, Signed, Standing, Withdrawal
from hub.period import stamp
from hub.rental import Role
from hub.usecases.agreeing import AgreementSheet, SignedAgreement
from hub.usecases.bundling import BundleFile, NotaryKeys


def draft(agreement: Agreement) -> View:
    """The bytes that are signed, and what they say."""
    return {"digest": agreement.digest.hex(), "document": b64.encode(agreement.raw), "says": dict(agreement.fields)}


def agreements(sheet: AgreementSheet) -> View:
    return {"agreements": [_document(document, standing) for document, standing in sheet.documents]}


def signed(outcome: SignedAgreement) -> View:
    shown = agreements(outcome.sheet) | {"seq": outcome.seq}
    return shown | {"dup": True} if outcome.duplicate else shown


def bundle(file: BundleFile) -> View:
    return {"name": bundle_name(file), "zip": b64.encode(file.raw)}


def bundle_name(file: BundleFile) -> str:
    return f"agreement-{file.rental[:8]}.zip"


def notary(keys: NotaryKeys) -> View:
    """In hexadecimal, as `dorfkiste verify` shows and takes them."""
    return {"key": keys.key.hex(), "retired": [key.hex() for key in keys.retired]}


def _document(document: Document, standing: Standing) -> View:
    return draft(document.agreement) | {
        "standing": standing.value,
        "at": stamp(document.at),
        "signatures": [_signature(role, signed) for role, signed in sorted(document.signatures.items())],
        "withdrawal": _withdrawal(document.withdrawal) if document.withdrawal else None,
    }


def _signature(role: Role, signed: Signed) -> dict[str, Any]:
    record, witnessed = SignatureRecord.parse(signed.record), NotaryRecord.parse(signed.notary)
    return {
        "party": role.value,
        "device": record.device.hex(),
        "signed_at": record.signed_at,
        "witnessed_at": witnessed.ts,
        "record": b64.encode(signed.record),
        "notary": b64.encode(signed.notary),
    }


def _withdrawal(withdrawal: Withdrawal) -> dict[str, Any]:
    return {"document": b64.encode(withdrawal.raw)} | _signature(withdrawal.by, withdrawal.signed)
