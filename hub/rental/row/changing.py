"""Rows of changing what was agreed: extend, shorten, move, more or fewer units, by the consent of both."""

from typing import Final

from hub.rental import effect, guard
from hub.rental.command import AcceptChange, DeclineChange, ExpireChange, ProposeChange, WithdrawChange
from hub.rental.row.shape import PARTIES, SYSTEM, Row
from hub.rental.state import State

_CHANGING = (State.HELD, State.CONFIRMED, State.ACTIVE)
_PEOPLE = (guard.blocked, guard.shunned, guard.suspended, guard.restricted)

CHANGING: Final = (
    Row(ProposeChange, _CHANGING, None, PARTIES,
        (guard.change_pending, guard.too_many_changes, *_PEOPLE, guard.nothing_changed, guard.too_many_units,
         guard.bad_place, guard.outside_change, guard.too_short, guard.too_long, guard.retired_for_more,
         guard.change_price, guard.slot_unavailable_changed),
        effect.propose_change, "change_proposed",
        "nothing changes yet; timer expire_change after 24 hours, at the new start (once out: end) at the latest"),
    Row(AcceptChange, _CHANGING, None, PARTIES,
        (guard.no_open_change, guard.change_superseded, guard.own_change, *_PEOPLE, guard.retired_for_more,
         guard.slot_unavailable_changed),
        effect.accept_change, "change_accepted",
        "terms and calendar in one; another end ends lateness and a claim that it is not back"),
    Row(DeclineChange, _CHANGING, None, PARTIES, (guard.no_open_change, guard.change_superseded, guard.own_change),
        effect.decline_change, "change_declined", "it stays as it was agreed"),
    Row(WithdrawChange, _CHANGING, None, PARTIES,
        (guard.no_open_change, guard.change_superseded, guard.not_own_change),
        effect.withdraw_change, "change_withdrawn", "it stays as it was agreed"),
    Row(ExpireChange, _CHANGING, None, SYSTEM, (guard.not_due,), effect.expire_change, "change_expired",
        "it stays as it was agreed; also void as soon as the rental moves on"),
)  # fmt: skip
