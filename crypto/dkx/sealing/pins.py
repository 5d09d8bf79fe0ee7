"""All a device has pinned: identities on first sight, device lists as they grow, prekeys as they are renewed."""

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from crypto.dkx import spk as spk_
from crypto.dkx.devlist import DevList
from crypto.dkx.dlkcert import DlkCert
from crypto.dkx.error import DevListForeignError, IdentityChangedError, PinError, SpkError
from crypto.dkx.primitive import is_signing_key
from crypto.dkx.sealing.account_pin import AccountPin
from crypto.dkx.sealing.keys import Party
from crypto.dkx.sealing.prekey import Freshness, freshness
from crypto.dkx.spk import Spk


class ListChange(NamedTuple):
    """What a new list brought: new devices of a known identity are worth a quiet line, no alarm."""

    added: frozenset[bytes]
    removed: frozenset[bytes]


class Pins:
    """Trust on first use, then never less (e2ee.md §3). Errors are alarms to show; state changes only on success."""

    def __init__(self, accounts: Iterable[AccountPin] = (), prekeys: Iterable[Spk] = ()) -> None:
        self._accounts: dict[bytes, AccountPin] = {}
        self._owners: dict[bytes, bytes] = {}
        self._prekeys = {prekey.device: prekey for prekey in prekeys}
        for pin in accounts:
            self._keep(pin)

    def get(self, account: bytes) -> AccountPin | None:
        return self._accounts.get(account)

    def all(self) -> tuple[AccountPin, ...]:
        """Everybody ever met, in the order of meeting."""
        return tuple(self._accounts.values())

    def prekey(self, device: bytes) -> Spk | None:
        """The newest prekey believed of this device."""
        return self._prekeys.get(device)

    def owner(self, device: bytes) -> bytes | None:
        """The account that has, or once had, this device."""
        return self._owners.get(device)

    def party(self, device: bytes) -> Party | None:
        """The pinned public keys of a device, current or former."""
        pin = self._accounts.get(self._owners.get(device, b""))
        row = pin.device(device) if pin else None
        return Party(device, pin.aik, row.dsk, row.dbk) if pin and row else None

    def meet(self, account: bytes, aik: bytes) -> AccountPin:
        """Pin the first identity key seen; another one later raises ``IdentityChangedError``."""
        pin = self._accounts.get(account)
        if pin is None:
            return self.replace_identity(account, aik)
        if pin.aik != aik:
            raise IdentityChangedError("verified before" if pin.verified else "not verified before")
        return pin

    def replace_identity(self, account: bytes, aik: bytes) -> AccountPin:
        """Take another identity key because the person decided so: its lists start anew, unverified."""
        if not is_signing_key(aik):
            raise PinError("no good Ed25519 key")
        pin = AccountPin(account, aik)
        self._accounts[account] = pin
        return pin

    def set_verified(self, account: bytes, verified: bool) -> AccountPin:
        """After the safety numbers were compared, or to withdraw that."""
        pin = replace(self._pin(account), verified=verified)
        self._accounts[account] = pin
        return pin

    def learn_list(self, cert: DlkCert, new: DevList, now_ms: int) -> ListChange:
        """Believe a device list of a known account and tell what changed; refusals are ``DevListError`` and kin."""
        pin = self._pin(new.account)
        grown = pin.with_list(cert, new, now_ms)
        self._refuse_foreign(new)
        self._keep(grown)
        before, after = _ids(pin.current), _ids(new)
        return ListChange(after - before, before - after)

    def learn_older_list(self, old: DevList) -> None:
        """Fill in a former list, so that former devices are known by name."""
        grown = self._pin(old.account).with_older(old)
        self._refuse_foreign(old)
        self._keep(grown)

    def learn_prekey(self, new: Spk, now_ms: int) -> Freshness:
        """Believe a prekey of a current device; older than the pinned one or changed: ``SpkError`` and kin."""
        pin = self._accounts.get(self._owners.get(new.device, b""))
        device = pin.current.device(new.device) if pin and pin.current else None
        if device is None:
            raise SpkError("of no current device")
        new.verify(device.dsk, now_ms)
        spk_.check_successor(self._prekeys.get(new.device), new)
        self._prekeys[new.device] = new
        return freshness(new, now_ms)

    def _pin(self, account: bytes) -> AccountPin:
        pin = self._accounts.get(account)
        if pin is None:
            raise PinError("this account was never met")
        return pin

    def _keep(self, pin: AccountPin) -> None:
        self._accounts[pin.account] = pin
        names = (name for known in pin.lists for row in known.devices for name in (row.id, row.dsk, row.dbk))
        self._owners.update(dict.fromkeys(names, pin.account))

    def _refuse_foreign(self, new: DevList) -> None:
        names = (name for row in new.devices for name in (row.id, row.dsk, row.dbk))
        if any(self._owners.get(name, new.account) != new.account for name in names):
            raise DevListForeignError("a device or key of another account")


def _ids(known: DevList | None) -> frozenset[bytes]:
    return frozenset(device.id for device in known.devices) if known else frozenset()
