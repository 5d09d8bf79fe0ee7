"""Delivering mail: what is due is claimed by lease, on any worker, and tried again with growing pauses."""

import asyncio
import logging
import random
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from email.message import EmailMessage
from typing import Final, Protocol

from api.clients.smtp import Undelivered
from hub.errors import HubError
from hub.mail import Mail
from hub.ports import HeldMail, Ports
from hub.usecases.mailing import address_mail

PERIOD_S: Final = 2.3
LONGEST_BREAK_S: Final = 30.0
PAUSES: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720))
"""After these six tries, about a day, a mail is given up: what it is about is long over."""

log = logging.getLogger("dorfkiste.post")

Write = Callable[[Mail], EmailMessage]


class Mailer(Protocol):
    """Hands a letter on, or ``Undelivered``."""

    async def send(self, letter: EmailMessage) -> None: ...


class LoggedMailer:
    """Where no mail server is set: the letter is shown in the log, for whoever runs the hub."""

    async def send(self, letter: EmailMessage) -> None:
        log.warning("no SMTP_URL, so this mail stays here:\nTo: %s\nSubject: %s\n\n%s", *_shown(letter))


async def deliver_mail(ports: Ports, mailer: Mailer, write: Write) -> None:
    """Deliver until cancelled."""
    pause = PERIOD_S
    while True:
        held = None
        try:
            held = await ports.post.claim(ports.clock.real())
            if held is not None:
                await _deliver(ports, held, mailer, write)
            pause = PERIOD_S
        except HubError as error:
            log.warning("mail cannot be read: %s", error.code)
            pause = min(pause * 2, LONGEST_BREAK_S)
        if held is None:
            await asyncio.sleep(pause * random.uniform(0.8, 1.2))


async def _deliver(ports: Ports, held: HeldMail, mailer: Mailer, write: Write) -> None:
    try:
        mail = await address_mail(ports, held)
        if mail is not None:
            await mailer.send(write(mail))
    except Undelivered as error:
        await _not_yet(ports, held, error)
    except HubError:
        raise
    except Exception:
        log.exception("mail %s failed", held.mail.kind)
        await _not_yet(ports, held, Undelivered("internal", for_good=False))
    else:
        await ports.post.sent(held)


async def _not_yet(ports: Ports, held: HeldMail, error: Undelivered) -> None:
    """Wait and try again, or give it up; the log names what it was about, never whom."""
    if error.for_good or held.tried >= len(PAUSES):
        log.error("mail %s given up: %s", held.mail.kind, error)
        await ports.post.sent(held)
        return
    log.warning("mail %s not delivered yet: %s", held.mail.kind, error)
    with suppress(HubError):  # the lease ends by itself
        await ports.post.later(held, ports.clock.real() + PAUSES[held.tried] * random.uniform(0.8, 1.2))


def _shown(letter: EmailMessage) -> tuple[str, str, str]:
    return str(letter["To"]), str(letter["Subject"]), str(letter.get_content())
