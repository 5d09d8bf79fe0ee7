"""Backups as an operator meets them: everything of one moment comes back, and half of one never does."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from api.app import open_stores
from api.backup import Backup, make_backup, make_backup_key, restore_backup
from api.erased import ErasedList
from api.hub_keys import FILE, rotate_keys
from api.preparation import silent_publisher
from api.settings import Settings
from api.startup import load_settings
from crypto.fields import Keyring
from storage.mongo.database import open_client
from storage.mongo.dump import DATA, FLEETING, KEYS
from storage.mongo.rewrap import rewrap
from storage.mongo.schema import SHAPES
from storage.mongo.store import Database
from storage.servers import Servers, StartupError
from tests.storage import world

NAMES = [f"t{uuid4().hex}" for _ in range(2)]


@pytest.fixture
async def hubs(servers: Servers, tmp_path: Path) -> AsyncIterator[tuple[Settings, Settings]]:
    """The hub that is backed up, and the empty machine it is restored on."""
    uris = {"mongodb_uri": servers.mongodb_uri, "redis_url": servers.redis_url}
    yield tuple(load_settings(**uris, mongodb_database=name, data_dir=tmp_path / name) for name in NAMES)  # type: ignore[misc]
    async with open_client(servers.mongodb_uri) as client:
        for name in NAMES:
            await client.drop_database(name)


async def documents(database: Database, names: frozenset[str]) -> Mapping[str, Any]:
    return {name: await database[name].find().sort("_id").to_list() for name in sorted(names)}


async def person(settings: Settings, servers: Servers) -> Any:
    async with open_stores(settings, servers, silent_publisher()) as stores:
        anna = world.user()
        await stores.ports.users.add(anna, "hash")
        await stores.ports.places.add(world.place(anna.id))
        await stores.ports.sessions.add(world.session(anna.id))
    return anna


async def backed_up(settings: Settings, folder: Path) -> tuple[Backup, Path]:
    secret = folder / "backup.key"
    public = make_backup_key(secret)
    return await make_backup(settings, folder / "disk", folder / "safe", public), secret


def test_every_collection_is_backed_up_or_known_to_be_fleeting() -> None:
    assert set(SHAPES) == DATA | KEYS | FLEETING


async def test_a_backup_comes_back_on_an_empty_machine(
    hubs: tuple[Settings, Settings], servers: Servers, tmp_path: Path
) -> None:
    before, after = hubs
    anna = await person(before, servers)
    backup, secret = await backed_up(before, tmp_path)
    words = await restore_backup(after, backup, secret)
    assert "0 people erased again" in words
    async with open_stores(after, servers, silent_publisher()) as stores, open_client(servers.mongodb_uri) as client:
        assert await stores.ports.users.credentials(anna.email) == (anna, "hash")
        (place,) = await stores.ports.places.of(anna.id)
        assert place.address == "Gartenweg 7"
        assert await stores.ports.sessions.live_of(anna.id) == []
        assert (await stores.storage.audit.verify()).seq == 2
        old, new = client[before.mongodb_database], client[after.mongodb_database]
        kept = DATA - {"audit_log"}
        assert await documents(old, kept) == await documents(new, kept)


async def test_nothing_of_it_can_be_read_without_the_secret_key(
    hubs: tuple[Settings, Settings], servers: Servers, tmp_path: Path
) -> None:
    anna = await person(hubs[0], servers)
    backup, secret = await backed_up(hubs[0], tmp_path)
    for path in backup:
        assert anna.id.encode() not in path.read_bytes()
        assert path.stat().st_mode & 0o777 == 0o600
    assert anna.id not in secret.read_text()


async def test_a_backup_from_before_a_rotation_is_read_with_the_key_of_today(
    hubs: tuple[Settings, Settings], servers: Servers, tmp_path: Path
) -> None:
    settings = hubs[0]
    anna = await person(settings, servers)
    backup, secret = await backed_up(settings, tmp_path)
    async with open_stores(settings, servers, silent_publisher()) as stores:

        async def anew(keys: Keyring, active: str) -> int:
            return await rewrap(stores.storage.database, keys, active)

        active = await rotate_keys(settings.data_dir / "secrets", anew, 0)
    await restore_backup(settings, backup, secret, replace=True)
    assert (settings.data_dir / "secrets" / FILE).read_text().startswith(active)
    async with open_stores(settings, servers, silent_publisher()) as stores:
        assert await stores.ports.users.get(anna.id) == anna


async def test_a_list_of_the_erased_from_elsewhere_is_followed(
    hubs: tuple[Settings, Settings], servers: Servers, tmp_path: Path
) -> None:
    before, after = hubs
    anna = await person(before, servers)
    backup, secret = await backed_up(before, tmp_path)
    async with open_stores(before, servers, silent_publisher()) as stores:
        pseudonym = await stores.storage.personal.pseudonym(anna.id)
    ErasedList(tmp_path).add([pseudonym])
    words = await restore_backup(after, backup, secret, erased=tmp_path / "erased")
    assert "1 people erased again" in words
    async with open_stores(after, servers, silent_publisher()) as stores:
        assert await stores.ports.users.get(anna.id) is None


async def test_what_cannot_be_restored_is_refused(
    hubs: tuple[Settings, Settings], servers: Servers, tmp_path: Path
) -> None:
    before, after = hubs
    await person(before, servers)
    backup, secret = await backed_up(before, tmp_path)
    make_backup_key(tmp_path / "other.key")
    with pytest.raises(StartupError, match="people in this database already"):
        await restore_backup(before, backup, secret)
    with pytest.raises(StartupError, match="does not open"):
        await restore_backup(after, backup, tmp_path / "other.key")
    with pytest.raises(StartupError, match="not of one backup"):
        await restore_backup(after, Backup(backup.keys, backup.data), secret)
    cut = tmp_path / "cut.data.dkb"
    cut.write_bytes(backup.data.read_bytes()[:-1])
    with pytest.raises(StartupError, match="does not open"):
        await restore_backup(after, Backup(cut, backup.keys), secret, replace=True)
    await person(after, servers)
    with pytest.raises(StartupError, match="not be written"):
        make_backup_key(secret)
    with pytest.raises(StartupError, match="same folder"):
        await make_backup(before, tmp_path, tmp_path, "dkb-")
    with pytest.raises(StartupError, match="public key cannot be used"):
        await make_backup(before, tmp_path / "a", tmp_path / "b", secret.read_text().strip())
    assert not list((tmp_path / "a").iterdir())


async def test_secrets_of_another_hub_are_not_mixed_with_a_backup(
    hubs: tuple[Settings, Settings], servers: Servers, tmp_path: Path
) -> None:
    before, after = hubs
    await person(before, servers)
    await person(after, servers)
    backup, secret = await backed_up(before, tmp_path)
    with pytest.raises(StartupError, match="belong to another hub"):
        await restore_backup(after, backup, secret, replace=True)
