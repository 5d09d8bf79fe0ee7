"""How DKX-1 says no: one error per document, each with a stable code that may travel on the wire.

A subclass names a refusal that calls for another answer than "this is broken": fetch what is missing, or raise an
alarm. Messages are for logs and hold no secret.
"""

from typing import ClassVar, Literal

Refusal = Literal[
    "agreement_missing",
    "another_rental",
    "device_not_listed",
    "expired",
    "file_invalid",
    "file_missing",
    "file_surplus",
    "follows_nothing",
    "fork",
    "identity_differs",
    "list_invalid",
    "list_missing",
    "not_a_bundle",
    "notary_invalid",
    "repacked",
    "signature_invalid",
    "signature_missing",
    "signature_surplus",
    "withdrawn",
]
"""Why a bundle of agreements proves nothing."""


class DkxError(ValueError):
    """Bytes or a step that DKX-1 does not allow."""

    code: ClassVar[str] = "dkx_invalid"


class KeyMaterialError(DkxError):
    """A public key of small or mixed order, not canonical, or an agreement of all zeros."""

    code = "key_invalid"


class DlkCertError(DkxError):
    code = "dlkcert_invalid"


class DlkCertForkError(DlkCertError):
    """Two certificates of one epoch: an alarm."""

    code = "dlkcert_fork"


class DlkCertRollbackError(DlkCertError):
    """An epoch lower than the one known."""

    code = "dlkcert_rollback"


class DevListError(DkxError):
    code = "devlist_invalid"


class DevListForkError(DevListError):
    """The same epoch and version with other bytes: an alarm."""

    code = "devlist_fork"


class DevListRollbackError(DevListError):
    """An (epoch, version) lower than the highest one known."""

    code = "devlist_rollback"


class DevListGapError(DevListError):
    """The version before this one is not known: fetch it first."""

    code = "devlist_gap"


class DevListForeignError(DevListError):
    """A device id, DSK or DBK that belongs to another account."""

    code = "devlist_foreign"


class SpkError(DkxError):
    code = "spk_invalid"


class SpkForkError(SpkError):
    """The same prekey id with other bytes: an alarm."""

    code = "spk_fork"


class SpkRollbackError(SpkError):
    """An older prekey than the newest one known of this device."""

    code = "spk_old"


class RosterError(DkxError):
    code = "roster_invalid"


class RosterForkError(RosterError):
    """The same version with other bytes: an alarm."""

    code = "roster_fork"


class RosterRollbackError(RosterError):
    """A version lower than the highest one known."""

    code = "roster_rollback"


class RosterGapError(RosterError):
    """The version before this one is not known: fetch it first."""

    code = "roster_gap"


class RosterForbiddenError(RosterError):
    """A change by someone who may not make it."""

    code = "roster_forbidden"


class LoginError(DkxError):
    code = "login_invalid"


class KeyPacketError(DkxError):
    code = "key_packet_invalid"


class EnvelopeError(DkxError):
    code = "envelope_invalid"


class JsonError(DkxError):
    code = "json_not_canonical"


class EventError(DkxError):
    code = "event_invalid"


class SafetyError(DkxError):
    code = "safety_code_invalid"


class ChainError(DkxError):
    """An index that this chain cannot or must not reach."""

    code = "chain_invalid"


class ChainConflictError(ChainError):
    """Another key packet for a chain that is known already, and the two do not fit: an alarm."""

    code = "chain_conflict"


class ReplayError(EnvelopeError):
    """An index of a chain used twice for different envelopes."""

    code = "envelope_replayed"


class DevListMissingError(DevListError):
    """The sender used a newer device list than the one known: fetch it first."""

    code = "devlist_missing"


class IdentityChangedError(DkxError):
    """Another identity key than the pinned one: nothing is sent until the person decides."""

    code = "identity_changed"


class PinError(DkxError):
    code = "pin_invalid"


class ShapeError(DkxError):
    """A JSON object with other fields, or a field of another form, than the format has."""

    code = "shape_invalid"


class ContentError(DkxError):
    """The body of a message: shown as "cannot be displayed", never guessed at."""

    code = "content_invalid"


class FileError(DkxError):
    """An attachment that is cut, swapped, padded otherwise or not the one described."""

    code = "file_invalid"


class BackupError(DkxError):
    code = "backup_invalid"


class BackupWeakError(BackupError):
    """Parameters that would make the code cheap to guess, or the deriving a burden: refused before deriving."""

    code = "backup_weak"


class RecoveryCodeError(DkxError):
    """Not a code or phrase of the form we hand out."""

    code = "recovery_code_invalid"


class LinkError(DkxError):
    """A step of device linking that does not fit what came before."""

    code = "link_invalid"


class LinkMismatchError(LinkError):
    """What was revealed is not what was committed to: somebody sits between the devices. An alarm."""

    code = "link_mismatch"


class ReportError(DkxError):
    """Not verifiable: the mark, the place, the sender or the words are not what this hub passed on."""

    code = "report_unverifiable"


class HandoverError(DkxError):
    code = "handover_code_invalid"


class ProtocolError(DkxError):
    code = "protocol_invalid"


class AgreementError(DkxError):
    code = "agreement_invalid"


class SignatureRecordError(DkxError):
    code = "signature_record_invalid"


class NotaryError(DkxError):
    code = "notary_record_invalid"


class BundleError(DkxError):
    """Not a bundle as this hub writes it; ``refusal`` names what is wrong, for the verdict."""

    code = "bundle_invalid"

    def __init__(self, refusal: Refusal, detail: str = "") -> None:
        super().__init__(f"{refusal}: {detail}" if detail else refusal)
        self.refusal: Refusal = refusal
        self.detail = detail


class PushError(DkxError):
    code = "push_invalid"
