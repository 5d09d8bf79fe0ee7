"""What the parties see of their contract and of how to pay."""

from dataclasses import asdict

import segno

from api.views.common import View
from hub.billing import Billing
from hub.period import stamp
from hub.transfer import Transfer
from hub.usecases.contracts import ContractSheet


def contract(sheet: ContractSheet) -> View:
    told = sheet.contract
    return {
        "rental": told.rental,
        "legal": told.legal,
        "template": told.template,
        "lang": told.lang,
        "agreed_at": stamp(told.agreed_at),
        "terms": told.terms.told(),
        "sections": [asdict(section) for section in sheet.sections],
        "hash": told.hash,
    }


def transfer(told: Transfer) -> View:
    """``svg`` is the GiroCode, at error correction M as banks demand; black on white, so that it scans in the dark."""
    code = segno.make_qr(told.girocode.encode(), error="m", boost_error=False)
    return {
        "holder": told.holder,
        "iban": told.iban,
        "amount": told.amount,
        "cur": "EUR",
        "reference": told.reference,
        "girocode": told.girocode,
        "svg": code.svg_inline(scale=4, border=4, light="#fff"),
    }


def billing(told: Billing) -> View:
    """One's own."""
    return {"holder": told.holder, "iban": told.iban, "trader": asdict(told.trader) if told.trader else None}
