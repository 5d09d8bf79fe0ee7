"""What the devices of an account do for each other without being asked: keys, backup, steps that were cut off."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from client.backup import Backup
from client.errors import MALFORMED, Alarm, HubRefused, NotReady
from client.linking import Host
from client.renewal import Renewal
from client.wanting import Wanting


@dataclass(frozen=True, slots=True)
class Together:
    wanting: Wanting
    backup: Backup
    host: Host
    renewal: Renewal

    async def resume(self) -> None:
        """After every hello; what cannot be done now is tried again after the next."""
        steps: tuple[Callable[[], Awaitable[object]], ...] = (
            self.renewal.resume,
            self.host.resume,
            self.wanting.answer_all,
            self.backup.fetch,
            self.backup.upload,
        )
        for step in steps:
            with suppress(Alarm, HubRefused, NotReady, *MALFORMED):
                await step()
