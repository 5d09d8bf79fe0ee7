"""What both agreed on is frozen the moment they do, in words and figures; who pays learns where to, and nobody else."""

from dataclasses import replace
from typing import Any

import pytest

from hub.billing import Trader
from hub.errors import HubError
from hub.item import Accessory, Item
from hub.rental import EntryKind, Method
from hub.tariff import Tariff
from hub.usecases.booking import CancelRental, RequestRental, cancel_rental
from hub.usecases.contracts import (
    ContractSheet,
    GetBilling,
    GetContract,
    GetTransfer,
    PutBilling,
    get_billing,
    get_contract,
    get_transfer,
    put_billing,
)
from hub.usecases.erasing import EraseAccount, erase_account
from hub.usecases.items import CreateItem, NewPlace, create_item
from hub.usecases.settling import ClaimPayment, ConfirmPayment, claim_payment, confirm_payment
from tests.support.lending import Loan, agree
from tests.support.world import Neighbour, World, cmd_id

IBAN = "DE02120300000000202051"
HIDDEN = ("Geheimweg", "12345 Musterdorf", "52.52", "@", "+49", IBAN)


async def refusal(work: Any) -> str:
    with pytest.raises(HubError) as refused:
        await work
    return refused.value.code


async def sheet(loan: Loan, by: Neighbour | None = None) -> ContractSheet:
    return await get_contract(loan.world.ports, (by or loan.renter).actor, GetContract(loan.id))


async def transfer(loan: Loan, by: Neighbour | None = None, **what: Any) -> Any:
    return await get_transfer(loan.world.ports, (by or loan.renter).actor, GetTransfer(loan.id, **what))


async def thing(world: World, owner: Neighbour, **tariff: Any) -> Item:
    place = NewPlace("Hof", "Geheimweg 7, 12345 Musterdorf", 52.520008, 13.404954)
    made = CreateItem(
        "Säge", "Scharf.", Tariff(**tariff), place, accessories=(Accessory("Koffer"),), safety="Brille auf."
    )
    return (await create_item(world.ports, owner.actor, made)).item


async def agreed_on(world: World, owner: Neighbour, **tariff: Any) -> Loan:
    item = await thing(world, owner, **tariff)
    return await agree(world, item, owner, price=item.tariff.day)


async def test_before_an_agreement_there_is_no_contract_and_from_it_on_one_for_both(world: World) -> None:
    anna, bernd, stranger = [await world.person() for _ in range(3)]
    asked = await world.request(bernd, anna, await world.item(anna))
    rental = asked.sheet.rental.id
    assert await refusal(get_contract(world.ports, bernd.actor, GetContract(rental))) == "contract_not_found"
    await world.accept(anna, asked)
    mine = await get_contract(world.ports, bernd.actor, GetContract(rental))
    assert mine == await get_contract(world.ports, anna.actor, GetContract(rental))
    assert await refusal(get_contract(world.ports, stranger.actor, GetContract(rental))) == "rental_not_found"


async def test_the_law_follows_price_and_trade(world: World) -> None:
    anna, firm = await world.person(), await world.person()
    await put_billing(world.ports, firm.actor, PutBilling(trader=Trader("Werkzeug GmbH", "Hauptstraße 1", "DE1")))
    assert (await sheet(await agreed_on(world, anna, day=0))).contract.legal == "loan"
    assert (await sheet(await agreed_on(world, anna, day=900))).contract.legal == "rent"
    trade = await sheet(await agreed_on(world, firm, day=900))
    assert trade.contract.legal == "trade"
    assert "Werkzeug GmbH" in trade.sections[0].text
    assert (await sheet(await agreed_on(world, firm, day=0))).contract.legal == "loan"


async def test_a_contract_outlives_the_trader_who_is_gone_from_it(world: World) -> None:
    firm = await world.person()
    await put_billing(world.ports, firm.actor, PutBilling(trader=Trader("Werkzeug GmbH", "Hauptstraße 1", "DE1")))
    loan = await agreed_on(world, firm, day=900)
    await cancel_rental(world.ports, loan.renter.actor, CancelRental(cmd_id(), loan.id, "illness"))
    await erase_account(world.ports, firm.actor, EraseAccount())
    left = await sheet(loan)
    assert left.contract.legal == "trade"
    assert left.contract.trader is None
    assert "Werkzeug GmbH" not in repr(left)


async def test_later_edits_reach_into_no_contract(world: World) -> None:
    anna = await world.person()
    loan = await agreed_on(world, anna, day=900)
    before = await sheet(loan)
    await put_billing(world.ports, anna.actor, PutBilling(trader=Trader("Anders GmbH", "Hof 1")))
    change = {"$set": {"title": "Axt", "safety": "", "accessories": [], "tariff.day": 5000, "lang": "en"}}
    await world.database.items.update_one({"_id": loan.item.id}, change)
    after = await sheet(loan)
    assert after.contract == before.contract
    assert (after.contract.hash, after.sections) == (before.contract.hash, before.sections)
    assert after.contract.accessories == ("1 \u00d7 Koffer",)


async def test_no_contract_tells_where_somebody_lives_or_is_reached(world: World) -> None:
    anna = await world.person()
    await put_billing(world.ports, anna.actor, PutBilling("Anna Berg", IBAN))
    told = await sheet(await agreed_on(world, anna, day=900, deposit=5000))
    text = repr(told.sections) + repr(told.contract)
    assert not any(hidden in text for hidden in HIDDEN)


async def test_an_account_is_sealed_and_only_ones_own_to_read(world: World) -> None:
    anna = await world.person()
    told = PutBilling(" Anna   Berg ", "de02 1203 0000 0000 2020 51", Trader("Werkzeug GmbH", "Hauptstraße 1"))
    kept = await put_billing(world.ports, anna.actor, told)
    assert (kept.holder, kept.iban) == ("Anna Berg", IBAN)
    assert await get_billing(world.ports, anna.actor, GetBilling()) == kept
    assert (await get_billing(world.ports, (await world.person()).actor, GetBilling())).iban == ""
    stored = repr([document async for document in world.database.billings.find()])
    assert not any(text in stored for text in (IBAN, "Anna Berg", "Werkzeug"))


async def test_the_renter_sees_where_to_pay_from_the_confirmation_on(world: World) -> None:
    anna, bernd = await world.person(), await world.person()
    await put_billing(world.ports, anna.actor, PutBilling("Anna Berg", IBAN))
    asked = await world.request(bernd, anna, await world.item(anna))
    get = GetTransfer(asked.sheet.rental.id)
    assert await refusal(get_transfer(world.ports, bernd.actor, get)) == "transfer_hidden"
    await world.accept(anna, asked)
    told = await get_transfer(world.ports, bernd.actor, get)
    assert (told.holder, told.iban, told.amount) == ("Anna Berg", IBAN, 1000)
    assert told.reference == f"Bohrmaschine {get.rental[:8]}"
    assert (await get_transfer(world.ports, bernd.actor, replace(get, owed="deposit"))).amount == 5000
    assert await refusal(get_transfer(world.ports, anna.actor, get)) == "not_your_role"
    stranger = await world.person()
    assert await refusal(get_transfer(world.ports, stranger.actor, get)) == "rental_not_found"


async def test_what_was_paid_is_not_asked_for_again(world: World) -> None:
    loan = await agree(world)
    assert await refusal(transfer(loan)) == "iban_missing"
    await put_billing(world.ports, loan.owner.actor, PutBilling("Anna Berg", IBAN))
    claim = ClaimPayment(cmd_id(), loan.id, EntryKind.RENT, 400, Method.CASH)
    await claim_payment(world.ports, loan.renter.actor, claim)
    assert (await transfer(loan)).amount == 1000
    await confirm_payment(world.ports, loan.owner.actor, ConfirmPayment(cmd_id(), loan.id, 1))
    assert (await transfer(loan)).amount == 600
    await loan.pay(EntryKind.RENT, 600)
    assert await refusal(transfer(loan)) == "nothing_owed"


async def test_after_a_cancellation_only_its_fee_is_owed(world: World) -> None:
    loan = await agree(world)
    await put_billing(world.ports, loan.owner.actor, PutBilling("Anna Berg", IBAN))
    loan.later(days=1, hours=12)
    await cancel_rental(world.ports, loan.renter.actor, CancelRental(cmd_id(), loan.id, "illness"))
    assert (await transfer(loan)).amount == 500


async def test_where_nothing_is_paid_in_euro_there_is_no_transfer(world: World) -> None:
    anna, bernd = await world.person(), await world.person()
    await put_billing(world.ports, anna.actor, PutBilling("Anna Berg", IBAN))
    item = await thing(world, anna, day=900, cur="CHF")
    asking: RequestRental = world.asking(bernd, anna, item)
    asked = await world.request(bernd, anna, item, room=asking.room)
    await world.accept(anna, asked)
    get = GetTransfer(asked.sheet.rental.id)
    assert await refusal(get_transfer(world.ports, bernd.actor, get)) == "nothing_owed"
