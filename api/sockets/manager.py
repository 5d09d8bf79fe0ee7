"""python-socketio's rooms, kept in our registry, so that its server-side calls mean what they say."""

from collections.abc import Iterator
from typing import Any

import socketio

from api.sockets.connection import Connection, Registry
from api.sockets.packets import NAMESPACE, encode_event


class RegistryManager(socketio.AsyncManager):
    """python-socketio's rooms, kept in our registry: one truth, and ``emit`` without a task per recipient."""

    def __init__(self, registry: Registry) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # untyped library
        self.registry = registry

    async def emit(  # noqa: PLR0917 - the signature is python-socketio's
        self,
        event: str,
        data: Any,
        namespace: str,
        room: Any = None,
        skip_sid: Any = None,
        callback: Any = None,
        to: Any = None,
        **_options: Any,
    ) -> None:
        """Tell a room, a connection, several of them, or everyone."""
        if callback is not None or isinstance(data, tuple):
            raise ValueError("the hub asks its clients nothing and sends one object")
        skipped = skip_sid if isinstance(skip_sid, list) else [skip_sid]
        frame = encode_event(event, data, namespace)
        for sid, conn in self.get_participants(namespace, to or room):
            if sid not in skipped:
                conn.send(frame)

    def get_participants(self, namespace: str, room: Any) -> Iterator[tuple[str, Connection]]:
        """Everyone in a room, in any of a list of rooms, or (``None``) on this worker."""
        if room is None:
            found = self.registry.everyone()
        else:
            names = room if isinstance(room, list) else [room]
            found = tuple({conn for name in names for conn in self._find(name)})
        yield from ((conn.sid, conn) for conn in found if namespace == NAMESPACE)

    def _find(self, name: str) -> tuple[Connection, ...]:
        conn = self.registry.by_sid(name)
        return (conn,) if conn else self.registry.in_room(name)

    def is_connected(self, sid: str, namespace: str) -> bool:
        """Tell whether this connection is here."""
        return namespace == NAMESPACE and self.registry.by_sid(sid) is not None

    def basic_enter_room(self, sid: str, namespace: str, room: str, eio_sid: str | None = None) -> None:
        """Seat a connection; rooms named like a connection are impossible, since ids and names never meet."""
        del namespace, eio_sid
        conn = self.registry.by_sid(sid)
        if conn is None:
            raise ValueError("sid is not connected to requested namespace")
        self.registry.join(conn, room)

    def basic_leave_room(self, sid: str, namespace: str, room: str) -> None:
        """Take a connection out of a room."""
        del namespace
        conn = self.registry.by_sid(sid)
        if conn is not None:
            self.registry.leave(conn, room)

    def get_rooms(self, sid: str, namespace: str) -> list[str]:
        """The rooms of a connection."""
        del namespace
        conn = self.registry.by_sid(sid)
        return sorted(conn.rooms) if conn else []
