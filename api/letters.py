"""Mails as people read them: plain text in their language, from the words of the locales."""

import json
from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from hub.mail import Mail

LOCALES: Final = Path(__file__).parents[1] / "static" / "locale"
PATHS: Final = {"welcome": "/join/", "reset": "/reset/", "address": "/address/"}
FORGOT: Final = "/forgot"


def letter(mail: Mail, *, origin: str, village: str, sender: str) -> EmailMessage:
    """The whole message; it tells machines that it was written by one (RFC 3834)."""
    words = _words(mail.locale)
    filled = {"village": village, "origin": origin, "link": link(mail, origin), "words": mail.secret}
    made = EmailMessage()
    made["From"], made["To"] = sender, mail.to
    made["Subject"] = words[mail.kind]["subject"].format(**filled)
    made["Date"] = formatdate()
    made["Message-ID"] = make_msgid(domain=urlsplit(origin).hostname)
    made["Auto-Submitted"] = "auto-generated"
    made["Content-Language"] = mail.locale
    made.set_content(f"{words[mail.kind]['text'].format(**filled)}\n\n--\n{words['foot'].format(**filled)}\n")
    return made


def link(mail: Mail, origin: str) -> str:
    """Where the mail leads: with its secret, or to asking for another password."""
    path = PATHS.get(mail.kind)
    return f"{origin}{path}{mail.secret}" if path else f"{origin}{FORGOT}"


@cache
def _words(locale: str) -> Mapping[str, Any]:
    known = locale if locale in {"de", "en"} else "de"
    found: Mapping[str, Any] = json.loads((LOCALES / f"mail.{known}.json").read_text(encoding="utf-8"))
    return found
