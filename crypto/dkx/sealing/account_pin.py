"""What a device remembers of an account: its first identity key and every device list it has believed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from crypto import b64
from crypto.dkx import devlist, jcs
from crypto.dkx.devlist import Device, DevList
from crypto.dkx.dlkcert import DlkCert
from crypto.dkx.error import DevListGapError, DlkCertForkError, PinError

_VERSION = 1


@dataclass(frozen=True, slots=True)
class AccountPin:
    """``lists`` in the order of (epoch, version), ``certs`` by epoch; ``verified`` once numbers were compared."""

    account: bytes
    aik: bytes
    verified: bool = False
    certs: Mapping[int, DlkCert] = field(default_factory=dict)
    lists: tuple[DevList, ...] = ()

    @property
    def current(self) -> DevList | None:
        """The newest list, whose devices get packets."""
        return self.lists[-1] if self.lists else None

    def device(self, device_id: bytes) -> Device | None:
        """The row of a device in the newest list that has it: current devices and former ones."""
        return next((found for known in reversed(self.lists) if (found := known.device(device_id))), None)

    def with_list(self, cert: DlkCert, new: DevList, now_ms: int) -> Self:
        """Believe a newer list, or raise: rollback, fork and gap each have their error (e2ee.md §3a)."""
        if cert.account != self.account:
            raise PinError("of another account")
        cert.verify(self.aik, now_ms)
        if self.certs.get(cert.epoch, cert).raw != cert.raw:
            raise DlkCertForkError(f"two certificates of epoch {cert.epoch}")
        new.verify(cert)
        newest = self.current
        if newest is not None:
            devlist.check_place(newest, new)
            if new.raw == newest.raw:
                return self
            devlist.check_follows(self._base(newest, new), new)
        return replace(self, certs={**self.certs, cert.epoch: cert}, lists=(*self.lists, new))

    def with_older(self, old: DevList) -> Self:
        """Fill in history: a list that a believed one names as its predecessor needs no other proof."""
        if any(known.raw == old.raw for known in self.lists):
            return self
        if not any((known.prev_hash, known.version) == (old.hash, old.version + 1) for known in self.lists):
            raise DevListGapError("no known list follows this one")
        return replace(self, lists=tuple(sorted((old, *self.lists), key=lambda known: known.place)))

    def _base(self, newest: DevList, new: DevList) -> DevList:
        if new.epoch == newest.epoch:
            return newest
        base = next((known for known in self.lists if known.hash == new.prev_hash), None)
        if base is None:
            raise DevListGapError("the list this epoch branches off is not known")
        return base

    def to_bytes(self) -> bytes:
        """Canonical JSON, to be stored on the device."""
        return jcs.canonical(
            {
                "account": self.account.hex(),
                "aik": self.aik.hex(),
                "certs": [b64.encode(cert.raw) for cert in self.certs.values()],
                "lists": [b64.encode(known.raw) for known in self.lists],
                "v": _VERSION,
                "verified": self.verified,
            }
        )

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Read what ``to_bytes`` wrote on this device: documents are parsed, not verified again."""
        try:
            return cls._read(jcs.parse(raw))
        except (KeyError, TypeError, ValueError) as error:
            raise PinError("not a stored pin") from error

    @classmethod
    def _read(cls, stored: Mapping[str, Any]) -> Self:
        if stored["v"] != _VERSION:
            raise PinError("unknown version")
        certs = [DlkCert.parse(b64.decode(text)) for text in stored["certs"]]
        return cls(
            bytes.fromhex(stored["account"]),
            bytes.fromhex(stored["aik"]),
            stored["verified"],
            {cert.epoch: cert for cert in certs},
            tuple(DevList.parse(b64.decode(text)) for text in stored["lists"]),
        )
