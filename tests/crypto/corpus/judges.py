"""The corpus as published: each kind of input with its cases, and our own verdict on one of them."""

from collections.abc import Callable
from typing import Any

from crypto import b64, push
from crypto.dkx import content, devlist, jcs, rest, roster
from crypto.dkx.agreement import Agreement
from crypto.dkx.backup import Blob
from crypto.dkx.devlist import DevList
from crypto.dkx.error import DkxError, KeyMaterialError
from crypto.dkx.handover import HandoverCode
from crypto.dkx.keypacket import KeyPacket
from crypto.dkx.primitive import h32, is_box_key, is_signing_key
from crypto.dkx.report import Report, verify_report
from crypto.dkx.rest import ContentType
from crypto.dkx.roster import Roster
from crypto.dkx.safety import SafetyCode
from crypto.dkx.sealing import recovery
from crypto.dkx.sealing.digits import ExistingSide
from crypto.dkx.sealing.file import Opener, open_all
from crypto.dkx.sealing.link import LinkCode
from crypto.dkx.sealing.message import open_envelope
from crypto.dkx.sealing.packet import open_packet
from crypto.dkx.verdict import verify_bundle
from crypto.franking import FrankRing
from tests.crypto import cast
from tests.crypto.cast import ANNA, BERND, CERT_A, LIST_A, OPK_B, SPK_B, id16, seed
from tests.crypto.corpus import documents, messages, sealed, texts
from tests.crypto.vectors import E_EPH

Case = dict[str, Any]
NOTES = {
    "all": (
        "What a malicious member, hub or neighbour sends: signatures and authenticators are good where the case is "
        "about what is inside. Each case has a name and the verdict every implementation must give: ok or the code of "
        "the refusal. Keys, ids and times are those of e2ee-vectors.json. Bytes are hex, the archives base64url."
    ),
    "envelope": "opened with the chain of the vectors (start 0, CK 10, CSK 11)",
    "opened": "header, kf and rest of a report or an opened envelope: judged by the same code",
    "keypkt": "opened as device B with SPK 8 (id 7), and OPK 9 if an OPK is named, from device A",
    "signing_key": "an Ed25519 key at import",
    "box_key": "an X25519 key at import",
    "devlist": "parsed, then verified with dlkcert of the vectors",
    "devlist_follows": "after is the newest known: may raw follow it? (for a higher epoch after is its ancestor)",
    "roster": "parsed, then verified with devlist of the vectors",
    "roster_follows": "after is the newest known: may raw follow it?",
    "body": "a message body of this content type",
    "json": "canonical JSON as agreements use it",
    "agreement": "json_not_canonical for its form, agreement_invalid for what it says",
    "file": (
        "size said, and pieces to join: hex, or [base, from, to]; b2 is the hash of the whole. The bases are sealed "
        "with key 18 and prefix 25: two is file_padded of the vectors; three is 196608 times x, as it should be; tail "
        "is a chunk of 65536 times x (index 0, not last) and an empty one (index 1, last); halves are two chunks of "
        "32768 times x (indices 0 and 1, the second last)"
    ),
    "blob": "judged by its form, before anything is derived",
    "link_qr": "what a camera reads",
    "handover_qr": "what a camera reads",
    "safety_qr": "what a camera reads",
    "recovery_code": "what a person types",
    "reveal": "E has link f1 and ephemeral key 21, holds commit and is shown reveal",
    "push": "opened with push key 35",
    "report": "frank key 23 is named k; stored is the envelope the hub holds, null if it was erased",
    "bundle": "the refusal of the verdict, by its name",
}


def corpus() -> dict[str, list[Case]]:
    """Every kind with its cases."""
    return {
        "envelope": _raw(messages.envelopes()),
        "opened": [
            {"name": n, "header": h.hex(), "kf": kf.hex(), "rest": r.hex(), "verdict": v}
            for n, ((h, kf, r), v) in messages.opened().items()
        ],
        "keypkt": _raw(messages.packets()),
        "signing_key": _raw(messages.signing_keys()),
        "box_key": _raw(messages.box_keys()),
        "devlist": _raw(documents.devlists()),
        "devlist_follows": _pairs("after", "raw", documents.next_lists()),
        "roster": _raw(documents.rosters()),
        "roster_follows": _pairs("after", "raw", documents.next_rosters()),
        "body": [
            {"name": n, "ctype": int(c), "raw": raw.hex(), "verdict": v} for n, (c, raw, v) in texts.bodies().items()
        ],
        "json": _raw(texts.jsons()),
        "agreement": _raw(texts.agreements()),
        "file": [
            {"name": n, "size": size, "pieces": [_piece(piece) for piece in pieces], "verdict": v}
            for n, (pieces, size, v) in sealed.files().items()
        ],
        "blob": _raw(sealed.blobs()),
        **{kind: _texts(cases) for kind, cases in texts.codes().items()},
        "recovery_code": _texts(texts.typed()),
        "reveal": _pairs("commit", "reveal", sealed.reveals()),
        "push": _raw(sealed.pushes()),
        "report": [
            {"name": n, "report": said, "stored": stored and stored.hex(), "verdict": v}
            for n, (said, stored, v) in sealed.reports().items()
        ],
        "bundle": [{"name": n, "zip": b64.encode(raw), "verdict": v} for n, (raw, v) in sealed.bundles().items()],
    }


def verdict(kind: str, case: Case) -> str:
    """Ours: ``ok`` or the code of the refusal."""
    try:
        return JUDGES[kind](case) or "ok"
    except DkxError as error:
        return error.code


def _raw(cases: dict[str, tuple[bytes, str]]) -> list[Case]:
    return [{"name": name, "raw": raw.hex(), "verdict": v} for name, (raw, v) in cases.items()]


def _texts(cases: dict[str, tuple[str, str]]) -> list[Case]:
    return [{"name": name, "text": text, "verdict": v} for name, (text, v) in cases.items()]


def _pairs(first: str, second: str, cases: dict[str, tuple[bytes, bytes, str]]) -> list[Case]:
    return [{"name": n, first: a.hex(), second: b.hex(), "verdict": v} for n, (a, b, v) in cases.items()]


def _piece(piece: sealed.Piece) -> str | list[Any]:
    return piece.hex() if isinstance(piece, bytes) else list(piece)


def _envelope(case: Case) -> None:
    open_envelope(bytes.fromhex(case["raw"]), cast.RECORD)


def _opened(case: Case) -> None:
    rest.check_opened(*(bytes.fromhex(case[part]) for part in ("header", "kf", "rest")))


def _packet(case: Case) -> None:
    packet = KeyPacket.parse(bytes.fromhex(case["raw"]))
    open_packet(packet, ANNA.party, BERND, SPK_B, OPK_B if packet.opk_id else None)


def _key(judge: Callable[[bytes], bool]) -> Callable[[Case], None]:
    def judged(case: Case) -> None:
        if not judge(bytes.fromhex(case["raw"])):
            raise KeyMaterialError("no good key")

    return judged


def _devlist(case: Case) -> None:
    DevList.parse(bytes.fromhex(case["raw"])).verify(CERT_A)


def _next_devlist(case: Case) -> None:
    after, new = (DevList.parse(bytes.fromhex(case[part])) for part in ("after", "raw"))
    devlist.check_successor(after, new, ancestor=after)


def _roster(case: Case) -> None:
    Roster.parse(bytes.fromhex(case["raw"])).verify(LIST_A)


def _next_roster(case: Case) -> None:
    roster.check_successor(*(Roster.parse(bytes.fromhex(case[part])) for part in ("after", "raw")))


def _body(case: Case) -> None:
    content.parse(ContentType(case["ctype"]), bytes.fromhex(case["raw"]))


def _file(case: Case) -> None:
    bases = sealed.bases()
    pieces = (bytes.fromhex(p) if isinstance(p, str) else bases[p[0]][p[1] : p[2]] for p in case["pieces"])
    raw = b"".join(pieces)
    open_all(Opener(seed(18), case["size"], h32(raw)), [raw])


def _reveal(case: Case) -> None:
    side = ExistingSide(id16(0xF1), bytes.fromhex(case["commit"]), E_EPH)
    side.show(bytes.fromhex(case["reveal"]))


def _report(case: Case) -> None:
    stored = case["stored"] and bytes.fromhex(case["stored"])
    verify_report(Report.parse(case["report"]), FrankRing({"k": seed(23)}, "k"), stored)


JUDGES: dict[str, Callable[[Case], Any]] = {
    "envelope": _envelope,
    "opened": _opened,
    "keypkt": _packet,
    "signing_key": _key(is_signing_key),
    "box_key": _key(is_box_key),
    "devlist": _devlist,
    "devlist_follows": _next_devlist,
    "roster": _roster,
    "roster_follows": _next_roster,
    "body": _body,
    "json": lambda case: jcs.parse(bytes.fromhex(case["raw"])) and None,
    "agreement": lambda case: Agreement.parse(bytes.fromhex(case["raw"])) and None,
    "file": _file,
    "blob": lambda case: Blob.parse(bytes.fromhex(case["raw"])) and None,
    "link_qr": lambda case: LinkCode.parse(case["text"]) and None,
    "handover_qr": lambda case: HandoverCode.parse(case["text"]) and None,
    "safety_qr": lambda case: SafetyCode.parse(case["text"]) and None,
    "recovery_code": lambda case: recovery.normal_code(case["text"]) and None,
    "reveal": _reveal,
    "push": lambda case: push.open_push(seed(35), bytes.fromhex(case["raw"])) and None,
    "report": _report,
    "bundle": lambda case: verify_bundle(b64.decode(case["zip"])).refusal,
}
