"""Whatever byte of a signed or sealed thing is changed, it is refused, and by its own kind of error."""

from collections.abc import Callable

import pytest

from crypto.dkx import login
from crypto.dkx.devlist import DevList
from crypto.dkx.dlkcert import DlkCert
from crypto.dkx.error import (
    DevListError,
    DkxError,
    DlkCertError,
    EnvelopeError,
    KeyPacketError,
    LoginError,
    RosterError,
    SpkError,
)
from crypto.dkx.keypacket import KeyPacket
from crypto.dkx.roster import Roster
from crypto.dkx.sealing.message import open_envelope
from crypto.dkx.sealing.packet import open_packet
from crypto.dkx.spk import Spk
from tests.crypto import cast
from tests.crypto.cast import ANNA, BERND, T, hexed, seed


def read_login(raw: bytes) -> None:
    login.verify(raw, ANNA.dsk.public, challenge=seed(26), origin=cast.ORIGIN, account=ANNA.account, device=ANNA.device)


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
