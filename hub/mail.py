"""What the hub writes to people by mail: what about, to whom, and the secret of the link in it. Words are locales'."""

from dataclasses import dataclass
from typing import Literal

MailKind = Literal[
    "welcome",
    "known",
    "reset",
    "address",
    "moved",
    "password",
    "arrival",
    "passkey",
    "identity",
    "keys",
    "erased",
    "suspended",
    "restored",
]
"""``welcome`` confirms a new account, ``known`` tells that there is one already, ``reset`` leads to another password,
``address`` confirms a new address, ``moved`` tells the old one of it, ``password`` tells that the password changed,
``arrival`` of a sign-in on a device that is new, ``passkey`` that one was added, ``identity`` that another
server's word signs the person in, ``erased`` that the account is gone, ``suspended`` and
``restored`` that a moderator keeps the person out or lets them back in, with the reasons as ``secret``."""


@dataclass(frozen=True, slots=True)
class Mail:
    """``secret`` is what a link carries; only its hash stays with the hub. ``locale`` is the reader's language."""

    kind: MailKind
    to: str
    locale: str
    secret: str = ""
