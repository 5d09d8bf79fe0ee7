"""The keys and documents of one's own device, and its prekeys: made once, kept until they are replaced."""

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from client.errors import NotReady
from client.store.database import Database
from client.store.vault import unwrap, wrap
from crypto.dkx.devlist import Device, DevList
from crypto.dkx.dlkcert import DlkCert
from crypto.dkx.sealing.keys import BoxKey, OwnDevice, SigningKey, new_id
from crypto.dkx.sealing.prekey import ERASE_AFTER_MS, OPK_KEEP_MS
from crypto.dkx.sealing.signing import certify, first_devlist
from crypto.dkx.spk import Spk

KEY_FILE = "aik.key"


@dataclass(frozen=True, slots=True)
class Prekey:
    """One's own prekey with its secret half; ``replaced`` is the time its successor came, in ms."""

    document: Spk
    key: BoxKey
    replaced: int | None
    published: bool


@dataclass(frozen=True, slots=True)
class AccountKeys:
    """What each device of an account has: the seed of the device-list key and the backup key."""

    dlk: bytes = field(repr=False)
    bk: bytes = field(repr=False)


class Identity:
    """What makes this directory one device of one account."""

    def __init__(self, database: Database, directory: Path) -> None:
        self._db, self._directory = database, directory

    def exists(self) -> bool:
        return self._db.meta("device") is not None

    def create(self, account: bytes, *, now_ms: int, passphrase: str | None = None, epoch: int = 1) -> None:
        """Make AIK, DLK and device keys, the certificate and the first device list; nothing is sent yet."""
        aik, dlk, dsk, dbk = SigningKey.generate(), SigningKey.generate(), SigningKey.generate(), BoxKey.generate()
        own = OwnDevice(account, new_id(), aik.public, dsk, dbk)
        cert = certify(aik, account, epoch, dlk.public, now_ms=now_ms)
        rows = [Device(own.device, dsk.public, dbk.public, now_ms)]
        devices = first_devlist(dlk, account, rows, now_ms=now_ms, epoch=epoch)
        with self._db.transaction():
            self._db.set_meta("aik_wrapped", wrap(aik.seed, passphrase, self._directory / KEY_FILE))
            self.adopt(own, AccountKeys(dlk.seed, secrets.token_bytes(32)), cert, devices)

    def adopt(self, own: OwnDevice, keys: "AccountKeys", cert: DlkCert, devices: DevList) -> None:
        """Be this device of the account, with the keys that each of its devices has."""
        with self._db.transaction():
            for name, value in (("aik", own.aik), ("dsk_seed", own.dsk.seed), ("dbk", own.dbk.secret)):
                self._db.set_meta(name, value)
            self._db.set_meta("device", own.device)
            self.keep_keys(keys)
            self.keep_documents(cert, devices)

    def keep_keys(self, keys: "AccountKeys") -> None:
        self._db.set_meta("dlk_seed", keys.dlk)
        self._db.set_meta("bk", keys.bk)

    def keep_documents(self, cert: DlkCert, devices: DevList) -> None:
        """The account's newest certificate and device list, whichever of its devices made them."""
        self._db.set_meta("cert", cert.raw)
        self._db.set_meta("devlist", devices.raw)

    @property
    def holds_aik(self) -> bool:
        """Whether the identity key is still here: until there is a backup."""
        return self._db.meta("aik_wrapped") is not None

    def open_aik(self, passphrase: str | None = None) -> SigningKey:
        """The account's identity key, for as short as possible. WrongPassphrase."""
        return SigningKey.from_seed(unwrap(self._need("aik_wrapped"), passphrase, self._directory / KEY_FILE))

    def drop_aik(self) -> None:
        """It is in the backup now, and no copy of this directory gives it away."""
        self._db.forget("aik_wrapped")
        self.erase_key_file()

    def erase_key_file(self) -> None:
        (self._directory / KEY_FILE).unlink(missing_ok=True)

    def keys(self) -> "AccountKeys":
        """The account's device-list and backup key, or NotReady if another device has replaced them meanwhile."""
        keys = AccountKeys(self._need("dlk_seed"), self._need("bk"))
        if SigningKey.from_seed(keys.dlk).public != self.cert.dlk:
            raise NotReady("the account has new keys: give the recovery code on this device")
        return keys

    def under_way(self, name: str) -> dict[str, Any] | None:
        """What ``keep_under_way`` kept."""
        kept = self._db.meta(name)
        return None if kept is None else json.loads(kept)

    def keep_under_way(self, name: str, step: Mapping[str, Any] | None) -> None:
        """Remember a step that was begun, or, with None, that it is done."""
        if step is None:
            self._db.forget(name)
        else:
            self._db.set_meta(name, json.dumps(dict(step)).encode())

    def own(self) -> OwnDevice:
        """The device with its secret keys, or NotReady."""
        cert = self.cert
        dsk, dbk = SigningKey.from_seed(self._need("dsk_seed")), BoxKey.from_secret(self._need("dbk"))
        return OwnDevice(cert.account, self._need("device"), self._need("aik"), dsk, dbk)

    @property
    def cert(self) -> DlkCert:
        return DlkCert.parse(self._need("cert"))

    @property
    def devlist(self) -> DevList:
        return DevList.parse(self._need("devlist"))

    def prekey(self, spk_id: int | None = None) -> Prekey | None:
        """The prekey with this id, or the newest."""
        row = self._db.one("SELECT * FROM own_prekeys WHERE ?1 IS NULL OR id = ?1 ORDER BY id DESC LIMIT 1", spk_id)
        if row is None:
            return None
        document, key = Spk.parse(row["document"]), BoxKey.from_secret(row["secret"])
        return Prekey(document, key, row["replaced"], bool(row["published"]))

    def add_prekey(self, document: Spk, key: BoxKey, now_ms: int) -> None:
        """Keep a new prekey, mark the one before replaced, erase those replaced 42 days ago (e2ee.md §2)."""
        with self._db.transaction():
            self._db.execute("UPDATE own_prekeys SET replaced = ? WHERE replaced IS NULL", now_ms)
            self._db.execute("INSERT INTO own_prekeys VALUES (?, ?, ?, NULL, 0)", document.id, key.secret, document.raw)
            self.erase_old_prekeys(now_ms)

    def prekey_published(self, spk_id: int) -> None:
        self._db.execute("UPDATE own_prekeys SET published = 1 WHERE id = ?", spk_id)

    def erase_old_prekeys(self, now_ms: int) -> None:
        """One-time prekeys a day after their use, signed ones 42 days after they were replaced (e2ee.md §2)."""
        self._db.execute("DELETE FROM own_prekeys WHERE replaced < ?", now_ms - ERASE_AFTER_MS)
        self._db.execute("DELETE FROM own_one_time WHERE used < ?", now_ms - OPK_KEEP_MS)

    def add_one_time(self, first: int, count: int) -> None:
        """Make more, numbered from ``first`` or above all before; they are on disk before they are published."""
        row = self._db.one("SELECT max(id) AS last FROM own_one_time")
        first = max(first, (row["last"] or 0) + 1 if row else 1)
        with self._db.transaction():
            for number in range(first, first + count):
                secret = BoxKey.generate().secret
                self._db.execute("INSERT INTO own_one_time VALUES (?, ?, 0, NULL)", number, secret)

    def unpublished_one_time(self) -> dict[int, bytes]:
        """Public keys by number."""
        rows = self._db.all("SELECT id, secret FROM own_one_time WHERE NOT published ORDER BY id LIMIT 100")
        return {row["id"]: BoxKey.from_secret(row["secret"]).public for row in rows}

    def one_time_published(self, numbers: Iterable[int]) -> None:
        with self._db.transaction():
            for number in numbers:
                self._db.execute("UPDATE own_one_time SET published = 1 WHERE id = ?", number)

    def one_time(self, number: int) -> BoxKey | None:
        row = self._db.one("SELECT secret FROM own_one_time WHERE id = ?", number)
        return BoxKey.from_secret(row["secret"]) if row else None

    def one_time_used(self, number: int, now_ms: int) -> None:
        self._db.execute("UPDATE own_one_time SET used = ? WHERE id = ? AND used IS NULL", now_ms, number)

    @property
    def tokens(self) -> Mapping[str, Any] | None:
        """The tokens of the current sign-in, as the hub answered them."""
        kept = self._db.meta("tokens")
        return None if kept is None else json.loads(kept)

    def keep_tokens(self, tokens: Mapping[str, Any] | None) -> None:
        if tokens is None:
            self._db.forget("tokens")
        else:
            self._db.set_meta("tokens", json.dumps(tokens).encode())

    def _need(self, name: str) -> bytes:
        value = self._db.meta(name)
        if value is None:
            raise NotReady("this directory holds no device yet: create_device")
        return value
