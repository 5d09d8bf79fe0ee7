"""The contract of a rental: which law it is under, its words by version and language, and what was frozen in it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from crypto.dkx import jcs
from hub.billing import Trader
from hub.ids import RentalId, UserId
from hub.item import Item
from hub.lateness import LateFee
from hub.period import on_the_wall, stamp
from hub.rental import Rental, Terms

FOLDER: Final = Path(__file__).parent.parent / "static" / "contract"
VERSION: Final = "1"
"""Of the words in ``static/contract``. Published ones never change: other words are another version."""

Legal = Literal["loan", "rent", "trade"]
"""In German law: Leihe (§ 598 BGB), Miete between private persons (§ 535 BGB), Miete from a trader (§ 310 BGB)."""


@dataclass(frozen=True, slots=True)
class Contract:
    """What both agreed on, as it was then; later edits of the listing or of the words do not reach into it."""

    rental: RentalId
    owner: UserId
    renter: UserId
    legal: Legal
    template: str
    lang: str
    agreed_at: datetime
    title: str
    tz: str
    terms: Terms
    policy: str
    late_fee: LateFee | None = None
    accessories: tuple[str, ...] = ()
    safety: str = ""
    trader: Trader | None = None

    @property
    def hash(self) -> str:
        """SHA-256, in hex, over the canonical JSON of everything frozen, the words included."""
        return hashlib.sha256(jcs.write(facts(self))).hexdigest()


@dataclass(frozen=True, slots=True)
class Section:
    head: str
    text: str


def contract_of(rental: Rental, item: Item, trader: Trader | None) -> Contract:
    """The contract of what was just agreed on. Free of charge it is a loan, whoever lends."""
    terms = rental.live.terms
    legal: Legal = "loan" if terms.price == 0 else "trade" if trader else "rent"
    return Contract(
        rental=rental.id,
        owner=rental.owner,
        renter=rental.renter,
        legal=legal,
        template=VERSION,
        lang=item.lang,
        agreed_at=rental.agreed_at or rental.updated_at,
        title=rental.snapshot.title,
        tz=rental.tz,
        terms=terms,
        policy=rental.snapshot.policy.value,
        late_fee=rental.snapshot.tariff.late_fee,
        accessories=tuple(f"{each.qty} \u00d7 {each.name}" for each in item.accessories),
        safety=item.safety,
        trader=trader if legal == "trade" else None,
    )


def facts(contract: Contract) -> dict[str, Any]:
    """All that the hash is over."""
    trader, fee = contract.trader, contract.late_fee
    return {
        "v": 1,
        "rental": contract.rental,
        "owner": contract.owner,
        "renter": contract.renter,
        "legal": contract.legal,
        "template": contract.template,
        "words": words_hash(contract.template, contract.lang),
        "lang": contract.lang,
        "agreed_at": stamp(contract.agreed_at),
        "title": contract.title,
        "tz": contract.tz,
        "terms": contract.terms.told(),
        "policy": contract.policy,
        "late_fee": {"cap": fee.cap, "per_hour": fee.per_hour, "per_day": fee.per_day} if fee else None,
        "accessories": list(contract.accessories),
        "safety": contract.safety,
        "trader": {"firm": trader.firm, "address": trader.address, "vat": trader.vat} if trader else None,
    }


@cache
def words(version: str, lang: str) -> Mapping[str, Any]:
    """The words of a version of the templates."""
    found: Mapping[str, Any] = json.loads(_file(version, lang))
    return found


@cache
def words_hash(version: str, lang: str) -> str:
    """SHA-256, in hex, of the file they stand in."""
    return hashlib.sha256(_file(version, lang)).hexdigest()


def sections(contract: Contract, names: Mapping[UserId, str]) -> list[Section]:
    """The contract as people read it; a section that has nothing to say is left out."""
    said = words(contract.template, contract.lang)
    gaps = _gaps(contract, names, said)
    return [
        Section(each["head"], each["text"].format_map(gaps))
        for each in said[contract.legal]
        if "if" not in each or gaps[each["if"]]
    ]


def changed(contract: Contract, now: Terms) -> Section | None:
    """What both agreed on since, if they did."""
    said = words(contract.template, contract.lang)
    if (now.start, now.end, now.q, now.price) == _core(contract.terms):
        return None
    labels = said["labels"]
    text = labels["changed_text"].format(
        start=wall(contract, now.start), end=wall(contract, now.end), q=now.q, price=money(contract, now.price)
    )
    return Section(labels["changed"], text)


def wall(contract: Contract, at: datetime) -> str:
    """A time on the clocks where the thing is."""
    return on_the_wall(at, contract.tz).strftime(words(contract.template, contract.lang)["time"])


def money(contract: Contract, amount: int) -> str:
    """Minor units as people read them; nothing costs nothing in words."""
    said, cur = words(contract.template, contract.lang), contract.terms.cur
    whole, cents = divmod(amount, 100)
    text = f"{whole}{said['decimal']}{cents:02}"
    return str(said["money_eur" if cur == "EUR" else "money"].format(amount=text, cur=cur))


def _core(terms: Terms) -> tuple[datetime, datetime, int, int]:
    return terms.start, terms.end, terms.q, terms.price


def _gaps(contract: Contract, names: Mapping[UserId, str], said: Mapping[str, Any]) -> dict[str, str]:
    terms, trader = contract.terms, contract.trader
    identity = (trader.firm, trader.address, trader.vat) if trader else ()
    return {
        "owner": names[contract.owner],
        "renter": names[contract.renter],
        "title": contract.title,
        "q": str(terms.q),
        "start": wall(contract, terms.start),
        "end": wall(contract, terms.end),
        "price": money(contract, terms.price),
        "deposit": money(contract, terms.deposit) if terms.deposit else "",
        "policy": said["policies"][contract.policy],
        "late_fee": _late_fee(contract, said),
        "safety": contract.safety,
        "trader": ", ".join(part for part in identity if part),
    }


def _late_fee(contract: Contract, said: Mapping[str, Any]) -> str:
    fee = contract.late_fee
    if fee is None:
        return ""
    by = "per_hour" if fee.per_hour is not None else "per_day"
    each = fee.per_hour if fee.per_hour is not None else fee.per_day or 0
    return str(said["late"][by].format(amount=money(contract, each), cap=money(contract, fee.cap)))


def _file(version: str, lang: str) -> bytes:
    return (FOLDER / f"{version}.{lang}.json").read_bytes()
