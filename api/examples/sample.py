"""The people, ids and amounts that the examples are told with. Ids and bytes are made up."""

from typing import Any, Final, NamedTuple

Json = dict[str, Any]


class Example(NamedTuple):
    ask: Json
    answer: Json


USER: Final = "0b7a3d5e9c1f4a2880d6e4f5a6b7c8d9"
NEIGHBOUR: Final = "1c8b4e6fad205b3991e7f506b7c8d9ea"
SESSION: Final = "2d9c5f70be316c4aa2f80617c8d9eafb"
DEVICE: Final = "3ead6081cf427d5bb3091728d9eafb0c"
ITEM: Final = "4fbe7192d0538e6cc41a2839eafb0c1d"
RENTAL: Final = "50cf82a3e1649f7dd52b394afb0c1d2e"
ROOM: Final = "61d093b4f275a08ee63c4a5b0c1d2e3f"
COMMAND: Final = "72e1a4c50386b19ff74d5b6c1d2e3f40"
NOTIFICATION: Final = "94a3c6e725a8d3b1196f7d8e3f405162"
PLACE: Final = "a4b5c6d7e8f90112233445566778899a"
BLOCK: Final = "b5c6d7e8f90112233445566778899aab"
LINK: Final = "d7e8f90112233445566778899aabbccd"
SUBSCRIPTION: Final = "d8f9011223344556677889900aabbcce"
PROTOCOL: Final = "e8f90112233445566778899aabbccdde"
PHOTO: Final = "c6d7e8f90112233445566778899aabbc"
FILE: Final = "d7e8f900112233445566778899aabbcc"
REVIEW: Final = "a5b4d7f836b9e4c22a7a8e9f40516273"
REPORT: Final = "d7e8f90a1b2c3d4e5f60718293a4b5c6"
IDENTITY: Final = "c7d6f9a058dbf6e44c9caab162738495"
PASSKEY: Final = "b6c5e8f947cae5d33b8b9fa051627384"
SID: Final = "83f2b5d61497c2a0085e6c7d2e3f4051"
BYTES: Final = "q83vEjRWeJA"
BYTES32: Final = "A" * 42 + "E"
BYTES64: Final = "A" * 85 + "Q"
LATER: Final = "2026-06-27T09:00:00Z"
HASH: Final = "9f" * 32
MS: Final = 1_782_547_200_000
ME: Final = {"id": USER, "handle": "anna", "display_name": "Anna Berg"}
OTHER: Final = {"id": NEIGHBOUR, "handle": "bernd", "display_name": "Bernd Voss"}
DATES: Final = {"start": "2026-07-04T08:00:00Z", "end": "2026-07-05T08:00:00Z"}
LINE: Final = {"code": "day", "n": 1, "q": 1, "each": 1200, "amt": 1200}
MONEY: Final = {"price": 1200, "deposit": 5000, "cur": "EUR"}
EVENT: Final = {
    "seq": 1, "kind": "event", "type": "rental_requested", "by": USER, "cmd_id": COMMAND,
    "data": {"rental": RENTAL, "item": ITEM, "rev": 1, "state": "negotiating"}, "at": "2026-06-27T08:00:00Z",
    "prev_hash": "0" * 64, "hash": "9f" * 32,
}  # fmt: skip
NOTICE: Final = {
    "id": NOTIFICATION, "type": "rental_requested", "ref": RENTAL,
    "data": {"room": ROOM, "item": ITEM, "title": "Bohrmaschine", "by": NEIGHBOUR},
    "created_at": "2026-06-27T08:00:00Z", "read": False,
}  # fmt: skip
