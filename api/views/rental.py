"""What the parties see of a rental."""

from collections.abc import Sequence

from api.views.common import View
from api.views.item import line_item
from api.views.person import neighbour
from api.views.place import handover
from hub.period import stamp
from hub.place import Place
from hub.rental import Offer
from hub.usecases.booking import AppliedCommand, RentalSheet


def rental(sheet: RentalSheet) -> View:
    """A rental as one of its parties reads it; neither address nor e-mail is ever in it."""
    shown = sheet.rental
    return {
        "id": shown.id,
        "item": {"id": shown.item, "title": shown.snapshot.title},
        "owner": neighbour(sheet.owner),
        "renter": neighbour(sheet.renter),
        "room": shown.room,
        "state": shown.state.value,
        "rev": shown.rev,
        "q": shown.q,
        "tz": shown.tz,
        "offer": _offer(shown.offer) if shown.offer else None,
        "role": sheet.role.value,
        "allowed_actions": list(sheet.allowed_actions),
        "closed_reason": shown.closed_reason,
        "created_at": stamp(shown.created_at),
        "updated_at": stamp(shown.updated_at),
    }


def _offer(offer: Offer) -> View:
    terms = offer.terms
    shown = {
        "start": stamp(terms.start),
        "end": stamp(terms.end),
        "q": terms.q,
        "price": terms.price,
        "cur": terms.cur,
        "deposit": terms.deposit,
        "negotiated": terms.negotiated,
        "lines": [line_item(line) for line in terms.lines],
    }
    return {"rev": offer.rev, "by": offer.by.value, "terms": shown, "expires_at": stamp(offer.expires_at)}


def rentals(sheets: Sequence[RentalSheet]) -> View:
    return {"rentals": [rental(sheet) for sheet in sheets]}


def applied(outcome: AppliedCommand) -> View:
    shown: View = {"rental": rental(outcome.sheet), "seq": outcome.seq}
    return shown | {"dup": True} if outcome.duplicate else shown


def place(found: Place) -> View:
    """The exact place, for the parties of a confirmed rental only; the act has made sure of that."""
    exact = {"address": found.address, "lat": found.exact.lat, "lon": found.exact.lon}
    return {"label": found.label, **exact, "instructions": found.instructions, **handover(found)}
