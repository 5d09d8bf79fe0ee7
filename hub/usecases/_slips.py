"""Secrets that are good once, most travel by mail: given out, taken, and put back where a fault can be mended."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from crypto.tokens import new_slip, slip_hash
from hub.errors import NotFound
from hub.mail import Mail
from hub.ports import Ports, Purpose

LIFE: Final[Mapping[Purpose, timedelta]] = {
    "account": timedelta(hours=24),
    "password": timedelta(minutes=15),
    "address": timedelta(hours=1),
    "departure": timedelta(minutes=10),
    "newcomer": timedelta(minutes=30),
    "export": timedelta(minutes=10),
    "setup": timedelta(minutes=30),
}
"""How long each is good."""


async def send_slip(ports: Ports, purpose: Purpose, content: Mapping[str, str], mail: Mail) -> None:
    """Keep ``content`` until somebody comes with the secret that goes out by mail."""
    secret = await keep_slip(ports, purpose, content)
    await ports.post.put(Mail(mail.kind, mail.to, mail.locale, secret))


async def keep_slip(ports: Ports, purpose: Purpose, content: Mapping[str, str]) -> str:
    """Keep ``content`` until somebody comes with the secret that this answers."""
    secret = new_slip()
    await ports.slips.add(slip_hash(secret), purpose, content, ports.clock.real() + LIFE[purpose])
    return secret


async def taken(ports: Ports, slip: str, purpose: Purpose) -> Mapping[str, str]:
    content = await ports.slips.take(slip_hash(slip), purpose, ports.clock.real())
    if content is None:
        raise NotFound("slip_not_found")
    return content


async def put_back(ports: Ports, slip: str, purpose: Purpose, content: Mapping[str, str]) -> None:
    """A fault that can be mended must not cost the link."""
    await ports.slips.add(slip_hash(slip), purpose, content, ports.clock.real() + LIFE["password"])
