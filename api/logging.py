"""One log line is one JSON object: no bodies, tokens or e-mail addresses, short IP addresses, no forged lines.

Code logs through ``logging`` or structlog alike; what leaves is always written here (security.md D4).
"""

import logging
import re
import sys
import unicodedata
from collections.abc import Mapping, MutableMapping
from ipaddress import IPv4Address, ip_address, ip_network
from typing import Any, Final, TextIO

import orjson
import structlog
from structlog.stdlib import ExtraAdder, ProcessorFormatter
from structlog.typing import EventDict, Processor

SHORTEST_V4, SHORTEST_V6 = 24, 48
SECRET_NAMES: Final = frozenset(
    {"access", "authorization", "body", "cookie", "email", "payload", "password", "refresh", "secret", "token"}
)
_EMAIL: Final = re.compile(r"[^\s@<>\"']{1,64}@[^\s@<>\"']{1,190}")
_TOKEN: Final = re.compile(r"\b[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}(?:\.[A-Za-z0-9_-]{16,})?\b")
_URI_PASSWORD: Final = re.compile(r"(?<=://)[^/\s@]*@")
_ADDRESS: Final = re.compile(
    r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,7})(?![\w:])"
)
_NEWLINES: Final = str.maketrans({"\n": "\\n", "\r": "\\r"})


def short_address(ip: str) -> str:
    """The network an address is in: /24 or /48, so that a log does not say which household it was."""
    try:
        address = ip_address(ip)
    except ValueError:
        return "-"
    if address.is_loopback:
        return ip
    bits = SHORTEST_V4 if isinstance(address, IPv4Address) else SHORTEST_V6
    return str(ip_network((address, bits), strict=False))


def clean(text: str) -> str:
    """``text`` without what a log must not hold, and without characters that would draw another line or direction."""
    text = _TOKEN.sub("[token]", _EMAIL.sub("[e-mail]", _URI_PASSWORD.sub("", text)))
    text = _ADDRESS.sub(lambda found: short_address(found[0]) if _is_address(found[0]) else found[0], text)
    return "".join(char if _harmless(char) else f"\\u{ord(char):04x}" for char in text.translate(_NEWLINES))


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _harmless(char: str) -> bool:
    """Printable, and no control, bidi or surrogate character (Unicode categories C*), nor a line separator."""
    return unicodedata.category(char)[0] != "C" and char not in "\u2028\u2029"


def _cleaned(_logger: Any, _name: str, event: EventDict) -> EventDict:
    return {clean(name): "[hidden]" if name.casefold() in SECRET_NAMES else _clean_value(event[name]) for name in event}


def _clean_value(value: Any) -> Any:
    match value:
        case bool() | int() | float() | None:
            return value
        case Mapping():
            return _cleaned(None, "", dict(value))
        case list() | tuple() | set() | frozenset():
            return [_clean_value(part) for part in value]
        case _:
            return clean(str(value))


def _rendered(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> str:
    return orjson.dumps(event, default=str, option=orjson.OPT_NON_STR_KEYS).decode()


_SHARED: Final[tuple[Processor, ...]] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)


def configure_logging(level: str, stream: TextIO | None = None) -> None:
    """Send everything that is logged in this process to ``stream`` (standard error), from ``level`` on."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=[*_SHARED, ExtraAdder()],
            processors=[
                ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                _cleaned,
                _rendered,
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    logging.captureWarnings(capture=True)
    for noisy in ("pymongo", "redis", "asyncio", "hypercorn", "uvicorn", "httpx2", "httpcore2"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.getLevelName(level.upper())))
    structlog.configure(
        processors=[*_SHARED, ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
