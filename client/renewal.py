"""Replacing an account's keys after a device was lost: a new epoch, backup key and backup (e2ee.md §7)."""

import secrets

from client.backup import Backup
from client.device import RACES, DeviceDesk
from client.errors import HubRefused
from client.hub import Hub
from client.store import Store
from client.store.identity import AccountKeys
from client.when import now_ms
from crypto import b64
from crypto.dkx.devlist import Device, DevList
from crypto.dkx.dlkcert import DlkCert
from crypto.dkx.sealing.backup import AccountSecrets
from crypto.dkx.sealing.keys import SigningKey
from crypto.dkx.sealing.signing import certify, next_devlist

STEP = "renewing"


class Renewal:
    """``begin`` puts everything on disk; ``resume`` says it to the hub, as often as it takes.

    The list goes first: should the machine be lost before the backup follows, the old backup still opens everything,
    and a restore makes another epoch.
    """

    def __init__(self, store: Store, hub: Hub, desk: DeviceDesk, backup: Backup) -> None:
        self._store, self._hub, self._trust, self._desk, self._backup = store, hub, desk.trust, desk, backup

    @staticmethod
    def new_secrets(aik: bytes) -> AccountSecrets:
        return AccountSecrets(aik, SigningKey.generate().seed, secrets.token_bytes(32))

    def begin(self, fresh: AccountSecrets, blob: bytes, without: list[str]) -> None:
        """The identity key certifies the next epoch and is needed no more; ``without`` these devices."""
        own, epoch = self._store.identity.own(), self._store.identity.cert.epoch + 1
        dlk = SigningKey.from_seed(fresh.dlk)
        cert = certify(SigningKey.from_seed(fresh.aik), own.account, epoch, dlk.public, now_ms=now_ms())
        parts = {"cert": cert.raw, "dlk": fresh.dlk, "bk": fresh.bk, "blob": blob}
        step = {name: b64.encode(part) for name, part in parts.items()} | {"without": without}
        self._store.identity.keep_under_way(STEP, step)

    async def resume(self) -> None:
        """Nothing to do if no renewal is under way. HubRefused("confirmation_required"): prove to be there, resume."""
        step = self._store.identity.under_way(STEP)
        if step is None:
            return
        cert = DlkCert.parse(b64.decode(step["cert"]))
        keys = AccountKeys(b64.decode(step["dlk"]), b64.decode(step["bk"]))
        if self._store.identity.cert.raw != cert.raw:
            await self._publish(cert, keys, step["without"])
        self._store.identity.keep_keys(keys)
        await self._desk.prove()
        await self._put_blob(step["blob"])
        await self._backup.upload()
        self._store.identity.keep_under_way(STEP, None)

    async def _publish(self, cert: DlkCert, keys: AccountKeys, without: list[str]) -> None:
        while True:
            new = self._list(SigningKey.from_seed(keys.dlk), cert.epoch, without)
            try:
                await self._desk.publish(cert, new)
            except HubRefused as refusal:
                if refusal.code not in RACES:
                    raise
                await self._trust.refresh(new.account.hex())
            else:
                break
        self._trust.learn_own(cert, new)

    def _list(self, dlk: SigningKey, epoch: int, without: list[str]) -> DevList:
        """The newest rows, those of a thief perhaps: without the removed devices, and with this one."""
        own, current = self._store.identity.own(), self._store.identity.devlist
        rows = [row for row in current.devices if row.id.hex() not in without and row.id != own.device]
        mine = current.device(own.device) or Device(own.device, own.dsk.public, own.dbk.public, now_ms())
        return next_devlist(dlk, current, [*rows, mine], now_ms=now_ms(), epoch=epoch)

    async def _put_blob(self, blob: str) -> None:
        kept = await self._hub.get("/v1/backup")
        if kept["code"] != blob:
            body = {"version": kept["version"], "code": blob, "fresh": True}
            await self._hub.call("PUT", "/v1/backup", body)
