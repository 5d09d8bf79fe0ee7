"""What may be asked of a rental, as plain values by topic."""

import re
from typing import Any

from hub.rental.command.bargaining import (
    Accept,
    Cancel,
    Closing,
    Counter,
    Decline,
    Fulfil,
    HoldTimeout,
    IdleClose,
    Inquire,
    InstantBook,
    ModClose,
    OfferExpire,
    Offering,
    Propose,
    Request,
    Revise,
    Satisfy,
    Taken,
    Withdraw,
)
from hub.rental.command.changing import (
    AcceptChange,
    DeclineChange,
    ExpireChange,
    OnChange,
    ProposeChange,
    WithdrawChange,
)
from hub.rental.command.failing import (
    AdmitLoss,
    AnnulHandOver,
    ClaimNoShow,
    Contest,
    MarkLost,
    SettleLoss,
)
from hub.rental.command.lending import (
    AmendReturn,
    AtRisk,
    AutoComplete,
    ClaimNonReturn,
    ConfirmReturn,
    DisputeReturn,
    Extend,
    Found,
    HandOver,
    LossTimeout,
    LostTimeout,
    Overdue,
    PresumeReturned,
    RemindInspection,
    RemindReturn,
    RemindStart,
    ReportDamage,
    Return,
    ReturnPart,
    RiskOver,
    Unclaimed,
)
from hub.rental.command.settling import (
    AgreeSettlement,
    AppealCase,
    ClaimEntry,
    ConfirmEntry,
    DecideAppeal,
    DecideCase,
    LapseAppeal,
    MediateCase,
    OnCase,
    OnEntry,
    OpenCase,
    ProposeSettlement,
    RejectEntry,
    UndecidedCase,
    WaiveFee,
    WithdrawCase,
)

__all__ = [
    "Accept",
    "AcceptChange",
    "AdmitLoss",
    "AgreeSettlement",
    "AmendReturn",
    "AnnulHandOver",
    "AppealCase",
    "AtRisk",
    "AutoComplete",
    "Cancel",
    "ClaimEntry",
    "ClaimNoShow",
    "ClaimNonReturn",
    "Closing",
    "Command",
    "ConfirmEntry",
    "ConfirmReturn",
    "Contest",
    "Counter",
    "DecideAppeal",
    "DecideCase",
    "Decline",
    "DeclineChange",
    "DisputeReturn",
    "ExpireChange",
    "Extend",
    "Found",
    "Fulfil",
    "HandOver",
    "HoldTimeout",
    "IdleClose",
    "Inquire",
    "InstantBook",
    "LapseAppeal",
    "LossTimeout",
    "LostTimeout",
    "MarkLost",
    "MediateCase",
    "ModClose",
    "OfferExpire",
    "Offering",
    "OnCase",
    "OnChange",
    "OnEntry",
    "OpenCase",
    "Overdue",
    "PresumeReturned",
    "Propose",
    "ProposeChange",
    "ProposeSettlement",
    "RejectEntry",
    "RemindInspection",
    "RemindReturn",
    "RemindStart",
    "ReportDamage",
    "Request",
    "Return",
    "ReturnPart",
    "Revise",
    "RiskOver",
    "Satisfy",
    "SettleLoss",
    "Taken",
    "Unclaimed",
    "UndecidedCase",
    "WaiveFee",
    "Withdraw",
    "WithdrawCase",
    "WithdrawChange",
    "command_name",
]

Bargaining = (
    Inquire
    | Request
    | Propose
    | Counter
    | Revise
    | Accept
    | Decline
    | Withdraw
    | Cancel
    | InstantBook
    | Satisfy
    | Fulfil
    | HoldTimeout
    | OfferExpire
    | IdleClose
    | Taken
    | ModClose
)
Changing = ProposeChange | AcceptChange | DeclineChange | WithdrawChange | ExpireChange
Failing = ClaimNoShow | Contest | AnnulHandOver | MarkLost | AdmitLoss | SettleLoss
Lending = (
    HandOver
    | Unclaimed
    | AtRisk
    | RiskOver
    | Overdue
    | Extend
    | RemindStart
    | RemindReturn
    | RemindInspection
    | Return
    | ReturnPart
    | ConfirmReturn
    | ReportDamage
    | ClaimNonReturn
    | DisputeReturn
    | AmendReturn
    | AutoComplete
    | PresumeReturned
    | LostTimeout
    | Found
    | LossTimeout
)
Settling = (
    OpenCase
    | AppealCase
    | DecideAppeal
    | LapseAppeal
    | ProposeSettlement
    | AgreeSettlement
    | WithdrawCase
    | DecideCase
    | MediateCase
    | UndecidedCase
    | ClaimEntry
    | ConfirmEntry
    | RejectEntry
    | WaiveFee
)
Command = Bargaining | Changing | Lending | Failing | Settling


def command_name(command: type[Any]) -> str:
    """``OfferExpire`` -> ``offer_expire``, as tables, timers and allowed actions write it."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", command.__name__).lower()
