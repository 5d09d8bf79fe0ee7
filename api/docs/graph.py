"""The rental's states as a picture, drawn from the table of transitions: open ones down the left, closed ones right."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Final

from hub.rental import CLOSED, TRANSITIONS, State

BOX_W: Final = 156
BOX_H: Final = 44
LEFT: Final = 340
RIGHT: Final = 680
STEP: Final = 136
TOP: Final = 84
LINE: Final = 20
WIDTH: Final = 1090

STYLE: Final = (
    "text{font:15px system-ui,sans-serif;fill:#16251d}"
    ".by{fill:#46564c;font-size:14px;paint-order:stroke;stroke:#fff;stroke-width:5px}"
    ".box{fill:#fff;stroke:#16251d;stroke-width:2}.agreed{fill:#ffcc1f}.end{fill:#e7ece3}"
    ".way{fill:none;stroke:#46564c;stroke-width:2}.tip{fill:#46564c}.onsign{fill:#16251d}"
    "@media(prefers-color-scheme:dark){text{fill:#ecf2ec}.by{fill:#b7c5bb;stroke:#0f1713}.box{fill:#17221c;stroke:#b7c5bb}"
    ".agreed{fill:#ffcc1f}.end{fill:#202e27}.way{stroke:#98a89d}.tip{fill:#98a89d}.onsign{fill:#16251d}}"
)
"""For the picture on its own; within a page the page's style sheet does the same."""


@dataclass(frozen=True, slots=True)
class Way:
    """All commands that lead from one state (None: nothing yet) to another."""

    source: State | None
    target: State
    words: tuple[str, ...]


def ways() -> list[Way]:
    """Every pair of states that a command joins, in the order of the table; what only adds to a state is no way.

    A way into waiting is drawn once, for the first command that has it.
    """
    waiting = {row.waits_in: row.name for row in reversed(TRANSITIONS) if row.waits_in}
    found: dict[tuple[State | None, State], list[str]] = {}
    for row in TRANSITIONS:
        who = ", ".join(role.value for role in row.who)
        for source in row.sources:
            for target in (way for way in row.targets if waiting.get(way, row.name) == row.name or way is row.target):
                found.setdefault((source, target), []).append(f"{row.name} · {who}")
    reachable = {target for _, target in found}
    return [
        Way(source, target, tuple(words))
        for (source, target), words in found.items()
        if source is None or source in reachable
    ]


def graph(*, styled: bool) -> str:
    """The SVG; ``styled`` makes it stand alone."""
    drawn = ways()
    open_states = [state for state in State if state not in CLOSED and any(way.target is state for way in drawn)]
    closed = [state for state in State if state in CLOSED]
    spots: dict[State | None, tuple[int, int]] = {None: (LEFT, 36)}
    spots |= {state: (LEFT, TOP + STEP * row + 40) for row, state in enumerate(open_states)}
    spots |= {state: (RIGHT, TOP + 112 * row) for row, state in enumerate(closed)}
    height = max(y for _, y in spots.values()) + BOX_H
    parts = [*_ways(drawn, spots), *_boxes(spots)]
    style = f"<style>{STYLE}</style>" if styled else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="graph" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-labelledby="graph-title"><title id="graph-title">The states of a rental and what leads from one to '
        f'another</title>{style}<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" '
        f'markerHeight="8" orient="auto"><path class="tip" d="M0 0 10 5 0 10z"/></marker></defs>\n'
        + "\n".join(parts)
        + "\n</svg>"
    )


def _boxes(spots: dict[State | None, tuple[int, int]]) -> Iterator[str]:
    for state, (x, y) in spots.items():
        if state is None:
            yield f'<circle class="tip" cx="{x}" cy="{y}" r="8"/>'
            continue
        kind = " end" if state in CLOSED else " agreed" if state is State.CONFIRMED else ""
        ink = ' class="onsign"' if state is State.CONFIRMED else ""
        left, top = x - BOX_W // 2, y - BOX_H // 2
        yield f'<rect class="box{kind}" x="{left}" y="{top}" width="{BOX_W}" height="{BOX_H}" rx="8"/>'
        yield f'<text{ink} x="{x}" y="{y + 5}" text-anchor="middle">{state.value}</text>'


def _ways(drawn: list[Way], spots: dict[State | None, tuple[int, int]]) -> Iterator[str]:
    """Lines first, so that words stay readable where a line passes behind them."""
    labels: list[str] = []
    ended: dict[State, list[str]] = {}
    bowed: dict[State | None, list[str]] = {}
    for way in drawn:
        (x1, y1), (x2, y2) = spots[way.source], spots[way.target]
        if x1 != x2:
            yield _across(x1, y1, x2, y2)
            ended.setdefault(way.target, []).extend(way.words)
        elif y2 - y1 > STEP:
            yield _bow(x1, y1, y2)
            bowed.setdefault(way.source, []).extend(way.words)
        else:
            line, label = _beside(x1, y1, y2, way.words)
            yield line
            labels += label
    for state, words in ended.items():
        x, y = spots[state]
        labels += _label(x + BOX_W // 2 + 12, y + 5, tuple(dict.fromkeys(words)))
    for source, words in bowed.items():
        x, y = spots[source]
        edge = x - 20 if source is None else x - BOX_W // 2 - 12
        labels += _label(edge, y - 10, tuple(dict.fromkeys(words)), anchor="end")
    yield from labels


def _beside(x: int, y1: int, y2: int, words: tuple[str, ...]) -> tuple[str, Iterator[str]]:
    """From a state to itself, back to the one before, or on to the next one."""
    if y1 == y2:
        return _loop(x, y1, words)
    return _up(x, y1, y2, words) if y2 < y1 else _down(x, y1, y2, words)


def _across(x1: int, y1: int, x2: int, y2: int) -> str:
    start, end = x1 + BOX_W // 2, x2 - BOX_W // 2
    bend = (end - start) // 2
    return _path(f"M{start} {y1}C{start + bend} {y1} {end - bend} {y2} {end} {y2}")


def _down(x: int, y1: int, y2: int, words: tuple[str, ...]) -> tuple[str, Iterator[str]]:
    """Straight to the next state."""
    end = y2 - BOX_H // 2
    line = _path(f"M{x} {y1 + (BOX_H // 2 if y1 > TOP else 8)}V{end}")
    return line, _label(x + 10, (y1 + end) // 2 + 16, words)


def _bow(x: int, y1: int, y2: int) -> str:
    """Past the states in between, on the left: the further, the wider."""
    edge = x - BOX_W // 2
    bow = edge - (100 * (y2 - y1) // STEP if y1 > TOP else 90 * (y2 - y1) // STEP - 60)
    return _path(f"M{x - 8} {y1}C{bow} {y1 + 20} {bow} {y2 - 30} {edge} {y2 - 8}")


def _up(x: int, y1: int, y2: int, words: tuple[str, ...]) -> tuple[str, Iterator[str]]:
    """Back to the state before, beside the way down."""
    return _path(f"M{x - 24} {y1}V{y2 + BOX_H // 2}"), _label(x - 34, (y1 + y2) // 2 + 26, words, anchor="end")


def _loop(x: int, y: int, words: tuple[str, ...]) -> tuple[str, Iterator[str]]:
    edge = x - BOX_W // 2
    line = _path(f"M{edge + 30} {y + 22}C{edge + 20} {y + 66} {edge - 40} {y + 50} {edge} {y + 10}")
    return line, _label(edge - 34, y + 48, words, anchor="end")


def _path(way: str) -> str:
    return f'<path class="way" d="{way}" marker-end="url(#tip)"/>'


def _label(x: int, y: int, words: tuple[str, ...], anchor: str = "start") -> Iterator[str]:
    first = y - LINE * (len(words) - 1) // 2
    for number, word in enumerate(words):
        yield f'<text class="by" x="{x}" y="{first + LINE * number}" text-anchor="{anchor}">{escape(word)}</text>'
