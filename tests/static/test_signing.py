"""Signing in two browsers what was agreed: what both signed holds outside, and no lie of the hub is signed."""

import re
from pathlib import Path
from typing import Any

from playwright.async_api import Page, expect

from crypto import b64
from crypto.dkx.agreement import Agreement, write
from crypto.dkx.protocol import sealed_hash
from crypto.dkx.verdict import verify_bundle
from hub.ids import new_id
from tests.static.clicks import DE, EN, MARTA, TIM, agreed, call, fine, neighbour, press
from tests.static.engine import House


async def sign(page: Page, told: Any) -> None:
    await press(page, told["sign_read"])
    await expect(page.locator("dialog dl")).to_contain_text("Bohrmaschine")
    await fine(page)
    await page.wait_for_timeout(1100)  # a draft of the next second is another document
    await press(page, told["sign_do"])
    await expect(page.locator("dialog")).to_have_count(0)


async def bundle(page: Page, told: Any) -> bytes:
    async with page.expect_download() as waited:
        await press(page, told["bundle_save"])
    return Path(await (await waited.value).path()).read_bytes()  # noqa: ASYNC240 - a small file


def dearer(document: str) -> str:
    """The same document at another price, in its right form."""
    said = dict(Agreement.parse(b64.decode(document)).fields)
    return b64.encode(write({**said, "price_cents": said["price_cents"] + 100}).raw)


async def test_both_sign_and_the_archive_holds_for_whoever_checks_it(house: House) -> None:
    async with neighbour(house, **MARTA) as marta, neighbour(house, **TIM) as tim:
        await agreed(house, marta, tim)
        await sign(marta, DE)
        await expect(marta.locator(".deal .pill", has_text=DE["standing_open"])).to_be_visible()
        await expect(tim.get_by_text(EN["sign_waits"])).to_be_visible()
        await sign(tim, EN)
        for page, told in ((marta, DE), (tim, EN)):
            await expect(page.locator(".deal .pill", has_text=told["standing_complete"])).to_be_visible()
            await fine(page)
            verdict = verify_bundle(await bundle(page, told))
            assert verdict.holds
            assert len(verdict.documents) == 1
            assert verdict.documents[0].agreement.fields["item"] == "Bohrmaschine"


async def given_back(marta: Page, tim: Page) -> str:
    """The drill is out and back, each by the other's code; the rental."""
    (rental,) = (await call(marta, "GET", "/v1/rentals", None))["rentals"]
    path = f"/v1/rentals/{rental['id']}"
    for giver, receiver, kind in ((marta, tim, "hand_over"), (tim, marta, "return")):
        code = (await call(receiver, "GET", f"{path}/codes/{kind}", None))["code"]
        assert "seq" in await call(giver, "POST", f"{path}/{kind}", {"cmd_id": new_id(), "code": code})
    return str(rental["id"])


async def test_the_signed_return_stands_on_what_both_said_of_the_thing(house: House) -> None:
    async with neighbour(house, **MARTA) as marta, neighbour(house, **TIM) as tim:
        await agreed(house, marta, tim)
        await sign(marta, DE)
        await expect(tim.get_by_text(EN["sign_waits"])).to_be_visible()
        await sign(tim, EN)
        rental = await given_back(marta, tim)
        await press(tim, EN["protocol_write_return"])
        await tim.locator("#protocol-note").fill("Wie neu \U0001f6d8")
        await press(tim, EN["protocol_keep"])
        await sign(tim, EN)
        await expect(marta.get_by_text(DE["sign_waits"])).to_be_visible()
        await press(marta, DE["protocol_confirm"])
        superseded = tim.locator(".deal .pill", has_text=EN["standing_superseded"])
        await expect(superseded).to_be_visible(timeout=20_000)
        await expect(marta.get_by_text(DE["sign_can"])).to_be_visible()
        await sign(tim, EN)
        await expect(marta.get_by_text(DE["sign_waits"])).to_be_visible()
        await sign(marta, DE)
        await expect(tim.locator(".deal .pill", has_text=EN["standing_complete"])).to_have_count(2)
        verdict = verify_bundle(await bundle(tim, EN))
        assert verdict.holds
        back = (await call(tim, "GET", f"/v1/rentals/{rental}", None))["returned"]
        (protocol,) = (await call(tim, "GET", f"/v1/rentals/{rental}/protocols", None))["protocols"]
        said = {"kind": "return", "media": [protocol["hash"]], "rental": rental}
        said |= {name: back[name] for name in ("at", "verified_at", "words")}
        assert verdict.documents[-1].agreement.fields["terms_hash"] == sealed_hash(said).hex()


async def test_a_signature_is_taken_back_before_the_other_side_signs(house: House) -> None:
    async with neighbour(house, **MARTA) as marta, neighbour(house, **TIM) as tim:
        await agreed(house, marta, tim)
        await sign(tim, EN)
        await expect(marta.get_by_text(DE["sign_waits"])).to_be_visible()
        await press(tim, EN["sign_back"])
        await expect(tim.locator(".deal .pill", has_text=EN["standing_withdrawn"])).to_be_visible()
        await expect(marta.get_by_text(DE["sign_can"])).to_be_visible()
        await expect(marta.get_by_role("button", name=DE["bundle_save"])).to_have_count(0)


async def test_what_the_hub_says_otherwise_than_the_conversation_is_not_signed(house: House) -> None:
    async with neighbour(house, **MARTA) as marta, neighbour(house, **TIM) as tim:
        await agreed(house, marta, tim)

        async def forge(route: Any) -> None:
            answer = await route.fetch()
            told = await answer.json()
            told["document"] = dearer(told["document"])
            await route.fulfill(response=answer, json=told)

        await marta.route(re.compile("/agreements/draft"), forge)
        await marta.reload()
        await expect(marta.locator(".deal .notice.danger")).to_have_text(DE["fault_agreement_differs"])
        await fine(marta)
        await expect(marta.get_by_role("button", name=DE["sign_read"])).to_have_count(0)
