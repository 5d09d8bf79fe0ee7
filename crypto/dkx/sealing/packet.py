"""Sealing and opening key packets: X3DH without a session, bound to both devices' whole identities."""

import secrets
from typing import NamedTuple

from nacl import bindings
from nacl.exceptions import CryptoError

from crypto.dkx import keypacket
from crypto.dkx.error import KeyMaterialError, KeyPacketError
from crypto.dkx.keypacket import KeyPacket
from crypto.dkx.primitive import h32, h64, label
from crypto.dkx.sealing import body
from crypto.dkx.sealing.body import ChainBody, ForwardBody
from crypto.dkx.sealing.keys import BoxKey, OwnDevice, Party
from crypto.dkx.spk import Spk

_NONCE = 24
_X3DH = label("x3dh")
_KEYPKT = label("keypkt")


class OneTimeKey(NamedTuple):
    """A one-time prekey as the hub hands it out: unsigned, ids from 1."""

    id: int
    public: bytes


class Address(NamedTuple):
    """Where a packet goes: a verified device of a member, its verified prekey and, if there is one, an OPK."""

    party: Party
    spk: Spk
    opk: OneTimeKey | None = None


def seal(content: ChainBody | ForwardBody, own: OwnDevice, to: Address, *, room: bytes, chain: bytes) -> KeyPacket:
    """Tell one device of a chain. The ephemeral key is fresh for each packet."""
    return _seal(content, own, to, (room, chain), (BoxKey.generate(), secrets.token_bytes(_NONCE)))


def open_packet(
    packet: KeyPacket, sender: Party, own: OwnDevice, spk: BoxKey, opk: BoxKey | None = None
) -> ChainBody | ForwardBody:
    """Open a packet with the secret prekeys its ids name; any doubt raises ``KeyPacketError``.

    ``sender`` holds the *pinned* keys of the account that has ``from_dev`` in its list. What comes out still has to
    pass ``accept``.
    """
    if (packet.from_dev, packet.to_dev) != (sender.device, own.device):
        raise KeyPacketError("from or to another device")
    if (packet.opk_id > 0) != (opk is not None):
        raise KeyPacketError("the one-time prekey is not at hand")
    key = _key_as_recipient(packet, sender, own, spk, opk)
    nonce, sealed = packet.raw[keypacket.HEADER :][:_NONCE], packet.raw[keypacket.HEADER + _NONCE :]
    try:
        return body.parse(bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(sealed, packet.header, nonce, key))
    except CryptoError as error:
        raise KeyPacketError("does not open") from error


def _seal(
    content: ChainBody | ForwardBody,
    own: OwnDevice,
    to: Address,
    route: tuple[bytes, bytes],
    fresh: tuple[BoxKey, bytes],
) -> KeyPacket:
    if to.spk.device != to.party.device:
        raise KeyPacketError("the prekey is of another device")
    (room, chain), (ephemeral, nonce) = route, fresh
    header = keypacket.header(
        room=room,
        from_dev=own.device,
        to_dev=to.party.device,
        chain=chain,
        spk_id=to.spk.id,
        opk_id=to.opk.id if to.opk else 0,
        ephemeral=ephemeral.public,
    )
    key = _key_as_sender(header, own, to, ephemeral)
    sealed = bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(content.to_bytes(), header, nonce, key)
    return KeyPacket.parse(header + nonce + sealed)


def _key_as_sender(header: bytes, own: OwnDevice, to: Address, ephemeral: BoxKey) -> bytes:
    prekeys = [to.spk.public] + ([to.opk.public] if to.opk else [])
    shared = own.dbk.agree(to.spk.public) + ephemeral.agree(to.party.dbk)
    shared += b"".join(ephemeral.agree(prekey) for prekey in prekeys)
    return _derive(header, shared, own.party, to.party, prekeys)


def _key_as_recipient(packet: KeyPacket, sender: Party, own: OwnDevice, spk: BoxKey, opk: BoxKey | None) -> bytes:
    prekeys = [spk] + ([opk] if opk else [])
    try:
        shared = spk.agree(sender.dbk) + own.dbk.agree(packet.ephemeral)
        shared += b"".join(prekey.agree(packet.ephemeral) for prekey in prekeys)
    except KeyMaterialError as error:
        raise KeyPacketError("a key agrees on nothing") from error
    return _derive(packet.header, shared, sender, own.party, [prekey.public for prekey in prekeys])


def _derive(header: bytes, shared: bytes, sender: Party, recipient: Party, prekeys: list[bytes]) -> bytes:
    identities = [key for party in (sender, recipient) for key in (party.aik, party.dsk, party.dbk)]
    return h32(_KEYPKT + header + b"".join(identities + prekeys), key=h64(_X3DH + shared))
