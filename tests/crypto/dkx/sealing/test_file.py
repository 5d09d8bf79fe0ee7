"""Attachments are sealed and opened in a stream, resumed where they stopped, and refused when anything is missing."""

import tracemalloc
from collections.abc import Iterator
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto.dkx import dkf1
from crypto.dkx.error import FileError
from crypto.dkx.padme import padme
from crypto.dkx.sealing.file import FileSecret, Opener, Sealer, open_all
from tests.crypto.cast import id16, seed

SECRET = FileSecret(seed(18), id16(25))


def seal(plaintext: bytes) -> tuple[bytes, bytes]:
    sealer = Sealer(SECRET, len(plaintext))
    raw = b"".join(sealer.pieces(BytesIO(plaintext).read))
    assert len(raw) == sealer.stored
    return raw, sealer.b2


def parts(raw: bytes, step: int) -> Iterator[bytes]:
    return (raw[i : i + step] for i in range(0, len(raw), step))


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 200).map(lambda n: b"x" * n) | st.sampled_from([b"y" * n for n in (65535, 65536, 65537, 131072)]),
    st.integers(1, 70000),
)
def test_what_is_sealed_opens_in_any_pieces(plaintext: bytes, step: int) -> None:
    raw, b2 = seal(plaintext)
    assert open_all(Opener(SECRET.key, len(plaintext), b2), parts(raw, step + len(raw) // 50)) == plaintext
    assert dkf1.is_stored_size(len(raw))


def test_it_goes_on_where_it_stopped() -> None:
    plaintext = bytes(range(256)) * 1000
    raw, b2 = seal(plaintext)
    for offset in (0, 1, 27, 28, 65580, 70000, len(raw) - 1, len(raw)):
        sealer = Sealer(SECRET, len(plaintext))
        assert b"".join(sealer.pieces(BytesIO(plaintext).read, offset)) == raw[offset:]
        assert sealer.b2 == b2


def test_a_file_of_25_mib_needs_little_memory() -> None:
    size = dkf1.MAX_SIZE
    left = size

    def read(count: int) -> bytes:
        nonlocal left
        given = min(count, left)
        left -= given
        return bytes(given)

    tracemalloc.start()
    sealer, sealed, opened = Sealer(FileSecret.generate(), size), 0, 0
    opener = Opener(sealer._secret.key, size, b"")
    for piece in sealer.pieces(read):
        sealed += len(piece)
        opened += sum(map(len, opener.feed(piece)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (sealed, opened) == (dkf1.stored_size(size), size)
    assert peak < 2_000_000


def test_another_hash_than_described_is_refused_at_the_end() -> None:
    raw, _ = seal(b"hallo")
    with pytest.raises(FileError):
        open_all(Opener(SECRET.key, 5, seed(1)), [raw])


@pytest.mark.parametrize("said", [4, 6])
def test_a_file_that_changes_while_it_is_sealed_is_noticed(said: int) -> None:
    sealer = Sealer(SECRET, said)
    with pytest.raises(FileError):
        list(sealer.pieces(BytesIO(b"hallo").read))
    with pytest.raises(FileError):
        assert sealer.b2


def test_nothing_over_25_mib_is_sealed() -> None:
    for size in (-1, dkf1.MAX_SIZE + 1):
        with pytest.raises(FileError):
            Sealer(SECRET, size)


@given(st.integers(0, 2**40))
def test_padding_tells_little_and_costs_little(length: int) -> None:
    padded = padme(length)
    assert length <= padded <= length * 1.12 + 1
    assert padme(padded) == padded


@pytest.mark.parametrize("stored", [-1, 0, 27, 28, 43, 53 + 1000, 65581, 65536 + 44 + 1, 30_000_000])
def test_the_hub_knows_sizes_no_file_has(stored: int) -> None:
    assert not dkf1.is_stored_size(stored)


def test_no_two_files_share_a_key() -> None:
    assert FileSecret.generate() != FileSecret.generate()
