"""A second device: the new one asks, an existing one lets it in, by a scanned code or compared digits (e2ee.md §7).

The hub carries the words between them and learns nothing that helps it: each side checks the other by what people see.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from client.backup import Backup
from client.device import DeviceDesk
from client.errors import HubRefused, NeighbourError
from client.hub import Hub
from client.store import Store
from client.store.identity import AccountKeys
from client.when import now_ms
from crypto import b64
from crypto.dkx.devlist import Device, DevList
from crypto.dkx.dlkcert import DlkCert
from crypto.dkx.error import LinkError, LinkMismatchError
from crypto.dkx.sealing.account_pin import AccountPin
from crypto.dkx.sealing.digits import ExistingSide, NewSide
from crypto.dkx.sealing.keys import BoxKey, OwnDevice, SigningKey, new_id
from crypto.dkx.sealing.link import LinkCode, NewKeys, check_linked
from crypto.dkx.sealing.link_bundle import BundledPin, LinkBundle, open_bundle, seal_bundle

POLL_S: Final = 0.5
MAX_BUNDLE: Final = 47_000
"""What the hub carries, less the seal."""
GONE: Final = "link_not_found"

Link = Mapping[str, Any]


async def follow(hub: Hub, link: str, holds: Callable[[Link], bool]) -> Link:
    """Look at a linking until ``holds``. HubRefused("link_not_found") when its time is over or somebody ended it."""
    while True:
        found = await hub.get(f"/v1/links/{link}")
        if holds(found):
            return found
        await asyncio.sleep(POLL_S)


class Newcomer:
    """The new device: signed in, without an identity. What it made is on disk before it is shown or sent."""

    def __init__(self, store: Store, hub: Hub, desk: DeviceDesk, backup: Backup) -> None:
        self._store, self._hub, self._trust, self._desk, self._backup = store, hub, desk.trust, desk, backup

    async def ask_by_code(self) -> str:
        """The text of the QR code to show; then wait in ``finish``."""
        keys, secrets = self._make()
        code = LinkCode.make(keys)
        self._keep(secrets | {"code": code.text()})
        await self._hub.call("POST", "/v1/links", {"link": keys.link.hex()})
        return code.text()

    async def ask_by_digits(self) -> str:
        """Waits until an existing device takes part; the six digits to show. Then wait in ``finish``."""
        keys, secrets = self._make()
        side, link = NewSide(keys, BoxKey.from_secret(b64.decode(secrets["eph"]))), keys.link.hex()
        await self._hub.call("POST", "/v1/links", {"link": link, "commit": b64.encode(side.commit)})
        answered = await follow(self._hub, link, lambda seen: seen["eph"] is not None)
        revealed = side.reveal(b64.decode(answered["eph"]))
        self._keep(secrets | {"key": b64.encode(side.key)})
        await self._hub.call("POST", f"/v1/links/{link}/reveal", {"revealed": b64.encode(revealed)})
        return str(side.digits)

    async def finish(self) -> None:
        """Wait for the account's keys, become its device, and read what the backup holds. May be called again."""
        step = self._store.identity.under_way("joining")
        if step is None:
            raise NeighbourError("ask_by_code or ask_by_digits first")
        if not self._store.identity.exists():
            await self._take(step, await follow(self._hub, step["link"], lambda seen: seen["bundle"] is not None))
        await self._desk.prove()
        await self._backup.fetch()
        self._store.identity.keep_under_way("joining", None)
        await self._hub.call("DELETE", f"/v1/links/{step['link']}")

    def _make(self) -> tuple[NewKeys, dict[str, str]]:
        if self._store.identity.exists():
            raise NeighbourError("this directory is a device already")
        link, dsk, dbk, eph = new_id(), SigningKey.generate(), BoxKey.generate(), BoxKey.generate()
        secrets = {"dsk": b64.encode(dsk.seed), "dbk": b64.encode(dbk.secret), "eph": b64.encode(eph.secret)}
        return NewKeys(link, dsk.public, dbk.public, eph.public), secrets | {"link": link.hex()}

    def _keep(self, step: Mapping[str, str]) -> None:
        self._store.identity.keep_under_way("joining", step)

    async def _take(self, step: Mapping[str, str], seen: Link) -> None:
        """Believe the keys if the list they come with is of our account and holds this very device. Alarm."""
        link = bytes.fromhex(step["link"])
        dsk, dbk = SigningKey.from_seed(b64.decode(step["dsk"])), BoxKey.from_secret(b64.decode(step["dbk"]))
        account = self._hub.session.user
        try:
            bundle = LinkBundle.parse(open_bundle(_key(step, seen), link, b64.decode(seen["bundle"])))
            devices = await self._learn(account, bundle)
            keys = NewKeys(link, dsk.public, dbk.public, BoxKey.from_secret(b64.decode(step["eph"])).public)
            check_linked(devices, bytes.fromhex(account), link, keys)
        except LinkError as error:
            raise self._trust.alarm(error.code, account) from error
        own = OwnDevice(bytes.fromhex(account), link, bundle.aik, dsk, dbk)
        cert = self._trust.pins.get(own.account)
        self._store.identity.adopt(
            own, AccountKeys(bundle.dlk_seed, bundle.bk), cert.certs[devices.epoch] if cert else bundle.cert, devices
        )

    async def _learn(self, account: str, bundle: LinkBundle) -> DevList:
        """Take over what the other device has pinned; the newest list of our own account comes from the hub."""
        for pin in bundle.pins:
            self._store.pinned.keep(_pin(pin))
        self._trust.reload()
        self._trust.meet(account, bundle.aik)
        found = (await self._trust.fill(account)).current
        if found is None:
            raise LinkError("the account has no devices")
        return found


class Host:
    """The existing device. Nothing leaves it before the person has scanned the code or tapped that digits are equal."""

    def __init__(self, store: Store, hub: Hub, desk: DeviceDesk, backup: Backup) -> None:
        self._store, self._hub, self._trust, self._desk, self._backup = store, hub, desk.trust, desk, backup
        self._compared: dict[str, tuple[ExistingSide, NewKeys]] = {}

    async def waiting(self) -> list[Link]:
        """Sign-ins of one's own account that ask to be let in."""
        return list((await self._hub.get("/v1/links"))["links"])

    async def admit_by_code(self, text: str) -> str:
        """Let in the device whose code was scanned; answers its id. LinkError for another code."""
        code, eph = LinkCode.parse(text), BoxKey.generate()
        self._store.identity.keys()
        await self._answer(code.keys.link.hex(), eph.public)
        return await self._admit(code.keys, code.key_of_existing(eph))

    async def compare(self, link: str) -> str:
        """Take part in a linking by digits; the six digits to show. Alarm if other keys come than were committed to."""
        self._store.identity.keys()
        asked = await self._hub.get(f"/v1/links/{link}")
        if asked["commit"] is None:
            raise LinkError("shows a code to scan")
        side = ExistingSide.answer(bytes.fromhex(link), b64.decode(asked["commit"]))
        await self._answer(link, side.eph)
        seen = await follow(self._hub, link, lambda seen: seen["revealed"] is not None)
        try:
            keys, digits = side.show(b64.decode(seen["revealed"]))
        except LinkMismatchError as error:
            await self.reject(link)
            raise self._trust.alarm(error.code, self._hub.session.user) from error
        self._compared[link] = side, keys
        return digits

    async def confirm(self, link: str) -> str:
        """The person saw the same digits on both devices: let the new one in; answers its id."""
        side, keys = self._compared.pop(link)
        return await self._admit(keys, side.confirm())

    async def reject(self, link: str) -> None:
        """End a linking: the digits differ, or nobody here asked for it."""
        self._compared.pop(link, None)
        await self._hub.call("DELETE", f"/v1/links/{link}")

    async def resume(self) -> None:
        """Go on with an admission that was cut off; a device that can no longer get its keys is removed again."""
        step = self._store.identity.under_way("admitting")
        if step is None:
            return
        name, dsk, dbk = (bytes.fromhex(part) for part in step["row"])
        row = Device(name, dsk, dbk, step["added"])
        await self._desk.change(lambda rows: rows if row.id in {known.id for known in rows} else [*rows, row])
        try:
            await self._hub.call("PUT", f"/v1/links/{step['link']}/bundle", {"bundle": step["bundle"]})
        except HubRefused as refusal:
            if refusal.code != GONE:
                raise
            await self._desk.change(lambda rows: [known for known in rows if known.id != row.id])
            self._trust.warn("link_unfinished", data={"device": row.id.hex()})
        self._store.identity.keep_under_way("admitting", None)

    async def _answer(self, link: str, eph: bytes) -> None:
        await self._hub.call("POST", f"/v1/links/{link}/answer", {"eph": b64.encode(eph)})

    async def _admit(self, keys: NewKeys, key: bytes) -> str:
        """First the backup is brought up to date, from which the new device reads what was said before."""
        await self._backup.upload()
        sealed = seal_bundle(key, keys.link, self._bundle())
        row = [part.hex() for part in (keys.link, keys.dsk, keys.dbk)]
        step = {"link": keys.link.hex(), "row": row, "added": now_ms(), "bundle": b64.encode(sealed)}
        self._store.identity.keep_under_way("admitting", step)
        await self.resume()
        if self._trust.pins.party(keys.link) is None:
            raise NeighbourError("the linking took too long")
        return keys.link.hex()

    def _bundle(self) -> bytes:
        """All pins, if need be the later ones without their lists, which the new device then fetches."""
        identity = self._store.identity
        keys, pins = identity.keys(), [_bundled(pin) for pin in self._trust.pins.all()]
        bundle = LinkBundle(identity.own().aik, keys.bk, keys.dlk, identity.cert, tuple(pins))
        bare = 0
        while len(raw := bundle.to_bytes()) > MAX_BUNDLE and bare < len(pins):
            bare += max(1, len(pins) // 8)
            short = [pin._replace(cert=None, devlist=None) for pin in pins[-bare:]]
            bundle = replace(bundle, pins=(*pins[:-bare], *short))
        return raw


def _key(step: Mapping[str, str], seen: Link) -> bytes:
    if "key" in step:
        return b64.decode(step["key"])
    if seen["eph"] is None:
        raise LinkError("no key of the other device")
    code, eph = LinkCode.parse(step["code"]), BoxKey.from_secret(b64.decode(step["eph"]))
    return code.key_of_new(eph, b64.decode(seen["eph"]))


def _bundled(pin: AccountPin) -> BundledPin:
    cert: DlkCert | None = pin.certs.get(pin.current.epoch) if pin.current else None
    return BundledPin(pin.account, pin.aik, pin.verified, cert, pin.current)


def _pin(told: BundledPin) -> AccountPin:
    certs = {told.cert.epoch: told.cert} if told.cert else {}
    return AccountPin(told.account, told.aik, told.verified, certs, (told.devlist,) if told.devlist else ())
