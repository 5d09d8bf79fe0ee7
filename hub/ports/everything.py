"""Everything an act may reach, as one value."""

from dataclasses import dataclass, field

from hub.burst import Bursts
from hub.ports.agreement import Agreements
from hub.ports.audit import Audit
from hub.ports.backup import Backups
from hub.ports.block import Blocks
from hub.ports.common import Clock
from hub.ports.condition import Protocols
from hub.ports.contract import Billings, Contracts
from hub.ports.device import Devices, Links, Wants
from hub.ports.export import Exports
from hub.ports.feed import Calendars, Feeds, Subscriptions
from hub.ports.file import Files
from hub.ports.grant import Grants
from hub.ports.identity import Identities
from hub.ports.item import Items, Places
from hub.ports.live import Limiter, Presence, Publisher
from hub.ports.mail import Post, Slips
from hub.ports.media import Blobs, Darkroom, Media
from hub.ports.notification import Notifications
from hub.ports.passkey import Challenges, Passkeys
from hub.ports.person import Factors, Passwords, Sessions, Tokens, Users
from hub.ports.privacy import Erasures, Retention
from hub.ports.rental import Codes, Rentals, Timers, UnitOfWork
from hub.ports.report import Reports
from hub.ports.review import Reviews
from hub.ports.room import MessageLog, Rooms
from hub.ports.search import Search
from hub.ports.terms import Terms
from hub.ports.witness import Witness


@dataclass(frozen=True, slots=True)
class Policy:
    """The numbers an operator may set; shown to clients in ``hello``."""

    origin: str
    village: str = "Dorfkiste"
    confirm_email: bool = False
    refresh_days: int = 30
    refresh_grace_s: int = 10
    max_devices: int = 10
    max_backup_entries: int = 50_000
    max_negotiations: int = 3
    max_open_rentals: int = 20
    max_places: int = 20
    message_burst: int = 20
    message_per_s: float = 1.0
    room_per_min: int = 200
    max_envelope: int = 65_744
    max_photos: int = 500
    max_photo_bytes: int = 250_000_000
    max_file: int = 25 * 1024 * 1024
    max_files: int = 2000
    max_files_bytes: int = 500 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything an act may reach, handed in by the composition root."""

    clock: Clock
    audit: Audit
    users: Users
    sessions: Sessions
    factors: Factors
    challenges: Challenges
    passkeys: Passkeys
    identities: Identities
    grants: Grants
    slips: Slips
    post: Post
    devices: Devices
    wants: Wants
    links: Links
    backups: Backups
    blocks: Blocks
    notifications: Notifications
    reviews: Reviews
    reports: Reports
    agreements: Agreements
    items: Items
    subscriptions: Subscriptions
    calendars: Calendars
    feeds: Feeds
    media: Media
    blobs: Blobs
    darkroom: Darkroom
    files: Files
    places: Places
    search: Search
    rentals: Rentals
    codes: Codes
    protocols: Protocols
    contracts: Contracts
    billings: Billings
    rooms: Rooms
    log: MessageLog
    work: UnitOfWork
    timers: Timers
    erasures: Erasures
    exports: Exports
    terms: Terms
    retention: Retention
    presence: Presence
    publisher: Publisher
    limiter: Limiter
    passwords: Passwords
    tokens: Tokens
    witness: Witness
    policy: Policy
    bursts: Bursts = field(default_factory=Bursts)
