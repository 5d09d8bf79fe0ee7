"""Base64url has one text for each byte string."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto import b64


@given(st.binary(max_size=80))
def test_what_is_written_is_read_again(data: bytes) -> None:
    assert b64.decode(b64.encode(data)) == data


@given(st.text("AZaz09-_=+/ \n", max_size=12))
def test_what_is_read_is_written_the_same_way_or_refused(text: str) -> None:
    try:
        data = b64.decode(text)
    except b64.Base64Error:
        return
    assert b64.encode(data) == text


@pytest.mark.parametrize("text", ["AA==", "AA=", "A", "AB", "AAB", "A A", "AA\n", "+/8", "ä", "٣٣"])
def test_other_spellings_are_refused(text: str) -> None:
    with pytest.raises(b64.Base64Error):
        b64.decode(text)
