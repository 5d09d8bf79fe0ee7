"""peers_hash: a short name for all device lists of a room, so that sender and reader notice when theirs differ."""

from collections.abc import Iterable

from crypto.dkx.primitive import h16, label

_PEERS = label("peers")


def peers_hash(lists: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Hash of (account, dochash of its device list) pairs, one's own included, members without a list left out."""
    return h16(_PEERS + b"".join(account + devlist for account, devlist in sorted(lists)))
