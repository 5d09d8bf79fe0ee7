"""Rows of the table: the account's backup, sealed before it comes here."""

from typing import Final

from api.asks import backup as asks
from api.protocol.act import READ, SIGN, WRITE, act
from api.views import backup as views
from hub.usecases import backups

ACTS: Final = (
    act("backup:put", "PUT /v1/backup", asks.PutBackup, backups.put_backup, ("device", "recent"), (SIGN,),
        views.counters, "Keep other sealed secrets of the account in place of `version`. `fresh`: under a new backup "
        "key; entries under the old one are dropped."),
    act("backup:add", "POST /v1/backup/entries", asks.AddEntries, backups.add_entries, ("device",), (WRITE,),
        views.counters, "Add sealed chain keys with the manifest that names all there are then."),
    act("backup:get", "GET /v1/backup", asks.GetBackup, backups.get_backup, ("member",), (READ,), views.backup,
        "The sealed secrets of one's own account, for a new machine."),
    act("backup:list", "GET /v1/backup/entries", asks.ListEntries, backups.list_entries, ("device",), (READ,),
        views.entries, "Sealed chain keys after a number."),
)  # fmt: skip
