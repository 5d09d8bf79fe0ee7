"""DEVLIST: the devices of an account, signed by its device-list key; versions form a hash chain."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple, Self

from crypto.dkx.dlkcert import DlkCert
from crypto.dkx.document import Document
from crypto.dkx.error import DevListError, DevListForkError, DevListGapError, DevListRollbackError
from crypto.dkx.primitive import SIGNATURE, ZEROS32, is_box_key, is_signing_key, label, pack

MAGIC = b"\x01\x02"
LABEL = label("devlist")
MAX_DEVICES = 10
_HEAD = struct.Struct(">2s16sII32sQB")
_ENTRY = struct.Struct(">16s32s32sQ")


class Device(NamedTuple):
    """One row: ``dsk`` signs (Ed25519), ``dbk`` receives (X25519), ``added`` in milliseconds since 1970."""

    id: bytes
    dsk: bytes
    dbk: bytes
    added: int


@dataclass(frozen=True, slots=True)
class DevList(Document):
    """67 + 88 n + 64 bytes, n from 0 to 10 devices in the order of their ids."""

    account: bytes
    epoch: int
    version: int
    prev_hash: bytes
    created: int
    devices: tuple[Device, ...]

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Read the bytes strictly, or raise ``DevListError``; the signature is ``verify``'s business."""
        if len(raw) < _HEAD.size + SIGNATURE:
            raise DevListError("too short")
        magic, account, epoch, version, prev_hash, created, n = _HEAD.unpack_from(raw)
        if magic != MAGIC:
            raise DevListError("unknown type or version")
        if n > MAX_DEVICES or len(raw) != _HEAD.size + n * _ENTRY.size + SIGNATURE:
            raise DevListError("wrong number of devices for this length")
        if epoch < 1 or version < 1 or (version == 1) != (prev_hash == ZEROS32):
            raise DevListError("versions start at 1, and version 1 alone follows nothing")
        devices = tuple(map(Device._make, _ENTRY.iter_unpack(raw[_HEAD.size : -SIGNATURE])))
        _check_devices(devices)
        return cls(raw, account, epoch, version, prev_hash, created, devices)

    @property
    def place(self) -> tuple[int, int]:
        """(epoch, version): compared in this order, the highest wins."""
        return self.epoch, self.version

    def device(self, device_id: bytes) -> Device | None:
        """The row of this device, or None."""
        return next((device for device in self.devices if device.id == device_id), None)

    def verify(self, cert: DlkCert) -> None:
        """Check that the certified device-list key of this very epoch signed the list; ``cert`` is verified already."""
        if (cert.account, cert.epoch) != (self.account, self.epoch):
            raise DevListError("the certificate is of another account or epoch")
        if not self.is_signed_by(cert.dlk, LABEL):
            raise DevListError("not signed by the device-list key")


def unsigned(
    *, account: bytes, epoch: int, version: int, prev_hash: bytes, created: int, devices: Sequence[Device]
) -> bytes:
    """The bytes a DLK signs; the rows are put in order."""
    head = pack(_HEAD, MAGIC, account, epoch, version, prev_hash, created, len(devices))
    return head + b"".join(pack(_ENTRY, *device) for device in sorted(devices))


def check_successor(previous: DevList | None, new: DevList, *, ancestor: DevList | None = None) -> None:
    """Whether ``new`` may be stored on top of ``previous``, the newest list known.

    A higher epoch may branch off an older list, so that a thief who published first with the old key does not lock
    the owner out: pass the stored list that ``new.prev_hash`` names as ``ancestor``. The very same list again is fine.
    """
    if previous is None:
        if new.version != 1:
            raise DevListGapError("the first list has version 1")
        return
    check_place(previous, new)
    base = ancestor if ancestor is not None and new.epoch > previous.epoch else previous
    if new.raw != previous.raw:
        check_follows(base, new)


def check_place(newest: DevList, new: DevList) -> None:
    """Refuse another account, a lower (epoch, version), and other bytes at the same one."""
    if new.account != newest.account:
        raise DevListError("of another account")
    if new.place < newest.place:
        raise DevListRollbackError(f"{new.place} after {newest.place}")
    if new.place == newest.place and new.raw != newest.raw:
        raise DevListForkError(f"two lists at {new.place}")


def check_follows(base: DevList, new: DevList) -> None:
    """Whether ``new`` is the next version after ``base``."""
    if new.version > base.version + 1:
        raise DevListGapError(f"version {new.version} needs version {new.version - 1}")
    if new.version != base.version + 1 or new.prev_hash != base.hash:
        raise DevListForkError("does not follow the list known")


def _check_devices(devices: tuple[Device, ...]) -> None:
    if any(earlier.id >= later.id for earlier, later in pairwise(devices)):
        raise DevListError("devices unsorted or twice")
    if len({device.dsk for device in devices}) < len(devices) or len({d.dbk for d in devices}) < len(devices):
        raise DevListError("two devices share a key")
    if not all(is_signing_key(device.dsk) and is_box_key(device.dbk) for device in devices):
        raise DevListError("a device key is no good key")
