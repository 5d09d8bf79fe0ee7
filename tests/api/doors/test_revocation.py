"""A token whose session ended opens nothing, from the next request on and on every worker, Redis or not."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest

from crypto.dkx.roster import Role
from crypto.tokens import new_slip, slip_hash
from hub.account import Actor, UserRole
from hub.errors import Unauthenticated
from hub.identity import Claimed
from hub.ids import DeviceId, new_id
from hub.ports import Note, Ports
from hub.usecases.accounts import ChangePassword, RegisterAccount, change_password, register_account
from hub.usecases.factors import ActivateFactor, RemoveFactor, StartFactor, activate_factor, remove_factor, start_factor
from hub.usecases.identities import RemoveIdentity, link_identity, remove_identity
from hub.usecases.mailing import ResetPassword, reset_password
from hub.usecases.passkeys import (
    AddPasskey,
    OfferPasskey,
    RemovePasskey,
    add_passkey,
    offer_passkey,
    remove_passkey,
)
from hub.usecases.sessions import RenewSession, RevokeOtherSessions, renew_session, revoke_other_sessions
from storage.mongo.store import Database
from storage.servers import Servers
from tests.api.doors.asking import is_refused
from tests.api.doors.hubs import Worker, worker
from tests.api.doors.street import settle
from tests.support.authenticator import Authenticator
from tests.support.raw_socket import RawSocket
from tests.support.world import Neighbour

WITHIN_S = 2.0
Pair = tuple[Worker, Worker]


@pytest.fixture(params=["with Redis", "without Redis"])
async def pair(
    request: pytest.FixtureRequest, servers: Servers, database: Database, secrets_dir: Path, tmp_path: Path
) -> AsyncIterator[Pair]:
    """Two workers on one database."""
    if request.param == "without Redis":
        servers = replace(servers, redis_url=f"unix://{tmp_path}/nobody.sock")
    async with AsyncExitStack() as stack:
        here, there = [await stack.enter_async_context(worker(servers, database, secrets_dir)) for _ in range(2)]
        yield here, there


async def ends(raw: RawSocket, since: float) -> float:
    """Wait for ``bye`` and the close; the seconds it took from ``since``."""
    assert await raw.heard("bye", within=5) == {"code": "session_revoked"}
    took = time.monotonic() - since
    assert await raw.until_closed() == 1008
    return took


async def test_a_revoked_session_is_over_on_both_workers(pair: Pair) -> None:
    here, there = pair
    person = await here.world.person()
    async with here.live(person) as one, there.live(person) as other:
        token = here.token(person)
        for hub in pair:
            assert (await hub.ask("GET", "/v1/me", token=token)).status_code == 200
        began = time.monotonic()
        response = await here.ask("DELETE", f"/v1/sessions/{person.actor.session}", token=token)
        assert response.status_code == 200
        for hub in pair:
            is_refused(await hub.ask("GET", "/v1/me", token=token), 401, "session_revoked")
        took = await asyncio.gather(ends(one, began), ends(other, began))
    assert max(took) < WITHIN_S
    for hub in pair:
        with pytest.raises(AssertionError, match="session_revoked"):
            async with hub.live(person):
                pass


async def test_a_token_of_a_device_ends_when_its_session_gets_another(pair: Pair) -> None:
    here, there = pair
    person = await here.world.person()
    token = here.token(person)
    assert (await there.ask("GET", "/v1/me", token=token)).status_code == 200
    await here.hub.ports.sessions.bind_device(person.actor.session, DeviceId(new_id()))
    for hub in pair:
        is_refused(await hub.ask("GET", "/v1/me", token=token), 401, "session_revoked")


# Each kind of ending reaches the sockets of both workers


PASSWORD = "sieben Zwerge im Wald"


async def somebody(pair: Pair) -> tuple[Neighbour, Actor]:
    """A person with a password, and a session of theirs that nothing is ended by."""
    here, _ = pair
    name = f"n{new_id()[:12]}"
    await register_account(here.hub.ports, RegisterAccount(f"{name}@example.org", PASSWORD, name, "Anna"))
    user = await here.hub.ports.users.by_handle(name)
    assert user is not None
    now = here.world.clock.real()
    ending, living = await here.world.session(user), await here.world.session(user)
    return Neighbour(user, Actor(user.id, ending.id)), Actor(user.id, living.id, confirmed_at=now)


async def everywhere(ports: Ports, person: Neighbour, by: Actor) -> None:
    await revoke_other_sessions(ports, by, RevokeOtherSessions())


async def another_password(ports: Ports, person: Neighbour, by: Actor) -> None:
    await change_password(ports, by, ChangePassword("hinter den sieben Bergen"))


async def by_mail(ports: Ports, person: Neighbour, by: Actor) -> None:
    secret = new_slip()
    life = ports.clock.real() + timedelta(minutes=1)
    await ports.slips.add(slip_hash(secret), "password", {"email": person.user.email}, life)
    await reset_password(ports, ResetPassword(secret, "hinter den sieben Bergen"))


async def no_factor(ports: Ports, person: Neighbour, by: Actor) -> None:
    await remove_factor(ports, by, RemoveFactor())


async def no_passkey(ports: Ports, person: Neighbour, by: Actor) -> None:
    device = Authenticator(person.account)
    offer = await offer_passkey(ports, by, OfferPasskey())
    added = await add_passkey(ports, by, AddPasskey(**device.make(offer.challenge), name="Telefon"))
    await remove_passkey(ports, by, RemovePasskey(added.id))


async def no_identity(ports: Ports, person: Neighbour, by: Actor) -> None:
    await link_identity(ports, by, Claimed("verein", "https://id.example", new_id()))
    (linked,) = await ports.identities.of(person.user.id)
    await remove_identity(ports, by, RemoveIdentity(linked.id))


async def reuse(ports: Ports, person: Neighbour, by: Actor) -> None:
    first = ports.tokens.new_refresh(person.actor.session)
    _, known = ports.tokens.read_refresh(first)
    long_ago = ports.clock.real() - timedelta(minutes=1)
    session = await ports.sessions.get(person.actor.session)
    assert session is not None
    assert await ports.sessions.rotate(session.id, session.refresh_hash, known, long_ago)
    assert await ports.sessions.rotate(session.id, known, b"next" * 8, long_ago)
    with pytest.raises(Unauthenticated, match="refresh_reused"):
        await renew_session(ports, RenewSession(first))


ENDINGS = (everywhere, another_password, by_mail, no_factor, no_passkey, no_identity, reuse)


async def test_each_kind_of_ending_closes_the_sockets_of_both_workers(pair: Pair) -> None:
    here, there = pair
    for end in ENDINGS:
        person, by = await somebody(pair)
        async with here.live(person, device=False) as one, there.live(person, device=False) as other:
            await end(here.hub.ports, person, by)
            began = time.monotonic()
            took = await asyncio.gather(ends(one, began), ends(other, began))
        assert max(took) < WITHIN_S, end.__name__


async def test_a_suspended_person_is_sent_away_from_both_workers(pair: Pair) -> None:
    here, there = pair
    person, _ = await somebody(pair)
    moderator, roles = await here.world.person(), frozenset({UserRole.MODERATOR})
    note = Note("role_granted", None, (moderator.user.id,))
    await here.hub.ports.users.set_roles(moderator.user.id, roles, note)
    async with here.live(person, device=False) as one, there.live(person, device=False) as other:
        began = time.monotonic()
        path, told = f"/v1/users/{person.user.id}", {"words": "Dreimal nicht zurückgebracht."}
        answer = await here.ask("POST", f"{path}/suspend", token=here.token(moderator), json=told)
        assert answer.status_code == 200
        took = await asyncio.gather(ends(one, began), ends(other, began))
    assert max(took) < WITHIN_S
    sign_in = {"email": person.user.email, "password": PASSWORD}
    is_refused(await there.ask("POST", "/v1/sessions", json=sign_in), 403, "suspended")
    back = {"words": "Ein Missverständnis."}
    answer = await there.ask("POST", f"{path}/restore", token=there.token(moderator), json=back)
    assert answer.status_code == 200
    assert (await here.ask("POST", "/v1/sessions", json=sign_in)).status_code == 201


async def shut_out(guest: RawSocket, room: str) -> None:
    """Until the room is none for this live socket any more."""
    for _ in range(200):
        if (await guest.call("room:get", {"room": room})).get("error", {}).get("code") == "room_not_found":
            return
        await asyncio.sleep(0.02)
    raise AssertionError("the room is still there")


async def test_who_is_taken_out_of_a_room_hears_and_may_nothing_more_on_both_workers(pair: Pair) -> None:
    here, there = pair
    street, guest = await settle(here.world), await here.world.person()
    here.world.ports = street.world.ports = here.hub.ports
    first = street.roster
    second = await street.seat(first, [*first.members, guest.member(Role.OBSERVER)])
    async with here.live(guest) as one, there.live(guest) as other, here.live(street.owner) as owner:
        for raw in (one, other):
            assert "error" not in await raw.call("room:get", {"room": street.room})
        began = time.monotonic()
        street.roster = await street.seat(second, list(first.members))
        await asyncio.gather(shut_out(one, street.room), shut_out(other, street.room))
        assert time.monotonic() - began < WITHIN_S
        pen = street.pen(street.renter)
        stored = await pen.send(pen.write("Jetzt sind wir unter uns."))
        assert (await owner.heard("message:new", within=5))["seq"] == stored.seq
        for raw in (one, other):
            with pytest.raises(TimeoutError):
                await raw.heard("message:new", within=0.5)
            sent = {"room": street.room, "read": stored.seq}
            assert (await raw.call("receipt:put", sent))["error"]["code"] == "room_not_found"


async def test_a_code_of_the_app_opens_one_of_many_sign_ins_on_both_workers(pair: Pair) -> None:
    here, there = pair
    person, by = await somebody(pair)
    made = await start_factor(here.hub.ports, by, StartFactor())
    app = pyotp.TOTP(made.secret)
    await activate_factor(here.hub.ports, by, ActivateFactor(app.at(int(time.time()) - 30)))
    sign_in = {"email": person.user.email, "password": PASSWORD}
    opened = [(await here.ask("POST", "/v1/sessions", json=sign_in)).json() for _ in range(8)]
    code = {"code": app.now()}
    asked = (
        hub.ask("POST", "/v1/sessions/complete", token=each["access"], json=code)
        for hub, each in zip((here, there) * 4, opened, strict=True)
    )
    assert sorted(answer.status_code for answer in await asyncio.gather(*asked)) == [200] + [401] * 7
