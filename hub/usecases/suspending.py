"""Keeping somebody out for what they did, with a statement of reasons, and letting them back in (DSA, Art. 17, 20)."""

from dataclasses import dataclass
from typing import Final

from hub.account import Actor, User
from hub.authority import REACH_USER, authorize
from hub.errors import Invalid
from hub.ids import UserId
from hub.mail import Mail, MailKind
from hub.ports import Note, Ports
from hub.usecases._people import existing

WORDS_MAX: Final = 1000


@dataclass(frozen=True, slots=True)
class RestoreAccount:
    """``words`` go to the person. ``Invalid("bad_words")``."""

    user: UserId
    words: str

    def __post_init__(self) -> None:
        if not self.words.strip() or len(self.words) > WORDS_MAX:
            raise Invalid("bad_words", {"max": WORDS_MAX})


@dataclass(frozen=True, slots=True)
class SuspendAccount(RestoreAccount):
    """``reason`` is the code that the audit log keeps."""

    reason: str = "other"


async def suspend_account(ports: Ports, actor: Actor, command: SuspendAccount) -> User:
    """From now on they sign in nowhere, nobody finds them or their things, and nothing new begins.

    Every sign-in ends; what runs is brought to its end by its timers. Once more changes nothing.
    """
    user = await _within_reach(ports, actor, command.user)
    if not user.suspended:
        note = Note("suspended", actor.user, (user.id,), detail=command.reason)
        await set_suspended(ports, user, note, suspended=True)
        await _write(ports, user, "suspended", command.words)
    return await existing(ports, user.id)


async def restore_account(ports: Ports, actor: Actor, command: RestoreAccount) -> User:
    """They may sign in again; they and their things are found again."""
    user = await _within_reach(ports, actor, command.user)
    if user.suspended:
        await set_suspended(ports, user, Note("restored", actor.user, (user.id,)), suspended=False)
        await _write(ports, user, "restored", command.words)
    return await existing(ports, user.id)


async def set_suspended(ports: Ports, user: User, note: Note, *, suspended: bool) -> None:
    """Through the store, for the command line, too: who runs the machine needs no role."""
    await ports.users.set_suspended(user.id, suspended, note)
    if suspended:
        sessions = await ports.sessions.live_of(user.id)
        await ports.sessions.revoke([session.id for session in sessions])


async def _within_reach(ports: Ports, actor: Actor, wanted: UserId) -> User:
    """Nobody is within their own."""
    if wanted == actor.user:
        raise Invalid("own_account")
    return authorize(actor, REACH_USER, await ports.users.get(wanted))


async def _write(ports: Ports, user: User, kind: MailKind, words: str) -> None:
    await ports.post.put(Mail(kind, user.email, user.locale, words))
