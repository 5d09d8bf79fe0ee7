"""Mail leaves through a real SMTP conversation: over TLS, with what the server says deciding what happens next."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from api.clients.smtp import SmtpMailer, Undelivered
from api.letters import letter
from api.post import PAUSES, _deliver, deliver_mail
from hub.mail import Mail
from storage.ending import end
from tests.support.processes import until
from tests.support.world import World

ORIGIN = "https://kiste.example"


class Mailbox:
    """An SMTP server's handler that keeps what it gets, or says what a test wants it to say."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.answer = "250 OK"

    async def handle_DATA(self, _: SMTP, __: Session, envelope: Envelope) -> str:  # noqa: N802 - the library's name
        if self.answer.startswith("250"):
            self.letters.append(message_from_bytes(bytes(envelope.content or b""), policy=policy.default))  # type: ignore[arg-type]
        return self.answer


@asynccontextmanager
async def mail_server(box: Mailbox, **options: Any) -> AsyncIterator[int]:
    talking: list[SMTP] = []

    def answer() -> SMTP:
        talking.append(SMTP(box, enable_SMTPUTF8=True, **options))
        return talking[-1]

    server = await asyncio.get_running_loop().create_server(answer, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]
        for protocol in talking:
            if protocol.transport is not None:
                protocol.transport.close()
        await asyncio.sleep(0)  # a closed transport lets go of its socket in the next turn


@pytest.fixture
def box() -> Mailbox:
    return Mailbox()


def write(mail: Mail) -> EmailMessage:
    return letter(mail, origin=ORIGIN, village="Oberhölz", sender="Kiste <kiste@example.org>")


async def test_a_letter_arrives_as_it_was_written(box: Mailbox) -> None:
    async with mail_server(box) as port:
        mailer = SmtpMailer(f"smtp://127.0.0.1:{port}")
        await mailer.send(write(Mail("reset", "anna@example.org", "de", "geheim-1")))
        await mailer.send(write(Mail("welcome", "bernd@example.org", "en", "geheim-2")))
    first, second = box.letters
    assert first["Subject"] == "Ein anderes Passwort für Oberhölz"
    assert f"{ORIGIN}/reset/geheim-1" in first.get_content()
    assert (first["To"], first["From"]) == ("anna@example.org", "Kiste <kiste@example.org>")
    assert first["Auto-Submitted"] == "auto-generated"
    assert f"{ORIGIN}/join/geheim-2" in second.get_content()


@pytest.mark.parametrize(("answer", "for_good"), [("451 later", False), ("552 too big", True), ("550 nobody", True)])
async def test_what_the_server_says_decides(box: Mailbox, answer: str, for_good: bool) -> None:
    box.answer = answer
    async with mail_server(box) as port:
        with pytest.raises(Undelivered) as refused:
            await SmtpMailer(f"smtp://127.0.0.1:{port}").send(write(Mail("moved", "anna@example.org", "de")))
    assert refused.value.for_good is for_good
    assert "anna" not in str(refused.value)


async def test_a_server_that_is_away_is_asked_again() -> None:
    with pytest.raises(Undelivered) as refused:
        await SmtpMailer("smtp://127.0.0.1:1").send(write(Mail("moved", "anna@example.org", "de")))
    assert not refused.value.for_good


@pytest.mark.parametrize("url", ["http://host", "smtp://", "host:25", "smtps:///x"])
def test_an_address_that_is_no_mail_server_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="SMTP_URL"):
        SmtpMailer(url)


async def test_the_queue_is_emptied_and_nothing_is_sent_twice(world: World, box: Mailbox) -> None:
    ports = world.ports
    for number in range(5):
        await ports.post.put(Mail("moved", f"n{number}@example.org", "de"))
    async with mail_server(box) as port:
        mailer = SmtpMailer(f"smtp://127.0.0.1:{port}")
        workers = [asyncio.create_task(deliver_mail(ports, mailer, write)) for _ in range(3)]
        await until(lambda: len(box.letters) >= 5)
        await asyncio.sleep(0.2)  # what was delivered is still to be crossed out
        await end(workers)
    assert sorted(str(mail["To"]) for mail in box.letters) == [f"n{number}@example.org" for number in range(5)]
    assert await world.database.mails.count_documents({}) == 0


async def test_an_undelivered_mail_waits_longer_each_time_and_is_given_up(world: World, box: Mailbox) -> None:
    ports, box.answer = world.ports, "451 later"
    await ports.post.put(Mail("moved", "anna@example.org", "de"))
    async with mail_server(box) as port:
        mailer = SmtpMailer(f"smtp://127.0.0.1:{port}")
        for tried in range(len(PAUSES) + 1):
            held = await ports.post.claim(ports.clock.real())
            assert held is not None
            assert held.tried == tried
            await _deliver(ports, held, mailer, write)
            await world.database.mails.update_many({}, {"$set": {"due_at": ports.clock.real()}})
    assert await world.database.mails.count_documents({}) == 0
