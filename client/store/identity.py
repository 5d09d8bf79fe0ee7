"""The keys and documents of one's own device, and its prekeys: made once, kept until they are replaced."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from client.errors import NotReady
from client.store.database import Database
from client.store.vault import unwrap, wrap
from crypto.dkx.devlist import Device, DevList
from crypto.dkx.dlkcert import DlkCert
from crypto.dkx.sealing.keys import BoxKey, OwnDevice, SigningKey, new_id
from crypto.dkx.sealing.prekey import ERASE_AFTER_MS
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


class Identity:
    """What makes this directory one device of one account."""

    def __init__(self, database: Database, directory: Path) -> None:
        self._db, self._directory = database, directory

    def exists(self) -> bool:
        return self._db.meta("device") is not None

    def create(self, account: bytes, *, now_ms: int, passphrase: str | None = None) -> None:
        """Make AIK, DLK and device keys, the certificate and the first device list; nothing is sent yet."""
        aik, dlk, dsk, dbk = SigningKey.generate(), SigningKey.generate(), SigningKey.generate(), BoxKey.generate()
        device = new_id()
        cert = certify(aik, account, 1, dlk.public, now_ms=now_ms)
        devices = first_devlist(dlk, account, [Device(device, dsk.public, dbk.public, now_ms)], now_ms=now_ms)
        values = {
            "aik": aik.public,
            "aik_wrapped": wrap(aik.seed, passphrase, self._directory / KEY_FILE),
            "dlk_seed": dlk.seed,
            "dsk_seed": dsk.seed,
            "dbk": dbk.secret,
            "cert": cert.raw,
            "devlist": devices.raw,
            "device": device,
        }
        with self._db.transaction():
            for name, value in values.items():
                self._db.set_meta(name, value)

    def open_aik(self, passphrase: str | None = None) -> SigningKey:
        """The account's identity key, for as short as possible. WrongPassphrase."""
        return SigningKey.from_seed(unwrap(self._need("aik_wrapped"), passphrase, self._directory / KEY_FILE))

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
            self._db.execute("DELETE FROM own_prekeys WHERE replaced < ?", now_ms - ERASE_AFTER_MS)

    def prekey_published(self, spk_id: int) -> None:
        self._db.execute("UPDATE own_prekeys SET published = 1 WHERE id = ?", spk_id)

    @property
    def tokens(self) -> Mapping[str, Any] | None:
        """The tokens of the current sign-in, as the hub answered them."""
        kept = self._db.meta("tokens")
        return None if kept is None else json.loads(kept)

    def keep_tokens(self, tokens: Mapping[str, Any] | None) -> None:
        if tokens is None:
            self._db.execute("DELETE FROM meta WHERE name = 'tokens'")
        else:
            self._db.set_meta("tokens", json.dumps(tokens).encode())

    def _need(self, name: str) -> bytes:
        value = self._db.meta(name)
        if value is None:
            raise NotReady("this directory holds no device yet: create_device")
        return value
