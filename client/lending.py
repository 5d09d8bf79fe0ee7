"""From the agreement to the end: handing over by code, giving back, paying, settling, mediating (rental.md §1)."""

from typing import Any

from client.errors import Alarm
from client.hub import Hub
from client.store import Store
from client.trust import Trust
from crypto import b64
from crypto.dkx.error import HandoverError
from crypto.dkx.handover import HandoverCode, HandoverKind

View = dict[str, Any]


class Lending:
    """Answers are the hub's own views. A command that is sent twice, because the line broke, is applied once."""

    def __init__(self, store: Store, trust: Trust, hub: Hub) -> None:
        self._store, self._trust, self._hub = store, trust, hub

    async def code(self, rental: str, kind: HandoverKind) -> View:
        """What to show to the other side: ``code`` to read out, ``qr`` to be scanned, with one's own identity in it."""
        shown = await self._hub.get(f"/v1/rentals/{rental}/codes/{_NAMES[kind]}")
        aik = self._store.identity.own().aik
        qr = HandoverCode(bytes.fromhex(rental), kind, b64.decode(shown["secret"]), aik)
        return {"code": shown["code"], "qr": qr.text()}

    async def hand_over(self, rental: str, *, code: str | None = None, qr: str | None = None) -> View:
        """As the owner: with what the renter shows, or by one's word alone; see ``_proof``."""
        proof = await self._proof(rental, HandoverKind.HANDOVER, "renter", code, qr)
        return await self._act(rental, "hand_over", **proof)

    async def give_back(self, rental: str, *, code: str | None = None, qr: str | None = None) -> View:
        """As the renter: with what the owner shows, or declared only. HandoverError and Alarm as in ``_proof``."""
        return await self._act(rental, "return", **await self._proof(rental, HandoverKind.RETURN, "owner", code, qr))

    async def give_back_part(self, rental: str, units: int, *, code: str | None = None, qr: str | None = None) -> View:
        """Some of several units: the renter with what the owner shows, or the owner alone."""
        proof = await self._proof(rental, HandoverKind.RETURN, "owner", code, qr)
        return await self._act(rental, "return_part", units=units, **proof)

    async def claim_no_show(self, rental: str) -> View:
        """The other side did not come."""
        return await self._act(rental, "claim_no_show")

    async def contest(self, rental: str, words: str) -> View:
        """Deny a no-show, or, as renter, a hand-over by the owner's word alone. Opens a case."""
        return await self._act(rental, "contest", words=words)

    async def annul(self, rental: str, reason: str) -> View:
        """As owner: it was not handed over after all."""
        return await self._act(rental, "annul", reason=reason)

    async def mark_lost(self, rental: str, words: str, claimed: int) -> View:
        return await self._act(rental, "mark_lost", words=words, claimed=claimed)

    async def admit_loss(self, rental: str, words: str) -> View:
        return await self._act(rental, "admit_loss", words=words)

    async def settle_loss(self, rental: str) -> View:
        return await self._act(rental, "settle_loss")

    async def open_case(self, rental: str, kind: str, words: str, claimed: int) -> View:
        """``claimed`` minor units of the other side; ``kind`` as the hub's table has them."""
        return await self._act(rental, "cases", kind=kind, words=words, claimed=claimed)

    async def appeal(self, rental: str, case: int, words: str) -> View:
        """Ask for a second decision of case number ``case``."""
        return await self._act(rental, f"cases/{case}/appeal", words=words)

    async def confirm_return(self, rental: str) -> View:
        return await self._act(rental, "confirm_return")

    async def report_damage(self, rental: str, words: str, claimed: int, kind: str = "damage") -> View:
        """``claimed`` in minor units; ``kind`` is ``damage`` or ``missing_parts``. Opens a case."""
        return await self._act(rental, "report_damage", kind=kind, words=words, claimed=claimed)

    async def claim_missing(self, rental: str) -> View:
        return await self._act(rental, "claim_missing")

    async def dispute_return(self, rental: str) -> View:
        return await self._act(rental, "dispute_return")

    async def amend_return(self, rental: str, words: str) -> View:
        return await self._act(rental, "amend_return", words=words)

    async def find(self, rental: str) -> View:
        return await self._act(rental, "find")

    async def waive_fee(self, rental: str) -> View:
        return await self._act(rental, "waive_fee")

    async def propose(self, rental: str, case: int, amount: int) -> View:
        """Leave case number ``case`` at ``amount`` minor units."""
        return await self._act(rental, f"cases/{case}/propose", amount=amount)

    async def agree(self, rental: str, case: int, amount: int) -> View:
        """Yes to the ``amount`` that the other side proposed last."""
        return await self._act(rental, f"cases/{case}/agree", amount=amount)

    async def withdraw_case(self, rental: str, case: int) -> View:
        return await self._act(rental, f"cases/{case}/withdraw")

    async def claim_payment(self, rental: str, kind: str, amt: int, method: str = "cash") -> View:
        """Say that ``amt`` minor units went from hand to hand; it counts once the other side confirms it."""
        return await self._act(rental, "payments", kind=kind, amt=amt, method=method)

    async def confirm_payment(self, rental: str, entry: int) -> View:
        return await self._act(rental, f"payments/{entry}/confirm")

    async def reject_payment(self, rental: str, entry: int) -> View:
        return await self._act(rental, f"payments/{entry}/reject")

    async def _act(self, rental: str, what: str, **body: Any) -> View:
        return await self._hub.command(f"/v1/rentals/{rental}/{what}", body)

    async def _proof(
        self, rental: str, kind: HandoverKind, shower: str, code: str | None, qr: str | None
    ) -> dict[str, str]:
        """A scanned QR code is of this rental and kind (HandoverError), of whom we know (Alarm identity_changed)."""
        if qr is None:
            return {} if code is None else {"code": code}
        scanned = HandoverCode.parse(qr)
        if (scanned.rental, scanned.kind) != (bytes.fromhex(rental), kind):
            raise HandoverError("another rental or kind")
        person = (await self._hub.get(f"/v1/rentals/{rental}"))[shower]["id"]
        if (await self._trust.account(person)).aik != scanned.aik:
            raise Alarm("identity_changed", person)
        return {"secret": b64.encode(scanned.secret)}


class Mediation:
    """What moderators do in rentals of others."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    async def disputes(self) -> list[View]:
        """Rentals with a case that is not over, the longest untouched first."""
        return list((await self._hub.get("/v1/mediation"))["rentals"])

    async def get(self, rental: str) -> View:
        return await self._hub.get(f"/v1/mediation/{rental}")

    async def decide(self, rental: str, case: int, amount: int, words: str) -> View:
        """``amount`` minor units are the renter's to pay; ``words`` say why."""
        body = {"amount": amount, "words": words}
        return await self._hub.command(f"/v1/mediation/{rental}/cases/{case}/decide", body)

    async def bundle(self, rental: str) -> bytes:
        """What the parties of a rental with a case have both signed, as ``dorfkiste verify`` reads it."""
        return await self._hub.download(f"/v1/mediation/{rental}/agreement.zip")

    async def reports(self, rental: str | None = None) -> list[View]:
        """Reports that nobody has closed, the oldest first, or all of one rental; without what was disclosed."""
        return list((await self._hub.get("/v1/mediation/reports", rental=rental))["reports"])

    async def report(self, report: str) -> View:
        """A report with the messages that were disclosed; that it was read is logged."""
        return await self._hub.get(f"/v1/mediation/reports/{report}")

    async def close_report(self, report: str, outcome: str, words: str) -> View:
        """``outcome`` is ``acted`` or ``dismissed``; ``words`` are for whoever reported."""
        told = {"outcome": outcome, "words": words}
        return await self._hub.call("POST", f"/v1/mediation/reports/{report}/close", told)

    async def decide_appeal(self, rental: str, case: int, amount: int, words: str) -> View:
        """The same, the second time, by another moderator."""
        body = {"amount": amount, "words": words}
        return await self._hub.command(f"/v1/mediation/{rental}/cases/{case}/decide_appeal", body)

    async def annul(self, rental: str, reason: str) -> View:
        return await self._hub.command(f"/v1/mediation/{rental}/annul", {"reason": reason})

    async def mark_lost(self, rental: str, words: str, claimed: int) -> View:
        return await self._hub.command(f"/v1/mediation/{rental}/mark_lost", {"words": words, "claimed": claimed})

    async def settle_loss(self, rental: str) -> View:
        return await self._hub.command(f"/v1/mediation/{rental}/settle_loss", {})

    async def close(self, rental: str, reason: str) -> View:
        return await self._hub.command(f"/v1/mediation/{rental}/close", {"reason": reason})

    async def cancel(self, rental: str, reason: str) -> View:
        return await self._hub.command(f"/v1/mediation/{rental}/cancel", {"reason": reason})

    async def suspend(self, user: str, words: str, reason: str = "other") -> View:
        """Keep somebody out; ``words`` are what they are told, ``reason`` is the code that the audit log keeps."""
        return await self._hub.call("POST", f"/v1/users/{user}/suspend", {"words": words, "reason": reason})

    async def restore(self, user: str, words: str) -> View:
        """Let them back in."""
        return await self._hub.call("POST", f"/v1/users/{user}/restore", {"words": words})


_NAMES = {HandoverKind.HANDOVER: "hand_over", HandoverKind.RETURN: "return"}
