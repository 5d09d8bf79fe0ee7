"""A rental between two neighbours on the real stores, brought as far along as a test wants it."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from hub.account import UserRole
from hub.item import Item, Rules
from hub.rental import CaseKind, CodeKind, EntryKind, Method, Rental
from hub.room import EventEntry
from hub.usecases.booking import GetRental, get_rental
from hub.usecases.dealing import AppliedCommand, OnRental
from hub.usecases.handing import (
    ConfirmRentalReturn,
    GetCode,
    HandOverRental,
    ReportRentalDamage,
    ReturnRental,
    confirm_return,
    get_code,
    hand_over_rental,
    report_damage,
    return_rental,
)
from hub.usecases.settling import ClaimPayment, ConfirmPayment, claim_payment, confirm_payment
from tests.support.world import Neighbour, World, cmd_id

TURNAROUND = Rules(turnaround_min=30)


@dataclass
class Loan:
    """``owner`` lends ``renter`` a thing; each step returns what the hub answered."""

    world: World
    owner: Neighbour
    renter: Neighbour
    item: Item
    applied: AppliedCommand

    @property
    def id(self) -> Any:
        return self.applied.sheet.rental.id

    def later(self, **by: float) -> None:
        self.world.clock.moved += timedelta(**by)

    async def now(self) -> Rental:
        return (await get_rental(self.world.ports, self.owner.actor, GetRental(self.id))).rental

    async def events(self) -> list[EventEntry]:
        page = await self.world.ports.log.forward(self.applied.sheet.rental.room, 0, 500, None)
        return [entry for entry in page.entries if isinstance(entry, EventEntry)]

    async def pay(self, kind: EntryKind, amt: int) -> AppliedCommand:
        """The renter says so, the owner confirms."""
        claim = ClaimPayment(cmd_id(), self.id, kind, amt, Method.CASH)
        claimed = await claim_payment(self.world.ports, self.renter.actor, claim)
        confirm = ConfirmPayment(cmd_id(), self.id, len(claimed.sheet.rental.ledger))
        return await confirm_payment(self.world.ports, self.owner.actor, confirm)

    async def code(self, kind: CodeKind) -> str:
        by = self.renter if kind is CodeKind.HAND_OVER else self.owner
        return (await get_code(self.world.ports, by.actor, GetCode(self.id, kind))).digits

    async def hand_over(self, **how: Any) -> AppliedCommand:
        """With the renter's code, if nothing else is said."""
        how = how or {"code": await self.code(CodeKind.HAND_OVER)}
        return await hand_over_rental(self.world.ports, self.owner.actor, HandOverRental(cmd_id(), self.id, **how))

    async def give_back(self, **how: Any) -> AppliedCommand:
        """Declared only, if no code is said."""
        return await return_rental(self.world.ports, self.renter.actor, ReturnRental(cmd_id(), self.id, **how))

    async def confirm(self) -> AppliedCommand:
        return await confirm_return(self.world.ports, self.owner.actor, ConfirmRentalReturn(cmd_id(), self.id))

    async def report(self, claimed: int = 2000) -> AppliedCommand:
        report = ReportRentalDamage(cmd_id(), self.id, CaseKind.DAMAGE, "Kratzer am Gehäuse", claimed)
        return await report_damage(self.world.ports, self.owner.actor, report)

    def order(self, command: type[OnRental], *what: Any, **more: Any) -> Any:
        return command(cmd_id(), self.id, *what, **more)


async def agree(world: World, item: Item | None = None, owner: Neighbour | None = None, **changes: Any) -> Loan:
    """Two neighbours have agreed on the day after tomorrow, at 1000 with a deposit of 5000."""
    owner, renter = owner or await world.person(), await world.person()
    item = item or await world.item(owner, rules=TURNAROUND)
    asked = await world.request(renter, owner, item, **changes)
    return Loan(world, owner, renter, item, await world.accept(owner, asked))


async def due(world: World, **what: Any) -> Loan:
    """The deposit is paid and the day has come."""
    loan = await agree(world, **what)
    await loan.pay(EntryKind.DEPOSIT_IN, loan.applied.sheet.rental.live.terms.deposit)
    loan.later(days=2)
    return loan


async def lend(world: World, **what: Any) -> Loan:
    """The thing is with the renter."""
    loan = await due(world, **what)
    await loan.hand_over()
    return loan


async def appoint(world: World) -> Neighbour:
    """A moderator who has nothing to do with it."""
    person = await world.person()
    roles = frozenset({UserRole.MODERATOR})
    await world.database.users.update_one({"_id": person.user.id}, {"$set": {"roles": ["moderator"]}})
    return Neighbour(replace(person.user, roles=roles), replace(person.actor, roles=roles))
