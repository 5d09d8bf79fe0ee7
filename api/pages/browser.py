"""What a browser brings: the cookie of its sign-in, small forms, and where they were sent from."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from quart import Request, Response
from werkzeug.exceptions import RequestEntityTooLarge

from hub.errors import Forbidden

MAX_FORM: Final = 32_768
YEAR_S: Final = 31_536_000
_LOCAL: Final = re.compile(r"/(?![/\\])[\w.~!$&'()*+,;=:@%/?-]*", re.ASCII)
"""A place on this hub: a path and query, and nothing that a browser takes for another host."""


@dataclass(frozen=True, slots=True)
class Cookies:
    """The hub's cookies: out of reach of scripts, and of other sites but for following a link (security.md W1).

    Over https they carry the prefix that binds them to this very host; http is this machine's own address alone.
    """

    secure: bool

    def read(self, request: Request, name: str) -> str:
        return request.cookies.get(self._named(name), "")

    def write(self, response: Response, name: str, value: str, expires: datetime | int) -> None:
        """``expires``: an instant, or seconds from now."""
        until = {"max_age": expires} if isinstance(expires, int) else {"expires": expires}
        response.set_cookie(
            self._named(name), value, path="/", secure=self.secure, httponly=True, samesite="Lax", **until
        )

    def forget(self, response: Response, name: str) -> None:
        response.delete_cookie(self._named(name), path="/", secure=self.secure, httponly=True, samesite="Lax")

    def _named(self, name: str) -> str:
        return f"__Host-{name}" if self.secure else name


async def read_form(request: Request, origin: str) -> dict[str, str]:
    """The fields of a form of ours, each once. Forbidden("cross_site") where another site sent it (security.md W3)."""
    check_same_site(request, origin)
    if request.content_length is None or request.content_length > MAX_FORM:
        raise RequestEntityTooLarge
    return dict((await request.form).items())


def check_same_site(request: Request, origin: str) -> None:
    """Browsers say where a request comes from, and no page can make them lie about it."""
    told = request.headers.get("Sec-Fetch-Site")
    if told != "same-origin" and (told is not None or request.headers.get("Origin") != origin):
        raise Forbidden("cross_site")


def local_path(wanted: str, otherwise: str) -> str:
    """``wanted`` if it is a place on this hub, so that nobody is sent on to another one."""
    return wanted if _LOCAL.fullmatch(wanted) else otherwise
