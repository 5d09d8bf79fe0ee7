"""What may be asked of a rental, as plain values by topic."""

import re
from typing import Any

from hub.rental.command.bargaining import (
    Accept,
    Cancel,
    Closing,
    Counter,
    Decline,
    IdleClose,
    Inquire,
    ModClose,
    OfferExpire,
    Offering,
    Propose,
    Request,
    Revise,
    Taken,
    Withdraw,
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
    ReportDamage,
    Return,
    RiskOver,
    Unclaimed,
)
from hub.rental.command.settling import (
    AgreeSettlement,
    ClaimEntry,
    ConfirmEntry,
    DecideCase,
    MediateCase,
    OnCase,
    OnEntry,
    ProposeSettlement,
    RejectEntry,
    UndecidedCase,
    WaiveFee,
    WithdrawCase,
)

__all__ = [
    "Accept",
    "AgreeSettlement",
    "AmendReturn",
    "AtRisk",
    "AutoComplete",
    "Cancel",
    "ClaimEntry",
    "ClaimNonReturn",
    "Closing",
    "Command",
    "ConfirmEntry",
    "ConfirmReturn",
    "Counter",
    "DecideCase",
    "Decline",
    "DisputeReturn",
    "Extend",
    "Found",
    "HandOver",
    "IdleClose",
    "Inquire",
    "LossTimeout",
    "LostTimeout",
    "MediateCase",
    "ModClose",
    "OfferExpire",
    "Offering",
    "OnCase",
    "OnEntry",
    "Overdue",
    "PresumeReturned",
    "Propose",
    "ProposeSettlement",
    "RejectEntry",
    "ReportDamage",
    "Request",
    "Return",
    "Revise",
    "RiskOver",
    "Taken",
    "Unclaimed",
    "UndecidedCase",
    "WaiveFee",
    "Withdraw",
    "WithdrawCase",
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
    | OfferExpire
    | IdleClose
    | Taken
    | ModClose
)
Lending = (
    HandOver
    | Unclaimed
    | AtRisk
    | RiskOver
    | Overdue
    | Extend
    | Return
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
    ProposeSettlement
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
Command = Bargaining | Lending | Settling


def command_name(command: type[Any]) -> str:
    """``OfferExpire`` -> ``offer_expire``, as tables, timers and allowed actions write it."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", command.__name__).lower()
