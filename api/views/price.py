"""What is shown of prices: the owner's tariff, and what a period costs by it."""

from dataclasses import asdict

from api.views.common import View
from hub.pricing import Line, Quote
from hub.tariff import Tariff


def tariff(shown: Tariff) -> View:
    return asdict(shown) | {
        "season": [asdict(season) for season in shown.season],
        "long": [asdict(discount) for discount in shown.long],
    }


def quote(asked: Quote) -> View:
    return {
        "lines": [line_item(line) for line in asked.lines],
        "price": asked.price,
        "deposit": asked.deposit,
        "cur": asked.cur,
        "days": asked.days,
    }


def line_item(line: Line) -> View:
    return {"code": line.code, "n": line.n, "q": line.q, "each": line.each, "amt": line.amt}
