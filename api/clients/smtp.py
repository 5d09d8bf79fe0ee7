"""The mail server, spoken to over an encrypted line; what it answers decides whether trying again makes sense."""

import ssl
from email.message import EmailMessage
from typing import Final
from urllib.parse import unquote, urlsplit

import aiosmtplib

TIMEOUT_S: Final = 20.0
PERMANENT: Final = 500
"""From here on SMTP's answers mean never (RFC 5321 section 4.2.1)."""
LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1"})
PORTS: Final = {"smtp": 587, "smtps": 465}


class Undelivered(Exception):
    """The mail did not get through; ``for_good`` when it never will."""

    def __init__(self, reason: str, *, for_good: bool) -> None:
        super().__init__(reason)
        self.for_good = for_good


class SmtpMailer:
    """``url``: ``smtps://user:password@host:465`` speaks TLS at once; ``smtp://`` upgrades by STARTTLS.

    Only a server on this very machine may be spoken to in the clear.
    """

    def __init__(self, url: str, *, tls: ssl.SSLContext | None = None) -> None:
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname:
            raise ValueError("SMTP_URL is smtp://host or smtps://host, with user and password where needed")
        self._url, self._tls = parts, tls

    async def send(self, letter: EmailMessage) -> None:
        """Hand one letter over. ``Undelivered`` says why not, without the address."""
        try:
            async with self._server() as server:
                await server.send_message(letter)
        except aiosmtplib.SMTPRecipientsRefused as error:
            code = max(refused.code for refused in error.recipients)
            raise Undelivered(f"refused with {code}", for_good=code >= PERMANENT) from None
        except aiosmtplib.SMTPResponseException as error:
            bad_login = isinstance(error, aiosmtplib.SMTPAuthenticationError)
            raise Undelivered(f"answered {error.code}", for_good=error.code >= PERMANENT and not bad_login) from None
        except (aiosmtplib.SMTPException, OSError) as error:
            raise Undelivered(type(error).__name__, for_good=False) from None

    def _server(self) -> aiosmtplib.SMTP:
        """A line of its own for each letter: one line cannot be shared by several."""
        host = str(self._url.hostname)
        return aiosmtplib.SMTP(
            hostname=host,
            port=self._url.port or PORTS[self._url.scheme],
            username=unquote(self._url.username) if self._url.username else None,
            password=unquote(self._url.password) if self._url.password else None,
            use_tls=self._url.scheme == "smtps",
            start_tls=None if host in LOCAL or self._url.scheme == "smtps" else True,
            tls_context=self._tls,
            timeout=TIMEOUT_S,
        )
