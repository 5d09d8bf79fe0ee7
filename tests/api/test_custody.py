"""What an operator answers for: rotating keys beside running hubs and through kill -9, and the audit log."""

import asyncio
import json
import os
import secrets
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT, Process, create_subprocess_exec
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from click.testing import CliRunner

from api.app import open_stores
from api.cli import main
from api.hub_keys import FILE, LiveKeys, rotate_keys
from api.preparation import silent_publisher
from api.secrets import load_secrets, read_ring
from api.settings import Settings
from api.startup import load_settings
from crypto.fields import FieldError, Keyring, Place
from hub.ports import Note
from storage.mongo.database import open_client
from storage.mongo.rewrap import rewrap
from storage.servers import EXIT_CONFIG, Servers
from tests.storage import world

PLACE = Place("data_keys", "key", "a" * 32)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    load_secrets(tmp_path, Settings(secrets_dir=None))
    return tmp_path / "secrets"


@pytest.fixture
async def settings(servers: Servers, tmp_path: Path) -> AsyncIterator[Settings]:
    name = f"t{uuid4().hex}"
    yield load_settings(
        mongodb_uri=servers.mongodb_uri, redis_url=servers.redis_url, mongodb_database=name, data_dir=tmp_path
    )
    async with open_client(servers.mongodb_uri) as client:
        await client.drop_database(name)


def env_of(settings: Settings) -> dict[str, str]:
    assert settings.mongodb_uri is not None
    assert settings.redis_url is not None
    return {
        "MONGODB_URI": settings.mongodb_uri.get_secret_value(), "REDIS_URL": settings.redis_url.get_secret_value(),
        "MONGODB_DATABASE": settings.mongodb_database, "DATA_DIR": str(settings.data_dir),
    }  # fmt: skip


async def dorfkiste(settings: Settings, *arguments: str) -> Process:
    """A command in a process of its own."""
    command, env = [sys.executable, "-m", "api.cli", *arguments], {**os.environ, **env_of(settings)}
    return await create_subprocess_exec(*command, env=env, stdout=PIPE, stderr=STDOUT)


async def said(settings: Settings, *arguments: str) -> tuple[int | None, str]:
    process = await dorfkiste(settings, *arguments)
    output, _ = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode, output.decode()


async def test_a_running_worker_follows_a_rotation_and_the_old_key_is_refused(folder: Path) -> None:
    live, path = LiveKeys(folder / FILE, 0o077), folder / FILE
    before = read_ring(path)
    old = live.seal(b"x", PLACE)
    sealed = [old]

    async def anew(keys: Keyring, active: str) -> int:
        assert live.is_current(live.seal(b"y", PLACE))
        assert live.open(sealed[0], PLACE) == b"x"
        done = 0 if keys.is_current(sealed[0]) else 1
        sealed[0] = keys.seal(keys.open(sealed[0], PLACE), PLACE)
        assert sealed[0].startswith(f"v1|{active}|")
        return done

    active = await rotate_keys(folder, anew, 0)
    assert active != before.active
    assert list(read_ring(path).keys) == [active]
    assert live.open(sealed[0], PLACE) == b"x"
    with pytest.raises(FieldError, match=f"no key {before.active}"):
        live.open(old, PLACE)


async def test_a_rotation_that_broke_off_goes_on_with_the_same_key(folder: Path) -> None:
    async def fails(_: Keyring, __: str) -> int:
        raise OSError

    async def nothing(_: Keyring, __: str) -> int:
        return 0

    before = read_ring(folder / FILE)
    with pytest.raises(OSError):  # noqa: PT011 - our own, without words
        await rotate_keys(folder, fails, 0)
    halfway = read_ring(folder / FILE)
    assert list(halfway.keys) == [halfway.active, before.active]
    assert await rotate_keys(folder, nothing, 0) == halfway.active
    assert list(read_ring(folder / FILE).keys) == [halfway.active]


async def test_a_rotation_survives_kill_9_in_its_middle(settings: Settings, servers: Servers) -> None:
    async with open_stores(settings, servers, silent_publisher()) as stores:
        people = [world.user() for _ in range(3)]
        for person in people:
            await stores.ports.users.add(person, "hash")
        keys, path = stores.storage.database.data_keys, settings.data_dir / "secrets" / FILE
        first = read_ring(path)
        ring, many = Keyring(first.keys, first.active), [secrets.token_hex(16) for _ in range(4000)]
        sealed = (
            {"_id": one, "key": ring.seal(bytes(32), Place("data_keys", "key", one)), "pseudonym": one} for one in many
        )
        await keys.insert_many(sealed)
        old: dict[str, Any] = {"key": {"$regex": f"^v1\\|{first.active}\\|"}}

        process = await dorfkiste(settings, "keys", "rotate", "--settle", "0.2")
        while await keys.count_documents(old) > len(many) - 50:
            assert process.returncode is None
            await asyncio.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        await process.communicate()
        assert 0 < await keys.count_documents(old) < len(many)
        assert len(read_ring(path).keys) == 2
        late = world.user()
        await stores.ports.users.add(late, "hash")

        code, words = await said(settings, "keys", "rotate", "--settle", "0.2")
        assert (code, "is sealed with" in words) == (0, True)
        assert await keys.count_documents(old) == 0
        assert list(read_ring(path).keys) != [first.active]
        for person in (*people, late):
            stores.storage.personal.drop(person.id)
            assert await stores.ports.users.get(person.id) == person
        with pytest.raises(FieldError):
            await rewrap(stores.storage.database, ring, "nobody's")


async def test_the_audit_log_is_verified_and_its_head_exported(settings: Settings, servers: Servers) -> None:
    async with open_stores(settings, servers, silent_publisher()) as stores:
        anna = world.user()
        await stores.ports.users.add(anna, "hash")
        for _ in range(3):
            await stores.ports.audit.note(Note("place_read", None, (anna.id,)))
        head = settings.data_dir / "head.json"
        head.write_text((await said(settings, "audit", "head"))[1])
        assert json.loads(head.read_text())["seq"] == 3
        code, words = await said(settings, "audit", "verify", "--head", str(head))
        assert (code, "holds: 3 entries" in words) == (0, True)
        _, named = await said(settings, "audit", "affected", "--since", "2026-01-01", "--act", "place_read")
        assert named.startswith(f"{anna.handle}\t{anna.email}\tplace_read 3\t")
        await stores.storage.database.audit_log.delete_one({"_id": 3})
        code, words = await said(settings, "audit", "verify", "--head", str(head))
        assert (code, "entry 3: missing, though it was exported" in words) == (1, True)


async def test_somebody_who_wrote_a_letter_is_erased(settings: Settings, servers: Servers) -> None:
    async with open_stores(settings, servers, silent_publisher()) as stores:
        anna = world.user()
        await stores.ports.users.add(anna, "hash")
        assert (await said(settings, "admin", "erase", "nobody@dorf.example", "--yes"))[0] == EXIT_CONFIG
        assert (await said(settings, "admin", "erase", anna.email, "--yes")) == (0, f"{anna.handle} is erased\n")
        assert await stores.ports.users.get(anna.id) is None
        assert (settings.data_dir / "erased").read_text().split() == await stores.storage.erasures.listed()


def test_a_head_of_another_hub_is_refused(folder: Path, settings: Settings) -> None:
    other = folder / "head.json"
    other.write_text("{}")
    done = CliRunner().invoke(main, ["audit", "verify", "--head", str(other)], env=env_of(settings))
    assert done.exit_code == EXIT_CONFIG
