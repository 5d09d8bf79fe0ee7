"""How to talk to the hub: over HTTP, and live. What the acts have in common stands here, once."""

from typing import Final

from api.docs.refusals import EVERYWHERE, SIGNED_IN, WITH_DEVICE
from api.docs.text import act_link, anchor, code, error_links, json_block, listed, prose, table
from api.errors import describe, problem
from api.examples import EXAMPLES
from api.examples.sample import DEVICE
from api.protocol import ACTS
from api.tells import TELLS, Tell
from hub.errors import Conflict

VALUES: Final = (
    ("Ids", "32 lower-case hex digits", "`50cf82a3e1649f7dd52b394afb0c1d2e`"),
    ("Bytes", "base64url without padding; unused bits are zero", "`q83vEjRWeJA`"),
    ("Times of rentals", "RFC 3339 in UTC, whole minutes", "`2026-07-04T08:00:00Z`"),
    ("Other times", "integer, milliseconds since 1970", "`1782547200000`"),
    ("Money", "integer minor units beside a currency", '`1200` and `"EUR"`'),
    ("Text", "UTF-8 without NUL, normalised to NFC by the hub", "`Straße`"),
)
WHO: Final = (
    ("`anyone`", "No token is needed."),
    ("`member`", "Signed in: an access token of a session that has not ended."),
    ("`pending`", "A sign-in that still owes its second factor; it may do nothing else."),
    ("`recent`", "Signed in, and confirmed by `session:confirm` or by signing in within the last five minutes."),
    ("`device`", "The token names a device that `device:prove` has proven."),
    ("`party`", "Renter or owner of the rental; to others it does not exist (`rental_not_found`)."),
    ("`owner`, `renter`", "That party of the rental alone."),
    ("`lister`", "Whoever listed the thing; to others it is not theirs (`not_your_item`) or, as a draft, not there."),
    ("`moderator`", "Who was given that role (`role_required`), in rentals of others alone (`own_rental`)."),
    ("`room`", "A member of the room by its newest roster; to others it does not exist (`room_not_found`)."),
)
REFUSED: Final = Conflict("rental_changed", {"rev": 3})


def http_document() -> str:
    """What all routes have in common, and the routes."""
    routes = ([code(row.route), act_link(row.event), listed(row.who), row.summary] for row in ACTS if row.route)
    return prose(
        "http",
        values=table(("Value", "Written", "For example"), VALUES),
        open=act_link("session:open"),
        renew=act_link("session:renew"),
        challenge=act_link("device:challenge"),
        prove=act_link("device:prove"),
        who=table(("Who", "Meaning"), WHO),
        upload=act_link("media:upload"),
        renew_feed=act_link("feed:renew"),
        revoke_feed=act_link("feed:revoke"),
        subscribe=act_link("item:subscribe"),
        begin=act_link("file:begin"),
        put=act_link("file:put"),
        problem=json_block(problem(REFUSED)[1]),
        everywhere=error_links(EVERYWHERE),
        signed_in=error_links(SIGNED_IN),
        with_device=error_links(WITH_DEVICE),
        routes=table(("Route", "Event", "Who", "What"), routes),
    )


def live_document() -> str:
    """The live door: how it opens, what is asked, what is told."""
    asks = ([act_link(row.event), listed(row.who), row.summary] for row in ACTS if row.doors != "http")
    tells = ([f"[`{tell.event}`](#{anchor(tell.event)})", tell.audience, tell.summary] for tell in TELLS)
    return prose(
        "live",
        connect=json_block({"v": 1, "token": "…", "device": DEVICE, "client": "web/1.4", "lang": "de"}),
        refresh=act_link("session:refresh"),
        done=json_block({"ok": True, **EXAMPLES["roster:publish"].answer}),
        refused=json_block({"ok": False, "error": describe(REFUSED)}),
        send=act_link("message:send"),
        asks=table(("Event", "Who", "What"), asks),
        sync=act_link("room:sync"),
        tells=table(("Event", "To", "What"), tells),
        told="\n\n".join(_tell(tell) for tell in TELLS),
    )


def _tell(tell: Tell) -> str:
    return f"### `{tell.event}`\n\n{tell.summary}\n\n{json_block(tell.example)}"
