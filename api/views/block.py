"""What people see of their blocks; nobody sees those of others."""

from collections.abc import Sequence

from api.views.common import View
from api.views.person import neighbour
from hub.period import stamp
from hub.usecases.blocking import BlockedPerson


def blocks(found: Sequence[BlockedPerson]) -> View:
    return {"blocks": [{"user": neighbour(one.user), "since": stamp(one.since)} for one in found]}
