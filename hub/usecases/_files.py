"""Files that acts about other things remove, or must not."""

from datetime import datetime

from hub.ids import FileId
from hub.ports import Ports
from hub.report import Report
from hub.room import MessageAddress


async def open_reports(ports: Ports, message: MessageAddress) -> list[Report]:
    """Those about this message that no moderator has closed: as long as there is one, its files outlive it."""
    reports = await ports.reports.of_room(message.room)
    return [report for report in reports if report.closed is None and message in report.discloses]


async def remove_file(ports: Ports, file: FileId, due: datetime | None = None) -> bool:
    """Remove it; with ``due`` not if it is to stay longer. Its bytes go first: interrupted, upkeep finds it again."""
    if not await ports.files.retire(file, due):
        return False
    await ports.blobs.delete([file])
    await ports.files.forget(file)
    return True
