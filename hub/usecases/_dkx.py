"""Small steps shared by the acts that handle DKX-1 documents."""

from typing import Final

from crypto.dkx import error as dkx
from crypto.dkx.devlist import DevList
from hub.errors import Conflict, Forbidden, HubError, Invalid, Unauthenticated
from hub.ids import DeviceId, UserId
from hub.ports import Ports

_ALARMS: Final = (
    dkx.DlkCertForkError,
    dkx.DlkCertRollbackError,
    dkx.DevListForkError,
    dkx.DevListRollbackError,
    dkx.DevListGapError,
    dkx.SpkForkError,
    dkx.SpkRollbackError,
    dkx.RosterForkError,
    dkx.RosterRollbackError,
    dkx.RosterGapError,
)


def now_ms(ports: Ports) -> int:
    """The real time as documents write it: milliseconds since 1970."""
    return int(ports.clock.real().timestamp() * 1000)


def refusal(error: dkx.DkxError) -> HubError:
    """A document's fault as the hub's: out of place is a conflict, forbidden is forbidden, all else is invalid."""
    if isinstance(error, dkx.RosterForbiddenError):
        return Forbidden(error.code)
    return Conflict(error.code) if isinstance(error, _ALARMS) else Invalid(error.code)


async def device_key(ports: Ports, account: UserId, device: DeviceId) -> bytes:
    """The signing key of a device in the newest list."""
    newest = await ports.devices.newest(account)
    listed = DevList.parse(newest.devlist).device(bytes.fromhex(device)) if newest else None
    if listed is None:
        raise Unauthenticated("device_unknown")
    return listed.dsk
