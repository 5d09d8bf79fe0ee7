"""Envelopes and key packets of a malicious member: signature and authenticator are good, what is inside is not."""

import hashlib
from dataclasses import replace
from typing import Any

from nacl import bindings

from crypto.dkx import keypacket
from crypto.dkx.envelope import EnvelopeHeader
from crypto.dkx.primitive import ZEROS16, ZEROS32, label
from crypto.dkx.rest import ContentType, Rest, commitment
from crypto.dkx.sealing import packet
from crypto.dkx.sealing.keys import BoxKey, SigningKey
from crypto.dkx.sealing.packet import Address, OneTimeKey
from tests.crypto import cast, vectors
from tests.crypto.cast import ANNA, BERND, hexed, id16, seed

Case = dict[str, Any]
KF, NONCE = seed(14), bytes([15]) * 24
RAW = vectors.REST.to_bytes()
MSG = label("msg")
HEADER = EnvelopeHeader(cast.ROOM, ANNA.device, cast.CHAIN, 0, cast.CID, ZEROS32)
MAGIC = b"\x01\x10\x01\x00"
BAD, BAD_PACKET = "envelope_invalid", "key_packet_invalid"


def headed(rest: bytes = RAW, *, header: EnvelopeHeader = HEADER, magic: bytes = MAGIC, commit: bytes = b"") -> bytes:
    draft = magic + header.to_bytes()[4:]
    return draft[:72] + (commit or commitment(draft, KF, rest))


def region(length: int) -> int:
    return next(256 << n for n in range(9) if 256 << n >= length)


def sealed(header: bytes, plaintext: bytes, *, csk: SigningKey = cast.CSK, purpose: bytes = MSG) -> bytes:
    """Sealed with the right key of the chain and signed, whatever it is."""
    index = min(int.from_bytes(header[52:56], "big"), 1023)
    key = cast.RECORD.message_key(index)
    body = header + NONCE + bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, header, NONCE, key)
    return body + csk.sign(purpose, body)


def envelope(rest: bytes = RAW, *, size: int = 0, tail: bytes = b"", **head: Any) -> bytes:
    plaintext = KF + rest
    padded = plaintext.ljust((size or region(len(plaintext))) - len(tail), b"\0") + tail
    return sealed(headed(rest, **head), padded)


def relabelled(length: int, rest: bytes = RAW) -> bytes:
    """The rest with another len4, committed to as it stands."""
    return rest[:49] + length.to_bytes(4, "big") + rest[53:]


def typed(ctype: int) -> bytes:
    return bytes([ctype]) + RAW[1:]


def placed(after_seq: int, after_hash: bytes) -> bytes:
    return RAW[:9] + after_seq.to_bytes(8, "big") + after_hash + RAW[33:]


def with_identity_as_r() -> bytes:
    """A signature whose R is the identity: S = H(R, A, M) a holds without a cofactor, and any library may take it."""
    body, csk = envelope()[:-64], cast.CSK
    scalar = bytearray(hashlib.sha512(csk.seed).digest()[:32])
    scalar[0] &= 248
    scalar[31] = scalar[31] & 127 | 64
    r = b"\x01" + bytes(31)
    k = bindings.crypto_core_ed25519_scalar_reduce(hashlib.sha512(r + csk.public + MSG + body).digest())
    a = bindings.crypto_core_ed25519_scalar_reduce(bytes(scalar) + bytes(32))
    return body + r + bindings.crypto_core_ed25519_scalar_mul(k, a)


def at(**place: Any) -> bytes:
    return envelope(header=replace(HEADER, **place))


def said(ctype: ContentType, body: bytes) -> bytes:
    return Rest(ctype, cast.T, 0, ZEROS16, id16(0xD2), body).to_bytes()


def envelopes() -> dict[str, tuple[bytes, str]]:
    body = len(RAW) - 53
    return {
        "as published": (envelope(), "ok"),
        "the last index in reach": (at(index=1023), "ok"),
        "nothing said": (envelope(said(ContentType.DUMMY, b"")), "ok"),
        "the longest body of the smallest region": (envelope(said(ContentType.TEXT, b"x" * 171)), "ok"),
        "the longest body": (envelope(said(ContentType.TEXT, b"x" * 65451)), "ok"),
        "another version": (envelope(magic=b"\x02\x10\x01\x00"), BAD),
        "another type": (envelope(magic=b"\x01\x11\x01\x00"), BAD),
        "another suite": (envelope(magic=b"\x01\x10\x02\x00"), BAD),
        "a flag": (envelope(magic=b"\x01\x10\x01\x01"), BAD),
        "an index out of reach": (at(index=1024), BAD),
        "the highest index": (at(index=2**32 - 1), BAD),
        "another's room": (at(room=id16(1)), BAD),
        "another's device": (at(device=BERND.device), BAD),
        "another's chain": (at(chain=id16(1)), BAD),
        "content type 0": (envelope(typed(0)), BAD),
        "content type 10": (envelope(typed(10)), BAD),
        "content type 126": (envelope(typed(126)), BAD),
        "content type 255": (envelope(typed(255)), BAD),
        "len4 one over": (envelope(relabelled(body + 1)), BAD),
        "len4 one under": (envelope(relabelled(body - 1)), BAD),
        "len4 one under a zero": (envelope(relabelled(1, said(ContentType.TEXT, b"x\0"))), BAD),
        "len4 far over": (envelope(relabelled(2**32 - 1)), BAD),
        "len4 past the region": (envelope(relabelled(172)), BAD),
        "len4 over any region": (envelope(relabelled(65452)), BAD),
        "a region too large": (envelope(size=512), BAD),
        "half a region": (sealed(headed(), (KF + RAW).ljust(128, b"\0")), BAD),
        "a region and a byte": (envelope(size=257), BAD),
        "no region": (sealed(headed(), b""), BAD),
        "only kf": (sealed(headed(), KF), BAD),
        "an empty region": (sealed(headed(), bytes(256)), BAD),
        "padding not zero at its end": (envelope(tail=b"\1"), BAD),
        "padding not zero at its start": (sealed(headed(), (KF + RAW + b"\1").ljust(256, b"\0")), BAD),
        "another kf": (sealed(headed(), (seed(99) + RAW).ljust(256, b"\0")), BAD),
        "committed to other words": (envelope(commit=commitment(headed(), KF, RAW[:-1] + b"!")), BAD),
        "committed to nothing": (envelope(commit=ZEROS32), BAD),
        "a hash after nothing": (envelope(placed(0, id16(1))), BAD),
        "a place without its hash": (envelope(placed(17, ZEROS16)), BAD),
        "signed by another chain": (sealed(headed(), (KF + RAW).ljust(256, b"\0"), csk=ANNA.dsk), BAD),
        "signed under another label": (sealed(headed(), (KF + RAW).ljust(256, b"\0"), purpose=label("roster")), BAD),
        "signed without a label": (sealed(headed(), (KF + RAW).ljust(256, b"\0"), purpose=b""), BAD),
        "signed with the identity as R": (with_identity_as_r(), BAD),
        "cut off": (envelope()[:-1], BAD),
        "extended": (envelope() + b"\0", BAD),
        "nothing": (b"", BAD),
    }


def opened() -> dict[str, tuple[tuple[bytes, bytes, bytes], str]]:
    """What a reporter may disclose: (header, kf, rest)."""
    good = headed()
    return {
        "as published": ((good, KF, RAW), "ok"),
        "a flag": ((headed(magic=b"\x01\x10\x01\x01"), KF, RAW), BAD),
        "content type 10": ((headed(typed(10)), KF, typed(10)), BAD),
        "len4 one over": ((headed(relabelled(len(RAW) - 52)), KF, relabelled(len(RAW) - 52)), BAD),
        "len4 one under": ((headed(relabelled(len(RAW) - 54)), KF, relabelled(len(RAW) - 54)), BAD),
        "a byte behind": ((headed(RAW + b"\0"), KF, RAW + b"\0"), BAD),
        "a hash after nothing": ((headed(placed(0, id16(1))), KF, placed(0, id16(1))), BAD),
        "a place without its hash": ((headed(placed(17, ZEROS16)), KF, placed(17, ZEROS16)), BAD),
        "other words": ((good, KF, RAW[:-1] + b"!"), BAD),
        "another kf": ((good, seed(99), RAW), BAD),
        "a short kf": ((good, KF[:-1], RAW), BAD),
        "a short header": ((good[:-1], KF, RAW), BAD),
        "moved to another room": ((good[:4] + id16(1) + good[20:], KF, RAW), BAD),
        "too short": ((good, KF, RAW[:52]), BAD),
    }


class _Raw:
    """A body as it stands, for a packet that is sealed well."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw

    def to_bytes(self) -> bytes:
        return self.raw


def packed(body: bytes, opk: OneTimeKey | None = None) -> bytes:
    fresh = BoxKey.from_secret(seed(12)), bytes([13]) * 24
    to = Address(BERND.party, cast.SIGNED_SPK_B, opk)
    return packet._seal(_Raw(body), ANNA, to, (cast.ROOM, cast.CHAIN), fresh).raw  # type: ignore[arg-type]


def packets() -> dict[str, tuple[bytes, str]]:
    chain, forward = hexed("chain_body"), hexed("forward_body")
    good, with_opk = packed(chain), packed(chain, OneTimeKey(42, cast.OPK_B.public))
    mixed = bindings.crypto_core_ed25519_add(cast.CSK.public, TORSION[3])
    return {
        "as published": (good, "ok"),
        "with a one-time prekey": (with_opk, "ok"),
        "a forward": (packed(forward), "ok"),
        "an unknown flag": (good[:3] + b"\2" + good[4:], BAD_PACKET),
        "an OPK without its flag": (with_opk[:3] + b"\0" + with_opk[4:], BAD_PACKET),
        "the flag without an OPK": (good[:3] + b"\1" + good[4:], BAD_PACKET),
        "no SPK": (good[:68] + bytes(4) + good[72:], BAD_PACKET),
        "another version": (b"\2" + good[1:], BAD_PACKET),
        "an ephemeral key of zeros": (good[:76] + bytes(32) + good[108:], BAD_PACKET),
        "to another device": (good[:36] + id16(1) + good[52:], BAD_PACKET),
        "replayed to another room": (good[:4] + id16(1) + good[20:], BAD_PACKET),
        "replayed to another chain": (good[:52] + id16(1) + good[68:], BAD_PACKET),
        "an unknown body": (packed(b"\3" + chain[1:]), BAD_PACKET),
        "reserved bytes of a chain": (packed(chain[:-1] + b"\1"), BAD_PACKET),
        "reserved bytes of a forward": (packed(forward[:-3] + b"\1\0\0"), BAD_PACKET),
        "a list of epoch 0": (packed(chain[:101] + bytes(4) + chain[105:]), BAD_PACKET),
        "a list of version 0": (packed(chain[:105] + bytes(4) + chain[109:]), BAD_PACKET),
        "a signing key of zeros": (packed(chain[:37] + bytes(32) + chain[69:]), BAD_PACKET),
        "a signing key of mixed order": (packed(chain[:37] + mixed + chain[69:]), BAD_PACKET),
        "cut off": (good[: keypacket.SIZE - 1], BAD_PACKET),
        "extended": (good + b"\0", BAD_PACKET),
    }


TORSION = tuple(
    map(
        bytes.fromhex,
        (
            "01" + "00" * 31,
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "00" * 32,
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        ),
    )
)
"""Ed25519 points of order 1, 2, 4, 8 and 8."""


def signing_keys() -> dict[str, tuple[bytes, str]]:
    good = ANNA.dsk.public
    return {
        "a good key": (good, "ok"),
        **{f"small order {n}": (point, "key_invalid") for n, point in enumerate(TORSION)},
        **{
            f"mixed order {n}": (bindings.crypto_core_ed25519_add(good, point), "key_invalid")
            for n, point in enumerate(TORSION[1:])
        },
        "y is p": (bytes.fromhex("ed" + "ff" * 30 + "7f"), "key_invalid"),
        "y is p + 1": (bytes.fromhex("ee" + "ff" * 30 + "7f"), "key_invalid"),
        "the identity with a sign": (b"\1" + bytes(30) + b"\x80", "key_invalid"),
        "not on the curve": (b"\2" + bytes(31), "key_invalid"),
        "31 bytes": (good[:31], "key_invalid"),
        "33 bytes": (good + b"\0", "key_invalid"),
    }


def box_keys() -> dict[str, tuple[bytes, str]]:
    return {
        "a good key": (ANNA.dbk.public, "ok"),
        "0": (bytes(32), "key_invalid"),
        "1": (b"\1" + bytes(31), "key_invalid"),
        "order 8": (
            bytes.fromhex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
            "key_invalid",
        ),
        "another of order 8": (
            bytes.fromhex("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"),
            "key_invalid",
        ),
        "p - 1": (bytes.fromhex("ec" + "ff" * 30 + "7f"), "key_invalid"),
        "p": (bytes.fromhex("ed" + "ff" * 30 + "7f"), "key_invalid"),
        "p + 1": (bytes.fromhex("ee" + "ff" * 30 + "7f"), "key_invalid"),
        "31 bytes": (ANNA.dbk.public[:31], "key_invalid"),
    }
