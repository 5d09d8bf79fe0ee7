"""Two neighbours sign at either door; what they take home is verified offline, and each single change is refused."""

import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from crypto import b64
from crypto.dkx.agreement import Agreement
from crypto.dkx.sealing import signing
from crypto.dkx.verdict import verify_bundle
from hub.rental import EntryKind
from tests.api.doors.asking import is_refused
from tests.api.doors.hubs import Worker
from tests.support.lending import Loan, agree, appoint
from tests.support.world import Neighbour, now_ms

OFFLINE = """
import socket, sys
def refuse(*_): raise OSError("the network is off")
socket.socket.connect = socket.getaddrinfo = socket.create_connection = refuse
from api.cli import main
main(["verify", sys.argv[1], "--lang", "en", "--notary", sys.argv[2]])
"""


def path(loan: Loan) -> str:
    return f"/v1/rentals/{loan.id}/agreements"


def signed(person: Neighbour, draft: Mapping[str, Any]) -> dict[str, str]:
    """What a client sends for what it was given to sign."""
    document = Agreement.parse(b64.decode(draft["document"]))
    assert document.digest.hex() == draft["digest"]
    record = signing.sign_agreement(person.device, document, now_ms=now_ms())
    return {"cmd_id": uuid4().hex, "document": draft["document"], "signature": b64.encode(record.raw)}


async def over_http(hub: Worker, loan: Loan, person: Neighbour) -> dict[str, Any]:
    draft = (await hub.ask("GET", f"{path(loan)}/draft", person)).json()
    answer = await hub.ask("POST", path(loan), person, json=signed(person, draft))
    assert answer.status_code == 201
    return dict(answer.json())


async def over_a_socket(hub: Worker, loan: Loan, person: Neighbour) -> dict[str, Any]:
    async with hub.live(person) as socket:
        draft = await socket.call("agreement:draft", {"rental": loan.id})
        answer = await socket.call("agreement:sign", signed(person, draft) | {"rental": loan.id})
    assert answer["ok"], answer
    return answer


def run_offline(file: Path, notary: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", OFFLINE, str(file), notary]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=dict(os.environ))  # noqa: S603 - our own command line


@pytest.fixture(scope="module")
async def loan(hub: Worker) -> Loan:
    """Both have signed, one at each door."""
    made = await agree(hub.world)
    first, second = await over_http(hub, made, made.owner), await over_a_socket(hub, made, made.renter)
    assert [one["standing"] for one in first["agreements"]] == ["open"]
    assert [one["standing"] for one in second["agreements"]] == ["complete"]
    return made


async def test_the_file_a_party_downloads_is_verified_with_the_network_off(
    hub: Worker, loan: Loan, tmp_path: Path
) -> None:
    answer = await hub.ask("GET", f"/v1/rentals/{loan.id}/agreement.zip", loan.renter)
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == f'attachment; filename="agreement-{loan.id[:8]}.zip"'
    assert answer.headers["cache-control"] == "private, no-store"
    file = tmp_path / "agreement.zip"
    file.write_bytes(answer.content)
    notary = (await hub.ask("GET", "/v1/notary")).json()["key"]
    told = run_offline(file, notary)
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.startswith("Valid: ")
    assert "The renter signed on " in told.stdout
    assert "The owner signed on " in told.stdout
    assert loan.renter.aik.public.hex() in told.stdout
    file.write_bytes(answer.content.replace(b"Bohrmaschine", b"Schraubstock"))
    assert run_offline(file, notary).returncode == 1


async def test_each_single_change_to_it_is_refused(hub: Worker, loan: Loan) -> None:
    raw = bytearray((await hub.ask("GET", f"/v1/rentals/{loan.id}/agreement.zip", loan.owner)).content)
    assert verify_bundle(bytes(raw)).holds
    for place in range(len(raw)):
        raw[place] ^= 0x10
        assert not verify_bundle(bytes(raw)).holds, place
        raw[place] ^= 0x10


async def test_no_part_of_it_can_be_left_out_or_taken_from_another_rental(hub: Worker, loan: Loan) -> None:
    other = await agree(hub.world, owner=loan.owner)
    for person in (other.owner, other.renter):
        await over_http(hub, other, person)
    mine, foreign = [
        files((await hub.ask("GET", f"/v1/rentals/{one.id}/agreement.zip", loan.owner)).content)
        for one in (loan, other)
    ]
    for name in mine:
        assert not verify_bundle(packed({key: raw for key, raw in mine.items() if key != name})).holds
    for name in foreign.keys() - mine.keys():
        assert not verify_bundle(packed(mine | {name: foreign[name]})).holds
    assert verify_bundle(packed(mine)).holds


def files(raw: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(content: Mapping[str, bytes]) -> bytes:
    """As the hub packs it."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name, raw in sorted(content.items()):
            entry = zipfile.ZipInfo(name)
            entry.create_system, entry.external_attr = 3, 0o600 << 16
            archive.writestr(entry, raw)
    return made.getvalue()


async def test_the_act_answers_the_same_archive_at_both_doors(hub: Worker, loan: Loan) -> None:
    over = (await hub.ask("GET", f"{path(loan)}/bundle", loan.renter)).json()
    async with hub.live(loan.owner) as socket:
        told = await socket.call("agreement:bundle", {"rental": loan.id})
    assert (over["name"], over["zip"]) == (told["name"], told["zip"])
    file = await hub.ask("GET", f"/v1/rentals/{loan.id}/agreement.zip", loan.owner)
    assert b64.decode(over["zip"]) == file.content


async def test_it_is_for_the_parties_alone(hub: Worker, loan: Loan) -> None:
    stranger, moderator = await hub.world.person(), await appoint(hub.world)
    for person in (stranger, moderator):
        real = await hub.ask("GET", f"/v1/rentals/{loan.id}/agreement.zip", person)
        none = await hub.ask("GET", f"/v1/rentals/{'0' * 32}/agreement.zip", person)
        is_refused(real, 404, "rental_not_found")
        assert real.json() == none.json()
    is_refused(await hub.ask("GET", f"/v1/rentals/{loan.id}/agreement.zip"), 401, "sign_in_required")
    is_refused(await hub.ask("GET", "/v1/rentals/no-id/agreement.zip", stranger), 422, "bad_request")
    is_refused(await hub.ask("GET", f"/v1/mediation/{loan.id}/agreement.zip", stranger), 403, "role_required")
    is_refused(await hub.ask("GET", f"/v1/mediation/{loan.id}/agreement.zip", moderator), 404, "case_not_found")


async def test_a_moderator_downloads_it_in_a_case(hub: Worker) -> None:
    start, end = hub.world.days(1, 2)
    disputed, moderator = await agree(hub.world, start=start, end=end), await appoint(hub.world)
    for person in (disputed.owner, disputed.renter):
        await over_http(hub, disputed, person)
    await disputed.pay(EntryKind.DEPOSIT_IN, 5000)
    await disputed.hand_over()
    await disputed.report()
    file = await hub.ask("GET", f"/v1/mediation/{disputed.id}/agreement.zip", moderator)
    assert verify_bundle(file.content).holds


async def test_what_the_rental_does_not_say_is_refused_at_both_doors(hub: Worker) -> None:
    made = await agree(hub.world)
    draft = (await hub.ask("GET", f"{path(made)}/draft", made.renter)).json()
    cheaper = b64.decode(draft["document"]).replace(b'"price_cents":1000', b'"price_cents":1')
    other = {"document": b64.encode(cheaper), "digest": Agreement.parse(cheaper).digest.hex()}
    is_refused(
        await hub.ask("POST", path(made), made.renter, json=signed(made.renter, other)), 409, "agreement_differs"
    )
    async with hub.live(made.renter) as socket:
        refused = await socket.call("agreement:sign", signed(made.renter, other) | {"rental": made.id})
    assert refused["error"]["data"] == {"fields": ["price_cents"]}
