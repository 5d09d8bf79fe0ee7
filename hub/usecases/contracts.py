"""What was agreed on, in words, and how to pay it: for the two parties alone."""

from collections.abc import Mapping
from dataclasses import dataclass

from hub.account import Actor
from hub.billing import Billing, Trader
from hub.contract import Contract, Section, changed, sections
from hub.errors import NotFound
from hub.ids import RentalId, UserId
from hub.ports import Ports
from hub.transfer import Owed, Transfer, check_shown, transfer
from hub.usecases._people import all_named
from hub.usecases.dealing import of_party, role_of


@dataclass(frozen=True, slots=True)
class GetContract:
    rental: RentalId


@dataclass(frozen=True, slots=True)
class ContractSheet:
    """``sections`` as people read it, what was changed by agreement since as the last of them."""

    contract: Contract
    names: Mapping[UserId, str]
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class GetTransfer:
    rental: RentalId
    owed: Owed = "rent"


@dataclass(frozen=True, slots=True)
class GetBilling:
    pass


@dataclass(frozen=True, slots=True)
class PutBilling:
    """All of it anew; without an ``iban`` there are no transfers, without a ``trader`` one lends privately."""

    holder: str = ""
    iban: str = ""
    trader: Trader | None = None


async def get_contract(ports: Ports, actor: Actor, command: GetContract) -> ContractSheet:
    """The contract of one's rental, from the agreement on. NotFound("contract_not_found") before."""
    rental = await of_party(ports, actor, command.rental)
    contract = await ports.contracts.get(rental.id)
    if contract is None:
        raise NotFound("contract_not_found")
    people = await all_named(ports, {contract.owner, contract.renter})
    names = {user: person.display_name for user, person in people.items()}
    later = changed(contract, rental.live.terms)
    return ContractSheet(contract, names, (*sections(contract, names), *([later] if later else [])))


async def get_transfer(ports: Ports, actor: Actor, command: GetTransfer) -> Transfer:
    """How the renter pays what is still owed, once the rental is confirmed."""
    rental = await of_party(ports, actor, command.rental)
    check_shown(rental, role_of(rental, actor.user))
    return transfer(rental, await ports.billings.get(rental.owner), command.owed)


async def get_billing(ports: Ports, actor: Actor, command: GetBilling) -> Billing:  # noqa: ARG001 - has no fields
    return await ports.billings.get(actor.user) or Billing(actor.user)


async def put_billing(ports: Ports, actor: Actor, command: PutBilling) -> Billing:
    """Where one is paid, and who one is if lending is one's business. The act asks for a recent confirmation."""
    billing = Billing(actor.user, command.holder, command.iban, command.trader)
    await ports.billings.put(billing)
    return billing
