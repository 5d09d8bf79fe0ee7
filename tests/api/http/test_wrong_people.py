"""A token lives no longer than its session, and nobody ends somebody else's."""

from tests.support.asking import code_of
from tests.support.live_hub import LiveHub, Village


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
