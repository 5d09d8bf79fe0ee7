"""The contract as a PDF, and the GiroCode as a picture, over a real door."""

import pytest
import segno

from hub.billing import Billing
from tests.support.lending import Loan, agree
from tests.support.live_hub import LiveHub


@pytest.fixture
async def loan(live: LiveHub) -> Loan:
    return await agree(live.world)


def path(loan: Loan) -> str:
    return f"/v1/rentals/{loan.id}/contract.pdf"


async def test_both_parties_get_the_same_pdf(live: LiveHub, loan: Loan) -> None:
    one, other = [await live.call("GET", path(loan), by.actor) for by in (loan.owner, loan.renter)]
    assert one.headers["content-type"] == "application/pdf"
    assert one.content[:5] == b"%PDF-"
    assert one.content == other.content
    assert one.headers["cache-control"] == "private, no-cache"
    assert "sandbox" in one.headers["content-security-policy"]
    again = await live.call("GET", path(loan), loan.owner.actor, headers={"If-None-Match": one.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert b"pdfaid:part>2<" in one.content  # PDF/A-2, readable in many years


async def test_letters_that_the_fonts_do_not_have_cost_nobody_their_contract(live: LiveHub, loan: Loan) -> None:
    await live.world.database.contracts.update_one(
        {"_id": loan.id}, {"$set": {"title": "Säge 漢字 #panic() \U0001f6e0"}}
    )
    answer = await live.call("GET", path(loan), loan.owner.actor)
    assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")


async def test_nobody_else_learns_that_there_is_one(live: LiveHub, loan: Loan) -> None:
    stranger = await live.world.person()
    refused = await live.call("GET", path(loan), stranger.actor)
    assert (refused.status_code, refused.json()["code"]) == (404, "rental_not_found")
    assert (await live.call("GET", path(loan))).status_code == 401
    assert (await live.call("GET", "/v1/rentals/x/contract.pdf", stranger.actor)).status_code == 404


async def test_a_girocode_is_a_picture_of_its_text(live: LiveHub, loan: Loan) -> None:
    await live.world.ports.billings.put(Billing(loan.owner.user.id, "Änne Öztürk", "DE02120300000000202051"))
    answer = (await live.call("GET", f"/v1/rentals/{loan.id}/transfer", loan.renter.actor)).json()
    assert answer["girocode"].startswith("BCD\n002\n1\nSCT\n\nÄnne Öztürk\nDE02120300000000202051\nEUR10.00\n")
    assert answer["svg"].startswith("<svg")
    code = segno.make_qr(answer["girocode"].encode(), error="m", boost_error=False)
    assert code.svg_inline(scale=4, border=4, light="#fff") == answer["svg"]
    assert code.version <= 13


async def test_whoever_changes_an_account_was_there_just_now(live: LiveHub, loan: Loan) -> None:
    wanted = {"holder": "Anna Berg", "iban": "DE02120300000000202051"}
    refused = await live.call("PUT", "/v1/me/billing", loan.owner.actor, json=wanted)
    assert (refused.status_code, refused.json()["code"]) == (401, "confirmation_required")
