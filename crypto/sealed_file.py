"""Files of any length sealed part by part, and the key pair by which a machine writes backups that it cannot read.

A part is ``length4 | AES-256-GCM ciphertext``; its nonce is the part's number (11 bytes) and whether it is the last, so
that parts cannot be left out, moved or added (the STREAM construction, Hoang et al. 2015). A file for a public key
begins with ``DKB1 | ephemeral X25519 key``; its key is HKDF-SHA-256 over the shared secret and both public keys.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from crypto import b64

PART: Final = 256 * 1024
_MAGIC: Final = b"DKB1"
_KEY: Final = 32
_TAG: Final = 16
_HEAD: Final = 4
_SECRET, _PUBLIC = "dkb-secret-", "dkb-"
_TEXT: Final = re.compile(r"dkb-(?:secret-)?([A-Za-z0-9_-]{43})")


class SealedFileError(ValueError):
    """A file that does not open: for another key, cut short, or changed."""


class Sealer:
    """Seals parts of one file with a key that seals nothing else."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)
        self._count = 0

    def seal(self, part: bytes, *, last: bool = False) -> bytes:
        """The next part, as it stands in the file; nothing comes after the ``last``, which may be empty."""
        sealed = self._cipher.encrypt(_nonce(self._count, last=last), part, None)
        self._count += 1
        return len(sealed).to_bytes(4, "big") + sealed


class Opener:
    """Opens the parts of one file as its bytes arrive, in pieces of any size. ``SealedFileError``, also amid them."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)
        self._held = bytearray()
        self._count = 0
        self._ended = False

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """The parts that are whole now."""
        self._held += piece
        while (length := self._length()) is not None:
            sealed = bytes(self._held[_HEAD : _HEAD + length])
            del self._held[: _HEAD + length]
            yield self._open(sealed)

    def end(self) -> None:
        """Nothing more comes: complain unless the last part was there."""
        if self._held or not self._ended:
            raise SealedFileError("cut short")

    def _length(self) -> int | None:
        """Of the next part, once it is here."""
        if len(self._held) < _HEAD:
            return None
        length = int.from_bytes(self._held[:_HEAD], "big")
        if not _TAG <= length <= 2 * PART + _TAG:
            raise SealedFileError("a part of no possible length")
        return length if len(self._held) >= _HEAD + length else None

    def _open(self, sealed: bytes) -> bytes:
        if self._ended:
            raise SealedFileError("something stands after its end")
        part, self._ended = _open_part(self._cipher, self._count, sealed)
        self._count += 1
        return part


def opened(key: bytes, read: Callable[[int], bytes]) -> Iterator[bytes]:
    """The parts of a file; ``read(n)`` gives n bytes, or fewer at the end. ``SealedFileError``, also amid them."""
    opener = Opener(key)
    while piece := read(PART):
        yield from opener.feed(piece)
    opener.end()


def new_key_pair() -> tuple[str, str]:
    """The secret and the public key as text."""
    secret = X25519PrivateKey.generate()
    public = secret.public_key().public_bytes_raw()
    return _SECRET + b64.encode(secret.private_bytes_raw()), _PUBLIC + b64.encode(public)


def begin(recipient: str) -> tuple[bytes, Sealer]:
    """A new file for a public key: what stands first in it, and what seals its parts."""
    ephemeral, public = X25519PrivateKey.generate(), _public(recipient)
    first = ephemeral.public_key().public_bytes_raw()
    key = _derived(ephemeral.exchange(X25519PublicKey.from_public_bytes(public)), first + public)
    return _MAGIC + first, Sealer(key)


def open_file(secret: str, read: Callable[[int], bytes]) -> Iterator[bytes]:
    """The parts of a file for the public key of ``secret``. ``SealedFileError``."""
    head = read(len(_MAGIC) + _KEY)
    if len(head) < len(_MAGIC) + _KEY or not head.startswith(_MAGIC):
        raise SealedFileError("no such file")
    own, first = X25519PrivateKey.from_private_bytes(_secret(secret)), head[len(_MAGIC) :]
    shared = own.exchange(X25519PublicKey.from_public_bytes(first))
    return opened(_derived(shared, first + own.public_key().public_bytes_raw()), read)


def _nonce(count: int, *, last: bool) -> bytes:
    return count.to_bytes(11, "big") + bytes([last])


def _open_part(cipher: AESGCM, count: int, sealed: bytes) -> tuple[bytes, bool]:
    for last in (False, True):
        try:
            return cipher.decrypt(_nonce(count, last=last), sealed, None), last
        except InvalidTag:
            continue
    raise SealedFileError("changed, cut short, or for another key")


def _derived(shared: bytes, salt: bytes) -> bytes:
    return HKDF(SHA256(), _KEY, salt, b"dorfkiste sealed file v1").derive(shared)


def _public(text: str) -> bytes:
    if text.startswith(_SECRET):
        raise SealedFileError("this is the secret key; the public one was shown beside it")
    return _bytes(text)


def _secret(text: str) -> bytes:
    if not text.startswith(_SECRET):
        raise SealedFileError("this is no secret key of backups")
    return _bytes(text)


def _bytes(text: str) -> bytes:
    found = _TEXT.fullmatch(text)
    if found is None:
        raise SealedFileError("this is no key of backups")
    try:
        return b64.decode(found[1])
    except b64.Base64Error as error:
        raise SealedFileError("this is no key of backups") from error
