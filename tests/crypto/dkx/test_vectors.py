"""Every published vector is reproduced byte for byte, so that clients in other languages understand ours."""

import pytest

from crypto.dkx import login
from tests.crypto import cast
from tests.crypto.cast import ANNA, hexed, seed
from tests.crypto.vectors import BYTES, INPUTS, OTHERS


@pytest.mark.parametrize("key", BYTES)
def test_our_bytes_are_the_published_ones(key: str) -> None:
    assert BYTES[key]().hex() == cast.VECTORS[key]


@pytest.mark.parametrize("key", OTHERS)
def test_our_values_are_the_published_ones(key: str) -> None:
    assert OTHERS[key]() == cast.VECTORS[key]


def test_no_vector_is_forgotten() -> None:
    assert set(cast.VECTORS) == BYTES.keys() | OTHERS.keys() | INPUTS


def test_the_published_login_is_believed() -> None:
    login.verify(
        hexed("login_sig"),
        ANNA.dsk.public,
        challenge=seed(26),
        origin=cast.ORIGIN,
        account=ANNA.account,
        device=ANNA.device,
    )
