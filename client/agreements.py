"""Signing what was agreed: offered when there is something to sign, signed when the person says so (e2ee.md §9)."""

import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from client.agreed import LONGEST_MS, differing, expected_fields
from client.device import origin_of
from client.errors import MALFORMED, AgreementDiffers, Alarm, HubRefused, NotReady, Offline
from client.happenings import Happening, Happenings
from client.hub import Hub
from client.rosters import Rosters
from client.store import Store
from client.when import now_ms
from crypto import b64
from crypto.dkx import agreement as dkx
from crypto.dkx.agreement import Agreement, Kind
from crypto.dkx.error import DkxError
from crypto.dkx.roster import Role
from crypto.dkx.sealing.signing import sign_agreement
from crypto.dkx.verdict import verify_bundle

View = dict[str, Any]
COMPLETE: Final = "complete"
FACTS: Final = ("offer", "policy", "q", "returned", "title", "tz")
NOTHING: Final = frozenset({"nothing_to_sign", "rental_not_found"})
TELLING: Final = frozenset({"agreed_at", "offer", "returned", "complete", "digest", "seal"})
"""An event that carries one of these may have left something to sign."""


@dataclass(frozen=True, slots=True)
class SignOffer:
    """A document that says what this device knows was agreed; ``waiting``: the other party has signed it already."""

    rental: str
    agreement: Agreement
    waiting: bool

    @property
    def says(self) -> Mapping[str, Any]:
        """What to show to the person who decides: money in cents, times in UTC."""
        return self.agreement.fields


class Agreements:
    """The hub drafts and keeps the documents; each is compared with the room's log before it is shown."""

    def __init__(self, store: Store, rosters: Rosters, hub: Hub, happenings: Happenings) -> None:
        self._store, self._rosters, self._trust = store, rosters, rosters.trust
        self._hub, self._happenings = hub, happenings

    async def offered(self, rental: str) -> SignOffer | None:
        """What there is to sign now, if anything.

        AgreementDiffers when the hub's document says something else than the room's log; Alarm when an identity in it
        is not the one that is pinned. NotReady while the log is not read to its end.
        """
        try:
            return await self._drafted(rental)
        except AgreementDiffers:
            return await self._drafted(rental)  # it may have moved on between two questions; a lie stays one

    async def _drafted(self, rental: str) -> SignOffer | None:
        try:
            draft = await self._hub.get(f"/v1/rentals/{rental}/agreements/draft")
        except HubRefused as refusal:
            if refusal.code in NOTHING:
                return None
            raise
        documents = await self.of(rental)
        agreement = _parsed(draft["document"])
        standing = {known["digest"]: known for known in documents}
        signed = [one["party"] for one in standing.get(draft["digest"], {"signatures": ()})["signatures"]]
        facts = await self._facts(rental)
        if facts["role"] in signed:
            return None
        await self._check(agreement, facts, {name for name, known in standing.items() if known["standing"] == COMPLETE})
        return SignOffer(rental, agreement, bool(signed))

    async def waiting(self) -> list[SignOffer]:
        """Everything there is to sign in one's rentals."""
        mine = (await self._hub.get("/v1/rentals"))["rentals"]
        found = [await self.offered(rental["id"]) for rental in mine if rental["agreed_at"]]
        return [offer for offer in found if offer is not None]

    async def sign(self, offer: SignOffer) -> View:
        """The person has read ``offer.says`` and agrees: sign with this device. Answers all documents of the rental."""
        return await self._send(offer.rental, offer.agreement)

    async def withdraw(self, rental: str, digest: str) -> View:
        """Take back a document that not both have signed; HubRefused("agreement_closed") once they have."""
        found = [known for known in await self.of(rental) if known["digest"] == digest]
        if not found:
            raise HubRefused("agreement_not_found", "not_found")
        said = _parsed(found[0]["document"])
        until = {"valid_until": said.fields["valid_until"], "kind": Kind.WITHDRAWAL.value, "prev": said.digest.hex()}
        return await self._send(rental, dkx.write({**said.fields, **until}))

    async def of(self, rental: str) -> list[View]:
        """Every document of a rental with its signatures and how it stands, the oldest first."""
        return list((await self._hub.get(f"/v1/rentals/{rental}/agreements"))["agreements"])

    async def bundle(self, rental: str) -> bytes:
        """What both have signed, as the archive that ``dorfkiste verify`` reads; verified here first.

        AgreementDiffers when it does not hold, or is of other people than those this device knows.
        """
        raw = await self._hub.download(f"/v1/rentals/{rental}/agreement.zip")
        verdict = verify_bundle(raw)
        if not verdict.holds:
            raise AgreementDiffers([verdict.refusal or ""])
        agreement = verdict.documents[0].agreement
        if agreement.fields["rental"] != rental:
            raise AgreementDiffers(["rental"])
        for party in agreement.parties.values():
            await self._check_identity(party.account.hex(), party.aik)
        return raw

    async def notary(self) -> View:
        """``key`` and ``retired`` keys of the hub as a witness, in hex, to compare with what ``verify`` shows."""
        return await self._hub.get("/v1/notary")

    async def watch(self, happenings: AsyncIterator[Happening]) -> None:
        """Offer what there is to sign as it comes, by a happening ``agreement`` with the ``offer``; until cancelled."""
        async for happening in happenings:
            if happening.kind == "entry" and happening.room is not None:
                await self._consider(happening.room, happening.data["seq"])

    async def _consider(self, room: str, seq: int) -> None:
        entry = self._store.log.get(room, seq)
        if entry is None or entry.kind != "event" or entry.reason is not None:
            return
        data = json.loads(entry.body or b"{}").get("data", {})
        if not isinstance(data, dict) or not TELLING & data.keys():
            return
        try:
            offer = await self.offered(str(data.get("rental")))
        except AgreementDiffers as error:
            self._trust.warn("agreement_differs", room, seq, {"fields": error.fields})
        except (Alarm, HubRefused, NotReady, Offline):
            return
        except MALFORMED as error:
            self._trust.warn("bad_answer", data={"error": type(error).__name__})
        else:
            if offer is not None:
                self._happenings.tell("agreement", room, rental=offer.rental, offer=offer)

    async def _facts(self, rental: str) -> View:
        """The rental as the log of its room tells it; what no event has changed stands in the hub's own view."""
        view = await self._hub.get(f"/v1/rentals/{rental}")
        known = (await self._hub.get(f"/v1/rentals/{rental}/protocols"))["protocols"]
        facts = {**view, "title": view["item"]["title"]}
        last, seals = 0, set()
        for event in self._events(view["room"], rental):
            told = event["data"]
            last = told.get("rev", last)
            facts |= {name: told[name] for name in FACTS if name in told}
            if (event["type"], told.get("kind")) == ("protocol_sealed", "return"):
                seals.add(told["seal"])
        sealed = {one["hash"] for one in known if one["sealed_at"] and one["kind"] == "return"}
        if last < view["rev"] or not sealed <= seals:
            raise NotReady("the room is not read to its end yet")
        return facts | {"seals": sorted(seals)}

    def _events(self, room: str, rental: str) -> Iterator[View]:
        for entry in self._store.log.of(room):
            if entry.kind == "event" and entry.reason is None:
                event = json.loads(entry.body or b"{}")
                if event["data"].get("rental") == rental:
                    yield event

    async def _check(self, agreement: Agreement, facts: View, complete: set[str]) -> None:
        parties = [(facts[role]["id"], agreement.parties[_ROLES[role]].aik, role) for role in ("renter", "owner")]
        try:
            expected = expected_fields(facts, origin_of(self._hub.http.url), parties, agreement.kind)
        except MALFORMED as error:
            raise AgreementDiffers(["offer"]) from error
        wrong = differing(agreement, expected)
        if not 0 < agreement.valid_until - now_ms() <= LONGEST_MS:
            wrong.append("valid_until")
        if agreement.kind is Kind.WITHDRAWAL or (agreement.prev is not None and agreement.prev.hex() not in complete):
            wrong.append("prev")
        if wrong:
            raise AgreementDiffers(wrong)
        await self._check_members(facts["room"], parties)
        for account, aik, _ in parties:
            await self._check_identity(account, aik)

    async def _check_members(self, room: str, parties: Sequence[tuple[str, bytes, str]]) -> None:
        """Who signs is who is in the room's signed roster, in the same role and under the same identity."""
        roster = await self._rosters.newest(room)
        if any(roster.member(bytes.fromhex(account)) is None for account, _, _ in parties):
            roster = await self._rosters.complete(roster)
        for account, aik, role in parties:
            member = roster.member(bytes.fromhex(account))
            if member is None or (member.aik, member.role) != (aik, _ROLES[role]):
                raise AgreementDiffers(["parties"])

    async def _check_identity(self, account: str, aik: bytes) -> None:
        own = self._store.identity.own()
        known = own.aik if account == own.account.hex() else (await self._trust.account(account)).aik
        if known != aik:
            raise self._trust.alarm("identity_changed", account)

    async def _send(self, rental: str, agreement: Agreement) -> View:
        record = sign_agreement(self._store.identity.own(), agreement, now_ms=now_ms())
        signed = {"document": b64.encode(agreement.raw), "signature": b64.encode(record.raw)}
        return await self._hub.command(f"/v1/rentals/{rental}/agreements", signed)


def _parsed(document: str) -> Agreement:
    try:
        return Agreement.parse(b64.decode(document))
    except (DkxError, b64.Base64Error) as error:
        raise AgreementDiffers(["document"]) from error


_ROLES = {"renter": Role.RENTER, "owner": Role.OWNER}
