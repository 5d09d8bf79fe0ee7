"""The verdict on keys and signatures is the strict one, also where libsodium alone would be lenient."""

import struct

import pytest
from nacl import bindings

from crypto.dkx.dlkcert import DlkCert
from crypto.dkx.error import DkxError, DlkCertError, KeyMaterialError
from crypto.dkx.primitive import is_box_key, is_signed, is_signing_key, label, pack
from crypto.dkx.sealing.keys import BoxKey, SigningKey
from tests.crypto.cast import AIK_A, hexed
from tests.crypto.lenient import TORSION8, lenient_signature

SMALL_ORDER_X25519 = [
    "00" * 32,
    "01" + "00" * 31,
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "00" * 31 + "80",
]
ODD_ED25519 = {
    "identity": b"\x01" + bytes(31),
    "zeros": bytes(32),
    "small order": TORSION8,
    "mixed order": bindings.crypto_core_ed25519_add(AIK_A.public, TORSION8),
    "not canonical": bytes.fromhex("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    "not on the curve": b"\x02" + bytes(31),
    "short": AIK_A.public[:31],
    "long": AIK_A.public + b"\0",
}


def test_a_good_key_is_good() -> None:
    assert is_signing_key(AIK_A.public)


@pytest.mark.parametrize("kind", ODD_ED25519)
def test_an_odd_ed25519_key_is_refused(kind: str) -> None:
    assert not is_signing_key(ODD_ED25519[kind])


@pytest.mark.parametrize("public", SMALL_ORDER_X25519)
def test_an_x25519_key_of_small_order_is_refused(public: str) -> None:
    assert not is_box_key(bytes.fromhex(public))
    with pytest.raises(KeyMaterialError):
        BoxKey.generate().agree(bytes.fromhex(public))


def test_an_x25519_key_of_another_length_is_refused() -> None:
    assert not is_box_key(bytes(31))
    with pytest.raises(KeyMaterialError):
        BoxKey.generate().agree(bytes(33))


def test_a_document_with_a_mixed_order_key_is_refused_though_libsodium_would_accept_its_signatures() -> None:
    purpose, message = label("devlist"), b"a forged list"
    public, signature = lenient_signature(0, purpose, message)
    assert bindings.crypto_sign_open(signature + purpose + message, public)
    raw = hexed("dlkcert")
    with pytest.raises(DlkCertError, match="no good Ed25519 key"):
        DlkCert.parse(raw[:22] + public + raw[54:])


@pytest.mark.parametrize("torsion", range(1, 8))
def test_torsion_in_r_is_refused_though_libsodium_would_accept_it(torsion: int) -> None:
    purpose, message = label("devlist"), b"a forged list"
    public, signature = lenient_signature(torsion, purpose, message)
    assert bindings.crypto_sign_open(signature + purpose + message, public)
    assert not is_signed(public, purpose, message, signature)


def test_a_signature_made_for_another_purpose_is_refused() -> None:
    assert not is_signed(AIK_A.public, label("roster"), b"m", AIK_A.sign(label("devlist"), b"m"))


def test_a_signature_by_another_key_or_of_another_length_is_refused() -> None:
    signature = AIK_A.sign(label("x"), b"m")
    assert not is_signed(SigningKey.generate().public, label("x"), b"m", signature)
    assert not is_signed(AIK_A.public, label("x"), b"m", signature[:-1])
    assert not is_signed(AIK_A.public[:-1], label("x"), b"m", signature)


def test_a_field_is_never_cut_or_filled() -> None:
    layout = struct.Struct(">4sI")
    assert pack(layout, b"room", 1) == b"room\0\0\0\x01"
    for values in ((b"roo", 1), (b"rooms", 1), (b"room", -1), (b"room", 2**32), ("room", 1)):
        with pytest.raises(DkxError):
            pack(layout, *values)
