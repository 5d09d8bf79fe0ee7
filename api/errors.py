"""Refusals on their way out: the same object for acks and HTTP problems (RFC 9457), and every code there is."""

import logging
import secrets
import traceback
from typing import Any, Final

from hub.errors import HubError

STATUS: Final = {
    "invalid": 422,
    "unauthenticated": 401,
    "forbidden": 403,
    "not_found": 404,
    "conflict": 409,
    "rate_limited": 429,
    "unavailable": 503,
    "internal": 500,
}

CODES: Final = {
    "invalid": frozenset({
        "agreement_invalid", "backup_invalid", "backup_weak", "bad_billing", "bad_category", "bad_client", "bad_cursor",
        "bad_display_name", "bad_email", "bad_envelope", "bad_feed_url", "bad_fields", "bad_file", "bad_handle",
        "bad_iban", "bad_item", "bad_keys", "bad_kind", "bad_money", "bad_password", "bad_period", "bad_place",
        "bad_point", "bad_protocol", "bad_reason", "bad_receipt", "bad_request", "bad_review", "bad_rules", "bad_sort",
        "bad_tariff", "bad_terms", "bad_timezone", "bad_units", "bad_words", "category_prohibited", "currency_mismatch",
        "devlist_foreign", "devlist_invalid", "devlist_missing", "dlkcert_invalid", "nothing_changed", "off_step",
        "outside_hours", "outside_window", "own_account", "photo_animated", "photo_too_many_pixels", "photo_unreadable",
        "report_unverifiable", "roster_invalid", "signature_invalid", "spk_invalid", "too_large", "too_long",
        "too_many", "too_many_units", "too_short", "version", "weak_password",
    }),
    "unauthenticated": frozenset({
        "bad_code", "bad_credentials", "bad_grant", "bad_passkey", "bad_refresh_token", "bad_state", "bad_token",
        "challenge_expired", "confirmation_required", "device_required", "device_unknown", "login_invalid",
        "provider_refused", "refresh_reused", "second_factor_required", "session_expired", "session_revoked",
        "sign_in_required", "token_expired",
    }),
    "forbidden": frozenset({
        "blocked", "cross_site", "https_required", "key_not_meant", "not_your_item", "not_your_role", "own_decision",
        "own_item", "own_rental", "place_hidden", "restricted", "role_required", "roster_forbidden", "suspended",
        "transfer_hidden", "trust_too_low", "wrong_code",
    }),
    "not_found": frozenset({
        "agreement_not_found", "case_not_found", "chain_not_found", "contract_not_found", "devices_not_found",
        "entry_not_found", "export_not_found", "factor_not_found", "feed_not_found", "file_not_found", "iban_missing",
        "identity_not_found", "item_not_found", "key_not_wanted", "link_not_found", "message_not_found",
        "notification_not_found", "passkey_not_found", "photo_not_found", "place_not_found", "protocol_not_found",
        "rental_not_found", "report_not_found", "review_not_found", "room_not_found", "session_not_found",
        "slip_not_found", "terms_not_found", "user_not_found",
    }),
    "conflict": frozenset({
        "account_exists", "agreement_closed", "agreement_differs", "agreement_pending", "already_contested",
        "already_signed", "already_verified", "backup_stale", "case_closed", "case_open", "chain_index", "chain_stale",
        "chain_taken", "change_closed", "change_pending", "change_superseded", "cid_mismatch", "cmd_mismatch",
        "code_required", "code_spent", "deposit_missing", "device_bound", "device_taken", "devices_stale",
        "devlist_fork", "devlist_gap", "devlist_rollback", "dlkcert_fork", "dlkcert_rollback", "entry_closed",
        "erasure_blocked", "export_not_ready", "factor_active", "file_in_use", "file_offset", "file_taken",
        "files_full", "handle_taken", "identity_fixed", "identity_taken", "item_changed", "item_status",
        "item_unavailable", "keys_missing", "last_way_in", "link_step", "link_taken", "manifest_stale", "no_fee",
        "not_contested", "not_due", "not_instant", "not_late", "not_required", "not_reviewable", "not_your_turn",
        "nothing_owed", "nothing_to_contest", "nothing_to_sign", "offer_expired", "offer_superseded", "passkey_known",
        "photo_in_use", "photos_full", "place_changed", "place_in_use", "prekey_rollback", "price_changed",
        "proposal_changed", "protocol_changed", "protocol_gap", "protocol_sealed", "protocol_taken", "quota_exceeded",
        "rental_changed", "reply_written", "report_closed", "reviews_closed", "reviews_sealed", "room_closed",
        "room_taken", "roster_fork", "roster_gap", "roster_incomplete", "roster_missing", "roster_rollback",
        "session_complete",
        "slot_free", "slot_unavailable", "spk_fork", "spk_old", "subscription_taken", "terms_changed", "too_early",
        "too_late", "too_many_blocks", "too_many_devices", "too_many_passkeys", "too_many_places",
        "too_many_subscriptions", "units_agreed", "wrong_state",
    }),
    "rate_limited": frozenset({
        "rate_limited", "too_many_sockets",
    }),
    "unavailable": frozenset({
        "busy", "contended", "not_storable", "overloaded", "provider_unavailable", "store_unavailable", "timeout",
        "unknown_outcome",
    }),
    "internal": frozenset({
        "internal",
    }),
}  # fmt: skip
"""Every code by its kind. A test finds the codes that the source raises and compares; the words are in the locales."""


def describe(error: HubError) -> dict[str, Any]:
    """The ``error`` object of an ack."""
    described: dict[str, Any] = {"code": error.code, "kind": error.kind}
    if error.retry:
        described["retry"] = True
    if error.after_ms is not None:
        described["after_ms"] = error.after_ms
    if error.data:
        described["data"] = error.data
    return described


def problem(error: HubError) -> tuple[int, dict[str, Any]]:
    """The HTTP status and the problem object; the code is what programs read, the title what people do."""
    status = STATUS[error.kind]
    title = error.code.replace("_", " ").capitalize()
    return status, {"type": f"urn:dorfkiste:error:{error.code}", "title": title, "status": status} | describe(error)


def internal(trace: str) -> dict[str, Any]:
    """The object for our own faults: nothing but an id under which the log tells more."""
    return {"code": "internal", "kind": "internal", "data": {"id": trace}}


def trace_of(log: logging.Logger, what: str, error: BaseException, *, aloud: bool = True) -> str:
    """Log a fault of ours once, without its message, which may quote what somebody sent; the id it is found under."""
    trace = secrets.token_hex(4)
    if aloud:
        frames = "".join(traceback.format_tb(error.__traceback__))
        log.error("%.80s failed, id %s: %s\n%s", what, trace, type(error).__name__, frames)
    return trace
