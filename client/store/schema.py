"""The tables of a neighbour's directory. Ids are hex text, keys, documents and hashes are bytes, times are ms."""

FIRST = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL);

CREATE TABLE own_prekeys (
  id INTEGER PRIMARY KEY, secret BLOB NOT NULL, document BLOB NOT NULL, replaced INTEGER, published INTEGER NOT NULL
);
CREATE TABLE pins (account TEXT PRIMARY KEY, pin BLOB NOT NULL, changed_aik BLOB);
CREATE TABLE prekeys (device BLOB PRIMARY KEY, document BLOB NOT NULL);

CREATE TABLE rooms (
  room TEXT PRIMARY KEY, cursor INTEGER NOT NULL, event_hash BLOB, floor INTEGER NOT NULL DEFAULT 1
);
CREATE TABLE rosters (
  room TEXT NOT NULL, version INTEGER NOT NULL, document BLOB NOT NULL, hash BLOB NOT NULL, from_seq INTEGER NOT NULL,
  PRIMARY KEY (room, version)
);
CREATE TABLE chains (
  room TEXT NOT NULL, device TEXT NOT NULL, chain BLOB NOT NULL, account TEXT, start INTEGER NOT NULL, ck BLOB NOT NULL,
  csk BLOB NOT NULL, roster_hash BLOB NOT NULL, sent_before INTEGER NOT NULL, PRIMARY KEY (room, device, chain)
);
CREATE TABLE sending (
  room TEXT PRIMARY KEY, device TEXT NOT NULL, chain BLOB NOT NULL, idx INTEGER NOT NULL, ck BLOB NOT NULL,
  csk_seed BLOB NOT NULL, roster_hash BLOB NOT NULL, peers_hash BLOB NOT NULL, created INTEGER NOT NULL,
  sent_before INTEGER NOT NULL
);
CREATE TABLE outbox (
  n INTEGER PRIMARY KEY AUTOINCREMENT, room TEXT NOT NULL, cid TEXT NOT NULL UNIQUE, ctype INTEGER NOT NULL,
  body BLOB NOT NULL, written INTEGER NOT NULL, message TEXT, acked INTEGER, failed TEXT
);
CREATE TABLE entries (
  room TEXT NOT NULL, seq INTEGER NOT NULL, kind TEXT NOT NULL, at INTEGER NOT NULL, account TEXT NOT NULL,
  device TEXT, chain BLOB, idx INTEGER, cid TEXT, name BLOB, ctype INTEGER, sent_at INTEGER, body BLOB,
  reason TEXT, item TEXT, doubt BLOB, PRIMARY KEY (room, seq)
);
CREATE INDEX unreadable ON entries (room, seq) WHERE item IS NOT NULL;
CREATE INDEX by_chain ON entries (room, device, chain, idx);
CREATE TABLE warnings (
  n INTEGER PRIMARY KEY AUTOINCREMENT, code TEXT NOT NULL, room TEXT, seq INTEGER, data TEXT NOT NULL,
  at INTEGER NOT NULL
);
"""

PROOFS = "ALTER TABLE entries ADD COLUMN proof BLOB;"

MANY_DEVICES = """
CREATE TABLE own_one_time (id INTEGER PRIMARY KEY, secret BLOB NOT NULL, published INTEGER NOT NULL, used INTEGER);
ALTER TABLE chains ADD COLUMN created INTEGER NOT NULL DEFAULT 0;
ALTER TABLE chains ADD COLUMN lists TEXT;
CREATE TABLE backed (
  room TEXT NOT NULL, device TEXT NOT NULL, chain BLOB NOT NULL, start INTEGER NOT NULL,
  PRIMARY KEY (room, device, chain)
);
"""

FILES = """
CREATE TABLE uploads (
  file TEXT PRIMARY KEY, room TEXT NOT NULL, cid TEXT NOT NULL, size INTEGER NOT NULL, done INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX uploads_of ON uploads (cid);
"""

STEPS = (FIRST, PROOFS, MANY_DEVICES, FILES)
"""Each brings a directory one version on; an older one is brought up to date when it is opened."""
