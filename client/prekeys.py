"""One's own prekeys: renewed in time, never too few, erased when their time is over (e2ee.md §2)."""

import asyncio
from typing import Any

from client.hub import Hub
from client.store import Store
from client.when import now_ms
from crypto import b64
from crypto.dkx.sealing.keys import BoxKey
from crypto.dkx.sealing.prekey import OPK_COUNT, OPK_REFILL_BELOW, is_due
from crypto.dkx.sealing.signing import sign_spk


class Prekeys:
    """Everything is on disk before it is published: a packet for it may come at once."""

    def __init__(self, store: Store, hub: Hub) -> None:
        self._identity, self._hub = store.identity, hub
        self._publishing = asyncio.Lock()

    async def refresh(self) -> None:
        """A new signed prekey every seven days; what is too old is erased."""
        self._identity.erase_old_prekeys(now_ms())
        newest = self._identity.prekey()
        if newest is None or not newest.published or is_due(newest.document, now_ms()):
            await self.stock_up()

    async def stock_up(self) -> None:
        """See that the hub has the newest signed prekey and enough one-time ones."""
        async with self._publishing:
            self._renew()
            stock = await self._publish()
            if stock.get("left", OPK_COUNT) < OPK_REFILL_BELOW:
                self._identity.add_one_time(stock["next"], OPK_COUNT - stock["left"])
                await self._publish()

    def _renew(self) -> None:
        newest = self._identity.prekey()
        if newest is None or is_due(newest.document, now_ms()):
            key, spk_id = BoxKey.generate(), newest.document.id + 1 if newest else 1
            document = sign_spk(self._identity.own(), spk_id, key, now_ms=now_ms())
            self._identity.add_prekey(document, key, now_ms())

    async def _publish(self) -> dict[str, Any]:
        newest, further = self._identity.prekey(), self._identity.unpublished_one_time()
        if newest is None:
            return {}
        one_time = [{"id": number, "key": b64.encode(key)} for number, key in further.items()]
        stock = await self._hub.call(
            "PUT", "/v1/prekeys", {"spk": b64.encode(newest.document.raw), "one_time": one_time}
        )
        self._identity.prekey_published(newest.document.id)
        self._identity.one_time_published(further)
        return stock
