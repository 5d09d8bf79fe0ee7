"""Scripts lose what is for readers, and nothing else: not in texts, templates and patterns, and no line break that ends
a statement."""

import pytest

from api.pages.script import compact


@pytest.mark.parametrize(
    ("written", "served"),
    [
        (b"// told\nlet a = 1 // once\n\n  let b = 2\n", b"let a = 1\nlet b = 2\n"),
        (b"/** @type {number} */\nlet a = /** @type {any} */ (1)\n", b"let a =   (1)\n"),
        (b"let a = `  // none\n   ${b /* kept */}\n`\n", b"let a = `  // none\n   ${b /* kept */}\n`\n"),
        (b"let a = 'http://x', b = /\\/\\/ +/\n", b"let a = 'http://x', b = /\\/\\/ +/\n"),
        (b"class A {\n  #a\n  #b = 1\n}\n", b"class A {\n#a\n#b = 1\n}\n"),
        (b"f()\n/* several\nlines */\n;[1].map(g)\n", b"f()\n;[1].map(g)\n"),
    ],
)
def test_a_script_is_served_without_comments_and_indents(written: bytes, served: bytes) -> None:
    assert compact(written) == served


def test_what_is_no_script_is_refused() -> None:
    with pytest.raises(ValueError, match="JavaScript"):
        compact(b"let = = 1")
