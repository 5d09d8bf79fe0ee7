"""The rows of the table of transitions, by topic."""

from hub.rental.row.bargaining import BARGAINING
from hub.rental.row.changing import CHANGING
from hub.rental.row.failing import FAILING
from hub.rental.row.lending import LENDING
from hub.rental.row.settling import SETTLING
from hub.rental.row.shape import Row

__all__ = ["BARGAINING", "CHANGING", "FAILING", "LENDING", "SETTLING", "Row"]
