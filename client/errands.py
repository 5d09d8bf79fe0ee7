"""What has to be done at the hub before a message goes out: its files are there, what it takes back is erased."""

from client.errors import HubRefused
from client.hub import Hub
from client.revisions import read_content
from client.store import Store
from client.store.outgoing import Outgoing
from client.uploads import Uploader
from crypto.dkx.content import Delete
from crypto.dkx.rest import ContentType

ERASED_CODE = "message_not_found"


class Errands:
    """Everything here may be done again after a lost line or a crash."""

    def __init__(self, store: Store, hub: Hub, uploader: Uploader) -> None:
        self._store, self._hub, self._uploader = store, hub, uploader

    async def ready(self, waiting: Outgoing) -> bool:
        """Do it; False when the message must wait for its files. Offline, HubRefused."""
        said = read_content(ContentType(waiting.ctype), waiting.body)
        if isinstance(said, Delete):
            await self._erase(waiting.room, said.ref)
        return await self._uploader.ready(waiting)

    async def _erase(self, room: str, name: bytes) -> None:
        entry = self._store.log.named(room, name)
        if entry is None or entry.kind == "gone":
            return
        try:
            await self._hub.call("DELETE", f"/v1/rooms/{room}/messages/{entry.seq}")
        except HubRefused as refusal:
            if refusal.code != ERASED_CODE:
                raise
