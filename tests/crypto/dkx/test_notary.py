"""The hub's notary goes on when its key is replaced: what it witnessed before, it says again, and nothing else."""

import pytest

from crypto.dkx.error import NotaryError
from crypto.dkx.notary import Notary, NotaryRing
from crypto.dkx.roster import Role
from crypto.dkx.verdict import verify_bundle
from tests.crypto import vectors2
from tests.crypto.cast import LIST_A, LIST_B, seed

SIGNED = vectors2.by_both(vectors2.documents()["agreement"], vectors2.SIGNED_AT)
RECORD, WITNESSED = SIGNED.signatures[Role.OWNER]
ROTATED = NotaryRing({"new": seed(99), "old": seed(28)}, "new")


def test_the_active_key_signs_and_the_others_are_known() -> None:
    assert (ROTATED.public, ROTATED.retired) == (Notary(seed(99)).public, (vectors2.NOTARY.public,))
    ROTATED.witness(RECORD, LIST_A.hash, 1).verify(ROTATED.public, RECORD)


def test_what_todays_key_witnessed_stays_as_it_is() -> None:
    assert NotaryRing({"old": seed(28)}, "old").renewed(RECORD, WITNESSED) is WITNESSED


def test_what_an_older_key_witnessed_is_said_again_with_its_own_time() -> None:
    renewed = ROTATED.renewed(RECORD, WITNESSED)
    assert (renewed.devlist, renewed.ts) == (WITNESSED.devlist, WITNESSED.ts)
    renewed.verify(ROTATED.public, RECORD)


def test_a_bundle_of_documents_from_before_and_after_a_rotation_holds() -> None:
    before = vectors2.by_both(vectors2.documents()["agreement"], vectors2.SIGNED_AT)
    signatures = {
        role: one._replace(notary=ROTATED.renewed(one.record, one.notary)) for role, one in before.signatures.items()
    }
    raw = vectors2.bundled(before._replace(signatures=signatures), notary=ROTATED.public)
    verdict = verify_bundle(raw)
    assert verdict.holds
    assert verdict.notary == ROTATED.public


def test_what_no_key_of_the_hub_witnessed_is_not_said_again() -> None:
    forged = Notary(seed(1)).witness(RECORD, LIST_A.hash, WITNESSED.ts)
    other = SIGNED.signatures[Role.RENTER]
    for record, witnessed in ((RECORD, forged), (RECORD, other.notary), (other.record, WITNESSED)):
        with pytest.raises(NotaryError):
            ROTATED.renewed(record, witnessed)
    assert LIST_B.hash != LIST_A.hash
