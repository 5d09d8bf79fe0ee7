"""What is not mine and what is not there look the same, and a token lives no longer than its session."""

import pytest

from api.protocol import Act
from tests.support.asking import HTTP, ask_http, code_of, payload
from tests.support.live_hub import LiveHub, Village

PARTY = [row for row in HTTP if {"party", "owner", "renter"} & set(row.who)]
ROOM = [row for row in HTTP if "room" in row.who]


def named(row: Act) -> str:
    return row.event


@pytest.mark.parametrize("row", PARTY + ROOM, ids=named)
async def test_what_is_not_mine_and_what_is_not_there_look_the_same(row: Act, live: LiveHub, village: Village) -> None:
    nowhere = {**village.ids, "room": "0" * 31 + "1", "rental": "0" * 31 + "2"}
    foreign = await ask_http(live, row, payload(row, village.ids), village.stranger.actor)
    absent = await ask_http(live, row, payload(row, nowhere), village.stranger.actor)
    assert (foreign.status_code, foreign.json()) == (absent.status_code, absent.json())


async def test_nobody_ends_somebody_elses_session(live: LiveHub, village: Village) -> None:
    answer = await live.call("DELETE", f"/v1/sessions/{village.owner.actor.session}", village.stranger.actor)
    assert (answer.status_code, code_of(answer)) == (404, "session_not_found")
    assert (await live.call("GET", "/v1/me", village.owner.actor)).status_code == 200


async def test_a_token_ends_with_its_session(live: LiveHub) -> None:
    person = await live.world.person(device=False)
    assert (await live.call("GET", "/v1/me", person.actor)).status_code == 200
    assert (await live.call("DELETE", f"/v1/sessions/{person.actor.session}", person.actor)).status_code == 200
    for _ in range(40):
        answer = await live.call("GET", "/v1/me", person.actor)
        if answer.status_code == 401:
            break
    assert code_of(answer) == "session_revoked"


async def test_a_suspended_neighbour_is_shut_out(live: LiveHub) -> None:
    person = await live.world.person(device=False)
    await live.world.database.users.update_one({"_id": person.user.id}, {"$set": {"suspended": True}})
    answer = await live.call("GET", "/v1/me", person.actor)
    assert (answer.status_code, code_of(answer)) == (403, "suspended")
