"""JavaScript writes every value of docs/e2ee-vectors.json byte for byte, from the seeds that `_inputs` names."""

import hashlib
import json
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest

from tests.static.node import Js

VECTORS: Final[dict[str, Any]] = json.loads(Path("docs/e2ee-vectors.json").read_text("utf-8"))
T: Final = 1_760_000_000_000
ORIGIN: Final = "https://kiste.example"
BODY: Final = "Ist die Bohrmaschine am Samstag frei? 🔧".encode()


def seed(n: int) -> bytes:
    return bytes([n]) * 32


def id16(n: int) -> str:
    return f"{n:02x}" * 16


def nonce(n: int) -> bytes:
    return bytes([n]) * 24


def raw(key: str) -> bytes:
    return bytes.fromhex(VECTORS[key])


A, B, DEV_A, DEV_B, ROOM, CHAIN = map(id16, (0xA1, 0xB1, 0xA2, 0xB2, 0xC1, 0xC2))


class Cast:
    """The people of the vectors, made by JavaScript."""

    def __init__(self, js: Js) -> None:
        sk, bk = js.signingKey, js.boxKey
        self.js = js
        self.anna = {"aik": sk(seed(1)), "dsk": sk(seed(4)), "dbk": bk(seed(6)), "dbkSecret": seed(6)}
        self.bernd = {"aik": sk(seed(2)), "dsk": sk(seed(5)), "dbk": bk(seed(7)), "dbkSecret": seed(7)}
        self.csk = sk(seed(11))
        self.roster_hash = js.dochash(raw("roster"))
        self.offer = {"link": id16(0xF1), "dsk": self.anna["dsk"], "dbk": self.anna["dbk"], "eph": bk(seed(20))}
        self.identities = [{"account": A, "aik": self.anna["aik"]}, {"account": B, "aik": self.bernd["aik"]}]

    def row(self, device: str, dsk: bytes, dbk: bytes, added: int) -> dict[str, Any]:
        return {"device": device, "dsk": dsk, "dbk": dbk, "added": added}

    def own_row(self) -> dict[str, Any]:
        return self.row(DEV_A, self.anna["dsk"], self.anna["dbk"], T)

    def chain(self) -> dict[str, Any]:
        return {"start": 0, "ck": seed(10), "csk": self.csk, "rosterHash": self.roster_hash}

    def own_body(self, sent_before: int = 0) -> bytes:
        told = {"devlistEpoch": 1, "devlistVersion": 1, "created": T, "sentBefore": sent_before}
        return bytes(self.js.ownBody(self.chain() | told))

    def forward_body(self) -> bytes:
        return bytes(self.js.forwardBody(self.chain() | {"owner": DEV_B, "created": T}))

    def packet(self, body: bytes, *, opk: bool = False) -> bytes:
        route = {"room": ROOM, "from": DEV_A, "to": DEV_B, "chain": CHAIN}
        prekeys = {"spk": {"id": 7, "key": self.js.boxKey(seed(8))}}
        if opk:
            prekeys["opk"] = {"id": 42, "key": self.js.boxKey(seed(9))}
        given = {"ek": seed(12), "nonce": nonce(13)}
        return bytes(self.js.sealKeyPacket(route, self.anna, self.bernd, prekeys, body, given))

    def record(self) -> dict[str, Any]:
        return {"room": ROOM, "device": DEV_A, "chain": CHAIN, "account": A} | self.chain()

    def message_key(self, index: int) -> bytes:
        return bytes(self.js.messageKey(self.record(), index))

    def rest(self, body: bytes = BODY) -> dict[str, Any]:
        order = {"afterSeq": 17, "afterHash": bytes.fromhex(id16(0xD1)), "peersHash": bytes.fromhex(id16(0xD2))}
        return {"ctype": 1, "sentAt": T + 1234, "body": body} | order

    def envelope(self, body: bytes = BODY) -> bytes:
        place = {"room": ROOM, "device": DEV_A, "chain": CHAIN, "index": 0, "cid": id16(0xC3)}
        given = {"kf": seed(14), "nonce": nonce(15)}
        return bytes(self.js.sealEnvelope(place, self.rest(body), self.message_key(0), seed(11), given))

    def link_key(self, secret: bytes) -> bytes:
        shared = self.js.linkAgreement(seed(20), self.js.boxKey(seed(21)))
        return bytes(self.js.linkKey(self.offer, self.js.boxKey(seed(21)), shared, secret))

    def devlist3(self) -> bytes:
        sk, bk = self.js.signingKey, self.js.boxKey
        others = [
            self.row(id16(0xFF), sk(seed(29)), bk(seed(30)), 3),
            self.row(id16(0x01), sk(seed(31)), bk(seed(32)), 2),
        ]
        head = {"account": A, "epoch": 1, "version": 2, "prev": self.js.dochash(raw("devlist")), "created": T + 1000}
        return bytes(self.js.makeDevList(head | {"devices": [*others, self.own_row()]}, seed(3)))

    def manifest(self) -> bytes:
        told = {"account": A, "version": 7, "created": T} | self.js.sumEntries([raw("backup_entry")])
        return bytes(self.js.sealManifest(told, seed(16), nonce(27)))

    def secrets(self) -> dict[str, bytes]:
        return {"aik": seed(1), "dlk": seed(3), "bk": seed(16)}


@pytest.fixture(scope="module")
def cast(js: Js) -> Cast:
    return Cast(js)


def digest32(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=32).digest()


TWO_CHUNKS: Final = b"a" * 65536 + b"Ende"
PRF_ACCOUNT: Final = A


def made(c: Cast) -> dict[str, Any]:  # noqa: PLR0915 -- one row for each vector
    """Each value as a call, by the name of its vector."""
    js = c.js
    rows: dict[str, Any] = {}
    put = rows.__setitem__
    put("aik_pk_A", lambda: js.signingKey(seed(1)))
    put("dbk_pk_A", lambda: js.boxKey(seed(6)))
    cert = {"account": A, "epoch": 1, "dlk": js.signingKey(seed(3)), "notBefore": T}
    put("dlkcert", lambda: js.makeDlkCert(cert, seed(1)))
    first = {"account": A, "epoch": 1, "version": 1, "prev": bytes(32), "created": T, "devices": [c.own_row()]}
    put("devlist", lambda: js.makeDevList(first, seed(3)))
    put("devlist_hash", lambda: js.dochash(raw("devlist")))
    spk = {"device": DEV_B, "id": 7, "key": js.boxKey(seed(8)), "created": T}
    put("spk", lambda: js.makeSpk(spk, seed(5)))
    members = [{"account": B, "aik": c.bernd["aik"], "role": 1}, {"account": A, "aik": c.anna["aik"], "role": 2}]
    roster = {"room": ROOM, "version": 1, "prev": bytes(32), "signer": A, "signerDevice": DEV_A, "created": T}
    put("roster", lambda: js.makeRoster(roster | {"members": members}, seed(4)))
    put("devlist3", c.devlist3)
    peers = [{"account": B, "hash": js.dochash(raw("devlist"))}, {"account": A, "hash": js.dochash(raw("devlist3"))}]
    put("peers_hash", lambda: js.peersHash(peers))
    put("chain_body", c.own_body)
    put("chain_body_sent_before_41", lambda: c.own_body(41))
    put("forward_body", c.forward_body)
    put("keypkt", lambda: c.packet(c.own_body()))
    put("keypkt_opk", lambda: c.packet(c.own_body(), opk=True))
    put("keypkt_forward", lambda: c.packet(c.forward_body()))
    put("mk_0", lambda: c.message_key(0))
    put("mk_255", lambda: c.message_key(255))
    put("envelope", c.envelope)
    put("env_hash", lambda: js.envelopeHash(raw("envelope")))
    put("commit", lambda: js.parseEnvelope(raw("envelope"))["commit"])
    put("safety", lambda: js.safetyNumber(*c.identities))
    head = {"account": A, "salt": bytes.fromhex(id16(0xE1)), "ops": 3, "memory": 65536}
    put("kek", lambda: js.codeKey("korrekt pferd batterie klammer", head))
    put("backup", lambda: js.sealBlob(head, raw("kek"), c.secrets(), nonce(17)))
    put("prf_blob", lambda: js.sealPasskeyBlob(A, js.passkeyKey(A, seed(33)), c.secrets(), nonce(17)))
    agreement = json.loads(VECTORS["agreement_jcs"])
    put("agreement_jcs", lambda: js.makeAgreement(agreement).decode())
    put("agreement_digest", lambda: js.agreementDigest(VECTORS["agreement_jcs"].encode()))
    said = {"role": "owner", "account": A, "device": DEV_A, "signedAt": T + 2000, "digest": raw("agreement_digest")}
    put("agree_sig", lambda: js.makeSigRec(said, seed(4)))
    put("backup_entry", lambda: js.sealEntry(A, c.record(), seed(16), nonce(19)))
    put("backup_manifest", c.manifest)
    eph = js.boxKey(seed(21))
    put("link_key", lambda: c.link_key(seed(22)))
    put("sas", lambda: js.linkDigits(c.link_key(seed(22)), c.offer, eph))
    put("link_key_no_secret", lambda: c.link_key(bytes(32)))
    put("sas_no_secret", lambda: js.linkDigits(c.link_key(bytes(32)), c.offer, eph))
    put("sas_commit", lambda: js.linkCommit(c.offer, seed(24)))
    put("link_qr", lambda: js.linkQr(c.offer | {"secret": seed(22)}))
    put("bundle", lambda: js.sealBundleText(c.link_key(seed(22)), id16(0xF1), b'{"v":1}', nonce(34)))
    tag = {"header": raw("envelope")[:104], "seq": 18, "account": A, "ts": T + 1300}
    put("ft", lambda: js.frankingTag(seed(23), tag))
    put("pad", lambda: {size: len(c.envelope(b"x" * int(size))) for size in VECTORS["pad"]})
    keys = ((32, b""), (32, seed(1)), (64, b"\2" * 64))
    put("H", lambda: [js.hash(length, b"abc", key).hex() for length, key in keys])
    put("jcs2", lambda: js.canonical(VECTORS["jcs2_in"]).decode())
    put("jcs2_in", lambda: js.parseCanonical(VECTORS["jcs2"].encode()))
    put("file_small", lambda: js.streamSealed(b"hallo", seed(18), b"\x19" * 16))
    put("file_empty", lambda: js.streamSealed(b"", seed(18), b"\x19" * 16))
    two = partial(js.streamSealed, TWO_CHUNKS, seed(18), b"\x19" * 16)
    put("file_two_chunks_len", lambda: len(two()))
    put("file_two_chunks_blake2b32", lambda: digest32(two()))
    padded = partial(js.fileSealed, TWO_CHUNKS, seed(18), b"\x19" * 16)
    put("file_padded_len", lambda: len(padded()["bytes"]))
    put("file_padded_blake2b32", lambda: padded()["told"]["b2"])
    put("padme", lambda: {size: js.padme(int(size)) for size in VECTORS["padme"]})
    login = {"challenge": seed(26), "origin": ORIGIN, "account": A, "device": DEV_A}
    put("login_sig", lambda: js.signLogin(login, seed(4)))
    put("event_jcs", lambda: js.canonical(json.loads(VECTORS["event_jcs"])).decode())
    put("event_hash", lambda: js.eventHash(bytes(32), json.loads(VECTORS["event_jcs"])))
    put("after_hash_event", lambda: js.afterEvent(raw("event_hash")))
    put("notary_pk", lambda: js.signingKey(seed(28)))
    noted = (raw("agree_sig"), {"devlistHash": raw("devlist_hash"), "ts": T + 3000}, seed(28))
    put("notary_sig", lambda: js.makeNotary(*noted)[40:])
    put("safety_qr", lambda: js.safetyQr(*c.identities))
    scanned = {"rental": id16(0xC5), "kind": 1, "secret": bytes.fromhex(id16(0xC6)), "aik": c.anna["aik"]}
    put("handover_qr", lambda: js.handoverQr(scanned))
    put("sealed_hash", lambda: js.sealedHash({"media": ["0" * 64], "v": 1}))
    return rows


@pytest.mark.parametrize("key", [key for key in VECTORS if not key.startswith("_")])
def test_javascript_makes_the_same_bytes(cast: Cast, key: str) -> None:
    value = made(cast)[key]()
    assert (value.hex() if isinstance(value, bytes) else value) == VECTORS[key]


def test_a_body_larger_than_the_largest_region_is_refused(js: Js, cast: Cast) -> None:
    place = {"room": ROOM, "device": DEV_A, "chain": CHAIN, "index": 0, "cid": id16(0xC3)}
    assert js.verdict("sealEnvelope", place, cast.rest(b"x" * 65452), seed(1), seed(11)) == "envelope_invalid"
