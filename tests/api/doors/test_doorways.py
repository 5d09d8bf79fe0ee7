"""Nothing answers that no table names: an address without a row here or in the protocol fails the build."""

import re
from typing import Any, Final

import pytest
from quart import Quart

from api.protocol import ACTS
from tests.api.doors.hubs import Worker
from tests.api.doors.street import Street

ANYONE: Final = """
    GET / GET /s GET /i/{name} GET /u/{handle} GET /legal/{name} GET /offline GET /styleguide POST /look GET /hub
    GET /signin POST /signin/{form} POST /signin/ask/{what} GET /join POST /join GET /forgot POST /forgot
    GET /setup POST /setup GET /signin/with/{provider} GET /signin/back/{provider} GET /signin/join POST /signin/join
    GET /.well-known/oauth-authorization-server POST /oauth/token POST /oauth/revoke
    GET /docs GET /docs/{name} GET /openapi.json GET /asyncapi.json GET /docs/e2ee-vectors.json
    GET /docs/e2ee-vectors-2.json GET /static/{name} GET /sw.js GET /manifest.webmanifest GET /livez GET /readyz
    GET /join/{slip} GET /address/{slip} GET /reset/{slip} GET /media/{name} GET /feeds/items/{item}.ics
"""
"""Pages to look at and forms to come in by; what forms may do is the acts' matter."""
SECRET: Final = """
    POST /join/{slip} POST /address/{slip} POST /reset/{slip} GET /feeds/{secret}.ics GET /exports/{secret}
"""
"""Whoever has the link, which only its person was sent."""
BROWSER: Final = """
    GET /inbox GET /r/{room} GET /me GET /me/calendar GET /i/new GET /i/{item}/edit GET /settings
    GET /settings/{subject} GET /oauth/authorize POST /oauth/authorize POST /v1/session/token
"""
"""Whoever is signed in with this browser, by its cookie."""
TOKEN: Final = """
    GET /v1/files/{name} GET /v1/rentals/{rental}/agreement.zip GET /v1/mediation/{rental}/agreement.zip
    GET /v1/rentals/{rental}/contract.pdf
"""
"""Bytes for whom the table's acts are; ``test_matrix`` asks for them as those who may not."""
RULE: Final = re.compile(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>")


def listed(words: str) -> list[str]:
    parts = words.split()
    return [f"{method} {path}" for method, path in zip(parts[::2], parts[1::2], strict=True)]


def doorways(asgi: Any) -> set[str]:
    """Every method and path that the hub answers."""
    while not isinstance(asgi, Quart):
        asgi = getattr(asgi, "other_asgi_app", None) or asgi._app
    rules = [(rule.methods - {"HEAD", "OPTIONS"}, RULE.sub(r"{\1}", rule.rule)) for rule in asgi.url_map.iter_rules()]
    return {f"{method} {path}" for methods, path in rules for method in methods}


def test_every_address_has_a_row(hub: Worker) -> None:
    rows = {row.route for row in ACTS if row.route}
    beside = [*listed(ANYONE), *listed(SECRET), *listed(BROWSER), *listed(TOKEN)]
    assert len(set(beside)) == len(beside)
    assert doorways(hub.hub.asgi) == rows | set(beside)


def filled(path: str, with_: str) -> str:
    return re.sub(r"{\w+}", with_, path)


@pytest.mark.parametrize("address", listed(SECRET))
async def test_a_link_that_nobody_was_sent_opens_nothing(address: str, hub: Worker) -> None:
    method, path = address.split()
    answer = await hub.ask(method, filled(path, "A" * 43))
    assert answer.status_code in {400, 403, 404}  # 403: a form that does not come from a page of the hub


@pytest.mark.parametrize("address", listed(BROWSER))
async def test_a_page_for_whoever_is_signed_in_asks_others_to_sign_in(address: str, hub: Worker) -> None:
    method, path = address.split()
    answer = await hub.ask(method, filled(path.replace("{subject}", "security"), "0" * 32))
    sent_away = answer.status_code in {302, 303} and answer.headers["Location"].startswith("/signin")
    assert sent_away or answer.status_code in {400, 401, 403, 422}, answer.status_code


@pytest.mark.parametrize("address", listed(TOKEN))
async def test_bytes_for_somebody_are_nobodys(address: str, hub: Worker, street: Street) -> None:
    method, path = address.split()
    for named in (street.rental, "0" * 32):
        answer = await hub.ask(method, filled(path, named))
        assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_required")
