"""The short way from JSON to a message: what every client sends all day is read in a few steps, without a model.

It only ever says yes. Whatever it has any doubt about is read by the act's model, which names what is wrong with it.
"""

import re
from collections.abc import Mapping
from itertools import chain
from operator import itemgetter
from typing import Any, Final

from api.field import MAX_U32
from crypto import b64
from hub.usecases.messaging import SendMessage

_NEEDED: Final = ("room", "cid", "env", "chain", "idx", "dl", "roster")
_needed = itemgetter(*_NEEDED)
_LEVELS: Final = ("high", "normal", "none")
_IDS: Final = re.compile(r"[0-9a-f]{32}(?:,[0-9a-f]{32}){2,14}")
"""Room, cid, chain and up to twelve members at one look."""
_WIDTH: Final = 33
_INTEGERS: Final = {int}


def message(payload: Mapping[str, Any]) -> SendMessage | None:
    """The command of a well-formed ``message:send`` without key packets, which only the first of a chain brings."""
    push = payload.get("push", "normal")
    if len(payload) != len(_NEEDED) + ("push" in payload) or push not in _LEVELS:
        return None
    try:
        room, cid, env, name, idx, dl, roster = _needed(payload)
        lists = {account: (epoch, version) for account, (epoch, version) in dl.items()}
        if not _are_ids(room, cid, name, *lists) or not _are_u32(idx, roster, *chain.from_iterable(lists.values())):
            return None
        return SendMessage(room, bytes.fromhex(cid), b64.decode(env), bytes.fromhex(name), idx, lists, roster, (), push)
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def _are_ids(*texts: str) -> bool:
    """The length tells that no text brought a comma of its own."""
    joined = ",".join(texts)
    return len(joined) == _WIDTH * len(texts) - 1 and _IDS.fullmatch(joined) is not None


def _are_u32(*values: Any) -> bool:
    return set(map(type, values)) == _INTEGERS and min(values) >= 0 and max(values) <= MAX_U32
