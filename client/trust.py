"""Whose keys are whose: the hub is asked for lists and prekeys, and believed where they verify (e2ee.md §3)."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from client.errors import Alarm, HubRefused, NotReady
from client.happenings import Happenings
from client.hub import Hub
from client.store import Store
from client.store.log import Warned
from client.when import now_ms
from crypto import b64
from crypto.dkx.devlist import DevList
from crypto.dkx.dlkcert import DlkCert
from crypto.dkx.error import DkxError, IdentityChangedError, SpkError
from crypto.dkx.sealing.account_pin import AccountPin
from crypto.dkx.sealing.packet import Address, OneTimeKey
from crypto.dkx.sealing.prekey import Freshness
from crypto.dkx.spk import Spk


class Trust:
    """Pins on disk and in memory, kept equal: what fails to verify changes neither."""

    def __init__(self, store: Store, hub: Hub, happenings: Happenings) -> None:
        self._store, self._hub, self._happenings = store, hub, happenings
        self.pins = store.pinned.load()
        self._fetching: dict[str, asyncio.Lock] = {}

    def reload(self) -> None:
        """After pins were put on disk by another way than learning them here."""
        self.pins = self._store.pinned.load()

    def pin(self, account: str) -> AccountPin | None:
        return self.pins.get(bytes.fromhex(account))

    async def account(self, account: str) -> AccountPin:
        """The pin of an account, fetched when it was never met. Alarm; NotReady when it has no device yet."""
        pin = self.pin(account)
        return pin if pin is not None and pin.current is not None else await self.refresh(account)

    async def refresh(self, account: str) -> AccountPin:
        """Fetch and believe newer lists; one at a time, or an answer that comes late looks like a rollback."""
        async with self._fetching.setdefault(account, asyncio.Lock()):
            return await self._refresh(account)

    async def _refresh(self, account: str) -> AccountPin:
        known = self.pin(account)
        epoch, version = known.current.place if known and known.current else (0, 0)
        try:
            answer = await self._hub.get(f"/v1/users/{account}/devices", epoch=epoch, version=version)
        except HubRefused as refusal:
            if refusal.kind == "not_found":
                raise NotReady(f"{account} has no device yet") from refusal
            raise
        return self._believe(account, answer)

    async def fill(self, account: str) -> AccountPin:
        """Learn the lists before those known, too: what was signed by a former device is judged by them."""
        pin = await self.refresh(account)
        answer = await self._hub.get(f"/v1/users/{account}/devices", epoch=0, version=0)
        try:
            older = [DevList.parse(b64.decode(listed["list"])) for listed in answer["lists"]]
        except (DkxError, b64.Base64Error) as error:
            raise self.alarm(error.code, account) from error
        for known in sorted(older, key=lambda known: known.place, reverse=True):
            with suppress(DkxError):  # of a branch that was given up, or out of the reach of what is believed
                self.pins.learn_older_list(known)
        pin = self.pins.get(pin.account) or pin
        self._store.pinned.keep(pin)
        return pin

    def _believe(self, account: str, answer: Mapping[str, Any]) -> AccountPin:
        try:
            self.meet(account, b64.decode(answer["aik"]))
            for listed in answer["lists"]:
                self._learn(DlkCert.parse(b64.decode(listed["cert"])), DevList.parse(b64.decode(listed["list"])))
        except (DkxError, b64.Base64Error) as error:
            raise self.alarm(error.code, account) from error
        pin = self.pin(account)
        if pin is None or pin.current is None:
            raise NotReady(f"{account} has no device yet")
        return pin

    def meet(self, account: str, aik: bytes) -> None:
        """Pin the identity of an account, or IdentityChangedError if it is pinned with another."""
        try:
            self._store.pinned.keep(self.pins.meet(bytes.fromhex(account), aik))
        except IdentityChangedError:
            self._store.pinned.set_changed(account, aik)
            raise

    def _learn(self, cert: DlkCert, new: DevList) -> None:
        known = self.pins.get(new.account)
        change = self.pins.learn_list(cert, new, now_ms())
        pin = self.pins.get(new.account)
        if pin is not None:
            self._store.pinned.keep(pin)
        if self._is_own(new.account):
            self._follow_own(cert, new)
        if known is not None and known.current is not None:
            for device in change.added - self._this_device():
                self.warn("device_added", data={"account": new.account.hex(), "device": device.hex()})

    def _follow_own(self, cert: DlkCert, new: DevList) -> None:
        """Another device has replaced the account's keys: this one goes on, but needs the code to let others in."""
        identity = self._store.identity
        renewed = cert.epoch > identity.cert.epoch and identity.under_way("renewing") is None
        identity.keep_documents(cert, new)
        if renewed:
            self.warn("account_keys_changed", data={"epoch": cert.epoch})

    def _is_own(self, account: bytes) -> bool:
        return self._store.identity.exists() and account == self._store.identity.cert.account

    def _this_device(self) -> set[bytes]:
        return {self._store.identity.own().device} if self._store.identity.exists() else set()

    def learn_own(self, cert: DlkCert, new: DevList) -> None:
        """A list of one's own account that this device has made."""
        self._learn(cert, new)

    def believe_own(self) -> None:
        """Pin the account and the list that this device itself made."""
        identity = self._store.identity
        own = identity.own()
        self.meet(own.account.hex(), own.aik)
        self._learn(identity.cert, identity.devlist)

    def check_unchanged(self, accounts: Iterable[str]) -> None:
        """Refuse to go on while an identity has changed and the person has not decided. Alarm."""
        for account in accounts:
            if self._store.pinned.changed(account) is not None:
                raise Alarm("identity_changed", account)

    async def accept_identity(self, account: str) -> None:
        """The person decided to go on with the changed identity: it is pinned anew, unverified."""
        changed = self._store.pinned.changed(account)
        if changed is not None:
            with self._store.transaction():
                self._store.pinned.keep(self.pins.replace_identity(bytes.fromhex(account), changed))
                self._store.pinned.set_changed(account, None)
            await self.refresh(account)

    def set_verified(self, account: str, *, verified: bool) -> None:
        """After the safety numbers were compared, or to withdraw that."""
        self._store.pinned.keep(self.pins.set_verified(bytes.fromhex(account), verified))

    async def addresses(self, accounts: Sequence[str], but: bytes) -> list[Address]:
        """Where key packets go: every current device of these accounts except one, with its newest prekey.

        NotReady when a prekey is too old to be used, or a member has none at all: the message waits.
        """
        answer = await self._hub.call("POST", "/v1/prekeys/claim", {"accounts": list(accounts)})
        addresses = []
        for account in accounts:
            claimed = answer["accounts"].get(account, {"prekeys": {}})
            pin = await self._current(account, claimed)
            devices = [device.id for device in (pin.current.devices if pin.current else ()) if device.id != but]
            found = [address for device in devices if (address := self._address(device, claimed))]
            if not found and pin.device(but) is None:
                raise NotReady(f"no device of {account} can be written to yet")
            addresses += found
        return addresses

    async def _current(self, account: str, claimed: Mapping[str, Any]) -> AccountPin:
        """The pin, brought up to date if the hub handed out something newer. Alarm if it is another identity."""
        pin = await self.account(account)
        place, aik = (claimed.get("epoch", 0), claimed.get("version", 0)), claimed.get("aik")
        newer = pin.current is None or place > pin.current.place
        return await self.refresh(account) if newer or aik not in {None, b64.encode(pin.aik)} else pin

    def _address(self, device: bytes, claimed: Mapping[str, Any]) -> Address | None:
        """None for a device that has not published a prekey yet: it asks for the keys later."""
        party, known = self.pins.party(device), self.pins.prekey(device)
        if device.hex() in claimed["prekeys"]:
            known = self._learn_prekey(claimed["prekeys"][device.hex()])
        one_time = claimed.get("one_time", {}).get(device.hex())
        opk = OneTimeKey(one_time["id"], b64.decode(one_time["key"])) if one_time else None
        return Address(party, known, opk) if party and known else None

    def _learn_prekey(self, raw: str) -> Spk:
        document = Spk.parse(b64.decode(raw))
        try:
            age = self.pins.learn_prekey(document, now_ms())
        except SpkError as error:
            raise self.alarm(error.code, (self.pins.owner(document.device) or b"").hex()) from error
        self._store.pinned.keep_prekey(document)
        if age is Freshness.EXPIRED:
            raise NotReady(f"device {document.device.hex()} has been away for too long")
        return document

    def warn(
        self, code: str, room: str | None = None, seq: int | None = None, data: Mapping[str, Any] | None = None
    ) -> None:
        """Keep a named warning and tell whoever listens."""
        warned = Warned(code, room, seq, dict(data or {}), now_ms())
        self._store.log.keep_warning(warned)
        self._happenings.tell("warning", room, code=code, seq=seq, about=warned.data)

    def alarm(self, code: str, account: str, room: str | None = None) -> Alarm:
        """A warning that is raised as well."""
        self.warn(code, room, data={"account": account})
        return Alarm(code, account)
