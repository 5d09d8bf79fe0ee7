"""The bundle of a rental's agreements: a ZIP archive with all it takes to verify them without the hub.

One content has one archive: entries are stored, in the order of their names, with fixed times and attributes, so that
a changed byte anywhere shows. The files and their names:

    aik/ACCOUNT.aik            32    identity keys of the two parties
    devlist/DOCHASH.devlist          the lists the notary named
    dlkcert/ACCOUNT-EPOCH.dlkcert    the certificates of those lists
    document/DIGEST.json             agreement, amendments, return, withdrawals
    notary/DIGEST-ROLE.notary  104   one for each signature
    notary.key                 32    the hub's notary key
    sigrec/DIGEST-ROLE.sigrec  137   signatures; ROLE is renter or owner
"""

import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Self

from crypto.dkx.agreement import Agreement
from crypto.dkx.devlist import DevList
from crypto.dkx.dlkcert import DlkCert
from crypto.dkx.error import BundleError, DkxError
from crypto.dkx.notary import NotaryRecord
from crypto.dkx.roster import Role
from crypto.dkx.sigrec import SignatureRecord

MAX_BYTES = 1_000_000
MAX_FILES = 200
NOTARY_KEY = "notary.key"
_NAME = re.compile(
    r"notary\.key|aik/[0-9a-f]{32}\.aik|devlist/[0-9a-f]{64}\.devlist|dlkcert/[0-9a-f]{32}-[1-9][0-9]{0,9}\.dlkcert"
    r"|document/[0-9a-f]{64}\.json|(?:notary|sigrec)/[0-9a-f]{64}-(?:renter|owner)\.(?:notary|sigrec)"
)
_MADE_BY_UNIX = 3
_PLAIN_FILE = 0o600 << 16


class Witnessed(NamedTuple):
    """A signature and what the notary says of it."""

    record: SignatureRecord
    notary: NotaryRecord


class SignedDocument(NamedTuple):
    agreement: Agreement
    signatures: Mapping[Role, Witnessed]


@dataclass(frozen=True, slots=True)
class Bundle:
    """Parsed, not verified: ``aiks`` by account, ``certs`` by (account, epoch), ``lists`` by dochash."""

    notary: bytes
    aiks: Mapping[bytes, bytes]
    certs: Mapping[tuple[bytes, int], DlkCert]
    lists: Mapping[bytes, DevList]
    documents: tuple[SignedDocument, ...] = field(default=())

    @classmethod
    def of(
        cls, notary: bytes, documents: Iterable[SignedDocument], certs: Iterable[DlkCert], lists: Iterable[DevList]
    ) -> Self:
        """Put together what the hub has; the identities are those the documents name."""
        signed = tuple(documents)
        aiks = {p.account: p.aik for one in signed for p in one.agreement.parties.values()}
        by_place = {(cert.account, cert.epoch): cert for cert in certs}
        return cls(notary, aiks, by_place, {known.hash: known for known in lists}, signed)

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Read an archive exactly as ``to_bytes`` writes it, or raise ``BundleError``."""
        files = _unzip(raw)
        try:
            bundle = cls._read(files)
        except BundleError:
            raise
        except DkxError as error:
            raise BundleError("file_invalid", str(error)) from error
        if bundle.files() != files:
            raise BundleError("file_surplus", "a file without use, or under another name")
        if _zip(files) != raw:
            raise BundleError("repacked", "the archive was packed again")
        return bundle

    @classmethod
    def _read(cls, files: Mapping[str, bytes]) -> Self:
        if NOTARY_KEY not in files:
            raise BundleError("file_missing", NOTARY_KEY)
        certs = map(DlkCert.parse, _under("dlkcert/", files).values())
        lists = map(DevList.parse, _under("devlist/", files).values())
        aiks = {bytes.fromhex(name[4:36]): aik for name, aik in _under("aik/", files).items()}
        documents = tuple(_document(Agreement.parse(raw), files) for raw in _under("document/", files).values())
        by_place = {(cert.account, cert.epoch): cert for cert in certs}
        return cls(files[NOTARY_KEY], aiks, by_place, {known.hash: known for known in lists}, documents)

    def files(self) -> dict[str, bytes]:
        """Name and content of every file, in the order of the names."""
        named = {NOTARY_KEY: self.notary}
        named |= {f"aik/{account.hex()}.aik": aik for account, aik in self.aiks.items()}
        named |= {f"dlkcert/{account.hex()}-{epoch}.dlkcert": c.raw for (account, epoch), c in self.certs.items()}
        named |= {f"devlist/{name.hex()}.devlist": known.raw for name, known in self.lists.items()}
        for document, signatures in self.documents:
            digest = document.digest.hex()
            named[f"document/{digest}.json"] = document.raw
            for role, (record, notary) in signatures.items():
                named[f"sigrec/{digest}-{role.name.lower()}.sigrec"] = record.raw
                named[f"notary/{digest}-{role.name.lower()}.notary"] = notary.raw
        return dict(sorted(named.items()))

    def to_bytes(self) -> bytes:
        """The archive."""
        return _zip(self.files())


def _document(document: Agreement, files: Mapping[str, bytes]) -> SignedDocument:
    signatures = {}
    for role in (Role.RENTER, Role.OWNER):
        name = f"{document.digest.hex()}-{role.name.lower()}"
        record, notary = files.get(f"sigrec/{name}.sigrec"), files.get(f"notary/{name}.notary")
        if (record is None) != (notary is None):
            raise BundleError("file_missing", f"signature or notary record {name}")
        if record is not None and notary is not None:
            signatures[role] = Witnessed(SignatureRecord.parse(record), NotaryRecord.parse(notary))
    return SignedDocument(document, signatures)


def _under(folder: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {name: raw for name, raw in files.items() if name.startswith(folder)}


def _unzip(raw: bytes) -> dict[str, bytes]:
    if len(raw) > MAX_BYTES:
        raise BundleError("not_a_bundle", "larger than 1 MB")
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            entries = archive.infolist()
            _check_entries(entries)
            return {entry.filename: archive.read(entry) for entry in entries}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError) as error:
        if isinstance(error, BundleError):
            raise
        raise BundleError("not_a_bundle", str(error)) from error


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    if len(names) > MAX_FILES or sum(entry.file_size for entry in entries) > MAX_BYTES:
        raise BundleError("not_a_bundle", "too many files, or too large")
    if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries):
        raise BundleError("repacked", "a file is compressed")
    if len(set(names)) < len(names) or not all(map(_NAME.fullmatch, names)):
        raise BundleError("file_surplus", "a file twice, or with an unknown name")


def _zip(files: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name, raw in files.items():
            entry = zipfile.ZipInfo(name)
            entry.create_system, entry.external_attr = _MADE_BY_UNIX, _PLAIN_FILE
            archive.writestr(entry, raw)
    return made.getvalue()
