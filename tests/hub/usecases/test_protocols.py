"""Protocols of condition: said by one, confirmed by the other, proven by a hash, in order even when they come late."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from api.views.condition import protocol
from client.conditions import hash_of
from hub.condition import Line
from hub.errors import Conflict, Forbidden, HubError, Invalid, NotFound
from hub.ids import MediaId, ProtocolId, new_id
from hub.rental import CodeKind
from hub.usecases.booking import CancelRental, cancel_rental
from hub.usecases.photos import AddPhoto, DeletePhoto, ShowCopy, add_photo, delete_photo, show_copy, sweep_photos
from hub.usecases.protocols import (
    ConfirmProtocol,
    ListProtocols,
    ReadProtocols,
    WriteProtocol,
    confirm_protocol,
    list_protocols,
    read_protocols,
    write_protocol,
)
from tests.support.lending import Loan, agree, appoint, due, lend
from tests.support.pictures import photographed, upload
from tests.support.world import Neighbour, World, cmd_id

LINES = (Line("Bohrer-Satz", 1, 1), Line("Koffer", 1, 0, "fehlt"))


def words(loan: Loan, kind: CodeKind = CodeKind.HAND_OVER, **changes: Any) -> WriteProtocol:
    made_at = loan.world.clock.now().replace(microsecond=0)
    wrote = WriteProtocol(loan.id, ProtocolId(new_id()), kind, made_at, "good", meter="12,5 h", lines=LINES)
    return replace(wrote, **changes)


async def photo(world: World, owner: Neighbour) -> MediaId:
    with upload(photographed()) as file:
        return (await add_photo(world.ports, owner.actor, AddPhoto(file))).id


async def written(loan: Loan, by: Neighbour, command: WriteProtocol) -> Any:
    return await write_protocol(loan.world.ports, by.actor, command)


async def confirmed(loan: Loan, by: Neighbour, told: Any) -> Any:
    return await confirm_protocol(loan.world.ports, by.actor, ConfirmProtocol(loan.id, told.id, told.hash))


async def refusal(work: Any) -> str:
    with pytest.raises(HubError) as refused:
        await work
    return refused.value.code


async def test_both_say_the_same_and_it_is_sealed(world: World) -> None:
    loan = await due(world)
    told = await written(loan, loan.owner, words(loan))
    assert told.sealed_at is None
    sealed = await confirmed(loan, loan.renter, told)
    assert sealed.sealed_at is not None
    assert sealed.hash == told.hash
    (kept,) = await list_protocols(world.ports, loan.renter.actor, ListProtocols(loan.id))
    assert kept == sealed
    assert await confirmed(loan, loan.renter, told) == sealed


async def test_the_hash_is_of_everything_that_was_said_and_stands_in_the_chain_of_events(world: World) -> None:
    loan = await due(world)
    told = await written(loan, loan.owner, words(loan, photos=(await photo(world, loan.owner),)))
    document = told.document
    assert hash_of(protocol(told)) == told.hash
    assert document["lines"][1] == {"accessory": "Koffer", "qty": 1, "found": 0, "note": "fehlt"}
    shown = await show_copy(world.ports, loan.owner.actor, ShowCopy(told.account.photos[0].media, 1600))
    assert document["media"] == [shown.copy.sha256]
    event = (await loan.events())[-1]
    assert (event.type, event.data["seal"], event.data["no"]) == ("protocol_written", told.hash, 1)


async def test_it_is_sealed_whatever_their_keyboards_have(world: World) -> None:
    loan = await due(world)
    told = await written(loan, loan.owner, words(loan, note="\U0001f6d8 \U0001e4ec", meter="\U0001f6d8"))
    assert (told.account.note, told.document["note"]) == ("\U0001f6d8 \U0001e4ec", "\ufffd \ufffd")
    assert hash_of(protocol(told)) == (await confirmed(loan, loan.renter, told)).hash


async def test_the_other_side_hears_of_it_and_is_asked(world: World) -> None:
    loan = await due(world)
    told = await written(loan, loan.owner, words(loan))
    (asked, *_) = await world.ports.notifications.page(loan.renter.user.id, None, 5)
    assert (asked.type, asked.ref) == ("protocol_written", loan.id)
    await confirmed(loan, loan.renter, told)
    (heard, *_) = await world.ports.notifications.page(loan.owner.user.id, None, 5)
    assert heard.type == "protocol_sealed"


async def test_with_the_receivers_code_it_is_sealed_at_once(world: World) -> None:
    loan = await due(world)
    code = await loan.code(CodeKind.HAND_OVER)
    told = await written(loan, loan.owner, words(loan, code=code))
    assert told.sealed_at
    assert told.by_code
    assert (await loan.events())[-1].type == "protocol_sealed"


async def test_a_wrong_code_seals_nothing_and_who_receives_has_none_to_enter(world: World) -> None:
    loan = await due(world)
    code = await loan.code(CodeKind.HAND_OVER)
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    assert await refusal(written(loan, loan.owner, words(loan, code=wrong))) == "wrong_code"
    assert await refusal(written(loan, loan.renter, words(loan, code=code))) == "not_your_role"
    assert await list_protocols(world.ports, loan.owner.actor, ListProtocols(loan.id)) == []


async def test_until_it_is_sealed_its_writer_may_mend_it_and_nobody_confirms_what_they_have_not_read(
    world: World,
) -> None:
    loan = await due(world)
    first = words(loan)
    told = await written(loan, loan.owner, first)
    mended = await written(loan, loan.owner, replace(first, note="Ohne Koffer."))
    assert (mended.rev, mended.no) == (2, 1)
    assert await refusal(confirmed(loan, loan.renter, told)) == "protocol_changed"
    assert await refusal(confirmed(loan, loan.owner, mended)) == "not_your_turn"
    await confirmed(loan, loan.renter, mended)
    assert await refusal(written(loan, loan.owner, first)) == "protocol_sealed"
    assert await refusal(written(loan, loan.renter, replace(first, note="Doch!"))) == "protocol_taken"


async def test_sent_again_it_does_nothing_twice(world: World) -> None:
    loan = await due(world)
    command = words(loan)
    told = await asyncio.gather(*(written(loan, loan.owner, command) for _ in range(4)))
    assert len({(each.id, each.rev, each.no) for each in told}) == 1
    assert [event.type for event in await loan.events()].count("protocol_written") == 1
    sealed = await asyncio.gather(*(confirmed(loan, loan.renter, told[0]) for _ in range(4)))
    assert all(each == sealed[0] for each in sealed)
    assert [event.type for event in await loan.events()].count("protocol_sealed") == 1


async def test_what_was_written_without_a_network_comes_in_later_in_order(world: World) -> None:
    loan = await lend(world)
    offline = words(loan)
    loan.later(days=1)
    back = words(loan, CodeKind.RETURN, after=offline.protocol)
    await loan.give_back()
    await loan.confirm()
    assert await refusal(written(loan, loan.owner, back)) == "protocol_gap"
    told = [await written(loan, loan.owner, command) for command in (offline, back)]
    assert [each.no for each in told] == [1, 2]
    assert told[0].received_at - told[0].account.made_at >= timedelta(days=1)
    loan.later(days=8)
    assert await refusal(written(loan, loan.renter, words(loan, CodeKind.RETURN))) == "too_late"
    await confirmed(loan, loan.renter, told[0])


async def test_both_may_write_at_the_same_moment(world: World) -> None:
    loan = await due(world)
    told = await asyncio.gather(
        *(written(loan, by, words(loan)) for by in (loan.owner, loan.renter, loan.owner, loan.renter))
    )
    assert sorted(each.no for each in told) == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"q": 2}, "q"),
        ({"lines": (Line("", 1, 1),)}, "lines"),
        ({"meter": "x" * 61}, "meter"),
        ({"note": "x" * 2001}, "note"),
        ({"condition": "fine"}, "condition"),
    ],
)
async def test_what_cannot_be_said_is_refused(world: World, changes: dict[str, Any], field: str) -> None:
    loan = await due(world)
    with pytest.raises(Invalid, match="bad_protocol") as refused:
        await written(loan, loan.owner, words(loan, **changes))
    assert refused.value.data == {"field": field}


async def test_neither_the_future_nor_what_was_before_the_agreement_is_told(world: World) -> None:
    loan = await due(world)
    now = world.clock.now().replace(microsecond=0)
    for made_at in (now + timedelta(hours=1), now - timedelta(days=3)):
        assert await refusal(written(loan, loan.owner, words(loan, made_at=made_at))) == "bad_protocol"


async def test_before_and_without_an_agreement_there_is_nothing_to_say(world: World) -> None:
    loan = await agree(world)
    assert await refusal(written(loan, loan.renter, words(loan, CodeKind.RETURN))) == "wrong_state"
    await cancel_rental(world.ports, loan.renter.actor, CancelRental(cmd_id(), loan.id, "illness"))
    assert await refusal(written(loan, loan.owner, words(loan))) == "wrong_state"


async def test_a_moderator_sees_its_photos_while_there_is_something_to_judge(world: World) -> None:
    loan, moderator = await lend(world), await appoint(world)
    taken = await photo(world, loan.renter)
    await written(loan, loan.renter, words(loan, CodeKind.RETURN, photos=(taken,)))
    look = ShowCopy(taken, 400)
    assert await refusal(show_copy(world.ports, moderator.actor, look)) == "photo_not_found"
    await loan.give_back()
    await loan.report()
    assert not (await show_copy(world.ports, moderator.actor, look)).public


async def test_to_others_there_is_none_but_a_moderator_reads_them(world: World) -> None:
    loan, stranger = await due(world), await world.person()
    told = await written(loan, loan.owner, words(loan))
    assert await refusal(written(loan, stranger, words(loan))) == "rental_not_found"
    assert await refusal(confirmed(loan, stranger, told)) == "rental_not_found"
    with pytest.raises(NotFound, match="rental_not_found"):
        await list_protocols(world.ports, stranger.actor, ListProtocols(loan.id))
    moderator = await appoint(world)
    assert await read_protocols(world.ports, moderator.actor, ReadProtocols(loan.id)) == [told]
    other = await due(world)
    assert await refusal(confirmed(other, other.renter, told)) == "protocol_not_found"


async def test_its_photos_are_ones_own_shared_with_the_other_and_stay(world: World) -> None:
    loan, stranger = await due(world), await world.person()
    mine = await photo(world, loan.owner)
    theirs = await photo(world, stranger)
    assert await refusal(written(loan, loan.owner, words(loan, photos=(theirs,)))) == "photo_not_found"
    await written(loan, loan.owner, words(loan, photos=(mine,)))
    shown = await show_copy(world.ports, loan.renter.actor, ShowCopy(mine, 400))
    assert not shown.public
    for nobody in (stranger.actor, None):
        with pytest.raises(NotFound, match="photo_not_found"):
            await show_copy(world.ports, nobody, ShowCopy(mine, 400))
    with pytest.raises(Conflict, match="photo_in_use"):
        await delete_photo(world.ports, loan.owner.actor, DeletePhoto(mine))
    past = world.clock.real() - timedelta(days=30)
    await world.database.media.update_many({}, {"$set": {"look_at": past, "claimed_at": past}})
    await sweep_photos(world.ports)
    assert await world.ports.media.get(mine) is not None
    assert await world.ports.media.get(theirs) is None


async def test_a_protocol_tells_nobody_where_it_happened(world: World) -> None:
    loan = await due(world)
    await written(loan, loan.owner, words(loan))
    stored = repr([document async for document in world.database.protocols.find()])
    assert "Geheimweg" not in stored
    with pytest.raises(Forbidden, match="not_your_role"):
        await written(loan, loan.renter, words(loan, code="000000"))
