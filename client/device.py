"""Making this directory a device of an account, proving it to the hub, and keeping its prekey fresh (e2ee.md §3)."""

from urllib.parse import urlsplit

from client.errors import NeighbourError
from client.hub import Hub
from client.store import Store
from client.trust import Trust
from client.when import now_ms
from crypto import b64
from crypto.dkx.sealing.keys import BoxKey
from crypto.dkx.sealing.prekey import is_due
from crypto.dkx.sealing.signing import sign_login, sign_spk

DEFAULT_PORTS = {"http": 80, "https": 443}


class DeviceDesk:
    """Each step may be repeated: what was made is on disk before it is sent, and is sent again as it is."""

    def __init__(self, store: Store, hub: Hub, trust: Trust) -> None:
        self._identity, self._hub, self.trust = store.identity, hub, trust

    async def create(self, passphrase: str | None = None) -> None:
        """The account's first device: identity, documents, proof and prekey."""
        account = bytes.fromhex(self._hub.session.user)
        if not self._identity.exists():
            self._identity.create(account, now_ms=now_ms(), passphrase=passphrase)
            self.trust.believe_own()
        await self._publish()
        await self.prove()

    async def _publish(self) -> None:
        own, cert, devices = self._identity.own(), self._identity.cert, self._identity.devlist
        documents = {"aik": b64.encode(own.aik), "cert": b64.encode(cert.raw), "list": b64.encode(devices.raw)}
        await self._hub.call("POST", "/v1/devices", documents)

    async def prove(self) -> None:
        """Show the hub that this session holds this device, and see that its prekey is there."""
        own = self._identity.own()
        if own.account.hex() != self._hub.session.user:
            raise NeighbourError("this directory is a device of another account")
        asked = await self._hub.call("POST", "/v1/devices/challenge", {})
        signature = sign_login(own, b64.decode(asked["challenge"]), origin_of(self._hub.http.url))
        proof = {"device": own.device.hex(), "challenge": asked["challenge"], "signature": b64.encode(signature)}
        self._hub.session.adopt(await self._hub.call("POST", "/v1/devices/proof", proof))
        await self.refresh_prekey()

    async def refresh_prekey(self) -> None:
        """A new signed prekey every seven days; the hub has the newest."""
        newest = self._identity.prekey()
        if newest is None or is_due(newest.document, now_ms()):
            key, spk_id = BoxKey.generate(), newest.document.id + 1 if newest else 1
            document = sign_spk(self._identity.own(), spk_id, key, now_ms=now_ms())
            self._identity.add_prekey(document, key, now_ms())
            newest = self._identity.prekey()
        if newest is not None and not newest.published:
            await self._hub.call("PUT", "/v1/prekeys", {"spk": b64.encode(newest.document.raw)})
            self._identity.prekey_published(newest.document.id)


def origin_of(url: str) -> str:
    """The canonical origin of the hub this device is really connected to; a proof for it is worthless elsewhere."""
    parts = urlsplit(url)
    host = (parts.hostname or "").encode("idna").decode()
    host = f"[{host}]" if ":" in host else host
    port = "" if parts.port in {None, DEFAULT_PORTS.get(parts.scheme)} else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"
