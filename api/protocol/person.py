"""Rows of the table: people and their sessions."""

from typing import Final

from api.asks import person as asks
from api.limit import Limit
from api.protocol.act import READ, SIGN, WRITE, act
from api.views import person as views
from api.views.common import nothing
from api.views.profile import profile
from hub.usecases import accounts, erasing, factors, founding, identities, mailing, profiles, rights, sessions

SLIP: Final = Limit("slip", 20, 3600, "ip")
"""Counted together with the forms that mails lead to: it does not matter by which door somebody guesses."""
SIGN_IN_IP: Final = Limit("sign_in_ip", 30, 3600, "ip")
SECOND: Final = Limit("second_factor", 5, 300, "user")

ACTS: Final = (
    act("account:register", "POST /v1/accounts", asks.RegisterAccount, accounts.register_account, ("anyone",),
        (Limit("register", 10, 3600, "ip"),), nothing,
        "Join. The answer is the same whether or not the e-mail is known.", doors="http", status=202),
    act("account:confirm", "POST /v1/accounts/confirm", asks.ConfirmAccount, mailing.confirm_account, ("anyone",),
        (SLIP,), nothing, "Follow the link of the welcome mail: from now on one can sign in.", doors="http"),
    act("setup:found", "POST /v1/setup", asks.FoundHub, founding.found_hub, ("anyone",), (SLIP,), nothing,
        "Become the first admin, by the one-use secret that the hub prints when it starts.", doors="http", status=201),
    act("password:forget", "POST /v1/password/forget", asks.ForgetPassword, mailing.forget_password, ("anyone",),
        (Limit("forget", 3, 3600, "account+ip"), Limit("forget_ip", 20, 3600, "ip")), nothing,
        "Have a link to another password sent. The answer is the same for everybody.", doors="http", status=202),
    act("password:reset", "POST /v1/password/reset", asks.ResetPassword, mailing.reset_password, ("anyone",), (SLIP,),
        nothing, "Set another password by the link of a mail; every session ends.", doors="http"),
    act("session:open", "POST /v1/sessions", asks.OpenSession, sessions.open_session, ("anyone",),
        (Limit("sign_in", 5, 900, "account+ip"), SIGN_IN_IP), views.tokens,
        "Sign in.", doors="http", status=201),
    act("session:renew", "POST /v1/sessions/renew", asks.RenewSession, sessions.renew_session, ("anyone",),
        (Limit("renew", 600, 3600, "ip"),), views.tokens,
        "Swap the refresh token; using an old one again ends the session.", doors="http"),
    act("session:complete", "POST /v1/sessions/complete", asks.CompleteSession, factors.complete_session, ("pending",),
        (SECOND,), views.completed, "Give the second factor that the sign-in still owes.", doors="http"),
    act("session:confirm", "POST /v1/sessions/confirm", asks.ConfirmSession, factors.confirm_session, ("member",),
        (SECOND,), nothing, "Prove anew to be there oneself: five minutes for what says ``recent``.", doors="http"),
    act("session:list", "GET /v1/sessions", asks.ListSessions, sessions.list_sessions, ("member",), (READ,),
        views.sessions, "Where one is signed in."),
    act("session:revoke", "DELETE /v1/sessions/{session}", asks.RevokeSession, sessions.revoke_session, ("member",),
        (WRITE,), nothing, "End one's own session; its sockets close within two seconds on every worker."),
    act("session:revoke_others", "DELETE /v1/sessions", asks.RevokeOtherSessions, sessions.revoke_other_sessions,
        ("member",), (WRITE,), views.revoked, "End every session but this one."),
    act("session:refresh", None, asks.RefreshSession, None, ("member",), (SIGN,), views.refreshed,
        "Bring a fresh access token of the same session to a live socket; answers until when (ms).",
        doors="socket", command=sessions.RefreshSession),
    act("password:change", "PUT /v1/me/password", asks.ChangePassword, accounts.change_password, ("member", "recent"),
        (SIGN,), views.revoked, "Set another password; every other session ends.", doors="http"),
    act("address:change", "PUT /v1/me/address", asks.ChangeAddress, mailing.change_address, ("member", "recent"),
        (Limit("address", 5, 3600, "user"),), nothing, "Have a link sent to another e-mail address.", doors="http",
        status=202),
    act("address:confirm", "POST /v1/me/address/confirm", asks.ConfirmAddress, mailing.confirm_address, ("anyone",),
        (SLIP,), nothing, "Follow the link: from now on the new address counts, and the old one is told.",
        doors="http"),
    act("factor:get", "GET /v1/me/factor", asks.GetFactor, factors.get_factor, ("member",), (READ,), views.factor,
        "Whether there is a second factor, and how many spare codes are left."),
    act("factor:start", "POST /v1/me/factor", asks.StartFactor, factors.start_factor, ("member", "recent"), (SIGN,),
        views.proposed_factor, "A new secret for an authenticator app; it counts once its first code was right.",
        doors="http", status=201),
    act("factor:activate", "POST /v1/me/factor/activate", asks.ActivateFactor, factors.activate_factor,
        ("member", "recent"), (SECOND,), views.spare_codes,
        "The app's first code; answers ten spare codes, shown this once.", doors="http"),
    act("factor:remove", "DELETE /v1/me/factor", asks.RemoveFactor, factors.remove_factor, ("member", "recent"),
        (SIGN,), nothing, "Go back to the password alone; every other session ends.", doors="http"),
    act("factor:renew_codes", "POST /v1/me/factor/codes", asks.RenewSpareCodes, factors.renew_spare_codes,
        ("member", "recent"), (SIGN,), views.spare_codes, "Other spare codes in place of the old ones.", doors="http"),
    act("identity:list", "GET /v1/me/identities", asks.ListIdentities, identities.list_identities, ("member",), (READ,),
        views.identities, "The other servers that one signs in with; they are added on the sign-in page."),
    act("identity:remove", "DELETE /v1/me/identities/{identity}", asks.RemoveIdentity, identities.remove_identity,
        ("member", "recent"), (SIGN,), nothing,
        "That server's word opens nothing any more, and every other session ends. The last way to sign in stays.",
        doors="http"),
    act("me:erase", "DELETE /v1/me", asks.EraseAccount, erasing.erase_account, ("member", "recent"), (SIGN,), nothing,
        "Leave for good: the key of everything personal is destroyed. Not while something is lent, agreed or disputed.",
        doors="http"),
    act("rights:get", "GET /v1/me/rights", asks.GetRights, rights.get_rights, ("member",), (READ,), views.rights,
        "Whether one's data is restricted, and what one objects to."),
    act("rights:restrict", "PUT /v1/me/restriction", asks.RestrictAccount, rights.restrict_account,
        ("member", "recent"), (SIGN,), views.rights,
        "Have one's data kept and not used (GDPR Art. 18): neighbours find neither oneself nor one's things, nothing "
        "new begins, what runs comes to its end, and no term ends.", doors="http"),
    act("rights:release", "DELETE /v1/me/restriction", asks.ReleaseAccount, rights.release_account,
        ("member", "recent"), (SIGN,), views.rights, "Let one's data be used again.", doors="http"),
    act("rights:object", "PUT /v1/me/objections/{use}", asks.PutObjection, rights.put_objection, ("member",), (WRITE,),
        views.rights, "Object to a use of one's data (GDPR Art. 21), without a reason: `reliability` are the figures "
        "drawn from one's rentals. Reviews and what keeps the village safe are used all the same: others rely on it."),
    act("rights:agree", "DELETE /v1/me/objections/{use}", asks.RemoveObjection, rights.remove_objection, ("member",),
        (WRITE,), views.rights, "Object no longer."),
    act("me:get", "GET /v1/me", asks.GetMe, accounts.get_me, ("member",), (READ,), views.me, "Oneself."),
    act("me:update", "PUT /v1/me", asks.UpdateMe, accounts.update_me, ("member",), (WRITE,), views.me,
        "Set one's name as neighbours see it, and the language of one's mails (GDPR Art. 16). The handle stays."),
    act("user:get", "GET /v1/users/{user}", asks.GetUser, profiles.get_user, ("member",), (READ,), profile,
        "A neighbour: names, member since, reviews, reliability from three cases on."),
)  # fmt: skip
