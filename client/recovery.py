"""The account's secrets under a recovery code that only the person has: made, changed, and used on a new machine.

Changing the code does not undo a copy that somebody took of the backup before: for a lost device see ``removal``.
"""

import asyncio
from typing import Any

from client.backup import Backup
from client.device import DeviceDesk
from client.errors import NeighbourError, NotReady
from client.hub import Hub
from client.renewal import Renewal
from client.store import Store
from client.store.identity import AccountKeys
from crypto import b64
from crypto.dkx.backup import Blob
from crypto.dkx.error import BackupError, RecoveryCodeError
from crypto.dkx.sealing.backup import AccountSecrets, open_by_code, seal_by_code
from crypto.dkx.sealing.keys import BoxKey, OwnDevice, SigningKey, new_id
from crypto.dkx.sealing.recovery import generate_code, generate_words, is_typed_back, normal_code, normal_words


class WrongCode(NeighbourError):
    """Not the recovery code, or not the one that was just shown."""


class Recovery:
    """``prepare`` and ``confirm`` make the backup; the chain keys are added to it from then on by themselves."""

    def __init__(self, store: Store, hub: Hub, desk: DeviceDesk, backup: Backup, renewal: Renewal) -> None:
        self._store, self._hub, self._trust = store, hub, desk.trust
        self._desk, self._backup, self._renewal = desk, backup, renewal
        self._shown: bytes | None = None

    async def exists(self) -> bool:
        return (await self._kept())["code"] is not None

    def prepare(self, *, words: bool = False, lang: str = "de", given: str = "") -> str:
        """A fresh code, or seven words, to be shown once and written down. Nothing is kept before ``confirm``.

        ``given`` is a code that is known already, for accounts that anybody may open: those of a demo.
        """
        if given:
            shown = given
            self._shown = normal_code(given)
        elif words:
            shown = generate_words("en" if lang == "en" else "de")
            self._shown = normal_words(shown)
        else:
            shown = generate_code()
            self._shown = normal_code(shown)
        return shown

    async def confirm(self, typed: str, *, passphrase: str | None = None, code: str | None = None) -> None:
        """The person types it back: the secrets go to the hub under it, and the identity key leaves this device.

        ``code`` is the one that was valid so far, where there is a backup already. The hub wants a proof of the last
        five minutes (``account.confirm``). WrongCode.
        """
        if self._shown is None or not is_typed_back(self._shown, typed):
            raise WrongCode("not what was shown")
        keys = self._store.identity.keys()
        if self._store.identity.holds_aik:
            aik = self._store.identity.open_aik(passphrase).seed
        else:
            aik = (await self.unlock(code or "")).aik
        blob = await self._seal(AccountSecrets(aik, keys.dlk, keys.bk), self._shown)
        body = {"version": (await self._kept())["version"], "code": b64.encode(blob)}
        await self._hub.call("PUT", "/v1/backup", body)
        self._store.identity.drop_aik()
        self._shown = None
        await self._backup.upload()

    async def catch_up(self) -> None:
        """Add what the backup lacks now, not only within seconds: for a program that is about to end."""
        await self._backup.upload()

    async def unlock(self, code: str) -> AccountSecrets:
        """The account's secrets, opened with the code or the words. WrongCode; NotReady without a backup."""
        kept = await self._kept()
        if kept["code"] is None:
            raise NotReady("this account has no backup")
        account, raw = bytes.fromhex(self._hub.session.user), b64.decode(kept["code"])
        try:
            return await asyncio.to_thread(_open, raw, account, code)
        except (BackupError, RecoveryCodeError) as error:
            raise WrongCode(str(error)) from error

    async def renew(self, code: str) -> None:
        """Another device has replaced the account's keys: take the new ones from the backup. Alarm; WrongCode."""
        found, identity = await self.unlock(code), self._store.identity
        await self._trust.refresh(identity.own().account.hex())
        try:
            found.check(identity.own().aik, identity.cert)
        except BackupError as error:
            raise self._trust.alarm(error.code, self._hub.session.user) from error
        identity.keep_keys(AccountKeys(found.dlk, found.bk))
        await self._backup.upload()

    async def restore(self, code: str) -> int:
        """Make this directory a device of the account: sign in first. Answers how many chains the backup lost.

        May be called again after it was cut off. Alarm when the hub shows another identity than the backup holds.
        """
        if not self._store.identity.exists():
            await self._adopt(code, await self.unlock(code))
        if self._store.identity.under_way("renewing") is None:
            await self._desk.join()
            await self._desk.prove()
        await self._renewal.resume()
        return await self._backup.fetch()

    async def remove(self, devices: list[str], code: str) -> None:
        """Shut out lost or distrusted devices: other account keys, another backup key, and a list without them.

        Whoever has one of these devices reads nothing that is written from now on. The hub wants a proof of the last
        five minutes (``account.confirm``); cut off in between, it goes on at the next ``connect``.
        """
        found, own = await self.unlock(code), self._store.identity.own()
        if SigningKey.from_seed(found.aik).public != own.aik:
            raise self._trust.alarm("backup_invalid", self._hub.session.user)
        await self._trust.refresh(own.account.hex())
        fresh = self._renewal.new_secrets(found.aik)
        self._renewal.begin(fresh, await self._seal(fresh, _normal(code)), without=devices)
        await self._renewal.resume()

    async def _adopt(self, code: str, found: AccountSecrets) -> None:
        account, aik = bytes.fromhex(self._hub.session.user), SigningKey.from_seed(found.aik).public
        self._trust.meet(account.hex(), aik)
        pin = await self._trust.fill(account.hex())
        if pin.current is None:
            raise NotReady("this account has no device list")
        cert = pin.certs[pin.current.epoch]
        own = OwnDevice(account, new_id(), aik, SigningKey.generate(), BoxKey.generate())
        stale = SigningKey.from_seed(found.dlk).public != cert.dlk
        fresh = self._renewal.new_secrets(found.aik)
        blob = await self._seal(fresh, _normal(code)) if stale else b""
        with self._store.transaction():
            self._store.identity.adopt(own, AccountKeys(found.dlk, found.bk), cert, pin.current)
            if stale:
                self._renewal.begin(fresh, blob, without=[])

    async def _seal(self, content: AccountSecrets, code: bytes) -> bytes:
        account = bytes.fromhex(self._hub.session.user)
        return (await asyncio.to_thread(seal_by_code, content, account, code)).raw

    async def _kept(self) -> dict[str, Any]:
        return await self._hub.get("/v1/backup")


def _normal(code: str) -> bytes:
    """What is hashed of a typed code or typed words."""
    try:
        return normal_code(code)
    except RecoveryCodeError:
        return normal_words(code)


def _open(raw: bytes, account: bytes, code: str) -> AccountSecrets:
    blob = Blob.parse(raw)
    if blob.account != account:
        raise BackupError("of another account")
    return open_by_code(blob, _normal(code))
