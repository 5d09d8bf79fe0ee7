"""Rows of the table: encrypted attachments."""

from typing import Final

from api.asks import file as asks
from api.limit import Limit
from api.protocol.act import WRITE, Raw, act
from api.views import file as views
from api.views.common import nothing
from hub.usecases import files

ACTS: Final = (
    act("file:begin", "POST /v1/files", asks.BeginFile, files.begin_file, ("device", "room"),
        (Limit("file", 300, 3600, "user"),), views.file,
        "Announce an encrypted file of a message, or hear how far the same one has come. It stays for 24 hours without "
        "its message; announce it again just before that is sent.", status=201),
    act("file:put", "PUT /v1/files/{file}", asks.PutFile, files.put_file, ("member",),
        (Limit("file_put", 600, 3600, "user"),), views.file,
        "Send what comes from `offset` on, as the body. What arrives is kept in whole parts of 64 KiB, however the "
        "body ends: go on from the offset that the answer, a `HEAD` or `file:begin` tells.",
        doors="http", fills=("body",), raw=Raw(files.MAX_STORED, ("application/octet-stream",), streamed=True)),
    act("file:delete", "DELETE /v1/files/{file}", asks.DeleteFile, files.delete_file, ("member",), (WRITE,), nothing,
        "Give up one's own file, before its message is sent or once it is erased."),
)  # fmt: skip
