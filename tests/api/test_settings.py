"""Settings: frozen, from the environment, and refused where they contradict each other."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from api.settings import Settings, settings_reference
from api.startup import load_settings
from storage.servers import StartupError


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_without_any_setting_the_hub_is_private_and_runs_its_own_databases() -> None:
    settings = Settings()
    assert settings.embedded
    assert settings.host == "127.0.0.1"
    assert settings.origins == {"http://127.0.0.1:8000"}


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "9000")
    monkeypatch.setenv("DATA_DIR", "/srv/kiste")
    monkeypatch.setenv("ALLOWED_ORIGINS", "https://a.example, https://b.example:8443")
    monkeypatch.setenv("TRUSTED_PROXIES", "10.0.0.0/8,::1")
    settings = Settings()
    assert (settings.port, settings.data_dir) == (9000, Path("/srv/kiste"))
    assert settings.origins == {"http://127.0.0.1:9000", "https://a.example", "https://b.example:8443"}
    assert settings.trusted_proxies == {"10.0.0.0/8", "::1/128"}


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONGODB_URI", "")
    assert Settings().embedded


def test_settings_cannot_be_changed_later() -> None:
    with pytest.raises(ValidationError):
        Settings().port = 1  # type: ignore[misc]  # this is what is refused


@pytest.mark.parametrize(
    ("host", "url"),
    [("0.0.0.0", "http://127.0.0.1:8000"), ("::1", "http://[::1]:8000"), ("box.lan", "http://box.lan:8000")],  # noqa: S104  input
)
def test_the_default_address_can_be_opened(host: str, url: str) -> None:
    assert Settings(host=host).base_url == url


@pytest.mark.parametrize(
    "origin",
    [
        "https://a.example/",
        "https://a.example/x",
        "a.example",
        "https://*.example",
        "ftp://a.example",
        "https://A.example",
        "https://",
        "null",
        "*",
    ],
)
def test_an_origin_is_exact(origin: str) -> None:
    with pytest.raises(StartupError, match="ALLOWED_ORIGINS"):
        load_settings(allowed_origins=origin)


@pytest.mark.parametrize(
    ("chosen", "cause"),
    [
        ({"mongodb_uri": "mongodb://h"}, "set both MONGODB_URI and REDIS_URL"),
        ({"redis_url": "redis://h"}, "set both MONGODB_URI and REDIS_URL"),
        ({"environment": "prod"}, "https"),
        ({"environment": "prod", "base_url": "https://a.example", "demo": True}, "DEMO"),
        ({"environment": "prod", "base_url": "https://a.example", "outbound_loopback": True}, "OUTBOUND_LOOPBACK"),
        ({"environment": "staging", "base_url": "https://a.example", "outbound_loopback": True}, "OUTBOUND_LOOPBACK"),
        ({"demo": True, "host": "0.0.0.0"}, "loopback"),  # noqa: S104  input
        ({"clock_offset": 60}, "CLOCK_OFFSET"),
        ({"environment": "prod", "base_url": "https://a.example", "clock_offset": 60}, "CLOCK_OFFSET"),
        ({"port": 70000}, "PORT"),
        ({"access_ttl_s": 3600}, "ACCESS_TTL_S"),
        ({"trusted_proxies": "everyone"}, "TRUSTED_PROXIES"),
        ({"time_zone": "Mars"}, "TIME_ZONE"),
        ({"mongodb_database": "a.b"}, "MONGODB_DATABASE"),
    ],
)
def test_what_cannot_be_right_is_refused_with_its_name(chosen: dict[str, object], cause: str) -> None:
    with pytest.raises(StartupError, match=cause) as refused:
        load_settings(**chosen)
    assert refused.value.exit_code == 78


@pytest.mark.parametrize("chosen", [{"demo": True}, {"environment": "test"}])
def test_the_business_clock_moves_only_in_demo_and_test(chosen: dict[str, object]) -> None:
    assert load_settings(clock_offset=60, **chosen).clock_offset == 60


def test_one_wrong_setting_is_one_line() -> None:
    with pytest.raises(StartupError) as refused:
        load_settings(port=70000)
    assert "\n" not in refused.value.cause


def test_neither_refusal_nor_repr_shows_a_password() -> None:
    secret = {"mongodb_uri": "mongodb://u:hunter2@h", "redis_url": "redis://:hunter2@h"}
    assert "hunter2" not in repr(load_settings(**secret))
    with pytest.raises(StartupError) as refused:
        load_settings(**secret, clock_offset=1)
    assert "hunter2" not in str(refused.value) + str(refused.value.__cause__)


def test_the_reference_explains_every_setting() -> None:
    rows = settings_reference()
    assert [row["env"] for row in rows] == [name.upper() for name in Settings.model_fields]
    assert all(row["description"].endswith(".") and row["type"] for row in rows)
    assert {row["env"]: row["default"] for row in rows}["PORT"] == "8000"
    assert {row["env"]: row["type"] for row in rows}["ALLOWED_ORIGINS"] == "list"
