"""What the views of several topics share."""

from datetime import datetime
from typing import Any

View = dict[str, Any]


def milliseconds(at: datetime) -> int:
    """An instant as documents, messages and tokens write it."""
    return int(at.timestamp() * 1000)


def nothing(result: object) -> View:  # noqa: ARG001 - the answer of acts that have none
    return {}
