"""Examples of people and their sessions."""

from typing import Final

from api.examples.sample import BYTES32, DEVICE, IDENTITY, ME, MS, NEIGHBOUR, OTHER, SESSION, USER, Example

TOKENS: Final = {
    "user": USER, "session": SESSION, "access": "eyJhbGciOi.eyJpc3Mi.c2ln", "access_expires": MS + 600_000,
    "refresh": BYTES32, "refresh_expires": MS + 2_592_000_000, "pending": False,
    "known": BYTES32,
}  # fmt: skip

RIGHTS: Final = {"restricted_since": None, "objections": ["reliability"]}
PROFILE: Final = OTHER | {
    "member_since": "2026-05-01", "verified": True,
    "reviews": {"count": 4, "stars": {"overall": 4.8, "communication": 5.0, "punctual": 4.5}},
    "reliability": {
        "returns": None, "fetched": None, "answers": {"n": 12, "percent": 92}, "answer_min": 47,
        "kept": {"n": 8, "percent": 100}},
}  # fmt: skip

EXAMPLES: Final = {
    "account:register": Example(
        {"email": "anna@example.org", "password": "sieben Zwerge im Wald", "handle": "anna",
         "display_name": "Anna Berg"}, {}),
    "account:confirm": Example({"slip": BYTES32}, {}),
    "setup:found": Example(
        {"slip": BYTES32, "email": "anna@example.org", "password": "sieben Zwerge im Wald", "handle": "anna",
         "display_name": "Anna Berg"}, {}),
    "password:forget": Example({"email": "anna@example.org"}, {}),
    "password:reset": Example({"slip": BYTES32, "password": "hinter den sieben Bergen"}, {}),
    "address:change": Example({"email": "anna.berg@example.org"}, {}),
    "address:confirm": Example({"slip": BYTES32}, {}),
    "session:open": Example(
        {"email": "anna@example.org", "password": "sieben Zwerge im Wald", "client": "web/1.0"}, TOKENS),
    "session:renew": Example({"refresh": BYTES32}, TOKENS),
    "session:complete": Example({"code": "492039"}, {"refresh_expires": MS + 2_592_000_000, "known": BYTES32}),
    "session:confirm": Example({"password": "sieben Zwerge im Wald", "code": "492039"}, {}),
    "password:change": Example({"password": "hinter den sieben Bergen"}, {"revoked": 2}),
    "factor:get": Example({}, {"active": True, "spare": 10}),
    "factor:start": Example({}, {
        "secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
        "uri": "otpauth://totp/Musterdorf:anna?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Musterdorf"}),
    "factor:activate": Example({"code": "492039"}, {"codes": ["ABCD-EFGH-IJKL-MNOP", "QRST-UVWX-YZ23-4567"]}),
    "factor:remove": Example({}, {}),
    "factor:renew_codes": Example({}, {"codes": ["ABCD-EFGH-IJKL-MNOP", "QRST-UVWX-YZ23-4567"]}),
    "session:list": Example({}, {"sessions": [
        {"id": SESSION, "client": "web/1.0", "created_at": MS, "expires_at": MS + 2_592_000_000, "device": DEVICE,
         "current": True}]}),
    "session:revoke": Example({"session": SESSION}, {}),
    "session:revoke_others": Example({}, {"revoked": 2}),
    "session:refresh": Example({"token": "eyJhbGciOi.eyJpc3Mi.c2ln"}, {"exp": MS + 600_000}),
    "identity:list": Example({}, {"identities": [
        {"id": IDENTITY, "provider": "verein", "created_at": MS, "used_at": MS}]}),
    "identity:remove": Example({"identity": IDENTITY}, {}),
    "me:update": Example(
        {"display_name": "Anna Berger", "locale": "de"},
        ME | {"display_name": "Anna Berger", "email": "anna@example.org", "locale": "de", "roles": []}),
    "me:erase": Example({}, {}),
    "rights:get": Example({}, RIGHTS),
    "rights:restrict": Example({}, RIGHTS | {"restricted_since": MS}),
    "rights:release": Example({}, RIGHTS),
    "rights:object": Example({"use": "reliability"}, RIGHTS),
    "rights:agree": Example({"use": "reliability"}, RIGHTS | {"objections": []}),
    "me:get": Example({}, ME | {"email": "anna@example.org", "locale": "de", "roles": []}),
    "user:get": Example({"user": NEIGHBOUR}, PROFILE),
    "account:suspend": Example(
        {"user": NEIGHBOUR, "reason": "scam", "words": "Du hast dreimal Geld genommen und nichts übergeben."}, OTHER),
    "account:restore": Example({"user": NEIGHBOUR, "words": "Es war eine Verwechslung. Entschuldige."}, OTHER),
}  # fmt: skip
