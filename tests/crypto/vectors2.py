"""How each value of docs/e2ee-vectors-2.json is made: what the first file lacks, from seeds of the same kind."""

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from crypto import b64, push, webpush
from crypto.dkx import agreement, content, dkf1
from crypto.dkx.agreement import Agreement
from crypto.dkx.backup import BY_CODE, blob_header, entries_xor
from crypto.dkx.bundle import Bundle, SignedDocument, Witnessed
from crypto.dkx.content import Blob, Content
from crypto.dkx.devlist import DevList
from crypto.dkx.handover import HandoverCode, HandoverKind
from crypto.dkx.notary import Notary
from crypto.dkx.report import Report
from crypto.dkx.roster import Role
from crypto.dkx.sealing import backup, backup_entry, digits, link_bundle, manifest, packet, recovery, reporting, signing
from crypto.dkx.sealing.file import FileSecret, Sealer
from crypto.dkx.sealing.keys import BoxKey, OwnDevice
from crypto.dkx.sealing.link_bundle import BundledPin, LinkBundle
from crypto.dkx.sealing.manifest import Contents
from crypto.dkx.sealing.message import open_envelope
from crypto.dkx.sealing.packet import Address, OneTimeKey
from crypto.dkx.sealing.record import ChainRecord
from crypto.franking import FrankRing
from tests.crypto import cast, vectors
from tests.crypto.cast import ANNA, BERND, CERT_A, CERT_B, LIST_A, LIST_B, T, id16, seed

CODE = "ABCDEFGHIJKLMNOPQRSTUVWX"
TYPED = (
    CODE,
    "abcd-efgh-ijkl-mnop-qrst-uvwx",
    " 0bcd 1fgh 8jkl\tMN0P\u2014qrst UVWX ",
    "\uff21BCDEFGHIJKLMNOPQRSTUVWX",
)
SIZES = ("0", "1", "9", "65536", "65537", "26214400")
PHRASE = "Apfel  BIRNE\tcäsar dora emil\nfriedrich ﬁsch"
FILE_SECRET, THUMB_SECRET = FileSecret(seed(18), id16(25)), FileSecret(seed(37), id16(38))
FILE, THUMB = b"\x00\x01hallo dk", b"thumb"
NOTARY = Notary(seed(28))
LINK = id16(0xF1)
AMENDMENT_AT, RETURN_AT, SIGNED_AT = T + 100_000, T + 200_000, T + 2000
NOTICE = {"n_id": id16(0xC8).hex(), "room": id16(0xC1).hex(), "t": "Neue Nachricht"}


def sealed(secret: FileSecret, plaintext: bytes) -> tuple[bytes, Blob]:
    sealer = Sealer(secret, len(plaintext))
    raw = b"".join(sealer.pieces(BytesIO(plaintext).read))
    file_id = id16(0xC9) if secret is FILE_SECRET else id16(0xCA)
    return raw, Blob(file_id, secret.key, sealer.b2, len(plaintext))


def bodies() -> dict[str, Content]:
    """One message of each kind."""
    blob, thumb = sealed(FILE_SECRET, FILE)[1], sealed(THUMB_SECRET, THUMB)[1]
    ref = vectors.envelope()
    name = content_ref(ref)
    described = {"mime": "image/webp", "name": "Bohrmaschine Größe M.webp", "w": 1600, "h": 1200}
    return {
        "text": content.Text("Ist die Bohrmaschine am Samstag frei? 🔧"),
        "text_reply": content.Text('Ja.\n\tBis "Samstag"!\u007f\u2028', name),
        "edit": content.Edit(name, "Ist sie am Sonntag frei?"),
        "delete": content.Delete(name),
        "reaction": content.Reaction(name, "👍🏽"),
        "file": content.File(blob.id, blob.key, blob.b2, blob.size, **described, thumb=thumb),
        "file_plain": content.File(blob.id, blob.key, blob.b2, blob.size, "application/pdf", "Anleitung.pdf", 0, 0),
        "agreement": content.AgreementRef(agreement.write(vectors.AGREEMENT).digest, "agreement"),
        "location": content.Location(520_200, 134_050),
        "preview": content.Preview("https://kiste.example/d/1", "Eine Bohrmaschine", thumb),
        "bot": content.BotText("Die Rückgabe ist morgen um 18 Uhr."),
        "dummy": content.Dummy(),
    }


def content_ref(envelope: bytes) -> bytes:
    return open_envelope(envelope, cast.RECORD).hash


def named(**changes: Any) -> Agreement:
    return agreement.write({**vectors.AGREEMENT, **changes})


def documents() -> dict[str, Agreement]:
    first = named()
    amended = named(kind="amendment", prev=first.digest.hex(), to="2026-07-06T18:00:00Z", price_cents=1200, offer_rev=3)
    returned = {**amended.fields, "kind": "return", "prev": amended.digest.hex()}
    return {
        "agreement": first,
        "amendment": amended,
        "return": agreement.write(returned),
        "withdrawal": named(kind="withdrawal", prev=first.digest.hex()),
    }


def witnessed(document: Agreement, own: OwnDevice, devlist: DevList, at: int) -> Witnessed:
    """Signed at ``at``, witnessed a second later."""
    record = signing.sign_agreement(own, document, now_ms=at)
    return Witnessed(record, NOTARY.witness(record, devlist.hash, at + 1000))


def by_both(document: Agreement, at: int) -> SignedDocument:
    """The owner signs first, the renter five seconds later."""
    signatures = {
        Role.OWNER: witnessed(document, ANNA, LIST_A, at),
        Role.RENTER: witnessed(document, BERND, LIST_B, at + 5000),
    }
    return SignedDocument(document, signatures)


def bundled(*signed: SignedDocument, notary: bytes = NOTARY.public) -> bytes:
    return Bundle.of(notary, signed, [CERT_A, CERT_B], [LIST_A, LIST_B]).to_bytes()


def late_withdrawal() -> SignedDocument:
    return SignedDocument(
        documents()["withdrawal"], {Role.RENTER: witnessed(documents()["withdrawal"], BERND, LIST_B, SIGNED_AT + 5001)}
    )


def whole_bundle() -> bytes:
    made = documents()
    return bundled(
        by_both(made["agreement"], SIGNED_AT),
        by_both(made["amendment"], AMENDMENT_AT),
        by_both(made["return"], RETURN_AT),
        late_withdrawal(),
    )


def by_code() -> bytes:
    header = blob_header(BY_CODE, ANNA.account, id16(0xE1), 2, 32768)
    kek = backup.kek_of_code(recovery.normal_code(CODE), id16(0xE1), 2, 32768)
    return backup._seal(vectors.SECRETS, header, kek, bytes([17]) * 24).raw


def second_record() -> ChainRecord:
    return ChainRecord(
        cast.ROOM, BERND.device, id16(0xC7), BERND.account, 3, seed(40), cast.CSK.public, cast.ROSTER.hash
    )


def second_entry() -> bytes:
    return backup_entry._seal(second_record(), ANNA.account, seed(16), bytes([39]) * 24).raw


def both_entries() -> list[bytes]:
    return [vectors.sealed_entry().raw, second_entry()]


def second_manifest() -> bytes:
    listed = Contents(8, 2, entries_xor(both_entries()), T + 1)
    return manifest._seal(ANNA.account, listed, seed(16), bytes([27]) * 24).raw


def handed_over() -> LinkBundle:
    pins = (
        BundledPin(BERND.account, BERND.aik, True, CERT_B, LIST_B),
        BundledPin(id16(0xB9), cast.CSK.public, False, None, None),
    )
    unknown = ChainRecord(cast.ROOM, id16(0xB8), id16(0xC7), None, 3, seed(40), cast.CSK.public, cast.ROSTER.hash)
    return LinkBundle(ANNA.aik, seed(16), cast.DLK_A.seed, CERT_A, pins, (cast.RECORD, unknown))


def sealed_bundle() -> bytes:
    raw = handed_over().to_bytes()
    return link_bundle._seal(vectors.link_key(seed(22)), LINK, raw, bytes([34]) * 24)


def revealed() -> bytes:
    side = digits.NewSide(vectors.NEW_KEYS, BoxKey.from_secret(seed(20)))
    side._rand = seed(24)
    return side.reveal(vectors.E_EPH.public)


def report() -> Report:
    envelope = vectors.envelope()
    mark = FrankRing({"k": seed(23)}, "k").mark(envelope[:104], 18, ANNA.account, T + 1300)
    return reporting.report(open_envelope(envelope, cast.RECORD), envelope, seq=18, ts=T + 1300, mark=mark)


def forward_with_opk() -> bytes:
    to = Address(BERND.party, cast.SIGNED_SPK_B, OneTimeKey(42, cast.OPK_B.public))
    fresh = BoxKey.from_secret(seed(12)), bytes([13]) * 24
    return packet._seal(vectors.FORWARD, ANNA, to, (cast.ROOM, cast.CHAIN), fresh).raw


def pushed(notice: Mapping[str, Any]) -> bytes:
    return push._seal(seed(35), 5, dict(notice), bytes([36]) * 24)


RFC8291 = {
    "plaintext": "When I grow up, I want to be a watermelon",
    "auth": "BTBZMqHH6r4Tts7J_aSIgg",
    "salt": "DGv6ra1nlYgDCS1FRnbzlw",
    "browser_private": "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94",
    "browser_public": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    "hub_private": "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw",
}
"""Appendix A of RFC 8291."""


def web_pushed() -> dict[str, str]:
    given = {name: b64.decode(text) for name, text in RFC8291.items() if name != "plaintext"}
    own = ec.derive_private_key(int.from_bytes(given["hub_private"], "big"), ec.SECP256R1())
    plaintext = RFC8291["plaintext"].encode()
    body = webpush._encrypt(plaintext, given["browser_public"], given["auth"], own, given["salt"])
    return {**RFC8291, "body": b64.encode(body)}


MADE: dict[str, Callable[[], Any]] = {
    "bodies": lambda: {k: {"ctype": int(c.ctype), "json": c.to_bytes().decode()} for k, c in bodies().items()},
    "padme_stored": lambda: {size: dkf1.stored_size(int(size)) for size in SIZES},
    "file": sealed(FILE_SECRET, FILE)[0].hex,
    "file_b2": sealed(FILE_SECRET, FILE)[1].b2.hex,
    "thumb": sealed(THUMB_SECRET, THUMB)[0].hex,
    "keypkt_forward_opk": lambda: forward_with_opk().hex(),
    "recovery_code": lambda: {typed: recovery.normal_code(typed).decode() for typed in TYPED},
    "recovery_words": lambda: {PHRASE: recovery.normal_words(PHRASE).decode()},
    "kek_words": lambda: backup.kek_of_code(recovery.normal_words(PHRASE), id16(0xE1), 2, 32768).hex(),
    "blob_code": lambda: by_code().hex(),
    "prf_input": lambda: backup.prf_input(ANNA.account).hex(),
    "prf_kek": lambda: backup.kek_of_passkey(ANNA.account, seed(33)).hex(),
    "backup_entry_2": lambda: second_entry().hex(),
    "entries_xor": lambda: entries_xor(both_entries()).hex(),
    "manifest_2": lambda: second_manifest().hex(),
    "link_bundle_json": lambda: handed_over().to_bytes().decode(),
    "link_bundle": lambda: sealed_bundle().hex(),
    "link_reveal": lambda: revealed().hex(),
    "handover_qr_return": lambda: HandoverCode(id16(0xC5), HandoverKind.RETURN, id16(0xC6), BERND.aik).text(),
    "safety_qr_other_side": lambda: vectors.SafetyCode(BERND.account, BERND.aik, ANNA.account, ANNA.aik).text(),
    "report": lambda: report().to_json(),
    "dlkcert_B": CERT_B.raw.hex,
    "devlist_B": LIST_B.raw.hex,
    "agreement_documents": lambda: {name: made.raw.decode() for name, made in documents().items()},
    "agreement_digests": lambda: {name: made.digest.hex() for name, made in documents().items()},
    "sigrec_owner": by_both(documents()["agreement"], SIGNED_AT).signatures[Role.OWNER].record.raw.hex,
    "sigrec_renter": by_both(documents()["agreement"], SIGNED_AT).signatures[Role.RENTER].record.raw.hex,
    "notary_owner": by_both(documents()["agreement"], SIGNED_AT).signatures[Role.OWNER].notary.raw.hex,
    "notary_renter": by_both(documents()["agreement"], SIGNED_AT).signatures[Role.RENTER].notary.raw.hex,
    "bundle_files": lambda: {name: raw.hex() for name, raw in Bundle.parse(whole_bundle()).files().items()},
    "bundle_zip": lambda: b64.encode(whole_bundle()),
    "push": lambda: pushed(NOTICE).hex(),
    "push_notice": lambda: push.jcs.write(NOTICE).decode(),
    "push_lengths": lambda: {str(n): len(pushed({"t": "x" * n})) for n in (0, 504, 505, 1016, 1017, 2040)},
    "rfc8291": web_pushed,
}
