"""Rows of the table: passkeys."""

from typing import Final

from api.asks import passkey as asks
from api.limit import Limit
from api.protocol.act import READ, SIGN, WRITE, act
from api.protocol.person import SECOND, SIGN_IN_IP
from api.views import passkey as views
from api.views.common import nothing
from api.views.person import completed, tokens
from hub.usecases import passkeys

ACTS: Final = (
    act("passkey:challenge", "POST /v1/passkeys/challenge", asks.ChallengePasskey, passkeys.challenge_passkey,
        ("anyone",), (Limit("challenge", 60, 3600, "ip"),), views.asked,
        "What a device signs to sign somebody in, as browsers take it; good once, for five minutes.", doors="http",
        status=201),
    act("passkey:open", "POST /v1/sessions/passkey", asks.OpenByPasskey, passkeys.open_by_passkey, ("anyone",),
        (SIGN_IN_IP,), tokens, "Sign in by passkey alone: it is both factors.", doors="http", status=201),
    act("session:challenge", "POST /v1/sessions/challenge", asks.ChallengeSession, passkeys.challenge_session,
        ("member", "pending"), (SIGN,), views.asked,
        "The same for the second factor, or for a proof anew: good in this session only.", doors="http", status=201),
    act("passkey:complete", "POST /v1/sessions/complete/passkey", asks.CompleteByPasskey, passkeys.complete_by_passkey,
        ("pending",), (SECOND,), completed, "Give the second factor by passkey.", doors="http"),
    act("passkey:confirm", "POST /v1/sessions/confirm/passkey", asks.ConfirmByPasskey, passkeys.confirm_by_passkey,
        ("member",), (SECOND,), nothing, "Prove anew to be there oneself, by passkey.", doors="http"),
    act("passkey:offer", "POST /v1/me/passkeys/offer", asks.OfferPasskey, passkeys.offer_passkey,
        ("member", "recent"), (SIGN,), views.wanted, "What a device makes a passkey from, as browsers take it.",
        doors="http", status=201),
    act("passkey:add", "POST /v1/me/passkeys", asks.AddPasskey, passkeys.add_passkey, ("member", "recent"), (SIGN,),
        views.passkey, "Keep the passkey that a device has made; every device of the person is told, and a mail goes.",
        doors="http", status=201),
    act("passkey:list", "GET /v1/me/passkeys", asks.ListPasskeys, passkeys.list_passkeys, ("member",), (READ,),
        views.passkeys, "One's own passkeys."),
    act("passkey:rename", "PUT /v1/me/passkeys/{passkey}", asks.RenamePasskey, passkeys.rename_passkey, ("member",),
        (WRITE,), nothing, "Call it otherwise."),
    act("passkey:remove", "DELETE /v1/me/passkeys/{passkey}", asks.RemovePasskey, passkeys.remove_passkey,
        ("member", "recent"), (SIGN,), nothing,
        "It opens nothing any more, and every other session ends. The last way to sign in cannot be removed.",
        doors="http"),
)  # fmt: skip
