"""How each value of docs/e2ee-vectors.json is made, from the seeds its `_inputs` names."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from crypto.dkx import agreement, jcs
from crypto.dkx.backup import BY_CODE, BY_PASSKEY, Entry, blob_header, entries_xor
from crypto.dkx.devlist import Device
from crypto.dkx.document import dochash
from crypto.dkx.envelope import EnvelopeHeader, after_event, envhash
from crypto.dkx.event import GENESIS, event_hash
from crypto.dkx.handover import HandoverCode, HandoverKind
from crypto.dkx.notary import Notary
from crypto.dkx.padme import padme
from crypto.dkx.peers import peers_hash
from crypto.dkx.primitive import ZEROS32, h32, h64
from crypto.dkx.protocol import sealed_hash
from crypto.dkx.rest import ContentType, Rest
from crypto.dkx.safety import SafetyCode, safety_number
from crypto.dkx.sealing import backup, backup_entry, digits, file, link_bundle, manifest, message, packet, signing
from crypto.dkx.sealing.backup import AccountSecrets
from crypto.dkx.sealing.body import ChainBody, ForwardBody
from crypto.dkx.sealing.file import FileSecret, Sealer
from crypto.dkx.sealing.keys import BoxKey, SigningKey
from crypto.dkx.sealing.link import LinkCode, NewKeys
from crypto.dkx.sealing.manifest import Contents
from crypto.dkx.sealing.packet import Address, OneTimeKey
from crypto.dkx.sigrec import SignatureRecord
from crypto.franking import FrankRing
from tests.crypto import cast
from tests.crypto.cast import ANNA, BERND, T, id16, seed

INPUTS = frozenset({"_inputs", "jcs2_in"})
REST = Rest(ContentType.TEXT, T + 1234, 17, id16(0xD1), id16(0xD2), "Ist die Bohrmaschine am Samstag frei? 🔧".encode())
FORWARD = ForwardBody(0, seed(10), cast.CSK.public, cast.ROSTER.hash, BERND.device, T)
EVENT = {
    "at": "2026-07-04T08:00:00Z",
    "by": id16(0xB1).hex(),
    "cmd_id": id16(0xC4).hex(),
    "data": {"price_cents": 900, "rev": 2},
    "room": id16(0xC1).hex(),
    "seq": 5,
    "type": "offer_accepted",
}
AGREEMENT = {
    "currency": "EUR",
    "deposit_cents": 5000,
    "from": "2026-07-04T08:00:00Z",
    "hub": cast.ORIGIN,
    "item": "Bohrmaschine Größe M",
    "kind": "agreement",
    "offer_rev": 2,
    "parties": [
        {"account": ANNA.account.hex(), "aik": ANNA.aik.hex(), "role": "owner"},
        {"account": BERND.account.hex(), "aik": BERND.aik.hex(), "role": "renter"},
    ],
    "price_cents": 900,
    "rental": id16(0xC5).hex(),
    "room": id16(0xC1).hex(),
    "terms_hash": bytes(32).hex(),
    "to": "2026-07-05T18:00:00Z",
    "v": 1,
    "valid_until": "2026-07-03T08:00:00Z",
}


def devlist3() -> bytes:
    others = [
        Device(id16(device), SigningKey.from_seed(seed(dsk)).public, BoxKey.from_secret(seed(dsk + 1)).public, added)
        for device, dsk, added in ((0xFF, 29, 3), (0x01, 31, 2))
    ]
    return signing.next_devlist(cast.DLK_A, cast.LIST_A, [*others, cast.row(ANNA)], now_ms=T + 1000).raw


def key_packet(content: ChainBody | ForwardBody = cast.BODY, opk: OneTimeKey | None = None) -> bytes:
    to = Address(BERND.party, cast.SIGNED_SPK_B, opk)
    fresh = BoxKey.from_secret(seed(12)), bytes([13]) * 24
    return packet._seal(content, ANNA, to, (cast.ROOM, cast.CHAIN), fresh).raw


def envelope(body: bytes = REST.body) -> bytes:
    rest = Rest(REST.ctype, REST.sent_at, REST.after_seq, REST.after_hash, REST.peers_hash, body)
    return message._seal(cast.SENDING, cast.CID, rest, seed(14), bytes([15]) * 24)[0]


def frank_tag() -> bytes:
    ring = FrankRing({"k": seed(23)}, "k")
    return ring.mark(envelope()[:104], 18, ANNA.account, T + 1300).ft


def peers() -> bytes:
    return peers_hash([(BERND.account, cast.LIST_A.hash), (ANNA.account, dochash(devlist3()))])


def signed() -> SignatureRecord:
    return signing.sign_agreement(ANNA, agreement.write(AGREEMENT), now_ms=T + 2000)


def stream(plaintext: bytes, *, padded: bool = False) -> bytes:
    secret, read = FileSecret(seed(18), id16(25)), BytesIO(plaintext).read
    if padded:
        return b"".join(Sealer(secret, len(plaintext)).pieces(read))
    return b"".join(file.seal_stream(secret, len(plaintext), read))


def link_key(secret: bytes) -> bytes:
    return LinkCode(NEW_KEYS, secret).key_of_existing(E_EPH)


def sealed_entry() -> Entry:
    return backup_entry._seal(cast.RECORD, ANNA.account, seed(16), bytes([19]) * 24)


def sealed_manifest() -> bytes:
    content = Contents(7, 1, entries_xor([sealed_entry().raw]), T)
    return manifest._seal(ANNA.account, content, seed(16), bytes([27]) * 24).raw


def blob(header: bytes, kek: bytes) -> bytes:
    return backup._seal(SECRETS, header, kek, bytes([17]) * 24).raw


def prf_blob() -> bytes:
    return blob(blob_header(BY_PASSKEY, ANNA.account), backup.kek_of_passkey(ANNA.account, seed(33)))


TWO_CHUNKS = b"a" * 65536 + b"Ende"
NEW_KEYS = NewKeys(id16(0xF1), ANNA.dsk.public, ANNA.dbk.public, BoxKey.from_secret(seed(20)).public)
E_EPH = BoxKey.from_secret(seed(21))
SECRETS = AccountSecrets(cast.AIK_A.seed, cast.DLK_A.seed, seed(16))
KEK = backup.kek_of_code(b"korrekt pferd batterie klammer", id16(0xE1), 3, 65536)
CODE_HEADER = blob_header(BY_CODE, ANNA.account, id16(0xE1), 3, 65536)

BYTES: dict[str, Callable[[], bytes]] = {
    "aik_pk_A": lambda: cast.AIK_A.public,
    "dbk_pk_A": lambda: ANNA.dbk.public,
    "notary_pk": lambda: SigningKey.from_seed(seed(28)).public,
    "dlkcert": lambda: cast.CERT_A.raw,
    "devlist": lambda: cast.LIST_A.raw,
    "devlist_hash": lambda: cast.LIST_A.hash,
    "devlist3": devlist3,
    "spk": lambda: cast.SIGNED_SPK_B.raw,
    "roster": lambda: cast.ROSTER.raw,
    "peers_hash": peers,
    "chain_body": cast.BODY.to_bytes,
    "chain_body_sent_before_41": ChainBody(
        0, seed(10), cast.CSK.public, cast.ROSTER.hash, (1, 1), T, sent_before=41
    ).to_bytes,
    "forward_body": FORWARD.to_bytes,
    "keypkt": key_packet,
    "keypkt_opk": lambda: key_packet(opk=OneTimeKey(42, cast.OPK_B.public)),
    "keypkt_forward": lambda: key_packet(FORWARD),
    "mk_0": lambda: cast.RECORD.message_key(0),
    "mk_255": lambda: cast.RECORD.message_key(255),
    "envelope": envelope,
    "env_hash": lambda: envhash(envelope()),
    "commit": lambda: EnvelopeHeader.of(envelope()).commit,
    "ft": frank_tag,
    "login_sig": lambda: signing.sign_login(ANNA, seed(26), cast.ORIGIN),
    "event_hash": lambda: event_hash(GENESIS, EVENT),
    "after_hash_event": lambda: after_event(event_hash(GENESIS, EVENT)),
    "agreement_digest": lambda: agreement.write(AGREEMENT).digest,
    "agree_sig": lambda: signed().raw,
    "notary_sig": lambda: Notary(seed(28)).witness(signed(), cast.LIST_A.hash, T + 3000).raw[-64:],
    "sealed_hash": lambda: sealed_hash({"media": [bytes(32).hex()], "v": 1}),
    "kek": lambda: KEK,
    "backup": lambda: blob(CODE_HEADER, KEK),
    "backup_entry": lambda: sealed_entry().raw,
    "backup_manifest": sealed_manifest,
    "prf_blob": prf_blob,
    "link_key": lambda: link_key(seed(22)),
    "link_key_no_secret": lambda: link_key(ZEROS32),
    "sas_commit": lambda: digits.commitment(NEW_KEYS, seed(24)),
    "bundle": lambda: link_bundle._seal(link_key(seed(22)), id16(0xF1), b'{"v":1}', bytes([34]) * 24),
    "file_small": lambda: stream(b"hallo"),
    "file_empty": lambda: stream(b""),
    "file_two_chunks_blake2b32": lambda: h32(stream(TWO_CHUNKS)),
    "file_padded_blake2b32": lambda: h32(stream(TWO_CHUNKS, padded=True)),
}
OTHERS: dict[str, Callable[[], Any]] = {
    "safety": lambda: safety_number(ANNA.account, ANNA.aik, BERND.account, BERND.aik),
    "safety_qr": lambda: SafetyCode(ANNA.account, ANNA.aik, BERND.account, BERND.aik).text(),
    "agreement_jcs": lambda: jcs.canonical(AGREEMENT).decode(),
    "event_jcs": lambda: jcs.canonical(EVENT).decode(),
    "jcs2": lambda: jcs.canonical(cast.VECTORS["jcs2_in"]).decode(),
    "pad": lambda: {length: len(envelope(b"x" * int(length))) for length in cast.VECTORS["pad"]},
    "handover_qr": lambda: HandoverCode(id16(0xC5), HandoverKind.HANDOVER, id16(0xC6), ANNA.aik).text(),
    "link_qr": lambda: LinkCode(NEW_KEYS, seed(22)).text(),
    "sas": lambda: digits.short_code(link_key(seed(22)), NEW_KEYS, E_EPH.public),
    "sas_no_secret": lambda: digits.short_code(link_key(ZEROS32), NEW_KEYS, E_EPH.public),
    "padme": lambda: {length: padme(int(length)) for length in cast.VECTORS["padme"]},
    "file_two_chunks_len": lambda: len(stream(TWO_CHUNKS)),
    "file_padded_len": lambda: len(stream(TWO_CHUNKS, padded=True)),
    "H": lambda: [h32(b"abc").hex(), h32(b"abc", seed(1)).hex(), h64(b"abc", seed(2) * 2).hex()],
}
