"""Rows of the table: people and their sessions."""

from typing import Final

from api.asks import person as asks
from api.limit import Limit
from api.protocol.act import READ, SIGN, WRITE, act
from api.views import person as views
from api.views.common import nothing
from hub.usecases import accounts, sessions

ACTS: Final = (
    act("account:register", "POST /v1/accounts", asks.RegisterAccount, accounts.register_account, ("anyone",),
        (Limit("register", 10, 3600, "ip"),), nothing,
        "Join. The answer is the same whether or not the e-mail is known.", doors="http", status=202),
    act("session:open", "POST /v1/sessions", asks.OpenSession, sessions.open_session, ("anyone",),
        (Limit("sign_in", 5, 900, "account+ip"), Limit("sign_in_ip", 30, 3600, "ip")), views.tokens,
        "Sign in.", doors="http", status=201),
    act("session:renew", "POST /v1/sessions/renew", asks.RenewSession, sessions.renew_session, ("anyone",),
        (Limit("renew", 600, 3600, "ip"),), views.tokens,
        "Swap the refresh token; using an old one again ends the session.", doors="http"),
    act("session:list", "GET /v1/sessions", asks.ListSessions, sessions.list_sessions, ("member",), (READ,),
        views.sessions, "Where one is signed in."),
    act("session:revoke", "DELETE /v1/sessions/{session}", asks.RevokeSession, sessions.revoke_session, ("member",),
        (WRITE,), nothing, "End one's own session; its sockets close within two seconds on every worker."),
    act("session:revoke_others", "DELETE /v1/sessions", asks.RevokeOtherSessions, sessions.revoke_other_sessions,
        ("member",), (WRITE,), views.revoked, "End every session but this one."),
    act("session:refresh", None, asks.RefreshSession, None, ("member",), (SIGN,), nothing,
        "Bring a fresh access token of the same session to a live socket; answers until when (ms).",
        doors="socket", command=sessions.RefreshSession),
    act("me:get", "GET /v1/me", asks.GetMe, accounts.get_me, ("member",), (READ,), views.me, "Oneself."),
    act("user:get", "GET /v1/users/{user}", asks.GetUser, accounts.get_user, ("member",), (READ,), views.neighbour,
        "A neighbour's public names."),
)  # fmt: skip
