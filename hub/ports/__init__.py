"""What the acts need from outside, as small protocols. Times: aware UTC datetimes; message times are ms since 1970."""

from hub.ports.agreement import Agreements
from hub.ports.audit import Audit, Note, Noted
from hub.ports.backup import Backups, KeptEntry
from hub.ports.block import Block, Blocks
from hub.ports.common import Clock, StaleWrite
from hub.ports.condition import Protocols
from hub.ports.contract import Billings, Contracts
from hub.ports.device import ChainName, Devices, Links, OneTime, Stock, Want, Wants
from hub.ports.everything import Policy, Ports
from hub.ports.export import Exports
from hub.ports.feed import Calendars, Feeds, HeldSubscription, Looked, LookInto, Subscriptions, Unread
from hub.ports.file import Files
from hub.ports.grant import Grants
from hub.ports.identity import Identities
from hub.ports.item import Items, Places
from hub.ports.live import Audience, Change, Changes, Limiter, OnPresence, Presence, Publisher
from hub.ports.mail import HeldMail, Post, Purpose, Slips
from hub.ports.media import Blobs, Darkroom, Developed, Holder, Media, Used
from hub.ports.notification import Notifications
from hub.ports.passkey import Challenges, Passkeys, Removal
from hub.ports.person import AccessToken, Factors, Passwords, Sessions, Tokens, Users
from hub.ports.privacy import Erasures, Retention
from hub.ports.rental import Applied, Code, Codes, DueTimer, Rentals, Timers, Transaction, UnitOfWork
from hub.ports.report import Reports
from hub.ports.review import Reviews
from hub.ports.room import MessageLog, OnStored, Rooms
from hub.ports.search import Search
from hub.ports.terms import Terms
from hub.ports.witness import Witness

__all__ = [
    "AccessToken",
    "Agreements",
    "Applied",
    "Audience",
    "Audit",
    "Backups",
    "Billings",
    "Blobs",
    "Block",
    "Blocks",
    "Calendars",
    "ChainName",
    "Challenges",
    "Change",
    "Changes",
    "Clock",
    "Code",
    "Codes",
    "Contracts",
    "Darkroom",
    "Developed",
    "Devices",
    "DueTimer",
    "Erasures",
    "Exports",
    "Factors",
    "Feeds",
    "Files",
    "Grants",
    "HeldMail",
    "HeldSubscription",
    "Holder",
    "Identities",
    "Items",
    "KeptEntry",
    "Limiter",
    "Links",
    "LookInto",
    "Looked",
    "Media",
    "MessageLog",
    "Note",
    "Noted",
    "Notifications",
    "OnPresence",
    "OnStored",
    "OneTime",
    "Passkeys",
    "Passwords",
    "Places",
    "Policy",
    "Ports",
    "Post",
    "Presence",
    "Protocols",
    "Publisher",
    "Purpose",
    "Removal",
    "Rentals",
    "Reports",
    "Retention",
    "Reviews",
    "Rooms",
    "Search",
    "Sessions",
    "Slips",
    "StaleWrite",
    "Stock",
    "Subscriptions",
    "Terms",
    "Timers",
    "Tokens",
    "Transaction",
    "UnitOfWork",
    "Unread",
    "Used",
    "Users",
    "Want",
    "Wants",
    "Witness",
]
