"""The server's own time zone must never matter: tests that ask for it run in three."""

import time

import pytest


@pytest.fixture(params=["UTC", "Europe/Berlin", "Pacific/Auckland"])
def server_tz(request, monkeypatch):
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()
