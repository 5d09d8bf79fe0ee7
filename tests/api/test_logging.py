"""The log holds no secrets and cannot be forged."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from api.logging import clean, configure_logging, short_address


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    configure_logging("info", stream)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)
    logging.captureWarnings(capture=False)


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_one_json_object(written: io.StringIO) -> None:
    logging.getLogger("dorfkiste.test").info("three %s", "words here")
    [line] = lines(written)
    assert (line["event"], line["level"], line["logger"]) == ("three words here", "info", "dorfkiste.test")
    assert line["timestamp"].endswith("Z")


@pytest.mark.parametrize("forged", ["a\nb", "a\r\nb", "a\u202eb", "a\u2066b", "a\x1b[31mb", "a\u2028b", "a\ud800b"])
def test_no_message_draws_another_line_or_turns_the_text_around(forged: str, written: io.StringIO) -> None:
    logging.getLogger("dorfkiste.test").warning("%s", forged)
    assert len(written.getvalue().splitlines()) == 1
    assert all(char.isprintable() for char in lines(written)[0]["event"])


def test_tokens_addresses_and_mail_addresses_do_not_reach_the_log(written: io.StringIO) -> None:
    jwt = "eyJhbGciOiJFZERTQSJ9AAAA.eyJzdWIiOiJhYmMifQAAAAAA.c2lnbmF0dXJlc2lnbmF0dXJl"
    log = logging.getLogger("dorfkiste.test")
    log.error("token %s of marta@dorf.example from 203.0.113.77 and 2001:db8:1:2:3::4", jwt)
    log.error("with fields", extra={"password": "hunter2", "client": "203.0.113.77", "email": "x@y.z"})
    log.error("mongodb://hub:geheim@db.example/x")
    for canary in ("marta", "203.0.113.77", "eyJhbGci", "hunter2", "x@y.z", "2001:db8:1:2", "geheim"):
        assert canary not in written.getvalue()
    assert "203.0.113.0/24" in written.getvalue()
    assert "2001:db8:1::/48" in written.getvalue()


def test_times_and_versions_are_not_mistaken_for_addresses() -> None:
    assert clean("at 23:52:06 with 6.0.5, port 8000") == "at 23:52:06 with 6.0.5, port 8000"


def test_what_is_no_address_has_no_network() -> None:
    assert short_address("unix") == "-"
    assert short_address("127.0.0.1") == "127.0.0.1"
