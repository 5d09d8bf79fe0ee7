"""The registry: accounts, sign-ins, devices, and what neighbours say and know of each other."""

from typing import Final

from hub.keeping.kind import Erased, Purpose, Term, group

GROUPS: Final = (
    group("users", Purpose.ACCOUNT, Term.ACCOUNT, Erased.KEY, "handle display_name email"),
    group("users", Purpose.ACCOUNT, Term.ACCOUNT, Erased.GONE,
          "_id handle_index email_index email_verified locale created_at updated_at rev", whose="_id"),
    group("users", Purpose.SAFETY, Term.ACCOUNT, Erased.GONE, "roles suspended"),
    group("users", Purpose.RIGHTS, Term.ACCOUNT, Erased.GONE, "restricted_at objections"),
    group("data_keys", Purpose.ACCOUNT, Term.ACCOUNT, Erased.GONE, "_id key pseudonym", whose="_id"),
    group("credentials", Purpose.SIGN_IN, Term.ACCOUNT, Erased.GONE, "_id user kind data active step spare",
          whose="user"),
    group("sessions", Purpose.SIGN_IN, Term.SESSION, Erased.GONE,
          "_id user refresh_hash previous_hash rotated_at created_at expires_at client device revoked pending "
          "confirmed_at known app", whose="user"),
    group("challenges", Purpose.SIGN_IN, Term.MOMENT, Erased.KEPT, "_id session bound expires_at"),
    group("grants", Purpose.SIGN_IN, Term.MOMENT, Erased.GONE,
          "_id user app redirect challenge session confirmed_at expires_at used reused gone_at", whose="user"),
    group("slips", Purpose.SIGN_IN, Term.DAY, Erased.KEPT, "_id purpose content expires_at"),
    group("mails", Purpose.OPERATION, Term.WEEK, Erased.KEPT, "_id mail tried due_at lease created_at"),
    group("devices", Purpose.TALKING, Term.EVER, Erased.KEPT, "_id account"),
    group("device_lists", Purpose.TALKING, Term.EVER, Erased.KEPT,
          "_id account aik epoch version after devices cert devlist hash"),
    group("prekeys", Purpose.TALKING, Term.ACCOUNT, Erased.GONE, "_id account spk spk_id top", whose="account"),
    group("one_time_prekeys", Purpose.TALKING, Term.ACCOUNT, Erased.GONE, "_id account device n key", whose="account"),
    group("backups", Purpose.TALKING, Term.ACCOUNT, Erased.GONE,
          "_id version generation code passkey manifest manifest_version count xor last", whose="_id"),
    group("backup_entries", Purpose.TALKING, Term.ACCOUNT, Erased.GONE, "_id account n entry", whose="account"),
    group("links", Purpose.TALKING, Term.MOMENT, Erased.GONE,
          "_id user session step expires_at commit device eph revealed bundle", whose="user"),
    group("passkeys", Purpose.SIGN_IN, Term.ACCOUNT, Erased.GONE,
          "_id user name key count synced created_at used_at", whose="user"),
    group("identities", Purpose.SIGN_IN, Term.ACCOUNT, Erased.GONE,
          "_id user provider data created_at used_at", whose="user"),
    group("blocks", Purpose.SAFETY, Term.ACCOUNT, Erased.GONE, "_id user blocked created_at",
          whose="user blocked"),
    group("notifications", Purpose.LENDING, Term.HALF_YEAR, Erased.GONE, "_id user type ref created_at read_at",
          whose="user"),
    group("notifications", Purpose.LENDING, Term.HALF_YEAR, Erased.KEPT, "data.*"),
    group("review_rounds", Purpose.REVIEWS, Term.CLAIMS, Erased.KEPT,
          "_id item owner renter opened_at closes_at published_at rev"),
    group("reviews", Purpose.REVIEWS, Term.ACCOUNT, Erased.KEY, "text thanks reply.text"),
    group("reviews", Purpose.REVIEWS, Term.ACCOUNT, Erased.KEPT,
          "_id rental item author subject role stars stars.overall stars.item stars.communication stars.punctual tags "
          "at reply reply.at published_at"),
)  # fmt: skip
