"""The one listening socket, opened by the parent and shared by its workers, so that a dead worker loses no caller."""

import errno
import socket
from typing import Final

from api.doctor import port_owner
from storage.servers import StartupError

BACKLOG: Final = 1024


def open_listener(host: str, port: int) -> socket.socket:
    """A listening TCP socket that child processes may inherit. ``StartupError`` names who is in the way."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise _trouble(host, port, error) from error
    listener.setblocking(False)
    listener.set_inheritable(True)
    return listener


def _trouble(host: str, port: int, error: OSError) -> StartupError:
    if error.errno == errno.EADDRINUSE:
        owner = port_owner(port)
        by = f" by {owner}" if owner else ""
        return StartupError(f"Port {port} is taken{by}", f"Try `--port {port + 1}`, or `--port 0` for any free one.")
    if error.errno == errno.EACCES:
        return StartupError(f"Port {port} needs a privilege this user lacks", "Try `--port 8000` behind a proxy.")
    return StartupError(f"{host} port {port} cannot be opened: {error.strerror}", "Check HOST and PORT.")
