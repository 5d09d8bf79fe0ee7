"""After the agreement: money and code at the door, the way back, the settling, and what each says of the other."""

from typing import Any

from client.demo.cast import Person
from client.demo.picture import Picture
from client.errors import HubRefused, NeighbourError
from crypto.dkx.handover import HandoverKind
from crypto.dkx.verdict import verify_bundle


class Unexpected(NeighbourError):
    """The hub let something happen that must not; ``key`` is a key of the words."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class Lending:
    """One rental from its agreement to its reviews, acted out by both sides."""

    def __init__(self, owner: Person, renter: Person, picture: Picture, rental: str, room: str) -> None:
        self._owner, self._renter, self._picture = owner, renter, picture
        self._rental, self._room = rental, room

    async def sign(self) -> None:
        """Both sign what there is to sign, each on their own device; then it is proven without asking the hub."""
        for side in (self._owner, self._renter):
            offer = await side.client.agreements.offered(self._rental)
            if offer is None:
                raise Unexpected("failed.not_signed")
            answer = await side.client.agreements.sign(offer)
            await self._both_have(answer["seq"])
            self._say(f"lend.signed.{offer.agreement.kind}", name=side.name)
        verdict = verify_bundle(await self._renter.client.agreements.bundle(self._rental))
        self._say("lend.proven", n=len(verdict.documents), name=self._renter.name)

    async def hand_over(self) -> None:
        """Deposit and rent go from hand to hand; the renter shows the code, and the owner enters it."""
        terms = (await self._renter.client.rentals.get(self._rental))["offer"]["terms"]
        for kind, amount in (("deposit_in", terms["deposit"]), ("rent", terms["price"])):
            await self._pay(self._renter, self._owner, kind, amount, terms["cur"])
        wrong = await self._wrong_code()
        self._say("lend.wrong", owner=self._owner.name, code=wrong)
        shown = await self._renter.client.lending.code(self._rental, HandoverKind.HANDOVER)
        answer = await self._owner.client.lending.hand_over(self._rental, code=shown["code"])
        await self._both_have(answer["seq"])
        self._say("lend.handed_over", renter=self._renter.name, owner=self._owner.name, code=shown["code"])

    async def bring_back(self) -> None:
        """The owner shows the code of the return, by QR this time; then everything is settled."""
        shown = await self._owner.client.lending.code(self._rental, HandoverKind.RETURN)
        await self._renter.client.lending.give_back(self._rental, qr=shown["qr"])
        self._say("lend.returned", renter=self._renter.name)
        answer = await self._owner.client.lending.confirm_return(self._rental)
        await self._both_have(answer["seq"])
        terms = answer["rental"]["offer"]["terms"]
        await self._pay(self._owner, self._renter, "deposit_out", terms["deposit"], terms["cur"])
        if (await self._owner.client.rentals.get(self._rental))["state"] != "completed":
            raise Unexpected("failed.not_completed")
        self._say("lend.completed")

    async def review(self) -> None:
        """Each writes without knowing what the other wrote; with the second review both are public."""
        words = self._picture.words
        stars = {"overall": 5, "communication": 5, "punctual": 5}
        await self._renter.client.people.review(self._rental, {**stars, "item": 5}, text=words("review.renter"))
        if (await self._owner.client.people.review_of(self._rental)).get("theirs"):
            raise Unexpected("failed.not_blind")
        self._say("lend.sealed", renter=self._renter.name, owner=self._owner.name)
        await self._owner.client.people.review(self._rental, stars, text=words("review.owner"))
        for who in (self._owner, self._renter):
            other = (await who.client.people.review_of(self._rental))["theirs"]
            self._say("lend.review", name=who.name, text=other["text"])

    async def _pay(self, payer: Person, taker: Person, kind: str, amount: int, cur: str) -> None:
        answer = await payer.client.lending.claim_payment(self._rental, kind, amount)
        entry = answer["rental"]["ledger"][-1]["no"]
        answer = await taker.client.lending.confirm_payment(self._rental, entry)
        await self._both_have(answer["seq"])
        money = self._picture.words.money(amount, cur)
        self._say(f"lend.{kind}", payer=payer.name, taker=taker.name, money=money)

    async def _wrong_code(self) -> str:
        right = (await self._renter.client.lending.code(self._rental, HandoverKind.HANDOVER))["code"]
        try:
            await self._owner.client.lending.hand_over(self._rental, code=f"{(int(right) + 1) % 10**6:06d}")
        except HubRefused as refusal:
            return refusal.code
        raise Unexpected("failed.wrong_code")

    async def _both_have(self, seq: int) -> None:
        for side in (self._owner, self._renter):
            await side.has_entry(self._room, seq)

    def _say(self, key: str, **filled: Any) -> None:
        self._picture.say(key, **filled)
