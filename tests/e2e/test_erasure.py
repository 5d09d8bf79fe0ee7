"""Somebody leaves: nothing of them is in any file, log or backup's restore; the same search finds what may stay."""

import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2

from api.app import open_stores
from api.backup import make_backup, make_backup_key, restore_backup
from api.custody import check_audit
from api.preparation import silent_publisher
from api.startup import load_settings
from storage.servers import Servers
from tests.e2e.test_canary import files_with
from tests.support.hub_process import running_hub

PASSWORD = "dorf-und-kiste-26"
CANARIES = {
    "email": "kanari-3d9b1f@dorf.example",
    "handle": "kanari-handle-77f0",
    "display_name": "Kanari Vonnebenan-5c2e",
    "label": "Kanarischuppen-91ab",
    "address": "Kanarigasse 17, 4f8d Musterdorf",
    "instructions": "Kanarischluessel-e6d4 unter der Matte",
}
CONTROL = "Kontrollwort-b7c219-einer-Anzeige"
"""Public words of a listing: an erasure deletes them, and pages that were freed may hold them until they are reused."""


def chosen(servers: Servers, data_dir: Path) -> dict[str, Any]:
    uris = {"mongodb_uri": servers.mongodb_uri, "redis_url": servers.redis_url}
    return {**uris, "mongodb_database": f"erase{uuid4().hex[:12]}", "data_dir": data_dir}


def canaries_in(folder: Path) -> list[str]:
    return [name for name, text in CANARIES.items() if files_with(folder, text)]


def join(http: httpx2.Client) -> None:
    """Somebody with an address, a place and a thing, who is signed in and has a copy of it all waiting."""
    account = {name: CANARIES[name] for name in ("email", "handle", "display_name")}
    assert http.post("/v1/accounts", json={**account, "password": PASSWORD}).is_success
    sign_in(http)
    place = {name: CANARIES[name] for name in ("label", "address", "instructions")}
    item = {"title": CONTROL, "description": "", "tariff": {"day": 900}, "place": {**place, "lat": 52.5, "lon": 13.4}}
    made = http.post("/v1/items", json=item)
    assert made.is_success, made.text
    export = http.post("/v1/me/exports", json={}).json()["id"]
    for _ in range(100):
        if (told := http.get(f"/v1/me/exports/{export}").json())["ready"]:
            return
        time.sleep(0.1)
    raise AssertionError(told)


def sign_in(http: httpx2.Client) -> httpx2.Response:
    answer = http.post("/v1/sessions", json={"email": CANARIES["email"], "password": PASSWORD})
    if answer.is_success:
        http.headers["Authorization"] = f"Bearer {answer.json()['access']}"
    return answer


async def test_an_erased_person_is_in_no_file_and_does_not_come_back(
    servers: Servers, servers_dir: Path, tmp_path: Path
) -> None:
    hub_dir, told = tmp_path / "hub", chosen(servers, tmp_path / "hub")
    secret = tmp_path / "backup.key"
    public = make_backup_key(secret)
    env = {name.upper(): str(value) for name, value in told.items()} | {"LOG_LEVEL": "debug"}
    with running_hub(hub_dir, env=env) as hub, httpx2.Client(base_url=hub.url) as http:
        join(http)
        yesterday = await make_backup(load_settings(**told), tmp_path / "disk", tmp_path / "safe", public)
        assert http.delete("/v1/me").is_success
        assert sign_in(http).status_code == 401
    assert files_with(servers_dir, CONTROL), "the search itself must be able to find something"
    for folder in (servers_dir, hub_dir, yesterday.data.parent, yesterday.keys.parent):
        assert not canaries_in(folder)
    assert not [name for name, text in CANARIES.items() if text in "\n".join(hub.lines)]
    assert (await check_audit(load_settings(**told), None))[0]

    restored = load_settings(**chosen(servers, tmp_path / "new"))
    assert "1 people erased again" in await restore_backup(restored, yesterday, secret, erased=hub_dir / "erased")
    async with open_stores(restored, servers, silent_publisher()) as stores:
        assert await stores.ports.users.credentials(CANARIES["email"]) is None
        assert await stores.ports.items.page(None, None, 10) == []
    assert not canaries_in(servers_dir)
    assert (await check_audit(restored, None))[0]

    forgetful = load_settings(**chosen(servers, tmp_path / "forgetful"))
    assert "0 people erased again" in await restore_backup(forgetful, yesterday, secret)
    async with open_stores(forgetful, servers, silent_publisher()) as stores:
        back = await stores.ports.users.credentials(CANARIES["email"])
    assert back is not None, "the backup holds the person: it is the list that erases"
