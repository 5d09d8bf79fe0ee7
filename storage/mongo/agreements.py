"""Signed agreements, each with all that proves it: device lists may go with their account, a contract does not."""

from collections.abc import Sequence
from dataclasses import asdict

from crypto.dkx.agreement import Agreement
from hub.agreement import Document as AgreementDocument
from hub.agreement import Signed, Withdrawal
from hub.ids import RentalId
from hub.rental import Role
from storage.mongo.store import Document, Store


class MongoAgreements(Store):
    """``hub.ports.Agreements``."""

    async def of(self, rental: RentalId) -> Sequence[AgreementDocument]:
        found = self._database.agreements.find({"rental": rental}).sort({"at": 1, "_id": 1})
        return [_read(document) async for document in found]


def agreement_document(kept: AgreementDocument) -> Document:
    withdrawal = kept.withdrawal
    return {
        "_id": kept.digest,
        "rental": kept.rental,
        "at": kept.at,
        "raw": kept.agreement.raw,
        "signatures": {role.value: asdict(signed) for role, signed in kept.signatures.items()},
        "withdrawal": asdict(withdrawal) | {"by": withdrawal.by.value} if withdrawal else None,
    }


def _read(document: Document) -> AgreementDocument:
    withdrawal = document["withdrawal"]
    return AgreementDocument(
        rental=RentalId(document["rental"]),
        agreement=Agreement.parse(document["raw"]),
        at=document["at"],
        signatures={Role(role): Signed(**signed) for role, signed in document["signatures"].items()},
        withdrawal=_withdrawal(withdrawal) if withdrawal else None,
    )


def _withdrawal(document: Document) -> Withdrawal:
    return Withdrawal(document["raw"], Role(document["by"]), Signed(**document["signed"]))
