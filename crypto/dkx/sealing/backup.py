"""The account's secrets as the hub keeps them: under a recovery code or a passkey, never readable there."""

import secrets
import struct
from dataclasses import dataclass, field

from nacl import bindings

from crypto.dkx.backup import (
    BLOB_HEADER,
    BY_CODE,
    BY_PASSKEY,
    MEM_KIB,
    OPS,
    Blob,
    blob_header,
    check_cost,
)
from crypto.dkx.dlkcert import DlkCert
from crypto.dkx.error import BackupError
from crypto.dkx.primitive import h32, label, pack
from crypto.dkx.sealing import aead
from crypto.dkx.sealing.keys import SigningKey

_PRF = label("prf")
_PRF_EVAL = label("prf-eval")
_SECRETS = struct.Struct(">32s32s32s")
_KIB = 1024


@dataclass(frozen=True, slots=True)
class AccountSecrets:
    """Identity key (AIK) and device-list key (DLK) as seeds, and the backup key (BK): the account itself."""

    aik: bytes = field(repr=False)
    dlk: bytes = field(repr=False)
    bk: bytes = field(repr=False)

    def check(self, aik: bytes, cert: DlkCert) -> None:
        """Whether these are the secrets of this identity and its current certificate; else ``BackupError``."""
        if SigningKey.from_seed(self.aik).public != aik:
            raise BackupError("the secrets of another identity")
        if SigningKey.from_seed(self.dlk).public != cert.dlk:
            raise BackupError("the device-list key of another epoch")


def seal_by_code(
    content: AccountSecrets, account: bytes, code: bytes, *, ops: int = OPS, mem_kib: int = MEM_KIB
) -> Blob:
    """A backup under ``code`` in its normal form (see ``recovery``): a fresh salt, about 80 ms and 64 MiB."""
    check_cost(ops, mem_kib)
    header = blob_header(BY_CODE, account, secrets.token_bytes(16), ops, mem_kib)
    return _seal(content, header, kek_of_code(code, header[18:34], ops, mem_kib))


def seal_by_passkey(content: AccountSecrets, account: bytes, prf: bytes) -> Blob:
    """A backup under what a passkey gives for ``prf_input`` (WebAuthn PRF, 32 bytes)."""
    return _seal(content, blob_header(BY_PASSKEY, account), kek_of_passkey(account, prf))


def open_by_code(blob: Blob, code: bytes) -> AccountSecrets:
    """Open with the code in its normal form; a wrong one raises ``BackupError``. ``check`` what comes out."""
    if not blob.by_code:
        raise BackupError("opens with a passkey")
    return _open(blob, kek_of_code(code, blob.salt, blob.ops, blob.mem_kib))


def open_by_passkey(blob: Blob, prf: bytes) -> AccountSecrets:
    """Open with what the passkey gave; another one raises ``BackupError``. ``check`` what comes out."""
    if blob.by_code:
        raise BackupError("opens with a code")
    return _open(blob, kek_of_passkey(blob.account, prf))


def kek_of_code(code: bytes, salt: bytes, ops: int, mem_kib: int) -> bytes:
    """Argon2id (RFC 9106) with one lane, 32 bytes."""
    check_cost(ops, mem_kib)
    return bindings.crypto_pwhash_alg(32, code, salt, ops, mem_kib * _KIB, bindings.crypto_pwhash_ALG_ARGON2ID13)


def kek_of_passkey(account: bytes, prf: bytes) -> bytes:
    """32 bytes of the passkey's PRF output, bound to the account."""
    return h32(_PRF + account, key=prf)


def prf_input(account: bytes) -> bytes:
    """What to ask the passkey for: ``eval.first`` of the WebAuthn PRF extension."""
    return _PRF_EVAL + account


def _seal(content: AccountSecrets, header: bytes, kek: bytes, nonce: bytes | None = None) -> Blob:
    plaintext = pack(_SECRETS, content.aik, content.dlk, content.bk)
    return Blob.parse(header + aead.seal(kek, plaintext, header, nonce))


def _open(blob: Blob, kek: bytes) -> AccountSecrets:
    plaintext = aead.unseal(kek, blob.raw[BLOB_HEADER:], blob.header, BackupError)
    return AccountSecrets(*_SECRETS.unpack(plaintext))
