"""Sealing and opening message envelopes: one key per message, padded, committed, signed by the chain."""

import secrets
from dataclasses import dataclass, field

from nacl import bindings
from nacl.exceptions import CryptoError

from crypto.dkx.envelope import HEADER, REGIONS, EnvelopeHeader, envhash
from crypto.dkx.error import ChainError, EnvelopeError
from crypto.dkx.primitive import SIGNATURE, ZEROS32, is_signed, label
from crypto.dkx.rest import FRANK_KEY, Rest, check_opened, commitment, rest_length
from crypto.dkx.sealing.chain import SendingChain
from crypto.dkx.sealing.record import ChainRecord

_NONCE = 24
_MESSAGE = label("msg")


@dataclass(frozen=True, slots=True)
class Opened:
    """A message as read: ``author`` is the account stored with the chain, ``kf`` what a report needs to open it."""

    header: EnvelopeHeader
    rest: Rest
    kf: bytes = field(repr=False)
    hash: bytes
    author: bytes | None


def seal(chain: SendingChain, cid: bytes, rest: Rest) -> tuple[bytes, SendingChain]:
    """The envelope for the chain's current index, and the chain to store before it is sent."""
    return _seal(chain, cid, rest, secrets.token_bytes(FRANK_KEY), secrets.token_bytes(_NONCE))


def open_envelope(envelope: bytes, record: ChainRecord) -> Opened:
    """Open with the record found under the envelope's own (room, device, chain); any doubt: ``EnvelopeError``."""
    header = EnvelopeHeader.of(envelope)
    if (header.room, header.device, header.chain) != (record.room, record.device, record.chain):
        raise EnvelopeError("of another chain")
    if not is_signed(record.csk, _MESSAGE, envelope[:-SIGNATURE], envelope[-SIGNATURE:]):
        raise EnvelopeError("not signed by the chain")
    kf, rest = _split(_decrypt(envelope, record, header.index))
    return Opened(header, check_opened(envelope[:HEADER], kf, rest)[1], kf, envhash(envelope), record.account)


def _seal(chain: SendingChain, cid: bytes, rest: Rest, kf: bytes, nonce: bytes) -> tuple[bytes, SendingChain]:
    key, after = chain.advance()
    raw = rest.to_bytes()
    draft = EnvelopeHeader(chain.room, chain.device, chain.id, chain.index, cid, ZEROS32).to_bytes()
    header = draft[: -len(ZEROS32)] + commitment(draft, kf, raw)
    plaintext = (kf + raw).ljust(_region(FRANK_KEY + len(raw)), b"\0")
    sealed = bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, header, nonce, key)
    signed = header + nonce + sealed
    return signed + chain.csk.sign(_MESSAGE, signed), after


def _decrypt(envelope: bytes, record: ChainRecord, index: int) -> bytes:
    nonce, sealed = envelope[HEADER : HEADER + _NONCE], envelope[HEADER + _NONCE : -SIGNATURE]
    try:
        key = record.message_key(index)
        return bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(sealed, envelope[:HEADER], nonce, key)
    except (CryptoError, ChainError) as error:
        raise EnvelopeError("does not open with this chain") from error


def _split(plaintext: bytes) -> tuple[bytes, bytes]:
    kf, padded = plaintext[:FRANK_KEY], plaintext[FRANK_KEY:]
    length = rest_length(padded)
    if length > len(padded) or _region(FRANK_KEY + length) != len(plaintext):
        raise EnvelopeError("padded to another length than the smallest that fits")
    if any(padded[length:]):
        raise EnvelopeError("padding is not zero")
    return kf, padded[:length]


def _region(length: int) -> int:
    return next(region for region in REGIONS if region >= length)
