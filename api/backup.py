"""Backups: what is stored and the keys to it, in two files for two places, both sealed for a key kept elsewhere."""

import os
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

from pymongo.errors import PyMongoError

from api.app import open_stores
from api.custody import stores_of
from api.engines import hub_servers
from api.erased import ErasedList
from api.hub_keys import FILE
from api.preparation import silent_publisher
from api.secrets import RINGS, SINGLE, create_secrets_from, parse_ring, read_ring, secrets_folder
from api.settings import Settings
from crypto.fields import Keyring
from crypto.sealed_file import PART, SealedFileError, begin, new_key_pair, open_file
from hub.ids import new_id
from hub.ports import Note
from hub.usecases.erasing import erase_again
from storage.embedded import running_servers
from storage.mongo.database import migrate, open_client
from storage.mongo.dump import DATA, KEYS, Dump, DumpError, dump, load
from storage.mongo.rewrap import SEALED, place_of
from storage.servers import Servers, StartupError

DATA_SUFFIX, KEYS_SUFFIX = ".data.dkb", ".keys.dkb"
SECRETS: Final = (*RINGS, *SINGLE)

Documents = Iterator[tuple[str, Mapping[str, Any]]]


class Backup(NamedTuple):
    """The two files; one without the other is noise, and both are without the secret key."""

    data: Path
    keys: Path


def make_backup_key(path: Path) -> str:
    """Write the secret key to a new file and answer the public one."""
    secret, public = new_key_pair()
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(f"{secret}\n")
    except OSError as error:
        raise StartupError(f"{path} cannot be written: {error.strerror}", "Name a new file.") from error
    return public


async def make_backup(settings: Settings, folder: Path, keys_folder: Path, recipient: str) -> Backup:
    """Back up everything of one moment, beside a hub at work. The list of the erased is copied beside the keys."""
    id_, at = new_id(), datetime.now(UTC)
    made, about = _named(folder, keys_folder, at), {"version": 1, "id": id_, "at": at}
    async with stores_of(settings) as stores:
        await stores.ports.audit.note(Note("backup_made", None, detail=id_))
        try:
            async with stores.storage.database.client.start_session(snapshot=True) as session:
                for path, names, more in (
                    (made.data, DATA, {}),
                    (made.keys, KEYS, {"secrets": _secrets(settings)}),
                ):
                    await _write(path, recipient, dump(stores.storage.database, names, about | more, session))
        except PyMongoError as error:
            cause = f"The database could not be read at one moment: {type(error).__name__}"
            raise StartupError(cause, "Try again when less is going on.") from error
    ErasedList(keys_folder).add(ErasedList(settings.data_dir).read())
    return made


async def restore_backup(
    settings: Settings, backup: Backup, secret: Path, *, erased: Path | None = None, replace: bool = False
) -> str:
    """Bring back a backup into an empty database, then erase again whoever was erased since."""
    if running_servers(settings.data_dir):
        raise StartupError(f"A hub is running on {settings.data_dir}", "Stop it first.")
    key = _text(secret).strip()
    with _opened(backup.keys, key) as keys, _opened(backup.data, key) as data:
        if keys.about["id"] != data.about["id"] or "secrets" not in keys.about:
            raise StartupError("These two files are not of one backup", "Take two that have the same name.")
        _bring_secrets(settings, keys.about["secrets"])
        async with hub_servers(settings, join=False) as servers:
            count = await _load(settings, servers, keys, data, replace=replace)
            again = await _settle(settings, servers, data, erased)
    return f"{count} documents of {data.about['at']:%Y-%m-%d %H:%M} UTC restored, {again} people erased again"


async def _load(settings: Settings, servers: Servers, keys: Dump, data: Dump, *, replace: bool) -> int:
    async with open_client(servers.mongodb_uri) as client:
        database = client[settings.mongodb_database]
        if replace:
            await client.drop_database(database.name)
        await migrate(database)
        if await database.users.find_one({}, {"_id": 1}):
            raise StartupError("There are people in this database already", "Use --replace to give them up for it.")
        parts = (_resealed(settings, keys.about["secrets"], part.documents()) for part in (data, keys))
        return sum([await load(database, part) for part in parts])


async def _settle(settings: Settings, servers: Servers, data: Dump, erased: Path | None) -> int:
    listed = ErasedList(settings.data_dir)
    if erased is not None:
        listed.add(_text(erased).split())
    async with open_stores(settings, servers, silent_publisher()) as stores:
        await stores.ports.audit.note(Note("backup_restored", None, detail=data.about["id"]))
        copies = await stores.storage.database["blobs.files"].distinct("_id", {"_id": {"$regex": "^export-"}})
        await stores.ports.blobs.delete(copies)
        return await erase_again(stores.ports, listed.read())


def _named(folder: Path, keys_folder: Path, at: datetime) -> Backup:
    if folder.resolve() == keys_folder.resolve():
        raise StartupError("Data and keys would lie in the same folder", "Name two, on two disks or machines.")
    name = f"dorfkiste-{at:%Y%m%d-%H%M%S}"
    return Backup(folder / f"{name}{DATA_SUFFIX}", keys_folder / f"{name}{KEYS_SUFFIX}")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise StartupError(f"{path} cannot be read: {error}", "Check its name and owner.") from error


async def _write(path: Path, recipient: str, records: AsyncIterator[bytes]) -> None:
    """The whole file or none."""
    draft = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            await _seal(file, recipient, records)
            os.fsync(file.fileno())
        draft.rename(path)
    except SealedFileError as error:
        cause = f"The public key cannot be used: {error}"
        raise StartupError(cause, "Make one with `dorfkiste backup-key`.") from error
    except OSError as error:
        raise StartupError(f"{path} cannot be written: {error.strerror}", "Check the folder and its disk.") from error
    finally:
        draft.unlink(missing_ok=True)


async def _seal(file: BinaryIO, recipient: str, records: AsyncIterator[bytes]) -> None:
    first, sealer = begin(recipient)
    file.write(first)
    held = bytearray()
    async for record in records:
        held += record
        while len(held) > PART:
            file.write(sealer.seal(bytes(held[:PART])))
            del held[:PART]
    file.write(sealer.seal(bytes(held), last=True))


@contextmanager
def _opened(path: Path, secret: str) -> Iterator[Dump]:
    try:
        with path.open("rb") as file:
            yield Dump(open_file(secret, file.read))
    except OSError as error:
        raise StartupError(f"{path} cannot be read: {error.strerror}", "Check its name and owner.") from error
    except (SealedFileError, DumpError) as error:
        raise StartupError(f"This backup does not open: {error}", "Use two whole files and their own key.") from error


def _secrets(settings: Settings) -> Mapping[str, str]:
    folder, _ = secrets_folder(settings.data_dir, settings)
    return {name: (folder / name).read_text(encoding="ascii") for name in SECRETS}


def _bring_secrets(settings: Settings, known: Mapping[str, str]) -> None:
    """Those of the backup where there are none; all others but the rotated one must be the same."""
    folder, _ = secrets_folder(settings.data_dir, settings)
    if not folder.exists():
        create_secrets_from(folder, known)
        return
    other = [name for name in SECRETS if name != FILE and (folder / name).read_text(encoding="ascii") != known[name]]
    if other:
        cause = f"The secrets in {folder} belong to another hub ({', '.join(other)})"
        raise StartupError(cause, "Restore into a DATA_DIR of its own.")


def _resealed(settings: Settings, secrets: Mapping[str, str], documents: Documents) -> Documents:
    """What the hub's own keys sealed, under that of today: it may have been rotated since."""
    folder, forbidden = secrets_folder(settings.data_dir, settings)
    old, new = parse_ring(Path(FILE), secrets[FILE]), read_ring(folder / FILE, forbidden)
    before, after = Keyring(old.keys, old.active), Keyring(new.keys, new.active)
    for name, document in documents:
        fields = [field for collection, field in SEALED if collection == name]
        places = {field: place_of(name, field, document["_id"]) for field in fields}
        anew = {field: after.seal(before.open(document[field], place), place) for field, place in places.items()}
        yield (name, {**document, **anew}) if anew else (name, document)
