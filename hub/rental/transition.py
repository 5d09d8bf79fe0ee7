"""TRANSITIONS, the only place where a rental's state changes are declared (design: rental.md §1)."""

from typing import Any, Final

from hub.rental.row import BARGAINING, CHANGING, FAILING, LENDING, SETTLING, Row

TRANSITIONS: Final = (*BARGAINING, *CHANGING, *LENDING, *FAILING, *SETTLING)

ROWS: tuple[Row[Any], ...] = TRANSITIONS
"""The same, for walking over: the elements of TRANSITIONS keep the exact type of their command."""
