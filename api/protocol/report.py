"""Rows of the table: reporting messages, and what moderators do with reports."""

from typing import Final

from api.asks import report as asks
from api.limit import Limit
from api.protocol.act import READ, WRITE, act
from api.views import report as views
from hub.usecases import reporting

ACTS: Final = (
    act("report:send", "POST /v1/rooms/{room}/reports", asks.SendReport, reporting.send_report, ("room",),
        (Limit("report", 20, 3600, "user"),), views.report,
        "Disclose up to six messages to the moderators, as evidence in a case or without one.", status=201),
    act("report:list", "GET /v1/rooms/{room}/reports", asks.ListReports, reporting.list_reports, ("room",), (READ,),
        views.reports, "One's own reports from a room, and what the other party has put before a case."),
    act("mediation:list_reports", "GET /v1/mediation/reports", asks.ListWaitingReports,
        reporting.list_waiting_reports, ("moderator",), (READ,), views.reports,
        "Reports that wait for a moderator, the oldest first, or all of one rental; without what was disclosed."),
    act("mediation:read_report", "GET /v1/mediation/reports/{report}", asks.ReadReport, reporting.read_report,
        ("moderator",), (READ,), views.disclosed,
        "A report with the messages that were disclosed, and nothing else; each reading is logged."),
    act("mediation:close_report", "POST /v1/mediation/reports/{report}/close", asks.CloseReport,
        reporting.close_report, ("moderator",), (WRITE,), views.report, "Say what came of a report."),
)  # fmt: skip
