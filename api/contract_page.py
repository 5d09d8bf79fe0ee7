"""A contract as a PDF: typeset on this machine, from data alone, with the fonts of the compiler's own wheel."""

import asyncio
import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst

from hub.contract import Contract, money, wall, words
from hub.usecases.contracts import ContractSheet

TEMPLATE: Final = Path(__file__).parents[1] / "static" / "contract" / "contract.typ"
STANDARD: Final = "a-2u"
"""PDF/A-2u (ISO 19005-2): to be read in many years, with text that can be searched."""


async def contract_pdf(sheet: ContractSheet, village: str) -> bytes:
    """Some 50 ms beside the loop. The same contract is the same bytes."""
    data = json.dumps(page(sheet, village), ensure_ascii=False)
    return await asyncio.to_thread(_typeset, data, sheet.contract.agreed_at.astimezone(UTC))


def _typeset(data: str, made: datetime) -> bytes:
    """Without files or packages of this machine: the template reads its data and nothing else.

    Only letters that the wheel's fonts do not have are looked for among the machine's, as a plain PDF.
    """
    try:
        return _compiled(data, made, ignore_system_fonts=True, pdf_standards=STANDARD)
    except typst.TypstError:
        return _compiled(data, made)


def _compiled(data: str, made: datetime, **how: Any) -> bytes:
    pdf: bytes = typst.compile(
        _template(), None, format="pdf", sys_inputs={"data": data}, timestamp=made, **how
    )  # fmt: skip
    return pdf


def page(sheet: ContractSheet, village: str) -> dict[str, Any]:
    """Everything that stands on it. No place, address or telephone number: those are shown where the rental is."""
    contract = sheet.contract
    said = words(contract.template, contract.lang)
    return {
        "title": said["kinds"][contract.legal],
        "lang": contract.lang,
        "village": village,
        "number": contract.rental,
        "labels": said["labels"],
        "facts": [{"label": label, "value": value} for label, value in _facts(sheet, said["labels"])],
        "sections": [{"head": each.head, "text": _bound(each.text)} for each in sheet.sections],
        "hash": contract.hash,
    }


def _bound(text: str) -> str:
    """What belongs together stays in one line."""
    return text.replace("§ ", "§\u00a0").replace(" €", "\u00a0€")


def _facts(sheet: ContractSheet, labels: dict[str, str]) -> list[tuple[str, str]]:
    contract, terms = sheet.contract, sheet.contract.terms
    return [
        (labels["number"], contract.rental),
        (labels["agreed"], wall(contract, contract.agreed_at)),
        (labels["owner"], sheet.names[contract.owner]),
        (labels["renter"], sheet.names[contract.renter]),
        (labels["item"], f"{terms.q} \u00d7 {contract.title}"),
        (labels["accessories"], ", ".join(contract.accessories) or labels["none"]),
        (labels["from"], wall(contract, terms.start)),
        (labels["to"], wall(contract, terms.end)),
        (labels["price"], money(contract, terms.price) if terms.price else labels["free"]),
        (labels["deposit"], _deposit(contract, labels)),
    ]


def _deposit(contract: Contract, labels: dict[str, str]) -> str:
    return money(contract, contract.terms.deposit) if contract.terms.deposit else labels["none"]


@cache
def _template() -> bytes:
    return TEMPLATE.read_bytes()
