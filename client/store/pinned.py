"""What this device has pinned of others, as ``Pins`` needs it at every start."""

from client.store.database import Database
from crypto.dkx.sealing.account_pin import AccountPin
from crypto.dkx.sealing.pins import Pins
from crypto.dkx.spk import Spk


class Pinned:
    def __init__(self, database: Database) -> None:
        self._db = database

    def load(self) -> Pins:
        accounts = [AccountPin.parse(row["pin"]) for row in self._db.all("SELECT pin FROM pins")]
        return Pins(accounts, [Spk.parse(row["document"]) for row in self._db.all("SELECT document FROM prekeys")])

    def keep(self, pin: AccountPin) -> None:
        sql = "INSERT INTO pins VALUES (?, ?, NULL) ON CONFLICT (account) DO UPDATE SET pin = excluded.pin"
        self._db.execute(sql, pin.account.hex(), pin.to_bytes())

    def keep_prekey(self, prekey: Spk) -> None:
        self._db.execute("INSERT OR REPLACE INTO prekeys VALUES (?, ?)", prekey.device, prekey.raw)

    def changed(self, account: str) -> bytes | None:
        """The other identity key the hub now shows for an account: nothing is sent until the person decides."""
        row = self._db.one("SELECT changed_aik FROM pins WHERE account = ?", account)
        return row["changed_aik"] if row else None

    def set_changed(self, account: str, aik: bytes | None) -> None:
        self._db.execute("UPDATE pins SET changed_aik = ? WHERE account = ?", aik, account)
