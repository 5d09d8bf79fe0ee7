"""What one language seals the other opens: messages, packets, files, backups and links, both ways."""

from io import BytesIO
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crypto.dkx.backup import Blob, Entry, Manifest, entries_xor
from crypto.dkx.dlkcert import DlkCert
from crypto.dkx.keypacket import KeyPacket
from crypto.dkx.rest import ContentType, Rest
from crypto.dkx.sealing import backup, backup_entry, file, link_bundle, manifest, packet
from crypto.dkx.sealing.body import parse
from crypto.dkx.sealing.message import open_envelope, seal
from tests.crypto import cast
from tests.crypto.cast import ANNA, BERND, CHAIN, CID, OPK_B, RECORD, ROOM, SENDING, SPK_B, T, id16, seed
from tests.static.node import Js

quick = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
SMALL = {"ops": 2, "memory": 32768}


def js_record(record: Any = RECORD) -> dict[str, Any]:
    ids = {"room": record.room.hex(), "device": record.device.hex(), "chain": record.chain.hex()}
    keys = {"start": record.start, "ck": record.ck, "csk": record.csk, "rosterHash": record.roster_hash}
    return ids | {"account": ANNA.account.hex()} | keys


def js_party(own: Any) -> dict[str, bytes]:
    party = own.party
    return {"aik": party.aik, "dsk": party.dsk, "dbk": party.dbk, "dbkSecret": own.dbk.secret}


# Messages


@quick
@given(body=st.binary(max_size=2000), after=st.integers(0, 2**53 - 1), sent_at=st.integers(0, 2**64 - 1))
def test_javascript_opens_what_python_sealed(js: Js, body: bytes, after: int, sent_at: int) -> None:
    rest = Rest(ContentType.TEXT, sent_at, after, id16(9) if after else bytes(16), id16(2), body)
    raw, _ = seal(SENDING, CID, rest)
    opened = js.envelopeOpened(raw, js_record())
    assert (opened["body"], opened["rest"]) == (body, rest.to_bytes())
    assert opened["hash"] == open_envelope(raw, RECORD).hash


@quick
@given(body=st.binary(max_size=2000), index=st.integers(0, 1023))
def test_python_opens_what_javascript_sealed(js: Js, body: bytes, index: int) -> None:
    place = {"room": ROOM.hex(), "device": ANNA.device.hex(), "chain": CHAIN.hex(), "index": index, "cid": CID.hex()}
    rest = {"ctype": 1, "sentAt": T, "afterSeq": 0, "afterHash": bytes(16), "peersHash": id16(2), "body": body}
    raw = js.sealEnvelope(place, rest, js.messageKey(js_record(), index), seed(11))
    assert open_envelope(raw, RECORD).rest.body == body


# Key packets


@pytest.mark.parametrize("with_opk", [False, True])
@pytest.mark.parametrize("kind", ["chain_body", "forward_body"])
def test_a_key_packet_crosses_both_ways(js: Js, kind: str, *, with_opk: bool) -> None:
    body, route = cast.hexed(kind), {"room": ROOM.hex(), "from": "a2" * 16, "to": "b2" * 16, "chain": CHAIN.hex()}
    opk = packet.OneTimeKey(42, OPK_B.public) if with_opk else None
    address = packet.Address(BERND.party, cast.SIGNED_SPK_B, opk)
    sealed = packet.seal(parse(body), ANNA, address, room=ROOM, chain=CHAIN)
    secrets = {"spk": SPK_B.secret} | ({"opk": OPK_B.secret} if with_opk else {})
    opened = js.keyPacketOpened(sealed.raw, js_party(ANNA), js_party(BERND), secrets)
    assert opened["ck"] == seed(10)

    prekeys = {"spk": {"id": 7, "key": SPK_B.public}} | ({"opk": {"id": 42, "key": OPK_B.public}} if with_opk else {})
    raw = js.sealKeyPacket(route, js_party(ANNA), js_party(BERND), prekeys, body)
    content = packet.open_packet(KeyPacket.parse(raw), ANNA.party, BERND, SPK_B, OPK_B if with_opk else None)
    assert content.to_bytes() == body


# Files


@pytest.mark.parametrize("size", [0, 1, 9, 65536, 65537, 150_000])
def test_a_file_crosses_both_ways(js: Js, size: int) -> None:
    text = bytes(range(251)) * (size // 251 + 1)
    text = text[:size]
    sealer = file.Sealer(file.FileSecret(seed(18), b"\x19" * 16), size)
    by_python = b"".join(sealer.pieces(BytesIO(text).read))
    by_javascript = js.fileSealed(text, seed(18), b"\x19" * 16)
    assert by_javascript["bytes"] == by_python
    assert by_javascript["told"]["b2"] == sealer.b2.hex()
    assert js.fileOpened(by_python, by_javascript["told"]) == text
    assert js.fileFrom(text, seed(18), b"\x19" * 16, len(by_python) // 2) == by_python[len(by_python) // 2 :]


# Backups


def test_a_backup_crosses_both_ways(js: Js) -> None:
    secrets = backup.AccountSecrets(seed(1), seed(3), seed(16))
    expected = {"account": ANNA.account.hex(), "aik": ANNA.aik, "dlk": cast.DLK_A.public}
    code = js.makeCode()
    blob = backup.seal_by_code(secrets, ANNA.account, code.encode(), ops=2, mem_kib=32768)
    assert js.blobOpened(blob.raw, code, expected) == {"aik": seed(1), "dlk": seed(3), "bk": seed(16)}

    head = {"account": ANNA.account.hex(), "salt": id16(7)} | SMALL
    raw = js.sealBlob(head, js.codeKey(code, head), {"aik": seed(1), "dlk": seed(3), "bk": seed(16)})
    assert backup.open_by_code(Blob.parse(raw), code.encode()) == secrets


def test_a_passkey_s_backup_crosses_both_ways(js: Js) -> None:
    secrets = backup.AccountSecrets(seed(1), seed(3), seed(16))
    account, told = ANNA.account.hex(), {"aik": seed(1), "dlk": seed(3), "bk": seed(16)}
    expected = {"account": account, "aik": ANNA.aik, "dlk": cast.DLK_A.public}
    blob = backup.seal_by_passkey(secrets, ANNA.account, seed(33))
    assert js.openBlob(blob.raw, js.passkeyKey(account, seed(33)), expected) == told
    raw = js.sealPasskeyBlob(account, js.passkeyKey(account, seed(33)), told)
    assert backup.open_by_passkey(Blob.parse(raw), seed(33)) == secrets


def test_entries_and_manifest_cross_both_ways(js: Js) -> None:
    account = ANNA.account.hex()
    ours = backup_entry.seal_entry(RECORD, ANNA.account, seed(16)).raw
    theirs = js.sealEntry(account, js_record(), seed(16))
    assert js.openEntry(ours, account, seed(16))["ck"] == RECORD.ck
    assert backup_entry.open_entry(Entry.parse(theirs), seed(16)).ck == RECORD.ck

    content = manifest.Contents(3, 2, entries_xor([ours, theirs]), T)
    by_python = manifest.seal_manifest(ANNA.account, content, seed(16)).raw
    opened = js.openManifest(by_python, account, seed(16))
    assert js.judgeRestore(opened, js.sumEntries([theirs, ours])) == {"complete": True, "missing": 0}
    assert js.judgeRestore(opened, js.sumEntries([ours])) == {"complete": False, "missing": 1}
    assert js.judgeRestore(opened, js.sumEntries([ours, ours]))["complete"] is False
    told = {"account": account, "version": 3, "created": T} | js.sumEntries([theirs], js.sumEntries([ours]))
    by_javascript = js.sealManifest(told, seed(16))
    assert manifest.open_manifest(Manifest.parse(by_javascript), seed(16)) == content
    assert js.verdict("openManifest", by_python, account, seed(16), 4) == "backup_invalid"


# Links


def test_a_link_bundle_crosses_both_ways(js: Js) -> None:
    pin = link_bundle.BundledPin(BERND.account, BERND.aik, verified=True, cert=cast.CERT_B, devlist=cast.LIST_B)
    bundle = link_bundle.LinkBundle(ANNA.aik, seed(16), seed(3), cast.CERT_A, (pin,), (RECORD,))
    sealed = link_bundle.seal_bundle(seed(40), id16(0xF1), bundle.to_bytes())
    opened = js.openBundle(seed(40), "f1" * 16, sealed)
    assert opened["pins"][0]["account"] == BERND.account.hex()
    assert opened["chains"][0]["ck"] == RECORD.ck
    again = link_bundle.open_bundle(seed(40), id16(0xF1), js.sealBundle(seed(40), "f1" * 16, opened))
    assert again == bundle.to_bytes()
    assert DlkCert.parse(opened["dlkCert"]) == cast.CERT_A
