"""Whatever byte of a signed or sealed thing is changed, it is refused, and by its own kind of error."""

from collections.abc import Callable

import pytest

from crypto.dkx import agreement, login
from crypto.dkx.backup import Blob, Entry, Manifest
from crypto.dkx.devlist import DevList
from crypto.dkx.dlkcert import DlkCert
from crypto.dkx.error import (
    BackupError,
    DevListError,
    DkxError,
    DlkCertError,
    EnvelopeError,
    FileError,
    KeyPacketError,
    LinkError,
    LoginError,
    RosterError,
    SignatureRecordError,
    SpkError,
)
from crypto.dkx.keypacket import KeyPacket
from crypto.dkx.roster import Roster
from crypto.dkx.sealing.backup import open_by_passkey
from crypto.dkx.sealing.backup_entry import open_entry
from crypto.dkx.sealing.file import StreamOpener
from crypto.dkx.sealing.link_bundle import open_bundle
from crypto.dkx.sealing.manifest import open_manifest
from crypto.dkx.sealing.message import open_envelope
from crypto.dkx.sealing.packet import open_packet
from crypto.dkx.sigrec import SignatureRecord
from crypto.dkx.spk import Spk
from tests.crypto import cast, vectors, vectors2
from tests.crypto.cast import ANNA, BERND, T, hexed, seed


def read_login(raw: bytes) -> None:
    login.verify(raw, ANNA.dsk.public, challenge=seed(26), origin=cast.ORIGIN, account=ANNA.account, device=ANNA.device)


def read_stream(raw: bytes) -> None:
    opener = StreamOpener(seed(18), len(b"hallo"))
    list(opener.feed(raw))
    opener.finish()


READERS: dict[str, tuple[type[DkxError], Callable[[bytes], object]]] = {
    "dlkcert": (DlkCertError, lambda raw: DlkCert.parse(raw).verify(ANNA.aik, T)),
    "devlist": (DevListError, lambda raw: DevList.parse(raw).verify(cast.CERT_A)),
    "devlist3": (DevListError, lambda raw: DevList.parse(raw).verify(cast.CERT_A)),
    "spk": (SpkError, lambda raw: Spk.parse(raw).verify(BERND.dsk.public, T)),
    "roster": (RosterError, lambda raw: Roster.parse(raw).verify(cast.LIST_A)),
    "login_sig": (LoginError, read_login),
    "keypkt": (KeyPacketError, lambda raw: open_packet(KeyPacket.parse(raw), ANNA.party, BERND, cast.SPK_B)),
    "keypkt_opk": (
        KeyPacketError,
        lambda raw: open_packet(KeyPacket.parse(raw), ANNA.party, BERND, cast.SPK_B, cast.OPK_B),
    ),
    "envelope": (EnvelopeError, lambda raw: open_envelope(raw, cast.RECORD)),
    "backup_entry": (BackupError, lambda raw: open_entry(Entry.parse(raw), seed(16))),
    "backup_manifest": (BackupError, lambda raw: open_manifest(Manifest.parse(raw), seed(16))),
    "prf_blob": (BackupError, lambda raw: open_by_passkey(Blob.parse(raw), seed(33))),
    "bundle": (LinkError, lambda raw: open_bundle(hexed("link_key"), vectors2.LINK, raw)),
    "file_small": (FileError, read_stream),
    "agree_sig": (
        SignatureRecordError,
        lambda raw: SignatureRecord.parse(raw).verify(agreement.write(vectors.AGREEMENT), cast.LIST_A),
    ),
}


@pytest.mark.parametrize("key", READERS)
def test_the_thing_itself_is_believed(key: str) -> None:
    READERS[key][1](hexed(key))


@pytest.mark.parametrize("key", READERS)
@pytest.mark.parametrize("bit", [0x01, 0x80])
def test_each_flipped_byte_is_refused(key: str, bit: int) -> None:
    error, read = READERS[key]
    good = bytearray(hexed(key))
    for place in range(len(good)):
        good[place] ^= bit
        with pytest.raises(error):
            read(bytes(good))
        good[place] ^= bit


@pytest.mark.parametrize("key", READERS)
def test_more_or_fewer_bytes_are_refused(key: str) -> None:
    error, read = READERS[key]
    good = hexed(key)
    for raw in (b"", good[:1], good[:-1], good[:-64], good + b"\0", good * 2):
        with pytest.raises(error):
            read(raw)
