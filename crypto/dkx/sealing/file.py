"""Sealing and opening attachments as streams: one chunk in memory, whatever the size (e2ee.md §6).

Chunks are sealed as in the STREAM construction (Hoang, Reyhanitabar, Rogaway and Vizár, CRYPTO 2015): their number and
whether they are the last are part of the nonce, so that cutting, swapping and extending fail.
"""

import hashlib
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from hmac import compare_digest
from typing import Self

from nacl import bindings
from nacl.exceptions import CryptoError

from crypto.dkx import dkf1
from crypto.dkx.dkf1 import CHUNK, HEADER, TAG
from crypto.dkx.error import FileError
from crypto.dkx.padme import padme

Read = Callable[[int], bytes]
"""Gives at most that many of the next bytes, none at the end: the ``read`` of an open file."""


@dataclass(frozen=True, slots=True)
class FileSecret:
    """A fresh key and nonce prefix: for one file, once. The same ones give the same bytes again, to resume.

    Resume only the very same plaintext: another one under the same secret would give both away.
    """

    key: bytes = field(repr=False)
    prefix: bytes

    @classmethod
    def generate(cls) -> Self:
        return cls(secrets.token_bytes(32), secrets.token_bytes(dkf1.PREFIX))


class Sealer:
    """Seals one file of ``size`` bytes; ``b2`` and ``stored`` describe it once ``pieces`` has run to its end."""

    def __init__(self, secret: FileSecret, size: int) -> None:
        self.stored = dkf1.stored_size(size)
        self._secret, self._size = secret, size
        self._hash: bytes | None = None

    @property
    def b2(self) -> bytes:
        """The hash of header and chunks that the descriptor names."""
        if self._hash is None:
            raise FileError("not sealed to its end")
        return self._hash

    def pieces(self, read: Read, offset: int = 0) -> Iterator[bytes]:
        """The sealed bytes from ``offset`` on, a chunk at a time; what lies before is sealed again for the hash."""
        digest, at = hashlib.blake2b(digest_size=32), 0
        for piece in seal_stream(self._secret, padme(self._size), _padded(read, self._size)):
            digest.update(piece)
            if at + len(piece) > offset:
                yield piece[max(0, offset - at) :]
            at += len(piece)
        if read(1):
            raise FileError("longer than was said")
        self._hash = digest.digest()


class Opener:
    """Opens one file as its descriptor tells: feed what arrives, write what comes out, and ``finish``.

    Every piece that comes out is authentic; only after ``finish`` is it the whole file.
    """

    def __init__(self, key: bytes, size: int, b2: bytes) -> None:
        self._stream = StreamOpener(key, dkf1.stored_size(size) and padme(size))
        self._left, self._b2 = size, b2

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Plaintext as far as it can be told; any doubt raises ``FileError``."""
        for piece in self._stream.feed(data):
            content, padding = piece[: self._left], piece[self._left :]
            self._left -= len(content)
            if any(padding):
                raise FileError("padding is not zero")
            if content:
                yield content

    def finish(self) -> None:
        """The file is whole and the one described, or ``FileError``."""
        if not compare_digest(self._stream.finish(), self._b2):
            raise FileError("not the file that was described")


class StreamOpener:
    """The layer below: ``length`` bytes of padded plaintext, so their number of chunks is known beforehand."""

    def __init__(self, key: bytes, length: int) -> None:
        self._key, self._left = key, length
        self._last, self._index = dkf1.chunk_count(length) - 1, 0
        self._header = b""
        self._waiting = bytearray()
        self._digest = hashlib.blake2b(digest_size=32)

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The chunks that are complete now."""
        self._digest.update(data)
        self._waiting += data
        if not self._header:
            if len(self._waiting) < HEADER:
                return
            self._header = self._take(HEADER)
            dkf1.parse_header(self._header)
        while self._index <= self._last and len(self._waiting) >= self._expected():
            yield self._open(self._take(self._expected()))
        if self._index > self._last and self._waiting:
            raise FileError("longer than described")

    def finish(self) -> bytes:
        """The hash of all that was fed, if it was whole."""
        if self._index <= self._last or self._waiting:
            raise FileError("cut off")
        return self._digest.digest()

    def _expected(self) -> int:
        return min(CHUNK, self._left) + TAG

    def _take(self, count: int) -> bytes:
        taken = bytes(self._waiting[:count])
        del self._waiting[:count]
        return taken

    def _open(self, sealed: bytes) -> bytes:
        nonce = _nonce(self._header[8:24], self._index, last=self._index == self._last)
        try:
            opened = bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(sealed, self._header, nonce, self._key)
        except CryptoError as error:
            raise FileError(f"chunk {self._index} does not open") from error
        self._index += 1
        self._left -= len(opened)
        return opened


def seal_stream(secret: FileSecret, length: int, read: Read) -> Iterator[bytes]:
    """Header and sealed chunks of exactly ``length`` bytes of plaintext, padded already."""
    header = dkf1.header(secret.prefix)
    yield header
    last = dkf1.chunk_count(length) - 1
    for index in range(last + 1):
        chunk = _exactly(read, min(CHUNK, length - index * CHUNK))
        nonce = _nonce(secret.prefix, index, last=index == last)
        yield bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(chunk, header, nonce, secret.key)


def open_all(opener: Opener, pieces: Iterable[bytes]) -> bytes:
    """A small file at once, a thumbnail for example."""
    plain = b"".join(out for piece in pieces for out in opener.feed(piece))
    opener.finish()
    return plain


def _nonce(prefix: bytes, index: int, *, last: bool) -> bytes:
    return prefix + index.to_bytes(7, "big") + bytes([last])


def _padded(read: Read, size: int) -> Read:
    """Reads exactly ``size`` bytes from ``read``, then zeros."""
    left = size

    def read_on(count: int) -> bytes:
        nonlocal left
        content = _exactly(read, min(count, left))
        left -= len(content)
        return content.ljust(count, b"\0")

    return read_on


def _exactly(read: Read, count: int) -> bytes:
    parts = bytearray()
    while len(parts) < count:
        part = read(count - len(parts))
        if not part:
            raise FileError("shorter than was said")
        parts += part
    return bytes(parts)
