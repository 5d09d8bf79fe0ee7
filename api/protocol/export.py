"""Rows of the table: a copy of everything about oneself."""

from typing import Final

from api.asks import export as asks
from api.limit import Limit
from api.protocol.act import READ, SIGN, act
from api.views import export as views
from hub.usecases import exporting

ACTS: Final = (
    act("export:start", "POST /v1/me/exports", asks.StartExport, exporting.start_export, ("member", "recent"),
        (Limit("export", 5, 86_400, "user"),), views.export,
        "Have a copy made of everything the hub has about oneself: JSON, photos, one's own ciphertexts.", status=202),
    act("export:get", "GET /v1/me/exports/{export}", asks.GetExport, exporting.get_export, ("member",), (READ,),
        views.export, "How far it is. A notice ``export_ready`` tells when it can be fetched, for seven days."),
    act("export:link", "POST /v1/me/exports/{export}/link", asks.LinkExport, exporting.link_export,
        ("member", "recent"), (SIGN,), views.link, "A path from which it can be fetched once, within ten minutes.",
        status=201),
)  # fmt: skip
