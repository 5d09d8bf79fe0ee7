"""Scripts as browsers get them: without comments, indents and empty lines, which are for readers of the sources.

Parsed, not guessed: a `//` in a template or a pattern is none. Names and statements stay as they were written, so what
runs is what was read and tested.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

import tree_sitter_javascript
from tree_sitter import Language, Node, Parser

COMMENT: Final = "comment"
TEXT: Final = frozenset({"template_string", "string", "regex"})
"""Stays as it is."""
_BREAK: Final = re.compile(rb"[ \t]*\n\s*")


def compact(source: bytes) -> bytes:
    """A module of ours, smaller. ``ValueError`` for what is not JavaScript."""
    root = _parser().parse(source).root_node
    if root.has_error:
        raise ValueError("not JavaScript")
    made, code, at = bytearray(), bytearray(), 0
    for node in _marked(root):
        code += source[at : node.start_byte]
        at = node.end_byte
        if node.type == COMMENT:
            code += b"\n" if b"\n" in source[node.start_byte : at] else b" "
        else:
            made += _tight(code) + source[node.start_byte : at]
            code.clear()
    return bytes(made + _tight(code + source[at:])).strip() + b"\n"


def _marked(node: Node) -> Iterator[Node]:
    """Comments and texts, in order; what stands within a template is part of it."""
    if node.type == COMMENT or node.type in TEXT:
        yield node
        return
    for child in node.children:
        yield from _marked(child)


def _tight(code: bytearray) -> bytes:
    """Each line by its first sign, and no empty ones: line breaks may end a statement, so they stay."""
    return _BREAK.sub(b"\n", code)


@cache
def _parser() -> Parser:
    return Parser(Language(tree_sitter_javascript.language()))
