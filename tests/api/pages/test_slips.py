"""The forms that mails lead to, as a browser fills them in: words, refusals, and the same limits as the acts."""

import pytest

from tests.api.doors.hubs import Worker

FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"}


async def read(hub: Worker, path: str, language: str = "de") -> str:
    response = await hub.http.get(path, headers={"Accept-Language": language})
    assert response.status_code == 200
    assert "form-action 'self'" in response.headers["Content-Security-Policy"]
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    return response.text


@pytest.mark.parametrize("path", ["/join/abc", "/address/abc", "/reset/abc", "/forgot"])
@pytest.mark.parametrize("language", ["de", "en"])
async def test_each_form_has_words_and_one_button(hub: Worker, path: str, language: str) -> None:
    page = await read(hub, path, language)
    assert f'<html lang="{language}">' in page
    assert page.count("<button") == 1
    assert "<script" not in page


@pytest.mark.parametrize("path", ["/join/abc", "/address/abc", "/reset/abc"])
async def test_a_wrong_link_says_what_to_do(hub: Worker, path: str) -> None:
    before = await hub.world.database.users.count_documents({})
    response = await hub.http.post(path, content="password=sieben+Zwerge", headers=FORM | {"Accept-Language": "en"})
    assert response.status_code == 404
    assert "Please ask for a new one" in response.text
    assert 'role="alert"' in response.text
    assert await hub.world.database.users.count_documents({}) == before


async def test_forgetting_a_password_looks_the_same_for_everybody(hub: Worker) -> None:
    person = await hub.world.person()
    texts = set()
    for email in (person.user.email, "niemand@example.org"):
        response = await hub.http.post("/forgot", data={"email": email}, headers={"Accept": "text/html"})
        assert response.status_code == 200
        texts.add(response.text)
    assert len(texts) == 1
    wrong = await hub.http.post("/forgot", data={"email": "keine Adresse"}, headers={"Accept": "text/html"})
    assert wrong.status_code == 422


async def test_a_mail_s_link_leads_to_another_password(hub: Worker) -> None:
    person = await hub.world.person()
    await hub.world.database.mails.delete_many({})
    await hub.http.post("/forgot", data={"email": person.user.email})
    held = await hub.hub.ports.post.claim(hub.world.clock.real())
    assert held is not None
    path = f"/reset/{held.mail.secret}"
    short = await hub.http.post(path, data={"password": "kurz"}, headers={"Accept-Language": "de"})
    assert (short.status_code, "8 bis 128 Zeichen" in short.text) == (422, True)
    done = await hub.http.post(path, data={"password": "hinter den sieben Bergen"})
    assert done.status_code == 200
    again = await hub.http.post(path, data={"password": "hinter den sieben Bergen"})
    assert again.status_code == 404
    signed = await hub.http.post(
        "/v1/sessions", json={"email": person.user.email, "password": "hinter den sieben Bergen"}
    )
    assert signed.status_code == 201
