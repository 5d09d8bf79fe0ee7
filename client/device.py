"""Making this directory a device of an account, proving it to the hub, and publishing device lists (e2ee.md §3)."""

from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from client.errors import HubRefused, NeighbourError, NotReady
from client.hub import Hub
from client.prekeys import Prekeys
from client.store import Store
from client.trust import Trust
from client.when import now_ms
from crypto import b64
from crypto.dkx.devlist import Device, DevList
from crypto.dkx.dlkcert import DlkCert
from crypto.dkx.sealing.keys import SigningKey
from crypto.dkx.sealing.signing import next_devlist, sign_login

DEFAULT_PORTS = {"http": 80, "https": 443}
RACES = frozenset({"devlist_fork", "devlist_gap", "devlist_rollback"})
"""Another device of the account has published meanwhile: look again, change that list."""
TRIES = 5
ANEW = "beginning anew"
"""Under way from making another identity until one is back in one's rooms with it."""

Rows = Sequence[Device]


class DeviceDesk:
    """Each step may be repeated: what was made is on disk before it is sent, and is sent again as it is."""

    def __init__(self, store: Store, hub: Hub, trust: Trust) -> None:
        self._store, self._identity, self._hub, self.trust = store, store.identity, hub, trust
        self.prekeys = Prekeys(store, hub)

    async def create(self, passphrase: str | None = None) -> None:
        """The account's first device: identity, documents, proof and prekeys."""
        account = bytes.fromhex(self._hub.session.user)
        if not self._identity.exists():
            self._identity.create(account, now_ms=now_ms(), passphrase=passphrase)
            self.trust.believe_own()
        await self.publish(self._identity.cert, self._identity.devlist)
        await self.prove()

    async def begin_anew(self, passphrase: str | None = None) -> None:
        """The only device of the account under another identity, in place of all there were; may be said again.

        The hub wants a proof of the last five minutes. NeighbourError for a directory that is a device already.
        """
        account = self._hub.session.user
        if not self._identity.exists():
            known = await self._hub.get(f"/v1/users/{account}/devices", epoch=0, version=0)
            epoch = max(listed["epoch"] for listed in known["lists"]) + 1
            with self._store.transaction():
                self._identity.create(bytes.fromhex(account), now_ms=now_ms(), passphrase=passphrase, epoch=epoch)
                self._identity.keep_under_way(ANEW, {})
                self.trust.believe_own()
        elif self._identity.under_way(ANEW) is None:
            raise NeighbourError("this directory is a device of the account")
        await self._hub.call("POST", "/v1/devices/reset", self._documents(self._identity.cert, self._identity.devlist))
        await self.prove()

    async def publish(self, cert: DlkCert, devices: DevList) -> None:
        """Send a certificate and a list; sent again they do nothing."""
        await self._hub.call("POST", "/v1/devices", self._documents(cert, devices))

    def _documents(self, cert: DlkCert, devices: DevList) -> dict[str, str]:
        aik = self._identity.own().aik
        return {"aik": b64.encode(aik), "cert": b64.encode(cert.raw), "list": b64.encode(devices.raw)}

    async def change(self, change: Callable[[Rows], Rows]) -> DevList:
        """Publish the list after the newest one, with other rows; nothing is published where nothing changes."""
        own = self._identity.own()
        for _ in range(TRIES):
            await self.trust.refresh(own.account.hex())
            cert, current = self._identity.cert, self._identity.devlist
            rows = change(current.devices)
            if set(rows) == set(current.devices):
                return current
            dlk = SigningKey.from_seed(self._identity.keys().dlk)
            new = next_devlist(dlk, current, rows, now_ms=now_ms())
            try:
                await self.publish(cert, new)
            except HubRefused as refusal:
                if refusal.code not in RACES:
                    raise
            else:
                self.trust.learn_own(cert, new)
                return new
        raise NeighbourError("other devices of this account keep changing its list")

    async def join(self) -> None:
        """Put this device into the account's list, unless it stands there."""
        own = self._identity.own()
        mine = Device(own.device, own.dsk.public, own.dbk.public, now_ms())
        await self.change(lambda rows: rows if _holds(rows, own.device) else [*rows, mine])

    async def prove(self) -> None:
        """Show the hub that this session holds this device, and see that its prekeys are there.

        NotReady when the device was removed from its account.
        """
        own = self._identity.own()
        if own.account.hex() != self._hub.session.user:
            raise NeighbourError("this directory is a device of another account")
        asked = await self._hub.call("POST", "/v1/devices/challenge", {})
        signature = sign_login(own, b64.decode(asked["challenge"]), origin_of(self._hub.http.url))
        proof = {"device": own.device.hex(), "challenge": asked["challenge"], "signature": b64.encode(signature)}
        try:
            self._hub.session.adopt(await self._hub.call("POST", "/v1/devices/proof", proof))
        except HubRefused as refusal:
            if refusal.code == "device_unknown":
                raise NotReady("this device was removed from its account") from refusal
            raise
        await self.prekeys.stock_up()

    async def refresh_prekey(self) -> None:
        await self.prekeys.refresh()


def _holds(rows: Rows, device: bytes) -> bool:
    return any(row.id == device for row in rows)


def origin_of(url: str) -> str:
    """The canonical origin of the hub this device is really connected to; a proof for it is worthless elsewhere."""
    parts = urlsplit(url)
    host = (parts.hostname or "").encode("idna").decode()
    host = f"[{host}]" if ":" in host else host
    port = "" if parts.port in {None, DEFAULT_PORTS.get(parts.scheme)} else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"
