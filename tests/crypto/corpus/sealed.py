"""Files, backups, links, reports, pushes and bundles that were changed after they were made, or made by a liar."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import Any

from nacl import bindings

from crypto import b64
from crypto.dkx import dkf1
from crypto.dkx.agreement import Agreement
from crypto.dkx.backup import blob_header
from crypto.dkx.bundle import Bundle, SignedDocument, Witnessed
from crypto.dkx.devlist import DevList
from crypto.dkx.notary import Notary
from crypto.dkx.primitive import ZEROS16, h32
from crypto.dkx.roster import Role
from crypto.dkx.sealing import signing
from crypto.dkx.sealing.file import FileSecret, seal_stream
from tests.crypto import cast, vectors, vectors2
from tests.crypto.cast import ANNA, BERND, CERT_A, CERT_B, LIST_A, LIST_B, hexed, id16, seed
from tests.crypto.vectors2 import NOTARY, SIGNED_AT, by_both, documents, named, witnessed

BAD_FILE, BAD_LINK, BAD_PUSH = "file_invalid", "link_invalid", "push_invalid"
SECRET = FileSecret(seed(18), id16(25))


Piece = bytes | tuple[str, int, int]
"""Bytes as they are, or a part of one of the bases: large files need not be published to be agreed upon."""


def bases() -> dict[str, bytes]:
    """Whole files everybody can seal: key 18, prefix 25."""
    return {
        "two": vectors.stream(vectors.TWO_CHUNKS, padded=True),
        "three": stream(b"x" * 3 * 65536),
        "tail": dkf1.header(SECRET.prefix) + _chunk(b"x" * 65536, 0, last=False) + _chunk(b"", 1, last=True),
        "halves": dkf1.header(SECRET.prefix) + _chunk(b"x" * 32768, 0, last=False) + _chunk(b"x" * 32768, 1, last=True),
    }


def files() -> dict[str, tuple[list[Piece], int, str]]:
    """(pieces of the sealed bytes, size said): b2 is of these very bytes, so that the sender is the liar."""
    chunk, end, two, three = 65536 + 16, 67644, 65540, 3 * 65536
    first, second, third = (("three", 28 + n * chunk, 28 + (n + 1) * chunk) for n in range(3))
    head = ("three", 0, 28)
    return {
        "ten bytes": ([vectors2.sealed(vectors2.FILE_SECRET, vectors2.FILE)[0]], 10, "ok"),
        "nothing": ([vectors.stream(b"")], 0, "ok"),
        "two chunks": ([("two", 0, end)], two, "ok"),
        "three full chunks": ([head, first, second, third], three, "ok"),
        "cut in a chunk": ([("two", 0, end - 1)], two, BAD_FILE),
        "cut between chunks": ([("two", 0, 28 + chunk)], two, BAD_FILE),
        "cut to the header": ([("two", 0, 28)], two, BAD_FILE),
        "no byte": ([b""], 0, BAD_FILE),
        "chunks swapped": ([head, second, first, third], three, BAD_FILE),
        "a chunk twice": ([head, first, first, third], three, BAD_FILE),
        "a chunk left out": ([head, first, third], three, BAD_FILE),
        "a chunk left out and a shorter size": ([head, first, third], 2 * 65536, BAD_FILE),
        "a byte behind": ([("two", 0, end), b"\0"], two, BAD_FILE),
        "an empty tail": ([("tail", 0, 28 + chunk + 16)], 65536, BAD_FILE),
        "chunks of another size": ([("halves", 0, 28 + chunk + 16)], 65536, BAD_FILE),
        "another size in the header": ([("two", 0, 4), b"\0\0\x80\0", ("two", 8, end)], two, BAD_FILE),
        "reserved bytes": ([("two", 0, 24), b"\1", ("two", 25, end)], two, BAD_FILE),
        "not padded": ([stream(b"123456789")], 9, BAD_FILE),
        "padded too much": ([stream(b"123456789".ljust(12, b"\0"))], 9, BAD_FILE),
        "padding not zero": ([stream(b"1234567890")], 9, BAD_FILE),
        "larger than 25 MiB": ([stream(b"1")], 25 * 2**20 + 1, BAD_FILE),
        "smaller than said": ([stream(b"1")], 2, BAD_FILE),
    }


def stream(plaintext: bytes) -> bytes:
    return b"".join(seal_stream(SECRET, len(plaintext), BytesIO(plaintext).read))


def _chunk(plaintext: bytes, index: int, *, last: bool) -> bytes:
    nonce = SECRET.prefix + index.to_bytes(7, "big") + bytes([last])
    return bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, dkf1.header(SECRET.prefix), nonce, SECRET.key)


def blobs() -> dict[str, tuple[bytes, str]]:
    """Judged by their form alone, before anything is derived."""
    good, prf = hexed("backup"), hexed("prf_blob")

    def cost(ops: int, mem_kib: int) -> bytes:
        return blob_header(good[:2], ANNA.account, id16(0xE1), ops, mem_kib) + good[42:]

    bad, weak = "backup_invalid", "backup_weak"
    return {
        "as published": (good, "ok"),
        "by passkey": (prf, "ok"),
        "the least cost": (cost(2, 32 * 1024), "ok"),
        "the highest cost": (cost(16, 1024 * 1024), "ok"),
        "one pass": (cost(1, 65536), weak),
        "seventeen passes": (cost(17, 65536), weak),
        "a KiB below 32 MiB": (cost(3, 32 * 1024 - 1), weak),
        "a KiB over 1 GiB": (cost(3, 1024 * 1024 + 1), weak),
        "no cost at all": (cost(0, 0), weak),
        "a passkey with salt": (prf[:18] + id16(1) + prf[34:], bad),
        "a passkey with passes": (prf[:37] + b"\1" + prf[38:], bad),
        "another type": (b"\1\x34" + good[2:], bad),
        "another version": (b"\2" + good[1:], bad),
        "cut off": (good[:-1], bad),
        "extended": (good + b"\0", bad),
        "a code as passkey": (b"\1\x33" + good[2:], bad),
    }


def reveals() -> dict[str, tuple[bytes, bytes, str]]:
    """(sascommit, what N reveals): E's ephemeral key is 21, the link f1."""
    commit, good = hexed("sas_commit"), vectors2.revealed()
    return {
        "as published": (commit, good, "ok"),
        "another dsk": (commit, BERND.dsk.public + good[32:], "link_mismatch"),
        "another dbk": (commit, good[:32] + BERND.dbk.public + good[64:], "link_mismatch"),
        "another ephemeral key": (commit, good[:64] + BERND.dbk.public + good[96:], "link_mismatch"),
        "another rand": (commit, good[:96] + seed(25), "link_mismatch"),
        "another commitment": (seed(1), good, "link_mismatch"),
        "a dbk of zeros": (commit, good[:32] + bytes(32) + good[64:], BAD_LINK),
        "cut off": (commit, good[:-1], BAD_LINK),
        "extended": (commit, good + b"\0", BAD_LINK),
    }


def pushes() -> dict[str, tuple[bytes, str]]:
    """Under push key 35."""
    good = vectors2.pushed(vectors2.NOTICE)
    return {
        "as published": (good, "ok"),
        "the largest": (vectors2.pushed({"t": "x" * 2040}), "ok"),
        "another type": (b"\x42" + good[1:], BAD_PUSH),
        "another key id": (good[:1] + b"\0\0\0\6" + good[5:], BAD_PUSH),
        "cut off": (good[:-1], BAD_PUSH),
        "padded to 1024": (_push(b'{"t":"a"}'.ljust(1024, b"\0")), BAD_PUSH),
        "padded to 256": (_push(b'{"t":"a"}'.ljust(256, b"\0")), BAD_PUSH),
        "no JSON": (_push(b"x".ljust(512, b"\0")), BAD_PUSH),
        "an array": (_push(b"[]".ljust(512, b"\0")), BAD_PUSH),
        "padding not zero": (_push(b'{"t":"a"}'.ljust(512, b" ")), BAD_PUSH),
        "another spelling": (_push(b'{"t": "a"}'.ljust(512, b"\0")), BAD_PUSH),
    }


def _push(padded: bytes) -> bytes:
    header, nonce = b"\x41\0\0\0\5", bytes([36]) * 24
    return header + nonce + bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(padded, header, nonce, seed(35))


def reports() -> dict[str, tuple[dict[str, Any], bytes | None, str]]:
    """(report, stored envelope or None when it was erased): frank key 23 is named k."""
    good, stored = vectors2.report().to_json(), vectors.envelope()
    raw = vectors2.report()
    other = b64.encode(stored[:4] + id16(1) + stored[20:104])
    bad = "report_unverifiable"
    changes = {
        "other words": {"rest": b64.encode(raw.rest[:-1] + b"!")},
        "another kf": {"kf": b64.encode(seed(99))},
        "another sender": {"acct": BERND.account.hex()},
        "another place": {"seq": 19},
        "another time": {"ts": raw.ts + 1},
        "another mark": {"ft": b64.encode(seed(1))},
        "another frank key": {"kid": "j"},
        "another room": {"room": id16(1).hex()},
        "another header": {"hdr104": other},
        "place 0": {"seq": 0},
        "a short mark": {"ft": b64.encode(bytes(31))},
        "a field more": {"note": "a"},
        "an id in capitals": {"acct": "A1" * 16},
    }
    cases = {name: ({**good, **change}, stored, bad) for name, change in changes.items()}
    erased = {f"{name}, erased": (report, None, bad) for name, (report, _, _) in cases.items()}
    without = {name: value for name, value in good.items() if name != "kf"}
    return {
        "as published": (good, stored, "ok"),
        "as published, erased": (good, None, "ok"),
        "another message stored": (good, stored[:56] + id16(1) + stored[72:], bad),
        "without kf": (without, stored, bad),
        **cases,
        **erased,
    }


def bundles() -> dict[str, tuple[bytes, str]]:
    """ZIP archives by a hub or neighbour that lies; the notary key is the hub's own."""
    first = by_both(documents()["agreement"], SIGNED_AT)
    whole = Bundle.parse(vectors2.whole_bundle())
    cases = {name: (made(first), refusal) for name, (made, refusal) in _BUNDLES.items()}
    return {
        "as published": (vectors2.whole_bundle(), "ok"),
        "an agreement alone": (vectors2.bundled(first), "ok"),
        "no archive": (b"PK", "not_a_bundle"),
        "nothing": (b"", "not_a_bundle"),
        "packed again, compressed": (_packed(whole.files(), zipfile.ZIP_DEFLATED), "repacked"),
        "packed again": (_packed(whole.files(), zipfile.ZIP_STORED), "repacked"),
        "a comment behind": (vectors2.whole_bundle()[:-2] + b"\1\0x", "repacked"),
        "a byte before": (b"\0" + vectors2.whole_bundle(), "repacked"),
        "another file": (_packed({**whole.files(), "readme.txt": b"hi"}, 0), "file_surplus"),
        "a folder up": (_packed({**whole.files(), "../aik": b"hi"}, 0), "file_surplus"),
        "without the notary's key": (_packed(_but(whole.files(), "notary.key"), 0), "file_missing"),
        "without an identity key": (_rewritten(replace(whole, aiks={ANNA.account: ANNA.aik})), "identity_differs"),
        "without a list": (_rewritten(replace(whole, lists={LIST_A.hash: LIST_A})), "list_missing"),
        "without a certificate": (_rewritten(replace(whole, certs={(ANNA.account, 1): CERT_A})), "list_missing"),
        "a list nobody named": (_rewritten(_with_list(whole, cast.next_list())), "file_surplus"),
        **cases,
    }


_First = Callable[[SignedDocument], bytes]


def _with_list(bundle: Bundle, more: DevList) -> Bundle:
    return replace(bundle, lists={**bundle.lists, more.hash: more})


def _rewritten(bundle: Bundle) -> bytes:
    return bundle.to_bytes()


def _but(files: dict[str, bytes], name: str) -> dict[str, bytes]:
    return {known: raw for known, raw in files.items() if known != name}


def _packed(files: dict[str, bytes], compression: int) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as archive:
        for name, raw in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 7, 4, 8, 0, 0)), raw, compression)
    return made.getvalue()


def _signed(document: Agreement, owner: Witnessed | None = None, renter: Witnessed | None = None) -> SignedDocument:
    """Signed by both unless told otherwise."""
    both = by_both(document, SIGNED_AT).signatures
    return SignedDocument(document, {Role.RENTER: renter or both[Role.RENTER], Role.OWNER: owner or both[Role.OWNER]})


def _revoked() -> bytes:
    """Anna signs with a device that her list, current at the notary's time, no longer holds."""
    other = cast.device(0xA9)
    without = signing.next_devlist(cast.DLK_A, LIST_A, [cast.row(other)], now_ms=cast.T + 1)
    signed = _signed(documents()["agreement"], owner=witnessed(documents()["agreement"], ANNA, without, SIGNED_AT))
    return Bundle.of(NOTARY.public, [signed], [CERT_A, CERT_B], [without, LIST_B]).to_bytes()


def _withdrawn(at: int) -> Callable[[SignedDocument], bytes]:
    document = documents()["withdrawal"]
    withdrawal = SignedDocument(document, {Role.OWNER: witnessed(document, ANNA, LIST_A, at)})
    return lambda first: vectors2.bundled(first, withdrawal)


def _expired() -> SignedDocument:
    return by_both(named(valid_until="2025-10-09T08:53:24Z"), SIGNED_AT)


def _swapped(first: SignedDocument) -> bytes:
    owner, renter = first.signatures[Role.OWNER], first.signatures[Role.RENTER]
    return vectors2.bundled(SignedDocument(first.agreement, {Role.OWNER: renter, Role.RENTER: owner}))


def _by_another_notary(first: SignedDocument) -> bytes:
    return vectors2.bundled(first, notary=Notary(seed(99)).public)


def _by_one(first: SignedDocument) -> bytes:
    return vectors2.bundled(SignedDocument(first.agreement, {Role.OWNER: first.signatures[Role.OWNER]}))


def _other_digest(first: SignedDocument) -> bytes:
    other = named(price_cents=1)
    return vectors2.bundled(SignedDocument(other, first.signatures))


def _later_witness(first: SignedDocument) -> bytes:
    record, notary = first.signatures[Role.OWNER]
    later = replace(notary, raw=notary.raw[:32] + (notary.ts + 1).to_bytes(8, "big") + notary.raw[40:])
    return vectors2.bundled(_signed(first.agreement, owner=Witnessed(record, later)))


def _forged_list(_: SignedDocument) -> bytes:
    """Bernd's list under a key that his identity never named."""
    cert = signing.certify(cast.CSK, BERND.account, 1, cast.DLK_B.public, now_ms=cast.T)
    first = by_both(documents()["agreement"], SIGNED_AT)
    return Bundle.of(NOTARY.public, [first], [CERT_A, cert], [LIST_A, LIST_B]).to_bytes()


def _follows(**changes: Any) -> Callable[[SignedDocument], bytes]:
    def made(first: SignedDocument) -> bytes:
        document = named(**{"kind": "amendment", "prev": first.agreement.digest.hex(), **changes})
        return vectors2.bundled(first, by_both(document, SIGNED_AT))

    return made


def _forked(first: SignedDocument) -> bytes:
    amended = [named(kind="amendment", prev=first.agreement.digest.hex(), price_cents=n) for n in (1, 2)]
    return vectors2.bundled(first, *(by_both(document, SIGNED_AT) for document in amended))


def _after_return(first: SignedDocument) -> bytes:
    returned = named(kind="return", prev=first.agreement.digest.hex())
    amended = named(kind="amendment", prev=returned.digest.hex())
    return vectors2.bundled(first, by_both(returned, SIGNED_AT), by_both(amended, SIGNED_AT))


def _twice_withdrawn(first: SignedDocument) -> bytes:
    return vectors2.bundled(first, by_both(documents()["withdrawal"], SIGNED_AT + 9000))


_BUNDLES: dict[str, tuple[_First, str]] = {
    "withdrawn before anybody signed": (_withdrawn(SIGNED_AT - 1), "withdrawn"),
    "withdrawn at the second signature": (_withdrawn(SIGNED_AT + 5000), "withdrawn"),
    "withdrawn too late": (_withdrawn(SIGNED_AT + 5001), "ok"),
    "withdrawn by both": (_twice_withdrawn, "signature_surplus"),
    "signed after it expired": (lambda _: vectors2.bundled(_expired()), "expired"),
    "signed by one": (_by_one, "signature_missing"),
    "roles swapped": (_swapped, "signature_invalid"),
    "signatures of another price": (_other_digest, "signature_invalid"),
    "a device revoked before the notary's time": (lambda _: _revoked(), "device_not_listed"),
    "witnessed by another notary": (_by_another_notary, "notary_invalid"),
    "another time in a notary record": (_later_witness, "notary_invalid"),
    "a list of a forged certificate": (_forged_list, "list_invalid"),
    "an amendment of another rental": (_follows(rental=id16(1).hex()), "another_rental"),
    "an amendment of another hub": (_follows(hub="https://kasten.example"), "another_rental"),
    "an amendment of nothing here": (_follows(prev=h32(ZEROS16).hex()), "follows_nothing"),
    "two amendments of one": (_forked, "fork"),
    "an amendment of a return": (_after_return, "fork"),
    "only an amendment": (
        lambda _: vectors2.bundled(by_both(documents()["amendment"], SIGNED_AT)),
        "agreement_missing",
    ),
    "two agreements": (
        lambda first: vectors2.bundled(first, by_both(named(price_cents=1), SIGNED_AT)),
        "agreement_missing",
    ),
}
