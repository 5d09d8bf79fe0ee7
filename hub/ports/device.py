"""Devices and their published keys."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from hub.ids import DeviceId, UserId
from hub.room import DeviceList


class Devices(Protocol):
    async def newest(self, account: UserId) -> DeviceList | None: ...
    async def newest_of(self, accounts: Iterable[UserId]) -> Mapping[UserId, DeviceList]: ...
    def known_of(self, accounts: Iterable[UserId]) -> Mapping[UserId, DeviceList] | None:
        """``newest_of``, if everything is at hand without asking the store."""

    async def history(self, account: UserId, after: tuple[int, int]) -> Sequence[DeviceList]: ...
    async def publish(self, new: DeviceList, expected: tuple[int, int] | None) -> None:
        """Append as the newest; StaleWrite if the newest is not ``expected``; tells the changes.

        Conflict("device_taken") when one of its devices belongs, or ever belonged, to another account.
        """

    async def put_prekey(self, account: UserId, device: DeviceId, spk: bytes, spk_id: int) -> None:
        """Replace the signed prekey; Conflict("prekey_rollback") when ``spk_id`` is not newer."""

    async def prekeys(self, devices: Iterable[DeviceId]) -> Mapping[DeviceId, bytes]: ...
