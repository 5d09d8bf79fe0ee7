"""JSON, codes and texts: message bodies, agreements, canonical form, what is scanned and what is typed."""

from typing import Any

from crypto import b64
from crypto.dkx import jcs
from crypto.dkx.rest import ContentType
from crypto.dkx.sealing.link import LinkCode
from tests.crypto import cast, vectors, vectors2
from tests.crypto.cast import id16, seed
from tests.crypto.corpus.messages import TORSION

BAD, BAD_JSON, BAD_AGREEMENT = "content_invalid", "json_not_canonical", "agreement_invalid"
REF, KEY, HASH = id16(1).hex(), b64.encode(seed(1)), seed(1).hex()
FILE: dict[str, Any] = {
    "b2": HASH, "h": 0, "id": REF, "key": KEY, "mime": "image/webp", "name": "a.webp", "size": 1, "w": 0,
}  # fmt: skip
BLOB = {"b2": HASH, "id": REF, "key": KEY, "size": 1}


def bodies() -> dict[str, tuple[ContentType, bytes, str]]:
    good = {f"a good {name}": (said.ctype, said.to_bytes(), "ok") for name, said in vectors2.bodies().items()}
    return good | _spelled() | {name: (ctype, jcs.write(value), BAD) for name, ctype, value in _odd()}


def _spelled() -> dict[str, tuple[ContentType, bytes, str]]:
    text = ContentType.TEXT
    return {
        "text of an emoji newer than Unicode 15": (text, '{"t":"\U0001fae9"}'.encode(), "ok"),
        "text that is not NFC": (text, '{"t":"u\u0308"}'.encode(), "ok"),
        "empty text": (text, b'{"t":""}', "ok"),
        "nothing": (text, b"", BAD),
        "no JSON": (text, b"hallo", BAD),
        "a blank": (text, b'{"t": "a"}', BAD),
        "a blank behind": (text, b'{"t":"a"} ', BAD),
        "a key twice": (text, b'{"t":"a","t":"a"}', BAD),
        "keys unsorted": (text, b'{"t":"a","reply_to":"' + REF.encode() + b'"}', BAD),
        "an escape without need": (text, b'{"t":"\\u00fc"}', BAD),
        "an escape in capitals": (text, b'{"t":"\\u001F"}', BAD),
        "an escaped slash": (text, b'{"t":"\\/"}', BAD),
        "a lone surrogate": (text, b'{"t":"\\ud800"}', BAD),
        "a lone surrogate in bytes": (text, b'{"t":"\xed\xa0\x80"}', BAD),
        "not UTF-8": (text, b'{"t":"\xff"}', BAD),
        "a byte order mark": (text, b'\xef\xbb\xbf{"t":"a"}', BAD),
        "a fraction": (ContentType.LOCATION, b'{"lat_e4":1.0,"lon_e4":1}', BAD),
        "an exponent": (ContentType.LOCATION, b'{"lat_e4":1e1,"lon_e4":1}', BAD),
        "minus zero": (ContentType.LOCATION, b'{"lat_e4":-0,"lon_e4":1}', BAD),
        "an array": (text, b"[]", BAD),
        "null": (text, b"null", BAD),
        "deeply nested": (text, b"[" * 6000, BAD),
    }


def _odd() -> list[tuple[str, ContentType, Any]]:
    kinds = ContentType
    without_key = {name: value for name, value in FILE.items() if name != "key"}
    return [
        ("text without t", kinds.TEXT, {}),
        ("text with another field", kinds.TEXT, {"t": "a", "x": 1}),
        ("text of a number", kinds.TEXT, {"t": 1}),
        ("text of null", kinds.TEXT, {"t": None}),
        ("a reply to null", kinds.TEXT, {"t": "a", "reply_to": None}),
        ("a reply to a cid in capitals", kinds.TEXT, {"t": "a", "reply_to": "AA" * 16}),
        ("a reply to 15 bytes", kinds.TEXT, {"t": "a", "reply_to": "aa" * 15}),
        ("an edit of nothing", kinds.EDIT, {"t": "a"}),
        ("a deletion with words", kinds.DELETE, {"ref": REF, "t": "a"}),
        ("an empty reaction", kinds.REACTION, {"ref": REF, "e": ""}),
        ("a reaction of 65 bytes", kinds.REACTION, {"ref": REF, "e": "x" * 65}),
        ("a file without its key", kinds.FILE, without_key),
        ("a file with a short key", kinds.FILE, {**FILE, "key": b64.encode(bytes(31))}),
        ("a file with a padded key", kinds.FILE, {**FILE, "key": KEY + "="}),
        ("a file with unused bits in its key", kinds.FILE, {**FILE, "key": KEY[:-1] + "B"}),
        ("a file over 25 MiB", kinds.FILE, {**FILE, "size": 25 * 2**20 + 1}),
        ("a file of negative size", kinds.FILE, {**FILE, "size": -1}),
        ("a file of size true", kinds.FILE, {**FILE, "size": True}),
        ("a file in a folder", kinds.FILE, {**FILE, "name": "../a"}),
        ("a file with a line feed in its name", kinds.FILE, {**FILE, "name": "a\nb"}),
        ("a file without a name", kinds.FILE, {**FILE, "name": ""}),
        ("a file with a name of 256 bytes", kinds.FILE, {**FILE, "name": "x" * 256}),
        ("a file of no type", kinds.FILE, {**FILE, "mime": "webp"}),
        ("a file of a type in capitals", kinds.FILE, {**FILE, "mime": "Image/webp"}),
        ("a file wider than 65535", kinds.FILE, {**FILE, "w": 65536}),
        ("a thumbnail with a name", kinds.FILE, {**FILE, "thumb": {**BLOB, "name": "a"}}),
        ("a thumbnail of null", kinds.FILE, {**FILE, "thumb": None}),
        ("an agreement of another kind", kinds.AGREEMENT, {"digest": HASH, "kind": "promise"}),
        ("an agreement of 31 bytes", kinds.AGREEMENT, {"digest": HASH[2:], "kind": "agreement"}),
        ("a latitude over 90 degrees", kinds.LOCATION, {"lat_e4": 900_001, "lon_e4": 0}),
        ("a longitude under -180 degrees", kinds.LOCATION, {"lat_e4": 0, "lon_e4": -1_800_001}),
        ("a preview of a script", kinds.PREVIEW, {"title": "a", "url": "javascript:alert(1)"}),
        ("a preview of a place with a blank", kinds.PREVIEW, {"title": "a", "url": "https://a b"}),
        ("a preview of nowhere", kinds.PREVIEW, {"title": "a", "url": "https://"}),
        ("a dummy that says something", kinds.DUMMY, {"t": "a"}),
    ]


def agreements() -> dict[str, tuple[bytes, str]]:
    """As bytes: what is signed is what is parsed."""
    good = {f"a good {name}": (made.raw, "ok") for name, made in vectors2.documents().items()}
    raw = jcs.canonical(vectors.AGREEMENT)
    price = b'"price_cents":900'
    spelled = {
        "a float": raw.replace(price, b'"price_cents":900.0'),
        "an exponent": raw.replace(price, b'"price_cents":9e2'),
        "minus zero": raw.replace(price, b'"price_cents":-0'),
        "2**53": raw.replace(price, b'"price_cents":9007199254740992'),
        "not NFC": raw.replace("ö".encode(), "o\u0308".encode()),
        "a surrogate": raw.replace("ö".encode(), b"\\ud800"),
        "a code point of Unicode 16": raw.replace("ö".encode(), "\U0001fae9".encode()),
        "an escape without need": raw.replace("ö".encode(), b"\\u00f6"),
        "a key twice": raw.replace(price, price + b"," + price),
        "an odd key": raw.replace(b'"price_cents"', b'"Price_cents"'),
        "keys unsorted": raw.replace(b'"v":1,', b"").replace(b"{", b'{"v":1,', 1),
        "a blank": raw + b" ",
        "nothing": b"",
        "cut off": raw[:-1],
    }
    return good | {name: (spelling, BAD_JSON) for name, spelling in spelled.items()} | _odd_agreements()


def _odd_agreements() -> dict[str, tuple[bytes, str]]:
    owner, renter = vectors.AGREEMENT["parties"]  # type: ignore[misc]
    third = {"account": id16(9).hex(), "aik": cast.CSK.public.hex(), "role": "renter"}
    changes: dict[str, dict[str, Any]] = {
        "another version": {"v": 2},
        "version true": {"v": True},
        "another kind": {"kind": "promise"},
        "an agreement that follows something": {"prev": HASH},
        "an amendment that follows nothing": {"kind": "amendment"},
        "a withdrawal of nothing": {"kind": "withdrawal"},
        "an unknown field": {"note": "a"},
        "one party": {"parties": [owner]},
        "three parties": {"parties": [owner, renter, third]},
        "two owners": {"parties": [owner, {**renter, "role": "owner"}]},
        "two devices of one account": {"parties": [owner, {**renter, "account": owner["account"]}]},
        "two parties with one identity": {"parties": [owner, {**renter, "aik": owner["aik"]}]},
        "a mediator": {"parties": [owner, {**renter, "role": "mediator"}]},
        "a party with a name": {"parties": [owner, {**renter, "name": "Bernd"}]},
        "an identity of small order": {"parties": [owner, {**renter, "aik": TORSION[3].hex()}]},
        "a negative price": {"price_cents": -1},
        "a price in words": {"price_cents": "9"},
        "a currency in lower case": {"currency": "eur"},
        "the 30th of February": {"from": "2026-02-30T08:00:00Z"},
        "a time with an offset": {"from": "2026-07-04T08:00:00+00:00"},
        "a time with a fraction": {"from": "2026-07-04T08:00:00.0Z"},
        "hour 24": {"from": "2026-07-04T24:00:00Z"},
        "a leap second": {"from": "2026-06-30T23:59:60Z"},
        "an end before its start": {"to": "2026-07-04T07:59:59Z"},
        "no time between": {"to": "2026-07-04T08:00:00Z"},
        "a room in capitals": {"room": "C1" * 16},
        "terms of 31 bytes": {"terms_hash": HASH[2:]},
        "offer 0": {"offer_rev": 0},
        "nothing lent": {"item": ""},
    }
    cases = {name: {**vectors.AGREEMENT, **change} for name, change in changes.items()}
    for field in vectors.AGREEMENT:
        cases[f"without {field}"] = {name: said for name, said in vectors.AGREEMENT.items() if name != field}
    odd = {name: (jcs.canonical(value), BAD_AGREEMENT) for name, value in cases.items()}
    return odd | {"an array": (b"[]", BAD_AGREEMENT), "null": (b"null", BAD_AGREEMENT)}


def jsons() -> dict[str, tuple[bytes, str]]:
    good = [b"null", b"true", b"[]", b"{}", b'{"a":[1,-1,"x"]}', '"\u2028\x7f"'.encode(), b'"\\u001f\\b\\"\\\\"']
    bad = [
        b"", b" 1", b"[1, 2]", b'{"b":1,"a":2}', b'{"a":1,"a":2}', b"1.0", b"1e2", b"-0", b"01", b"NaN",
        b"9007199254740992", b"-9007199254740992", b'"\\u00fc"', b'"\\/"',
        b'"\\u001F"', b'"\\ud800"', b'"\xff"', b'"\xed\xa0\x80"', b'"\n"',
        b"\xef\xbb\xbf1", b'{"A":1}', b'{"1a":1}', b'{"a-b":1}', b'{"":1}', '"a\u0308"'.encode(), '"\u212b"'.encode(),
        '"\uffff"'.encode(), '"\u0378"'.encode(), '"\U0001fae9"'.encode(), b"[" * 17 + b"]" * 17, b"true false",
    ]  # fmt: skip
    named = [(raw, "ok") for raw in (*good, b"[" * 16 + b"]" * 16)] + [(raw, BAD_JSON) for raw in bad]
    return {raw.decode("utf-8", "backslashreplace")[:40]: (raw, verdict) for raw, verdict in named}


def codes() -> dict[str, dict[str, tuple[str, str]]]:
    """What a camera may show, by the kind of code."""
    link = cast.VECTORS["link_qr"]
    zero = LinkCode(vectors.NEW_KEYS, bytes(32)).text()
    return {
        "link_qr": _around("dk1:", link, "link_invalid") | {"a secret of zeros": (zero, "link_invalid")},
        "handover_qr": _around("dk1h:", cast.VECTORS["handover_qr"], "handover_code_invalid"),
        "safety_qr": _around("dk1v:", cast.VECTORS["safety_qr"], "safety_code_invalid"),
    }


def _around(prefix: str, good: str, refusal: str) -> dict[str, tuple[str, str]]:
    raw = b64.decode(good.removeprefix(prefix))
    cases = {
        "nothing": "",
        "another prefix": "dk2" + good[3:],
        "the prefix in capitals": good.upper()[:4] + good[4:],
        "a web address": "https://kiste.example/" + good,
        "a byte less": prefix + b64.encode(raw[:-1]),
        "a byte more": prefix + b64.encode(raw + b"\0"),
        "padding": good + "=",
        "the other alphabet": good + "+",
        "a blank behind": good + " ",
        "a last key of small order": prefix + b64.encode(raw[:-32] + TORSION[3]),
    }
    if prefix == "dk1:":
        del cases["a last key of small order"]
        cases["a signing key of small order"] = prefix + b64.encode(raw[:16] + TORSION[3] + raw[48:])
        cases["an ephemeral key of zeros"] = prefix + b64.encode(raw[:80] + bytes(32) + raw[112:])
    else:
        cases["another version"] = prefix + b64.encode(b"\2" + raw[1:])
    return {"as published": (good, "ok")} | {name: (text, refusal) for name, text in cases.items()}


def typed() -> dict[str, tuple[str, str]]:
    """Recovery codes."""
    bad = [
        "",
        "ABCDEFGHIJKLMNOPQRSTUVW",
        "ABCDEFGHIJKLMNOPQRSTUVWXY",
        "ABCDEFGHIJKLMNOPQRSTUVW9",
        "ÄBCDEFGHIJKLMNOPQRSTUVWX",
    ]
    named = [(text, "ok") for text in vectors2.TYPED] + [(text, "recovery_code_invalid") for text in bad]
    return {text or "nothing": (text, verdict) for text, verdict in named}
