"""Everything a neighbour's device keeps, in one directory: keys, pins, chains, the outbox and the opened log."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from client.store.chains import Chains
from client.store.database import Database
from client.store.identity import Identity
from client.store.log import Log
from client.store.outgoing import OutgoingMessages
from client.store.pinned import Pinned
from client.store.spool import Spool
from client.store.uploads import Uploads

__all__ = ["Store"]


class Store:
    """Open while this process owns the directory (StoreInUse otherwise).

    After an unclean end all sending chains are thrown away: a restored copy must not go on with an old one.
    """

    def __init__(self, directory: Path) -> None:
        self._db = Database(directory)
        self.identity = Identity(self._db, directory)
        self.pinned = Pinned(self._db)
        self.chains = Chains(self._db)
        self.outgoing = OutgoingMessages(self._db)
        self.uploads = Uploads(self._db)
        self.spool = Spool(directory)
        self.log = Log(self._db)
        self.was_unclean = self._db.unclean
        if self.was_unclean:
            self.chains.discard()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing across the parts of the store."""
        with self._db.transaction():
            yield

    def erase(self) -> None:
        """Forget everything this directory knows: it is a device no longer."""
        self._db.erase()
        self.identity.erase_key_file()
        self.spool.clear()

    def forget_sent(self) -> None:
        """Remove the sealed copies of files whose message waits no longer."""
        self.spool.keep_outgoing(self.uploads.forget_sent())

    def close(self) -> None:
        self._db.close()

    def abandon(self) -> None:
        """Leave as a crash does; for tests and for a process that must go at once."""
        self._db.abandon()
