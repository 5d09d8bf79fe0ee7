"""What the parties see of a rental."""

from collections.abc import Sequence

from api.views.common import View
from api.views.person import neighbour
from api.views.place import handover
from api.views.price import line_item
from crypto import b64
from hub.period import stamp
from hub.place import Place
from hub.ports import Code
from hub.rental import told
from hub.usecases.changing import CancelQuote, ChangeQuote
from hub.usecases.dealing import AppliedCommand, RentalSheet


def rental(sheet: RentalSheet) -> View:
    """A rental as one of its parties reads it; neither address nor e-mail is ever in it.

    What an event of the room carries under the same name takes the place of what stands here; of ``cases`` and
    ``ledger`` it carries the changed elements, by ``no``, and ``title`` is the item's.
    """
    shown = sheet.rental
    course = told(shown)
    return {
        "id": shown.id,
        "item": {"id": shown.item, "title": course.pop("title")},
        "owner": neighbour(sheet.owner),
        "renter": neighbour(sheet.renter),
        "room": shown.room,
        "state": shown.state.value,
        "rev": shown.rev,
        "role": sheet.role.value,
        "allowed_actions": list(sheet.allowed_actions),
        "created_at": stamp(shown.created_at),
        "updated_at": stamp(shown.updated_at),
        **course,
    }


def rentals(sheets: Sequence[RentalSheet]) -> View:
    return {"rentals": [rental(sheet) for sheet in sheets]}


def applied(outcome: AppliedCommand) -> View:
    shown: View = {"rental": rental(outcome.sheet), "seq": outcome.seq}
    return shown | {"dup": True} if outcome.duplicate else shown


def cancel_quote(quote: CancelQuote) -> View:
    return {"fee": quote.fee, "rent": quote.rent, "refund": quote.refund, "cur": quote.cur}


def change_quote(quote: ChangeQuote) -> View:
    return {
        "lines": [line_item(line) for line in quote.lines],
        "price": quote.price,
        "difference": quote.difference,
        "deposit": quote.deposit,
        "cur": quote.cur,
    }


def place(found: Place) -> View:
    """The exact place, for the parties of a confirmed rental only; the act has made sure of that."""
    exact = {"address": found.address, "lat": found.exact.lat, "lon": found.exact.lon}
    return {"label": found.label, **exact, "instructions": found.instructions, **handover(found)}


def code(found: Code) -> View:
    """For the receiver alone."""
    return {"code": found.digits, "secret": b64.encode(found.secret)}
