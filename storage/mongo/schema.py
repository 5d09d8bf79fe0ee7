"""Every collection: what its documents must hold, and its indexes. A field not named here is free."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pymongo import ASCENDING, DESCENDING, IndexModel

from hub.notice import KEPT
from hub.report import KEPT as REPORT_KEPT

CHANGES_LIFE_S = 24 * 3600
MAIL_LIFE_S = 7 * 24 * 3600
_DAY = {"expireAfterSeconds": 0}


@dataclass(frozen=True)
class Shape:
    """``types`` maps required fields to BSON types; ``options`` go to ``create``."""

    types: Mapping[str, str]
    indexes: tuple[IndexModel, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)

    def validator(self) -> dict[str, Any]:
        properties = {name: {"bsonType": kind} for name, kind in self.types.items()}
        return {"$jsonSchema": {"required": sorted(self.types), "properties": properties}}


def _index(*keys: str, **options: Any) -> IndexModel:
    """Ascending by each key, descending where it begins with ``-``."""
    order = [(key.lstrip("-"), DESCENDING if key.startswith("-") else ASCENDING) for key in keys]
    return IndexModel(order, **options)


def _unique(*keys: str, **options: Any) -> IndexModel:
    return _index(*keys, unique=True, **options)


_TEXT, _BYTES, _TIME, _INT, _BOOL, _LIST, _OBJECT = "string", "binData", "date", "number", "bool", "array", "object"

_PUBLIC = ("public.lat", "public.lon")

SHAPES: Final[Mapping[str, Shape]] = {
    "users": Shape(
        {
            "handle": _TEXT,
            "handle_index": _BYTES,
            "display_name": _TEXT,
            "email": _TEXT,
            "email_index": _BYTES,
            "roles": _LIST,
        },
        (_unique("handle_index"), _unique("email_index")),
    ),
    "data_keys": Shape({"key": _TEXT, "pseudonym": _TEXT}, (_unique("pseudonym"),)),
    "credentials": Shape({"user": _TEXT, "kind": _TEXT, "data": _TEXT}, (_unique("user", "kind"),)),
    "passkeys": Shape({"user": _TEXT, "key": _TEXT, "name": _TEXT, "count": _INT}, (_index("user"),)),
    "identities": Shape({"user": _TEXT, "provider": _TEXT, "data": _TEXT}, (_index("user"),)),
    "grants": Shape({"user": _TEXT, "app": _TEXT, "challenge": _TEXT, "used": _BOOL}, (_index("gone_at", **_DAY),)),
    "sessions": Shape(
        {"user": _TEXT, "refresh_hash": _BYTES, "expires_at": _TIME, "revoked": _BOOL},
        (_index("user"), _index("expires_at", **_DAY)),
    ),
    "challenges": Shape({"bound": _TEXT, "expires_at": _TIME}, (_index("expires_at", **_DAY),)),
    "devices": Shape({"account": _TEXT}),
    "device_lists": Shape(
        {"account": _TEXT, "epoch": _INT, "version": _INT, "after": _TEXT, "cert": _BYTES, "devlist": _BYTES},
        (_unique("account", "epoch", "version"), _unique("account", "after")),
    ),
    "prekeys": Shape({"account": _TEXT, "spk": _BYTES, "spk_id": _INT}),
    "one_time_prekeys": Shape(
        {"account": _TEXT, "device": _TEXT, "n": _INT, "key": _BYTES},
        (_unique("device", "n"),),
    ),
    "key_wants": Shape(
        {"room": _TEXT, "device": _TEXT, "chain": _BYTES, "to": _TEXT, "account": _TEXT, "asked": _TIME},
        (_index("device", "-asked"), _index("account", "-asked"), _index("expires_at", **_DAY)),
    ),
    "links": Shape(
        {"user": _TEXT, "session": _TEXT, "step": _TEXT, "expires_at": _TIME},
        (_index("user"), _index("expires_at", **_DAY)),
    ),
    "backups": Shape({"version": _INT, "generation": _INT, "manifest_version": _INT, "count": _INT, "xor": _BYTES}),
    "backup_entries": Shape({"account": _TEXT, "n": _INT, "entry": _BYTES}, (_unique("account", "n"),)),
    "mails": Shape(
        {"mail": _TEXT, "tried": _INT, "due_at": _TIME, "created_at": _TIME},
        (_index("due_at"), _index("created_at", expireAfterSeconds=MAIL_LIFE_S)),
    ),
    "slips": Shape({"purpose": _TEXT, "content": _TEXT, "expires_at": _TIME}, (_index("expires_at", **_DAY),)),
    "blocks": Shape({"user": _TEXT, "blocked": _TEXT, "created_at": _TIME}, (_index("user"), _index("blocked"))),
    "places": Shape(
        {"owner": _TEXT, "address": _TEXT, "exact": _TEXT, "instructions": _TEXT, "public": _OBJECT, "rev": _INT},
        (_index("owner", "created_at"),),
    ),
    "items": Shape(
        {
            "owner": _TEXT,
            "title": _TEXT,
            "tariff": _OBJECT,
            "rules": _OBJECT,
            "status": _TEXT,
            "words": _LIST,
            "price": _INT,
            "rev": _INT,
        },
        (
            _index("status", "-created_at", "-_id"),
            _index("owner", "-created_at", "-_id"),
            _index("media", sparse=True),
            _index("place"),
            _index("deleted_at"),
            _index("words", *_PUBLIC, "price", "category", "created_at", "_id", name="by_words"),
            _index("status", *_PUBLIC, "category", "price", "created_at", "_id", name="by_public"),
            _index("status", "-created_at", "_id", "category", "price", *_PUBLIC, name="by_newest"),
            _index("status", "price", "_id", "category", *_PUBLIC, "created_at", name="by_price"),
        ),
    ),
    "words": Shape({"at": _TIME}, (_index("at"),)),
    "calendars": Shape(
        {"rev": _INT, "cap": _INT, "busy": _LIST, "blocks": _LIST, "full": _LIST},
        (_index("blocks.id"),),
    ),
    "subscriptions": Shape(
        {"item": _TEXT, "owner": _TEXT, "url": _TEXT, "seen": _OBJECT, "due_at": _TIME},
        (_index("item"), _index("due_at")),
    ),
    "feeds": Shape({"secret": _BYTES, "created_at": _TIME}, (_unique("secret"),)),
    "media": Shape(
        {"owner": _TEXT, "state": _TEXT, "copies": _LIST, "bytes": _INT, "claimed_at": _TIME, "look_at": _TIME},
        (_index("owner"), _index("look_at"), _index("dhash")),
    ),
    "files": Shape(
        {"owner": _TEXT, "room": _TEXT, "device": _TEXT, "cid": _BYTES, "size": _INT, "offset": _INT, "look_at": _TIME},
        (_index("owner"), _index("look_at"), _index("room", "device", "cid")),
    ),
    # GridFS, as its specification has it. Photos and ciphertext do not compress.
    "blobs.files": Shape({}, (_index("filename", "uploadDate"),)),
    "blobs.chunks": Shape(
        {},
        (_unique("files_id", "n"),),
        {"storageEngine": {"wiredTiger": {"configString": "block_compressor=none"}}},
    ),
    "rentals": Shape(
        {"item": _TEXT, "owner": _TEXT, "renter": _TEXT, "room": _TEXT, "state": _TEXT, "rev": _INT},
        (
            _index("owner", "-updated_at"),
            _index("renter", "-updated_at"),
            _index("item", "state"),
            _index("renter", "state", "item"),
            _index("cases.state", "updated_at"),
            _index("cases.appeal.state", "updated_at", sparse=True),
            _index("state", "updated_at"),
        ),
    ),
    "contracts": Shape({"owner": _TEXT, "renter": _TEXT, "legal": _TEXT, "template": _TEXT, "hash": _TEXT}),
    "billings": Shape({"told": _TEXT}),
    "protocols": Shape(
        {"rental": _TEXT, "no": _INT, "by": _TEXT, "account": _OBJECT, "received_at": _TIME, "rev": _INT},
        (_unique("rental", "no"), _index("account.photos.media", sparse=True)),
    ),
    "codes": Shape({"code": _TEXT, "secret": _TEXT, "tries": _INT}),
    "audit_log": Shape(
        {"at": _TIME, "act": _TEXT, "actor": _TEXT, "about": _LIST, "target": _TEXT, "prev": _BYTES, "hash": _BYTES},
        (_index("about"), _index("at")),
    ),
    "terms_versions": Shape({"doc": _TEXT, "version": _INT, "texts": _OBJECT, "at": _TIME}),
    "consents": Shape({"user": _TEXT, "doc": _TEXT, "version": _INT, "at": _TIME}, (_index("user"),)),
    "exports": Shape(
        {"user": _TEXT, "key": _TEXT, "bytes": _INT, "expires_at": _TIME, "lease_until": _TIME},
        (_index("user"), _index("bytes", "lease_until"), _index("expires_at")),
    ),
    "erased": Shape({"at": _TIME}, (_index("user", sparse=True),)),
    "audit_anchor": Shape({"seq": _INT, "hash": _BYTES}),
    "rooms": Shape(
        {"rental": _TEXT, "members": _LIST, "roster": _BYTES, "roster_version": _INT},
        (_index("members.user"),),
    ),
    # The rosters that were replaced; the newest stands in its room.
    "rosters": Shape({"room": _TEXT, "version": _INT, "seq": _INT, "roster": _BYTES}, (_unique("room", "version"),)),
    # The log is the hot path and is written by one function each for messages and events, so it has no validator.
    # Ciphertext does not compress: trying costs mongod more than all else it does with a message.
    "entries": Shape(
        {},
        (_unique("k", sparse=True),),
        {"storageEngine": {"wiredTiger": {"configString": "block_compressor=none"}}},
    ),
    "chains": Shape({"roster_version": _INT, "lists": _OBJECT, "first": _INT, "to": _LIST}),
    "receipts": Shape({"room": _TEXT, "user": _TEXT, "delivered": _INT, "read": _INT}, (_index("room"),)),
    "notifications": Shape(
        {"user": _TEXT, "type": _TEXT, "ref": _TEXT, "data": _OBJECT, "created_at": _TIME},
        (
            _index("user", "-created_at", "-_id"),
            _index("user", "read_at"),
            _index("created_at", expireAfterSeconds=int(KEPT.total_seconds())),
        ),
    ),
    "review_rounds": Shape({"owner": _TEXT, "renter": _TEXT, "closes_at": _TIME, "rev": _INT}),
    "reviews": Shape(
        {"rental": _TEXT, "author": _TEXT, "subject": _TEXT, "text": _TEXT, "thanks": _TEXT},
        (
            _unique("rental", "author"),
            _index("subject", "-published_at", "-_id"),
            _index("item", "role", "-published_at", "-_id"),
        ),
    ),
    "agreements": Shape(
        {"rental": _TEXT, "at": _TIME, "raw": _BYTES, "signatures": _OBJECT}, (_index("rental", "at"),)
    ),
    "reports": Shape(
        {"room": _TEXT, "people": _LIST, "by": _TEXT, "at": _TIME, "reason": _TEXT, "content": _TEXT, "body": _BYTES},
        (
            _index("room", "-at"),
            _index("closed", "at"),
            _index("at", name="kept", expireAfterSeconds=int(REPORT_KEPT.total_seconds())),
        ),
    ),
    "timers": Shape(
        {"kind": _TEXT, "target": _TEXT, "due_at": _TIME, "lease_until": _TIME},
        (_index("due_at", "lease_until"), _index("target")),
    ),
    "changes": Shape(
        {"kind": _TEXT, "id": _TEXT, "at": _TIME},
        (_index("at", expireAfterSeconds=CHANGES_LIFE_S),),
    ),
}
