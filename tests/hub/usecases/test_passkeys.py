"""Passkeys: one act signs in, each challenge works once and for its purpose, and nobody is locked out."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from crypto import passkeys as proofs
from hub.account import Actor
from hub.errors import Conflict, Forbidden, HubError, NotFound, Unauthenticated
from hub.ids import PasskeyId
from hub.passkey import MAX_PASSKEYS, Passkey
from hub.usecases.passkeys import (
    AddPasskey,
    ChallengePasskey,
    ChallengeSession,
    CompleteByPasskey,
    ConfirmByPasskey,
    ListPasskeys,
    OfferPasskey,
    OpenByPasskey,
    RemovePasskey,
    RenamePasskey,
    add_passkey,
    challenge_passkey,
    challenge_session,
    complete_by_passkey,
    confirm_by_passkey,
    list_passkeys,
    offer_passkey,
    open_by_passkey,
    remove_passkey,
    rename_passkey,
)
from hub.usecases.sessions import check_session
from tests.support.authenticator import Authenticator
from tests.support.world import Neighbour, World


@pytest.fixture
async def anna(world: World) -> Neighbour:
    return await world.person("anna", device=False)


def device_of(person: Neighbour, **how: Any) -> Authenticator:
    return Authenticator(person.account, **how)


async def add(world: World, person: Neighbour, device: Authenticator, name: str = "Telefon") -> Passkey:
    offer = await offer_passkey(world.ports, person.actor, OfferPasskey())
    return await add_passkey(world.ports, person.actor, AddPasskey(**device.make(offer.challenge), name=name))


async def asked(world: World, person: Neighbour) -> bytes:
    return (await challenge_session(world.ports, person.actor, ChallengeSession())).challenge


async def opening(world: World, device: Authenticator, **more: Any) -> OpenByPasskey:
    challenge = (await challenge_passkey(world.ports, ChallengePasskey())).challenge
    return OpenByPasskey(**device.sign(challenge), **more)


async def test_a_passkey_alone_signs_in(world: World, anna: Neighbour) -> None:
    device = device_of(anna)
    added = await add(world, anna, device)
    opened = await open_by_passkey(world.ports, await opening(world, device, client="Telefon"))
    assert (opened.user, opened.pending) == (anna.user.id, False)
    session = await world.ports.sessions.get(opened.session)
    assert session is not None
    assert session.confirmed_at is not None
    (kept,) = await list_passkeys(world.ports, anna.actor, ListPasskeys())
    assert (kept.id, kept.count, kept.used_at is not None) == (added.id, 1, True)


async def test_one_that_never_counts_works_again_and_again(world: World, anna: Neighbour) -> None:
    device = device_of(anna, count=None)
    await add(world, anna, device)
    for _ in range(3):
        await open_by_passkey(world.ports, await opening(world, device))


async def test_a_challenge_works_once_even_in_parallel(world: World, anna: Neighbour) -> None:
    device = device_of(anna, count=None)
    await add(world, anna, device)
    attempt = await opening(world, device)
    outcomes = await asyncio.gather(*(open_by_passkey(world.ports, attempt) for _ in range(6)), return_exceptions=True)
    assert [o.code for o in outcomes if isinstance(o, HubError)] == ["challenge_expired"] * 5


async def test_a_challenge_is_good_for_its_purpose_and_its_time_only(world: World, anna: Neighbour) -> None:
    device, ports = device_of(anna), world.ports
    await add(world, anna, device)
    offer = await offer_passkey(ports, anna.actor, OfferPasskey())
    public = (await challenge_passkey(ports, ChallengePasskey())).challenge
    mine = await asked(world, anna)
    for challenge in (offer.challenge, mine):
        with pytest.raises(Unauthenticated, match="challenge_expired"):
            await open_by_passkey(ports, OpenByPasskey(**device.sign(challenge)))
    for challenge in (offer.challenge, public):
        with pytest.raises(Unauthenticated, match="challenge_expired"):
            await confirm_by_passkey(ports, anna.actor, ConfirmByPasskey(**device.sign(challenge)))
    for challenge in (public, mine):
        with pytest.raises(Unauthenticated, match="challenge_expired"):
            await add_passkey(ports, anna.actor, AddPasskey(**device_of(anna).make(challenge), name="x"))
    late = ports.clock.real() + timedelta(minutes=5, seconds=1)
    assert not await ports.challenges.take("sign in", public, late)
    elsewhere = replace(anna.actor, session=(await world.session(anna.user)).id)
    with pytest.raises(Unauthenticated, match="challenge_expired"):
        await confirm_by_passkey(ports, elsewhere, ConfirmByPasskey(**device.sign(mine)))


async def test_a_wrong_answer_costs_the_challenge(world: World, anna: Neighbour) -> None:
    device = device_of(anna)
    await add(world, anna, device)
    right = await opening(world, device)
    with pytest.raises(Unauthenticated, match="bad_passkey"):
        await open_by_passkey(world.ports, replace(right, signature=bytes(70)))
    with pytest.raises(Unauthenticated, match="challenge_expired"):
        await open_by_passkey(world.ports, right)


async def test_a_credential_nobody_has_or_for_somebody_else_opens_nothing(world: World, anna: Neighbour) -> None:
    device, otto = device_of(anna), await world.person("otto", device=False)
    await add(world, anna, device)
    with pytest.raises(Unauthenticated, match="bad_passkey"):
        await open_by_passkey(world.ports, await opening(world, device_of(anna)))
    with pytest.raises(Unauthenticated, match="bad_passkey"):
        await open_by_passkey(world.ports, replace(await opening(world, device), user_handle=otto.account))
    challenge = await asked(world, otto)
    with pytest.raises(Unauthenticated, match="bad_passkey"):
        await confirm_by_passkey(world.ports, otto.actor, ConfirmByPasskey(**device.sign(challenge)))


async def test_a_count_that_does_not_go_on_is_a_copy_and_the_owner_is_told(world: World, anna: Neighbour) -> None:
    device = device_of(anna, count=7)
    await add(world, anna, device)
    await open_by_passkey(world.ports, await opening(world, device))
    device.count = 3
    with pytest.raises(Unauthenticated, match="bad_passkey"):
        await open_by_passkey(world.ports, await opening(world, device))
    assert world.ear.of("notice")[-1] == {"code": "passkey_copied"}


async def test_a_credential_belongs_to_one_person(world: World, anna: Neighbour) -> None:
    device, otto = device_of(anna), await world.person("otto", device=False)
    await add(world, anna, device)
    for person in (anna, otto):
        with pytest.raises(Conflict, match="passkey_known"):
            await add(world, person, replace(device))


async def test_suspended_people_stay_out(world: World, anna: Neighbour) -> None:
    device = device_of(anna)
    await add(world, anna, device)
    await world.database.users.update_one({"_id": anna.user.id}, {"$set": {"suspended": True}})
    with pytest.raises(Forbidden, match="suspended"):
        await open_by_passkey(world.ports, await opening(world, device))


async def test_it_is_a_second_factor_and_a_proof_anew(world: World, anna: Neighbour) -> None:
    device, ports = device_of(anna), world.ports
    await add(world, anna, device)
    with pytest.raises(Conflict, match="session_complete"):
        await complete_by_passkey(ports, anna.actor, CompleteByPasskey(**device.sign(await asked(world, anna))))
    waiting = await world.session(anna.user)
    await world.database.sessions.update_one({"_id": waiting.id}, {"$set": {"pending": True}})
    pending = Actor(anna.user.id, waiting.id, pending=True)
    challenge = (await challenge_session(ports, pending, ChallengeSession())).challenge
    await complete_by_passkey(ports, pending, CompleteByPasskey(**device.sign(challenge)))
    assert not (await check_session(ports, pending)).pending
    before = (await check_session(ports, anna.actor)).confirmed_at
    await confirm_by_passkey(ports, anna.actor, ConfirmByPasskey(**device.sign(await asked(world, anna))))
    after = (await check_session(ports, anna.actor)).confirmed_at
    assert before != after
    assert after is not None


async def test_passkeys_are_renamed_and_removed_by_their_owner_alone(world: World, anna: Neighbour) -> None:
    device, ports = device_of(anna), world.ports
    added = await add(world, anna, device)
    otto = await world.person("otto", device=False)
    for attempt in (
        rename_passkey(ports, otto.actor, RenamePasskey(added.id, "Meins")),
        remove_passkey(ports, otto.actor, RemovePasskey(added.id)),
        remove_passkey(ports, anna.actor, RemovePasskey(PasskeyId("0" * 32))),
    ):
        with pytest.raises(NotFound, match="passkey_not_found"):
            await attempt
    await rename_passkey(ports, anna.actor, RenamePasskey(added.id, "Altes Telefon"))
    assert [kept.name for kept in await list_passkeys(ports, anna.actor, ListPasskeys())] == ["Altes Telefon"]
    elsewhere = await open_by_passkey(ports, await opening(world, device))
    await remove_passkey(ports, anna.actor, RemovePasskey(added.id))
    with pytest.raises(Unauthenticated, match="session_revoked"):
        await check_session(ports, Actor(elsewhere.user, elsewhere.session))
    with pytest.raises(Unauthenticated, match="bad_passkey"):
        await open_by_passkey(ports, await opening(world, device))


async def test_the_last_way_in_stays_however_many_are_removed_at_once(world: World, anna: Neighbour) -> None:
    added = [await add(world, anna, device_of(anna), f"Gerät {n}") for n in range(4)]
    await world.database.credentials.delete_many({"user": anna.user.id})
    removals = (remove_passkey(world.ports, anna.actor, RemovePasskey(each.id)) for each in added)
    outcomes = await asyncio.gather(*removals, return_exceptions=True)
    refused = [outcome for outcome in outcomes if isinstance(outcome, HubError)]
    assert [error.code for error in refused] == ["last_way_in"]
    assert len(await list_passkeys(world.ports, anna.actor, ListPasskeys())) == 1


async def test_nobody_has_more_than_a_drawer_full(world: World, anna: Neighbour) -> None:
    now = world.clock.real()
    for n in range(MAX_PASSKEYS):
        passkey = Passkey(PasskeyId(f"{n:032x}"), anna.user.id, "x", bytes([n]), b"k", 0, False, now)
        assert await world.ports.passkeys.add(passkey)
    with pytest.raises(Conflict, match="too_many_passkeys"):
        await offer_passkey(world.ports, anna.actor, OfferPasskey())


async def test_the_store_holds_neither_names_nor_credentials_in_the_clear(world: World, anna: Neighbour) -> None:
    device = device_of(anna)
    await add(world, anna, device, "Annas Kanarienvogel")
    document = await world.database.passkeys.find_one({})
    assert document is not None
    assert "Kanarienvogel" not in str(document)
    assert proofs.name_of(device.credential).hex() == document["_id"]


# Told to the others


async def test_a_new_passkey_and_a_new_device_are_told_kept_and_mailed(world: World, anna: Neighbour) -> None:
    device, ports = device_of(anna), world.ports
    await add(world, anna, device)
    opened = await open_by_passkey(ports, await opening(world, device))
    assert [told["code"] for told in world.ear.of("notice")] == ["passkey_added", "signed_in"]
    page = await ports.notifications.page(anna.user.id, None, 10)
    assert {notice.type for notice in page} == {"passkey_added", "signed_in"}
    assert await mails(world) == ["passkey", "arrival"]
    again = await open_by_passkey(ports, await opening(world, device, known=opened.known))
    assert world.ear.of("notice")[-1] == {"code": "signed_in", "session": again.session}
    assert await mails(world) == []


async def test_what_another_person_s_device_keeps_hides_nothing(world: World, anna: Neighbour) -> None:
    device, otto = device_of(anna), await world.person("otto", device=False)
    await add(world, anna, device)
    await mails(world)
    known = world.ports.tokens.known_device(otto.user.id)
    await open_by_passkey(world.ports, await opening(world, device, known=known))
    assert await mails(world) == ["arrival"]


async def mails(world: World) -> list[str]:
    """Kinds of the mails that wait; the queue forgets them."""
    kinds = []
    while held := await world.ports.post.claim(world.ports.clock.real()):
        kinds.append(held.mail.kind)
        await world.ports.post.sent(held)
    return kinds
