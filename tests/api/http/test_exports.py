"""The file behind a link: a ZIP that nobody keeps on the way, and nothing the second time."""

import io
from zipfile import ZipFile

from hub.usecases.exporting import make_exports
from tests.support.asking import code_of
from tests.support.live_hub import LiveHub


async def test_a_copy_is_asked_for_watched_and_fetched_once(live: LiveHub) -> None:
    person = await live.world.person(device=False)
    await live.world.ports.sessions.confirm(person.actor.session, live.world.clock.real())
    started = await live.call("POST", "/v1/me/exports", person.actor, json={})
    assert started.status_code == 202
    await make_exports(live.world.ports)
    path = f"/v1/me/exports/{started.json()['id']}"
    state = (await live.call("GET", path, person.actor)).json()
    assert state["ready"]
    link = (await live.call("POST", f"{path}/link", person.actor, json={})).json()["path"]
    fetched = await live.call("GET", link)
    assert fetched.status_code == 200
    assert int(fetched.headers["content-length"]) == len(fetched.content) == state["bytes"]
    assert fetched.headers["cache-control"] == "private, no-store"
    assert fetched.headers["content-disposition"].startswith("attachment")
    assert "account.json" in ZipFile(io.BytesIO(fetched.content)).namelist()
    again = await live.call("GET", link)
    assert (again.status_code, code_of(again)) == (404, "slip_not_found")


async def test_a_copy_asks_for_a_proof_of_now(live: LiveHub) -> None:
    person = await live.world.person(device=False)
    answer = await live.call("POST", "/v1/me/exports", person.actor, json={})
    assert (answer.status_code, code_of(answer)) == (401, "confirmation_required")
