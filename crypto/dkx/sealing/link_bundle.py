"""What an existing device hands to a new one: all keys but the identity's, its pins, perhaps its chains."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

from crypto import b64
from crypto.dkx import jcs
from crypto.dkx.devlist import DevList
from crypto.dkx.dlkcert import DlkCert
from crypto.dkx.error import DkxError, LinkError
from crypto.dkx.primitive import label
from crypto.dkx.sealing import aead
from crypto.dkx.sealing.keys import SigningKey
from crypto.dkx.sealing.record import ChainRecord
from crypto.dkx.shape import based, hexed, integer, one_of, or_null, read, row, rows

_BUNDLE = label("bundle")
_BOOL = one_of(True, False)
_PIN = row(hexed(16), based(32), _BOOL, or_null(based(126)), or_null(based()))
_CHAIN = row(
    hexed(16), hexed(16), hexed(16), or_null(hexed(16)), integer(0, 2**32 - 1), based(32), based(32), hexed(32)
)
_REQUIRED = {
    "aik": based(32),
    "bk": based(32),
    "dlk_seed": based(32),
    "dlkcert": based(126),
    "pins": rows(_PIN),
    "v": one_of(1),
}
_OPTIONAL = {"chains": rows(_CHAIN)}


class BundledPin(NamedTuple):
    """An account as E has pinned it: identity, whether it was compared, newest certificate and list."""

    account: bytes
    aik: bytes
    verified: bool
    cert: DlkCert | None
    devlist: DevList | None


@dataclass(frozen=True, slots=True)
class LinkBundle:
    """``aik`` is the public identity key; ``chains`` None when the new device restores from the backup instead."""

    aik: bytes
    bk: bytes = field(repr=False)
    dlk_seed: bytes = field(repr=False)
    cert: DlkCert
    pins: tuple[BundledPin, ...]
    chains: tuple[ChainRecord, ...] | None = None

    def to_bytes(self) -> bytes:
        """Canonical JSON: ids and hashes as hex digits, keys and documents as base64url."""
        value: dict[str, Any] = {
            "aik": b64.encode(self.aik),
            "bk": b64.encode(self.bk),
            "dlk_seed": b64.encode(self.dlk_seed),
            "dlkcert": b64.encode(self.cert.raw),
            "pins": [_write_pin(pin) for pin in self.pins],
            "v": 1,
        }
        if self.chains is not None:
            value["chains"] = [_write_chain(record) for record in self.chains]
        return jcs.canonical(value)

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Read strictly, or raise ``LinkError``; the DLK seed must be the certificate's, the certificate the AIK's."""
        try:
            found = read(jcs.parse(raw), _REQUIRED, _OPTIONAL)
            cert = DlkCert.parse(found["dlkcert"])
            cert.verify(found["aik"], cert.not_before)
            pins = tuple(map(_read_pin, found["pins"]))
        except DkxError as error:
            raise LinkError("not a bundle") from error
        if SigningKey.from_seed(found["dlk_seed"]).public != cert.dlk:
            raise LinkError("the device-list key is not the certified one")
        chains = tuple(map(_read_chain, found["chains"])) if "chains" in found else None
        return cls(found["aik"], found["bk"], found["dlk_seed"], cert, pins, chains)


def seal_bundle(key: bytes, link: bytes, bundle: bytes) -> bytes:
    """``nonce24 | AE``, bound to this linking; ``key`` comes from the code or after digits were compared."""
    return _seal(key, link, bundle, None)


def open_bundle(key: bytes, link: bytes, sealed: bytes) -> bytes:
    """The bytes of a bundle, or ``LinkError``."""
    return aead.unseal(key, sealed, _BUNDLE + link, LinkError)


def _seal(key: bytes, link: bytes, bundle: bytes, nonce: bytes | None) -> bytes:
    return aead.seal(key, bundle, _BUNDLE + link, nonce)


def _write_pin(pin: BundledPin) -> list[Any]:
    cert, known = pin.cert and b64.encode(pin.cert.raw), pin.devlist and b64.encode(pin.devlist.raw)
    return [pin.account.hex(), b64.encode(pin.aik), pin.verified, cert, known]


def _read_pin(row: tuple[Any, ...]) -> BundledPin:
    account, aik, verified, cert, known = row
    return BundledPin(account, aik, verified, cert and DlkCert.parse(cert), known and DevList.parse(known))


def _write_chain(record: ChainRecord) -> list[Any]:
    ids = [record.room.hex(), record.device.hex(), record.chain.hex(), record.account and record.account.hex()]
    return [*ids, record.start, b64.encode(record.ck), b64.encode(record.csk), record.roster_hash.hex()]


def _read_chain(row: tuple[Any, ...]) -> ChainRecord:
    return ChainRecord(*row)
