"""What the operator is told while something goes on: a line that moves where somebody watches, one line elsewhere."""

from io import StringIO

from api.banner import Progress


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_who_watches_sees_one_line_move_and_end() -> None:
    out = Terminal()
    progress = Progress("Village life", out)
    progress.tell(50, 200)
    progress.tell(150, 200)
    progress.end("25 rentals")
    first, second, last = out.getvalue().split("\r")[1:]
    assert (first.strip(), second.strip()) == ("… Village life  25 %", "… Village life  75 %")
    assert last == "  ✓ Village life  25 rentals\x1b[K\n"


def test_a_log_gets_the_end_alone_and_no_control_characters() -> None:
    out = StringIO()
    progress = Progress("Village life", out)
    progress.tell(50, 200)
    progress.end("stopped in the middle", "!")
    assert out.getvalue() == "  ! Village life  stopped in the middle\n"
