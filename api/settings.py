"""All settings, frozen, from the environment; each one's description is also its line in the docs."""

from collections.abc import Iterable
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_core import PydanticUndefined
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from api.partners import AppSetting, ProviderSetting

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def _split(value: object) -> object:
    """``a, b`` as the environment writes lists."""
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _origin(value: str) -> str:
    """Scheme, host and port, exactly as browsers send it."""
    parts = urlsplit(value)
    if value != f"{parts.scheme}://{parts.netloc}" or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("an origin is https://host or https://host:port, without a path")
    if "*" in value or value != value.lower():
        raise ValueError("an origin is one exact lower-case name, without wildcards")
    return value


def _network(value: str) -> str:
    return str(ip_network(value))


def _local_url(host: str, port: int) -> str:
    named = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "::1": "[::1]"}.get(host, host)  # noqa: S104  listening, not opening
    return f"http://{named}:{port}"


def _double(ids: Iterable[str]) -> bool:
    told = list(ids)
    return len(set(told)) != len(told)


def _zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError("not an IANA time zone such as Europe/Berlin")
    return value


Origin = Annotated[str, BeforeValidator(_origin)]
Network = Annotated[str, BeforeValidator(_network)]
Listed = (NoDecode, BeforeValidator(_split))


class Settings(BaseSettings):
    """What an operator decides. Names in the environment are the field names in capitals.

    Times end in ``_s`` (seconds), ``_min`` or ``_days``; sizes are bytes.
    """

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True, hide_input_in_errors=True)

    environment: Literal["dev", "test", "staging", "prod"] = Field(
        "dev", description="What this hub is for; `staging` and `prod` demand https."
    )
    demo: bool = Field(
        False,
        description="A village of demo neighbours, with passwords that everybody knows: whoever opens `/signin` on "
        "this machine is any of them by one click. HOST must be one of this machine's own addresses.",
    )
    demo_rentals: int = Field(
        25, ge=0, le=25, description="How many rentals the demo village begins with; with 0 nobody there does anything."
    )
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    base_url: Origin = Field(
        default_factory=lambda data: _local_url(data["host"], data["port"]),
        description="Where people reach the hub; links, passkeys and tokens are bound to it. Default: host and port.",
    )
    workers: int = Field(1, ge=1, le=256, description="Processes that serve; more than one share the Redis bus.")
    data_dir: Path = Field(Path("dorfkiste-data"), description="Folder of the embedded databases, secrets and logs.")
    secrets_dir: Path | None = Field(
        None, description="Folder of read-only secrets, for example a mounted volume. Default: `secrets` in DATA_DIR."
    )
    backup_key: str | None = Field(
        None, description="Public key that `dorfkiste backup` seals for; `dorfkiste backup-key` makes it."
    )
    mongodb_uri: SecretStr | None = Field(
        None, description="MongoDB ≥ 6.0 replica set or cluster, 7 or newer advised. Default: an embedded mongod."
    )
    mongodb_database: str = Field("dorfkiste", pattern=r"^[A-Za-z0-9_-]{1,38}$", description="Name of the database.")
    redis_url: SecretStr | None = Field(
        None, description="Redis ≥ 6.2 or Valkey; the hub uses keys and channels `dk:*`. Default: an embedded Valkey."
    )
    allowed_origins: Annotated[frozenset[Origin], *Listed] = Field(
        frozenset(), description="Further web origins that may connect, comma-separated and exact."
    )
    trusted_proxies: Annotated[frozenset[Network], *Listed] = Field(
        frozenset(), description="Addresses or networks whose `X-Forwarded-*` headers count, comma-separated."
    )
    smtp_url: SecretStr | None = Field(
        None,
        description="Mail server, as `smtps://user:password@host:465` or `smtp://user:password@host:587` (STARTTLS). "
        "Default: no mail leaves; new accounts need no confirmation and the log shows what would have been written.",
    )
    mail_from: str | None = Field(None, description="Sender of mails, such as `Dorfkiste <kiste@example.org>`.")
    oidc_providers: tuple[ProviderSetting, ...] = Field(
        (),
        description="Other servers to sign in with (OpenID Connect), as a JSON list of objects with `id`, `name`, "
        "`issuer`, `client_id`, and `client_secret` and `scope` where needed. Register "
        "`BASE_URL/signin/back/<id>` there.",
    )
    oauth_apps: tuple[AppSetting, ...] = Field(
        (),
        description="Apps that people may let in (OAuth 2.1 for native apps), as a JSON list of objects with `id`, "
        "`name` and `redirects`: exact https addresses, or `http://127.0.0.1/…`, where any port will do.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="The least level to log.")
    village_name: str = Field(
        "Musterdorf", min_length=1, max_length=60, description="Name on the sign, until `/setup`."
    )
    village_lat: float | None = Field(
        None,
        ge=-90,
        le=90,
        description="The middle of the village, degrees north: maps and distances start there.",
    )
    village_lon: float | None = Field(None, ge=-180, le=180, description="The same, degrees east.")
    legal_dir: Path | None = Field(
        None,
        description="Folder with the operator's `imprint.de.md`, `privacy.de.md`, `terms.de.md` (and `.en.md`), shown "
        "under `/legal`; until then the pages say that they are missing.",
    )
    contact: str = Field(
        "",
        max_length=200,
        description="Mail address or link of the operator, shown on the pages.",
    )
    time_zone: Annotated[str, BeforeValidator(_zone)] = Field(
        "Europe/Berlin", description="IANA time zone of the village, for days and opening hours."
    )
    clock_offset: int = Field(
        0, description="Seconds added to the business clock to show timers; refused outside demo and test."
    )
    access_ttl_s: int = Field(600, ge=60, le=600, description="Life of an access token.")
    refresh_ttl_days: int = Field(30, ge=1, le=30, description="Longest life of a sign-in, however often refreshed.")
    max_devices: int = Field(10, ge=1, le=32, description="Devices per person.")
    max_backup_entries: int = Field(
        50_000, ge=100, description="Sealed chain keys in a person's backup, 191 bytes each; about one a chat and day."
    )
    max_open_rentals: int = Field(20, ge=1, description="Rentals a person may have under way.")
    max_negotiations: int = Field(3, ge=1, description="Open requests of one person for one thing.")
    max_photos: int = Field(500, ge=1, description="Photos a person may keep here.")
    max_photo_mb: int = Field(250, ge=1, description="Megabytes that all photos of a person may take.")
    max_file_mib: int = Field(25, ge=1, le=25, description="Mebibytes of one encrypted file.")
    max_files: int = Field(2000, ge=1, description="Encrypted files a person may keep here.")
    max_files_mib: int = Field(500, ge=1, description="Mebibytes that all encrypted files of a person may take.")
    photo_processes: int = Field(
        1, ge=1, le=32, description="Photos that each worker develops at a time, each with up to 1 GB of memory."
    )
    max_sockets_per_user: int = Field(10, ge=1, description="Live connections per person.")
    max_unauth_sockets_per_ip: int = Field(20, ge=1, description="Connections per address that have not signed in.")
    connects_per_min_ip: int = Field(30, ge=1, description="New connections per address and minute.")
    message_burst: int = Field(20, ge=1, description="Messages a device may send at once.")
    message_per_s: float = Field(1.0, gt=0, description="Messages a device may send per second in the long run.")
    room_per_min: int = Field(200, ge=1, description="Messages per room and minute, from all its people.")
    rate_limit_factor: float = Field(
        1.0, ge=1, le=1_000_000, description="Multiplies the request limits of the table; for load tests."
    )
    outbound_loopback: bool = Field(
        False,
        description="Lets the hub fetch from servers on this machine too, by http as well, such as a mock provider; "
        "refused outside dev and test.",
    )
    balancer_interval_s: float = Field(
        2.0, ge=0, description="How long a stopping hub answers 503 on `/readyz` before it sends people away."
    )
    drain_s: float = Field(10.0, ge=0, description="How long a stopping hub waits for people to reconnect elsewhere.")

    @model_validator(mode="after")
    def _agree(self) -> Self:
        for refused, why in self._contradictions():
            if refused:
                raise ValueError(why)
        return self

    def _contradictions(self) -> list[tuple[bool, str]]:
        public = self.environment in {"staging", "prod"}
        return [
            ((self.mongodb_uri is None) != (self.redis_url is None), "set both MONGODB_URI and REDIS_URL, or neither"),
            (
                public and not self.base_url.startswith("https://"),
                "BASE_URL must begin with https:// outside dev and test",
            ),
            (public and self.demo, "DEMO is for dev and test"),
            (public and self.outbound_loopback, "OUTBOUND_LOOPBACK is for dev and test"),
            (
                self.demo and self.host not in LOOPBACK,
                "DEMO has passwords that everybody knows: HOST must be a loopback address",
            ),
            ((self.smtp_url is None) != (self.mail_from is None), "set both SMTP_URL and MAIL_FROM, or neither"),
            (
                (self.village_lat is None) != (self.village_lon is None),
                "set both VILLAGE_LAT and VILLAGE_LON, or neither",
            ),
            (_double(each.id for each in self.oauth_apps), "OAUTH_APPS: each needs an id of its own"),
            (_double(each.id for each in self.oidc_providers), "OIDC_PROVIDERS: each needs an id of its own"),
            (
                public and any(not provider.issuer.startswith("https://") for provider in self.oidc_providers),
                "OIDC_PROVIDERS: an issuer must begin with https:// outside dev and test",
            ),
            (self.clock_offset != 0 and not self.moves_clock, "CLOCK_OFFSET is refused outside demo and test"),
        ]

    @property
    def moves_clock(self) -> bool:
        """Whether the business clock may differ from the wall's."""
        return self.demo or self.environment == "test"

    @property
    def embedded(self) -> bool:
        """Whether the hub runs its own databases."""
        return self.mongodb_uri is None

    @property
    def origins(self) -> frozenset[str]:
        """Every web origin that may connect."""
        return self.allowed_origins | {self.base_url}


def settings_problem(error: ValidationError) -> str:
    """One line per wrong setting, as the operator wrote its name, and never its value: it may be a secret."""
    lines = []
    for found in error.errors(include_url=False, include_input=False, include_context=False):
        if found["type"] == "default_factory_not_called":  # only says that another setting is wrong
            continue
        name = "_".join(str(part) for part in found["loc"][:1]).upper()
        lines.append(f"{name}: {found['msg']}" if name else found["msg"].removeprefix("Value error, "))
    return "\n".join(lines)


def settings_reference() -> list[dict[str, str]]:
    """One row per setting: ``env``, ``type``, ``default`` and ``description``, in the order of the class."""
    schema = Settings.model_json_schema()["properties"]
    return [
        {
            "env": name.upper(),
            "type": _type_name(schema[name]),
            "default": _default(field.default),
            "description": str(field.description),
        }
        for name, field in Settings.model_fields.items()
    ]


def _type_name(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return " | ".join(schema["enum"])
    if "anyOf" in schema:
        return _type_name(schema["anyOf"][0])
    kind = schema.get("format", schema["type"])
    return {"array": "list", "password": "secret"}.get(kind, str(kind))


def _default(value: object) -> str:
    if value is PydanticUndefined or value is None or value in (frozenset(), ()):
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
