"""Which refusals an act may answer. A test reads the source for more."""

from typing import Final

from api.errors import CODES, STATUS
from api.protocol import Act

EVERYWHERE: Final = ("bad_request", "rate_limited", "store_unavailable", "busy", "unknown_outcome", "internal")
SIGNED_IN: Final = (
    "sign_in_required",
    "second_factor_required",
    "bad_token",
    "token_expired",
    "session_revoked",
    "suspended",
)
WITH_DEVICE: Final = ("device_required",)
RECENTLY: Final = ("confirmation_required",)

KIND: Final = {code: kind for kind, codes in CODES.items() for code in codes}

_PEOPLE = ("own_item", "blocked", "suspended", "restricted")
_TERMS = (
    "bad_period", "bad_terms", "bad_money", "bad_units", "too_many_units", "outside_window", "outside_hours",
    "off_step", "too_short", "too_long", "price_changed", "slot_unavailable",
)  # fmt: skip
_ONCE = ("cmd_mismatch", "contended")
_OPENING = (
    "item_not_found", *_PEOPLE, "item_unavailable", "room_taken", "roster_missing", "roster_invalid", "device_unknown",
    *_ONCE,
)  # fmt: skip
_DEALING = ("rental_not_found", "rental_changed", "wrong_state", "not_your_role", "item_not_found", *_ONCE)
_ANSWERING = ("offer_superseded", "not_your_turn", "offer_expired", *_PEOPLE, "item_unavailable")
_OWN_ITEM = ("item_not_found", "not_your_item", "item_changed")
_LISTING = (
    "bad_item", "bad_category", "category_prohibited", "bad_fields", "bad_money", "bad_rules", "bad_tariff",
    "bad_timezone",
)  # fmt: skip
_PLACE = ("bad_place", "bad_point")
_SHOWN = ("photo_not_found", "too_many")
_MOVE = (*_OWN_ITEM, "item_status", "contended")
_MEDIATING = ("role_required", "own_rental", *_DEALING)
_CODES = ("wrong_code", "code_spent")
_BOOKING = ("not_instant", "trust_too_low")
_CHANGING = ("blocked", "suspended", "restricted", "item_unavailable", "slot_unavailable")
_ANSWERED = (*_DEALING, "change_closed", "change_superseded")
_LOSING = ("bad_words", "bad_money", "too_early")
_ON_CASE = (*_DEALING, "case_not_found", "case_closed")
_ON_ENTRY = (*_DEALING, "entry_not_found", "entry_closed", "not_your_turn")
_CERTS = ("dlkcert_invalid", "dlkcert_fork", "dlkcert_rollback")
_LISTS = ("devlist_invalid", "devlist_foreign", "devlist_fork", "devlist_gap", "devlist_rollback")
_REVIEWING = ("rental_not_found", "not_reviewable", "bad_review", "contended")
_ROOM = ("room_not_found",)
_LINK = ("link_not_found", "link_step", "contended")
_PROOF = ("bad_passkey", "challenge_expired")

REFUSALS: Final[dict[str, tuple[str, ...]]] = {
    "billing:put": ("bad_iban", "bad_billing"),
    "payment:transfer": ("rental_not_found", "not_your_role", "transfer_hidden", "nothing_owed", "iban_missing"),
    "contract:get": ("rental_not_found", "contract_not_found"),
    "protocol:list": ("rental_not_found",),
    "mediation:protocols": ("role_required", "rental_not_found", "own_rental"),
    "protocol:confirm": ("rental_not_found", "protocol_not_found", "protocol_changed", "not_your_turn", "contended"),
    "protocol:write": (
        "rental_not_found", "bad_protocol", "photo_not_found", "protocol_taken", "protocol_sealed", "protocol_gap",
        "not_your_role", "wrong_state", "too_late", "quota_exceeded", *_CODES, "contended"),
    "calendar:unblock": ("contended",),
    "calendar:block": ("item_not_found", "not_your_item", "bad_period", "too_many_blocks", "contended"),
    "item:requests": ("item_not_found", "not_your_item"),
    "item:unsubscribe": ("item_not_found", "not_your_item", "contended"),
    "item:subscribe": (
        "item_not_found", "not_your_item", "bad_feed_url", "bad_units", "subscription_taken",
        "too_many_subscriptions"),
    "item:subscriptions": ("item_not_found", "not_your_item"),
    "account:register": (
        "bad_email", "bad_password", "weak_password", "bad_handle", "bad_display_name", "handle_taken"),
    "setup:found": (
        "slip_not_found", "bad_email", "bad_password", "weak_password", "bad_handle", "bad_display_name",
        "handle_taken", "account_exists"),
    "account:confirm": ("slip_not_found", "handle_taken", "bad_handle"),
    "password:forget": ("bad_email",),
    "password:reset": ("slip_not_found", "bad_password", "weak_password"),
    "address:change": ("user_not_found", "bad_email"),
    "address:confirm": ("slip_not_found",),
    "session:open": ("bad_email", "bad_credentials", "suspended"),
    "session:renew": ("bad_refresh_token", "refresh_reused", "session_expired", "session_revoked", "suspended"),
    "session:revoke": ("session_not_found",),
    "session:complete": ("session_complete", "bad_code", "user_not_found"),
    "session:confirm": ("user_not_found", "bad_credentials", "bad_code"),
    "password:change": ("user_not_found", "bad_password", "weak_password"),
    "factor:start": ("user_not_found", "factor_active"),
    "factor:activate": ("factor_not_found", "bad_code", "factor_active"),
    "factor:renew_codes": ("factor_not_found",),
    "passkey:open": (*_PROOF, "user_not_found", "suspended"),
    "passkey:complete": ("session_complete", *_PROOF, "user_not_found"),
    "passkey:confirm": _PROOF,
    "passkey:offer": ("user_not_found", "too_many_passkeys"),
    "passkey:add": (*_PROOF, "user_not_found", "passkey_known"),
    "passkey:rename": ("passkey_not_found",),
    "passkey:remove": ("passkey_not_found", "last_way_in"),
    "identity:remove": ("identity_not_found", "last_way_in"),
    **dict.fromkeys(
        ("rights:get", "rights:restrict", "rights:release", "rights:object", "rights:agree"), ("user_not_found",)),
    "me:update": ("user_not_found", "bad_display_name"),
    "me:erase": ("user_not_found", "erasure_blocked", "contended"),
    "me:get": ("user_not_found",),
    "export:get": ("export_not_found",),
    "export:link": ("export_not_found", "export_not_ready"),
    "terms:get": ("terms_not_found",),
    "consent:give": ("terms_not_found", "terms_changed"),
    "user:get": ("user_not_found",),
    "block:put": ("user_not_found", "own_account", "too_many"),
    "notification:read": ("notification_not_found",),
    "device:prove": ("challenge_expired", "device_unknown", "device_bound", "login_invalid"),
    "device:publish": (*_CERTS, *_LISTS, "identity_fixed", "device_taken", "too_many_devices"),
    "identity:reset": (
        "dlkcert_invalid", "devlist_invalid", "devlist_foreign", "devlist_rollback", "identity_fixed", "device_taken",
        "too_many_devices", "devices_not_found", "user_not_found", "contended",
    ),
    "device:list": ("devices_not_found",),
    "prekey:publish": ("device_unknown", "spk_invalid", "spk_fork", "spk_old", "prekey_rollback", "quota_exceeded"),
    "key:claim": ("too_many",),
    "key:request": (*_ROOM, "chain_not_found", "key_not_meant"),
    "key:put": (*_ROOM, "key_not_wanted", "bad_keys", "key_not_meant"),
    "link:open": ("devices_not_found", "link_taken"),
    "link:answer": _LINK,
    "link:reveal": _LINK,
    "link:bundle": _LINK,
    "link:get": ("link_not_found",),
    "link:close": ("link_not_found",),
    "backup:put": ("backup_invalid", "backup_weak", "backup_stale", "contended"),
    "backup:add": ("backup_invalid", "manifest_stale", "quota_exceeded", "contended"),
    "chain:last": _ROOM,
    "place:create": (*_PLACE, "too_many_places"),
    "place:update": ("place_not_found", "place_changed", *_PLACE),
    "place:delete": ("place_not_found", "place_in_use"),
    "item:create": (*_LISTING, *_SHOWN, *_PLACE, "too_many_places", "place_not_found"),
    "item:update": (
        *_OWN_ITEM, *_LISTING, *_SHOWN, *_PLACE, "too_many_places", "place_not_found", "units_agreed", "contended"),
    "item:publish": _MOVE,
    "item:pause": _MOVE,
    "item:resume": _MOVE,
    "item:archive": _MOVE,
    "item:restore": _MOVE,
    "item:duplicate": ("item_not_found", "not_your_item", *_SHOWN),
    "item:delete": (*_OWN_ITEM, "contended"),
    "item:blocks": ("item_not_found", "not_your_item"),
    "item:block": ("item_not_found", "not_your_item", "bad_period", "bad_units", "too_many_blocks", "contended"),
    "item:unblock": ("item_not_found", "not_your_item", "contended"),
    "item:get": ("item_not_found",),
    "item:search": ("bad_category", "bad_point", "bad_period", "bad_sort", "bad_cursor"),
    "item:page": ("item_not_found", "bad_period"),
    "item:calendar": ("item_not_found",),
    "item:quote": ("item_not_found", "bad_period", "bad_units", "bad_money", "too_long"),
    "media:upload": (
        "too_large", "photo_unreadable", "photo_animated", "photo_too_many_pixels", "photos_full", "photo_not_found",
        "timeout"),
    "file:begin": (*_ROOM, "too_large", "bad_file", "file_taken", "files_full", "contended"),
    "file:put": ("file_not_found", "file_offset", "too_large", "bad_file"),
    "file:delete": ("file_not_found", "file_in_use"),
    "media:get": ("photo_not_found",),
    "media:delete": ("photo_not_found", "photo_in_use"),
    "rental:inquire": _OPENING,
    "rental:request": (*_OPENING, "quota_exceeded", *_TERMS),
    "rental:book": (*_OPENING, "quota_exceeded", *_BOOKING, *_TERMS),
    "offer:book": (*_DEALING, *_PEOPLE, "quota_exceeded", "item_unavailable", *_BOOKING, *_TERMS),
    "rental:meet": (*_DEALING, "not_required"),
    "rental:quote_cancel": ("rental_not_found", "wrong_state"),
    "offer:make": (*_DEALING, *_PEOPLE, "quota_exceeded", "item_unavailable", *_TERMS),
    "offer:counter": (*_DEALING, *_ANSWERING, "quota_exceeded", *_TERMS),
    "offer:revise": (*_DEALING, *_ANSWERING, "quota_exceeded", *_TERMS),
    "offer:accept": (*_DEALING, *_ANSWERING, "slot_unavailable"),
    "rental:decline": (*_DEALING, "bad_reason"),
    "rental:withdraw": (*_DEALING, "bad_reason"),
    "rental:cancel": (*_DEALING, "bad_reason"),
    "change:quote": ("rental_not_found", "wrong_state", "bad_period", "bad_terms", "bad_money", "too_long"),
    "change:propose": (
        *_DEALING, "change_pending", "quota_exceeded", *_CHANGING, "nothing_changed", "outside_window", "too_short",
        "too_long", "too_many_units", "price_changed", "bad_period", "bad_terms", "bad_money"),
    "change:accept": (*_ANSWERED, "not_your_turn", *_CHANGING),
    "change:decline": (*_ANSWERED, "not_your_turn"),
    "change:withdraw": (*_ANSWERED, "not_your_turn"),
    "rental:get": ("rental_not_found",),
    "review:put": (*_REVIEWING, "reviews_closed"),
    "review:skip": (*_REVIEWING, "reviews_closed"),
    "review:reply": (*_REVIEWING, "reviews_sealed", "review_not_found", "reply_written"),
    "review:get": ("rental_not_found", "not_reviewable"),
    "review:list": ("user_not_found",),
    "review:list_item": ("item_not_found",),
    "rental:place": ("rental_not_found", "place_hidden", "place_not_found", "contended"),
    "rental:code": ("rental_not_found", "not_your_role", "wrong_state"),
    "rental:hand_over": (*_DEALING, "too_early", "too_late", "deposit_missing", "slot_unavailable", *_CODES),
    "rental:return": (*_DEALING, "already_verified", "code_required", *_CODES),
    "rental:return_part": (*_DEALING, "bad_units", "code_required", *_CODES),
    "rental:claim_no_show": (*_DEALING, "too_early"),
    "rental:contest": (
        *_DEALING, "bad_words", "nothing_to_contest", "already_contested", "too_late", "quota_exceeded"),
    "rental:annul": (*_DEALING, "bad_reason", "not_contested"),
    "rental:mark_lost": (*_DEALING, *_LOSING),
    "rental:admit_loss": (*_DEALING, "bad_words"),
    "rental:settle_loss": (*_DEALING, "case_open"),
    "rental:confirm_return": (*_DEALING, "case_open"),
    "rental:report_damage": (*_DEALING, "bad_words", "bad_money", "bad_kind", "too_late", "quota_exceeded"),
    "rental:claim_missing": (*_DEALING, "not_late"),
    "rental:dispute_return": (*_DEALING, "already_verified", "too_late"),
    "rental:amend_return": (*_DEALING, "bad_words"),
    "rental:find": _DEALING,
    "rental:waive_fee": (*_DEALING, "no_fee"),
    "case:open": (*_DEALING, "bad_words", "bad_money", "bad_kind", "too_late", "quota_exceeded"),
    "case:appeal": (*_ON_CASE, "bad_words"),
    "case:propose": (*_ON_CASE, "bad_money", "not_your_turn"),
    "case:agree": (*_ON_CASE, "bad_money", "proposal_changed"),
    "case:withdraw": (*_ON_CASE, "not_your_turn"),
    "payment:claim": (*_DEALING, "bad_money", "quota_exceeded"),
    "payment:confirm": _ON_ENTRY,
    "payment:reject": _ON_ENTRY,
    "mediation:list": ("role_required",),
    "mediation:get": ("role_required", "rental_not_found", "own_rental"),
    "mediation:decide": (*_MEDIATING, "bad_words", "bad_money", "case_not_found", "case_closed"),
    "mediation:decide_appeal": (
        *_MEDIATING, "bad_words", "bad_money", "case_not_found", "case_closed", "own_decision"),
    "mediation:annul": (*_MEDIATING, "bad_reason", "not_contested"),
    "mediation:mark_lost": (*_MEDIATING, *_LOSING),
    "mediation:settle_loss": (*_MEDIATING, "case_open"),
    "mediation:close": (*_MEDIATING, "bad_reason"),
    "account:suspend": ("role_required", "user_not_found", "bad_words", "not_your_role", "own_account"),
    "account:restore": ("role_required", "user_not_found", "bad_words", "not_your_role", "own_account"),
    "mediation:cancel": (*_MEDIATING, "bad_reason"),
    "agreement:draft": ("rental_not_found", "nothing_to_sign", "agreement_invalid"),
    "agreement:sign": (
        "rental_not_found", "agreement_invalid", "agreement_not_found", "agreement_differs", "agreement_pending",
        "agreement_closed", "already_signed", "nothing_to_sign", "signature_invalid", "quota_exceeded", *_ONCE),
    "agreement:list": ("rental_not_found",),
    "agreement:bundle": ("rental_not_found", "agreement_not_found"),
    "mediation:bundle": ("role_required", "rental_not_found", "own_rental", "case_not_found", "agreement_not_found"),
    "report:send": (
        *_ROOM, "too_many", "report_unverifiable", "not_your_role", "case_not_found", "case_closed", "quota_exceeded",
        *_ONCE),
    "report:list": _ROOM,
    "mediation:list_reports": ("role_required", "rental_not_found", "own_rental"),
    "mediation:read_report": ("role_required", "report_not_found", "own_rental"),
    "mediation:close_report": (
        "role_required", "report_not_found", "own_rental", "rental_not_found", "report_closed", "contended"),
    "message:send": (
        *_ROOM, "room_closed", "bad_envelope", "too_large", "bad_keys", "device_unknown", "devices_stale",
        "roster_incomplete", "chain_stale", "chain_index", "chain_taken", "keys_missing", "cid_mismatch", "overloaded",
        "not_storable"),
    "message:redact": (*_ROOM, "message_not_found"),
    "room:sync": _ROOM,
    "room:history": _ROOM,
    "room:get": _ROOM,
    "roster:publish": (
        *_ROOM, "roster_invalid", "roster_forbidden", "roster_gap", "roster_fork", "roster_rollback", "device_unknown",
        *_ONCE),
    "roster:list": _ROOM,
    "receipt:put": (*_ROOM, "bad_receipt"),
    "typing:set": _ROOM,
}  # fmt: skip


def refusals_of(row: Act) -> tuple[str, ...]:
    """The act's own refusals, each once, in the order in which they are looked at."""
    return tuple(dict.fromkeys(REFUSALS.get(row.event, ())))


def all_refusals_of(row: Act) -> tuple[str, ...]:
    """The same with those of every act of its kind."""
    signed_in = () if "anyone" in row.who else SIGNED_IN
    device = (*(WITH_DEVICE if "device" in row.who else ()), *(RECENTLY if "recent" in row.who else ()))
    return tuple(dict.fromkeys((*signed_in, *device, *refusals_of(row), *EVERYWHERE)))


def by_status(row: Act) -> dict[int, list[str]]:
    """All codes the act may answer with, by HTTP status."""
    found: dict[int, list[str]] = {}
    for code in all_refusals_of(row):
        found.setdefault(STATUS[KIND[code]], []).append(code)
    return dict(sorted(found.items()))
