"""Refusals have stable codes."""

import re

from crypto.dkx.error import DkxError


def tree(error: type[DkxError]) -> list[type[DkxError]]:
    return [error, *(deeper for child in error.__subclasses__() for deeper in tree(child))]


def test_every_refusal_has_a_code_of_its_own() -> None:
    codes = [error.code for error in tree(DkxError)]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", code) for code in codes)
