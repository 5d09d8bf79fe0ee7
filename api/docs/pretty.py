"""JSON for people and for diffs: what fits on a line stands on one line."""

import json
from typing import Any, Final

WIDTH: Final = 120


def pretty(value: Any, depth: int = 0) -> str:
    """``value`` with two spaces for each level, without a newline at the end."""
    short = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or not value or len(short) + 2 * depth < WIDTH:
        return short
    marks = "{}" if isinstance(value, dict) else "[]"
    if isinstance(value, dict):
        lines = [f"{json.dumps(name, ensure_ascii=False)}: {pretty(part, depth + 1)}" for name, part in value.items()]
    else:
        lines = [pretty(part, depth + 1) for part in value]
    inside = "  " * (depth + 1)
    return f"{marks[0]}\n{inside}" + f",\n{inside}".join(lines) + f"\n{'  ' * depth}{marks[1]}"
