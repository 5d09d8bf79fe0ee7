"""What both parties see of protocols of condition."""

from collections.abc import Sequence

from api.views.common import View
from hub.condition import ConditionProtocol, said
from hub.period import stamp


def protocol(told: ConditionProtocol) -> View:
    return {
        "id": told.id,
        "rental": told.rental,
        "no": told.no,
        "by": told.by.value,
        "rev": told.rev,
        **said(told.account),
        "after": told.after,
        "received_at": stamp(told.received_at),
        "hash": told.hash,
        "sealed_at": stamp(told.sealed_at) if told.sealed_at else None,
        "by_code": told.by_code,
    }


def protocols(found: Sequence[ConditionProtocol]) -> View:
    return {"protocols": [protocol(each) for each in found]}
