"""Sealed files open whole, with their own key, or not at all."""

import io
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto.sealed_file import SealedFileError, Sealer, begin, new_key_pair, open_file, opened

KEY = bytes(range(32))


def sealed(parts: list[bytes], key: bytes = KEY) -> list[bytes]:
    sealer = Sealer(key)
    return [sealer.seal(part, last=n == len(parts) - 1) for n, part in enumerate(parts)]


def opening(raw: bytes, key: bytes = KEY) -> list[bytes]:
    return list(opened(key, io.BytesIO(raw).read))


@settings(max_examples=30)
@given(st.lists(st.binary(max_size=300), min_size=1, max_size=5))
def test_what_was_sealed_opens_part_by_part(parts: list[bytes]) -> None:
    assert opening(b"".join(sealed(parts))) == parts


@pytest.mark.parametrize("order", [[0, 1], [0, 2], [1, 0, 2], [0, 1, 2, 2], [0, 1, 1, 2], [], [2]])
def test_parts_left_out_moved_or_added_are_refused(order: list[int]) -> None:
    parts = sealed([b"a", b"b", b"c"])
    with pytest.raises(SealedFileError):
        opening(b"".join(parts[n] for n in order))


def test_each_flipped_byte_and_each_cut_is_refused() -> None:
    raw = b"".join(sealed([b"dorf", b"kiste"]))
    for place in range(len(raw)):
        with pytest.raises(SealedFileError):
            opening(raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :])
        with pytest.raises(SealedFileError):
            opening(raw[:place])


def test_a_file_for_a_public_key_opens_with_its_secret_alone() -> None:
    (secret, public), (other, _) = new_key_pair(), new_key_pair()
    first, sealer = begin(public)
    raw = first + sealer.seal(b"dorf") + sealer.seal(b"", last=True)
    assert list(open_file(secret, io.BytesIO(raw).read)) == [b"dorf", b""]
    with pytest.raises(SealedFileError):
        list(open_file(other, io.BytesIO(raw).read))
    with pytest.raises(SealedFileError, match="no such file"):
        open_file(secret, io.BytesIO(b"DKB2" + raw[4:]).read)


def test_the_same_never_looks_the_same() -> None:
    _, public = new_key_pair()
    first, second = (start + sealer.seal(b"x", last=True) for start, sealer in (begin(public), begin(public)))
    assert not any(a == b for a, b in pairwise([first[4:], second[4:]]))


def test_keys_are_not_taken_for_each_other() -> None:
    secret, public = new_key_pair()
    with pytest.raises(SealedFileError, match="secret key"):
        begin(secret)
    with pytest.raises(SealedFileError, match="no secret key"):
        open_file(public, io.BytesIO(b"DKB1" + bytes(32)).read)
    for wrong in ("", "dkb-x", "age1" + "q" * 40):
        with pytest.raises(SealedFileError, match="no key"):
            begin(wrong)
