"""Protocols of condition in two browsers: written and confirmed, with photos, without a network, and never altered."""

from typing import Any, Final

from playwright.async_api import Page, expect

from tests.static.clicks import DE, EN, MARTA, TIM, agreed, fine, neighbour, press
from tests.static.engine import House
from tests.support.pictures import CAMERA, drawn, written

SOON: Final = 2500
"""What may be wanted without a network is there so many milliseconds after a room was opened."""


async def hash_of(page: Page) -> str:
    return str(await page.locator("[data-hash]").last.get_attribute("data-hash"))


async def test_a_protocol_made_offline_by_both_sides_is_sealed_under_the_same_hash_later(house: House) -> None:
    async with neighbour(house, **MARTA) as marta, neighbour(house, **TIM) as tim:
        await agreed(house, marta, tim)
        for page in (marta, tim):
            await page.wait_for_timeout(SOON)
            await page.context.set_offline(True)
        await press(tim, EN["show_handover"])
        code = str(await tim.locator(".bigcode[data-code]").get_attribute("data-code"))
        await tim.keyboard.press("Escape")

        await press(marta, DE["protocol_write_hand_over"])
        await expect(marta.locator(".kitrow .name")).to_have_count(2)
        assert [await one.input_value() for one in await marta.locator(".kitrow .name").all()] == ["Koffer", "Bohrer"]
        await marta.get_by_label(DE["kit_found"].format(name="Bohrer")).fill("7")
        await marta.get_by_label(DE["kit_note_of"].format(name="Bohrer")).fill("Der 6er fehlt schon lange.")
        await press(marta, DE["kit_add"])
        await marta.get_by_label(DE["kit_name"].format(n=3)).fill("Gürtel")
        await press(marta, DE["kit_remove"].format(name="Gürtel"))
        await expect(marta.locator(".kitrow .name")).to_have_count(2)
        await marta.get_by_label(DE["condition_very_good"]).check()
        await marta.locator("#protocol-meter").fill("Akku 80 %")
        await marta.locator("#protocol-note").fill("Kratzer am Griff")
        await marta.locator("#protocol-code").fill(f"{code[:3]} {code[3:]}")
        await fine(marta)
        await press(marta, DE["protocol_keep"])
        await expect(marta.locator(".deal .notice [role=status]")).to_have_count(2)
        promised = str(await marta.locator(".deal .notice [data-hash]").get_attribute("data-hash"))
        await fine(marta)

        await press(tim, EN["protocol_write_hand_over"])
        await expect(tim.locator("#protocol-code")).to_have_count(0)
        await tim.locator("#protocol-note").fill("The plug is loose.")
        await fine(tim)
        await press(tim, EN["protocol_keep"])
        await expect(tim.locator(".deal .notice [role=status]")).to_have_count(1)
        mine = str(await tim.locator(".deal .notice [data-hash]").get_attribute("data-hash"))

        for page in (marta, tim):
            await page.context.set_offline(False)
        for page, told in ((marta, DE), (tim, EN)):
            await expect(page.locator(".deal .notice [role=status]")).to_have_count(0, timeout=60_000)
            sealed = page.locator("details.protocol", has_text=told["protocol_sealed"])
            await expect(sealed).to_have_count(1, timeout=20_000)
            assert await sealed.locator("[data-hash]").get_attribute("data-hash") == promised
        await expect(tim.get_by_text(EN["say_active_renter"].split(",")[0])).to_be_visible()

        asks = marta.locator("details.protocol", has_text=DE["protocol_asks"])
        await expect(asks).to_contain_text("The plug is loose.")
        await fine(marta)
        await press(marta, DE["protocol_confirm"])
        for page, told in ((marta, DE), (tim, EN)):
            both = page.locator("details.protocol", has_text=told["protocol_sealed"])
            await expect(both).to_have_count(2, timeout=20_000)
            hashes = {await one.get_attribute("data-hash") for one in await both.locator("[data-hash]").all()}
            assert hashes == {promised, mine}


async def test_photos_go_along_without_what_the_camera_wrote_and_the_other_side_confirms_what_it_sees(
    house: House,
) -> None:
    async with neighbour(house, **MARTA) as marta, neighbour(house, **TIM) as tim:
        await agreed(house, marta, tim)
        await press(tim, EN["protocol_write_hand_over"])
        photo = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": written(drawn((1200, 900)))}
        await tim.locator(".file.small input").set_input_files([photo, photo | {"name": "b.jpg"}])
        await expect(tim.locator("dialog .shot img")).to_have_count(2)
        await press(tim, EN["photo_remove"].format(n=2))
        await press(tim, EN["protocol_keep"])
        asks = marta.locator("details.protocol", has_text=DE["protocol_asks"])
        await expect(asks.locator(".shots img")).to_be_visible(timeout=20_000)
        await fine(marta)
        waits = tim.locator("details.protocol", has_text=EN["protocol_waits"])
        await waits.locator("summary").click()
        await expect(waits.locator(".shots img")).to_be_visible()
        await fine(tim)
        await press(tim, EN["protocol_change_hand_over"])
        await expect(tim.get_by_text(EN["photos_kept"].format(n=1))).to_be_visible()
        await tim.locator("#protocol-note").fill("Stain on the cable.")
        await press(tim, EN["protocol_keep"])
        await expect(asks).to_contain_text("Stain on the cable.")
        await press(marta, DE["protocol_confirm"])
        await expect(waits).to_have_count(0)
        for page, told in ((marta, DE), (tim, EN)):
            await expect(page.locator("details.protocol", has_text=told["protocol_sealed"])).to_have_count(1)
        assert await hash_of(marta) == await hash_of(tim)
        stored = await house.here.world.database["protocols"].find_one({"note": "Stain on the cable."})
        assert CAMERA not in repr(stored).encode()


async def test_nobody_is_asked_to_confirm_what_its_hash_does_not_say(house: House) -> None:
    async with neighbour(house, **MARTA) as marta, neighbour(house, **TIM) as tim:
        await agreed(house, marta, tim)

        async def lie(route: Any) -> None:
            answer = await route.fetch()
            body = (await answer.text()).replace("As it should be.", "All is broken.")
            await route.fulfill(response=answer, body=body)

        await marta.route("**/protocols", lie)
        await press(tim, EN["protocol_write_hand_over"])
        await tim.locator("#protocol-note").fill("As it should be.")
        await press(tim, EN["protocol_keep"])
        asks = marta.locator("details.protocol")
        await expect(asks).to_contain_text("All is broken.", timeout=20_000)
        await expect(asks.get_by_role("alert")).to_have_text(DE["protocol_altered"])
        await expect(marta.get_by_role("button", name=DE["protocol_confirm"])).to_have_count(0)


async def test_a_wrong_code_is_told_and_what_was_written_can_be_discarded(house: House) -> None:
    async with neighbour(house, **MARTA) as marta, neighbour(house, **TIM) as tim:
        await agreed(house, marta, tim)
        await press(marta, DE["protocol_write_hand_over"])
        await marta.locator("#protocol-code").fill("000000")
        await marta.get_by_label(DE["protocol_and_hand_over"]).uncheck()
        await press(marta, DE["protocol_keep"])
        await expect(marta.locator(".deal .notice.danger")).to_be_visible(timeout=20_000)
        await fine(marta)
        await marta.locator(".deal .notice.danger").get_by_role("button", name=DE["discard"]).click()
        await expect(marta.locator(".deal .notice.danger")).to_have_count(0)
        await expect(tim.locator("details.protocol")).to_have_count(0)
