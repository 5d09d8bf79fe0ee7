"""DKF1, what the hub may know of an attachment: the header and the lengths that can occur (e2ee.md §6)."""

import struct

from crypto.dkx.error import FileError
from crypto.dkx.padme import padme
from crypto.dkx.primitive import pack

CHUNK = 65536
TAG = 16
HEADER = 28
PREFIX = 16
MAX_SIZE = 25 * 1024 * 1024
"""Of the file before padding, in bytes."""
_MAGIC = b"DKF1"
_LAYOUT = struct.Struct(">4sI16s4s")


def header(prefix: bytes) -> bytes:
    """28 bytes; ``prefix`` is the first part of every chunk's nonce."""
    return pack(_LAYOUT, _MAGIC, CHUNK, prefix, bytes(4))


def parse_header(raw: bytes) -> bytes:
    """The prefix, or ``FileError``: another chunk size is another format."""
    if len(raw) != HEADER:
        raise FileError("a header has 28 bytes")
    magic, chunk, prefix, reserved = _LAYOUT.unpack(raw)
    if magic != _MAGIC or chunk != CHUNK or any(reserved):
        raise FileError("unknown format, chunk size or reserved bytes")
    return bytes(prefix)


def chunk_count(length: int) -> int:
    """How many chunks ``length`` bytes of padded plaintext make: an empty file has one."""
    return max(1, -(-length // CHUNK))


def sealed_length(length: int) -> int:
    """Header, chunks and their authenticators for ``length`` bytes of padded plaintext."""
    return HEADER + length + TAG * chunk_count(length)


def stored_size(size: int) -> int:
    """How many bytes the hub stores for a file of ``size`` bytes; too large: ``FileError``."""
    if not 0 <= size <= MAX_SIZE:
        raise FileError("larger than 25 MiB")
    return sealed_length(padme(size))


def is_stored_size(stored: int) -> bool:
    """Whether some file has exactly this stored size: a hub refuses other uploads at once."""
    chunks = -(-(stored - HEADER) // (CHUNK + TAG))
    length = stored - HEADER - TAG * chunks
    return 0 <= length <= padme(MAX_SIZE) and sealed_length(length) == stored and padme(length) == length
