"""Who asks: access tokens to actors, and forgetting them the moment a session ends. Both doors ask here."""

import json
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import Final

from crypto import b64
from crypto.tokens import Claims, TokenError, TokenSigner
from hub.account import Actor, Session
from hub.errors import Forbidden, Unauthenticated
from hub.ids import DeviceId, SessionId, UserId
from hub.ports import Ports
from hub.usecases.sessions import check_browser, check_session

MAX_TOKEN: Final = 2048
MAX_KNOWN: Final = 20_000


@dataclass(frozen=True, slots=True)
class Pass:
    """A token that was looked at: who it stands for, and until when (seconds since 1970)."""

    actor: Actor
    exp: int


class Gate:
    """Verified tokens and whom they stand for, kept until they expire or something about that person changes.

    Signature and person are looked at once on each worker; from then on the changes that every worker follows make it
    forget (``forget``). The session is looked up each time, so that a sign-out holds from the next request on, on
    every worker; live sockets are sent away by the followers.
    """

    def __init__(self, ports: Ports, signer: TokenSigner) -> None:
        self._ports = ports
        self._signer = signer
        self._known: OrderedDict[str, Pass] = OrderedDict()
        self._forgotten = 0

    async def admit(self, token: str) -> Pass:
        """The actor behind ``token``. Raises ``Unauthenticated``; ``Forbidden("suspended")`` for shut-out people."""
        known = self._known.get(token)
        if known is None:
            return await self._look(token)
        if known.exp <= self.now():
            self._known.pop(token, None)
            raise Unauthenticated("token_expired")
        forgotten = self._forgotten
        session = await self._check_session(known.actor)
        return _as_of(session, known) if forgotten == self._forgotten else await self._look(token)

    async def admit_browser(self, cookie: str) -> Actor:
        """The actor behind a browser's cookie, which holds a refresh token. Raises as ``admit`` does."""
        return await self._of(await check_browser(self._ports, cookie), None)

    def forget(self, who: str) -> None:
        """Look again before anything more is done for a session or a person (its id): something about them changed."""
        self._forgotten += 1
        for token, known in tuple(self._known.items()):
            if who in (known.actor.session, known.actor.user):
                del self._known[token]

    def now(self) -> int:
        """Seconds since 1970 by the clock that issues tokens."""
        return int(self._ports.clock.seconds())

    async def _look(self, token: str) -> Pass:
        """Verify and look up; again when something was forgotten meanwhile, for then the answer may be an old one."""
        claims = self._verified(token)
        seen = -1
        while seen != self._forgotten:
            seen = self._forgotten
            actor = await self._actor(claims)
        known = self._known[token] = Pass(actor, claims.exp)
        if len(self._known) > MAX_KNOWN:
            self._known.popitem(last=False)
        return known

    async def _actor(self, claims: Claims) -> Actor:
        device = DeviceId(claims.dev) if claims.dev else None
        session = await self._check_session(Actor(UserId(claims.sub), SessionId(claims.sid), device))
        return await self._of(session, device)

    async def _of(self, session: Session, device: DeviceId | None) -> Actor:
        user = await self._ports.users.get(session.user)
        if user is None:
            raise Unauthenticated("session_revoked")
        if user.suspended:
            raise Forbidden("suspended")
        return Actor(user.id, session.id, device, user.roles, session.pending, session.confirmed_at)

    async def _check_session(self, actor: Actor) -> Session:
        session = await check_session(self._ports, actor)
        if actor.device not in {None, session.device}:
            raise Unauthenticated("session_revoked")
        return session

    def _verified(self, token: str) -> Claims:
        if len(token) > MAX_TOKEN:
            raise Unauthenticated("bad_token")
        try:
            return self._signer.verify(token, self.now())
        except TokenError as error:
            raise Unauthenticated("token_expired" if self._was_good(token) else "bad_token") from error

    def _was_good(self, token: str) -> bool:
        """Whether only time is wrong with it: such a client should renew instead of signing in again."""
        try:
            last = json.loads(b64.decode(token.split(".")[1]))["exp"] - 1
            return last < self.now() and bool(self._signer.verify(token, last))
        except (ValueError, LookupError, TypeError):  # TokenError is a ValueError
            return False


def _as_of(session: Session, known: Pass) -> Pass:
    """The same with what the session says now of its second factor and of the last proof."""
    actor = known.actor
    if (session.pending, session.confirmed_at) == (actor.pending, actor.confirmed_at):
        return known
    return replace(known, actor=replace(actor, pending=session.pending, confirmed_at=session.confirmed_at))
