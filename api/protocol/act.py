"""One row of the table, and the limits that many rows share."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final, Literal, get_type_hints

from api.examples import EXAMPLES
from api.examples.sample import Example
from api.limit import Limit
from api.wire import Quick, Wire
from hub.account import Actor
from hub.authority import Who, admit
from hub.ports import Ports

Door = Literal["both", "http", "socket"]
View = Callable[[Any], dict[str, Any]]

READ: Final = Limit("read", 300, 60, "user")
WRITE: Final = Limit("write", 60, 60, "user")
BROWSE: Final = Limit("browse", 240, 60, "ip")
SIGN: Final = Limit("sign", 20, 60, "user")


@dataclass(frozen=True, slots=True)
class Raw:
    """A body that is a file and no JSON: how many bytes at most, and of which media types.

    The act gets it as a file, once all of it has come, or ``streamed``, as it comes.
    """

    most: int
    kinds: tuple[str, ...]
    streamed: bool = False


@dataclass(frozen=True, slots=True)
class Act:
    """One row. ``use_case`` None: the socket door answers by itself. ``fills``: command fields that the door knows.

    ``pipelined``: awaiting the use case only orders the work, and the awaitable it returns is the outcome; a socket
    may begin its next event in between. ``at_once`` does the same without awaiting, or answers None where it cannot;
    ``quick`` is the wire's short way (``api.wire.Quick``). ``raw``: the body is a file.
    """

    event: str
    route: str | None
    wire: type[Wire]
    command: type[Any]
    use_case: Callable[..., Awaitable[Any]] | None
    who: tuple[Who, ...]
    limits: tuple[Limit, ...]
    view: View
    summary: str
    doors: Door = "both"
    status: int = 200
    pipelined: bool = False
    cache_s: int = 0
    quick: Quick | None = None
    at_once: Callable[..., Awaitable[Any] | None] | None = None
    fills: tuple[str, ...] = ()
    raw: Raw | None = None
    example: Example = field(default=Example({}, {}))

    @property
    def method(self) -> str | None:
        return self.route.partition(" ")[0] if self.route else None

    @property
    def path(self) -> str | None:
        """With the names of command fields in braces, such as ``/v1/rooms/{room}/messages``."""
        return self.route.partition(" ")[2] if self.route else None

    async def call(self, ports: Ports, actor: Actor | None, command: Any) -> Any:
        """Do it. For a pipelined act the answer is an awaitable that resolves when the message is durable."""
        if self.use_case is None:
            raise LookupError(f"{self.event} is answered by its door")
        if "anyone" in self.who:
            return await self.use_case(ports, command)
        return await self.use_case(ports, admit(actor, self.who, ports.clock.real()), command)


def act(  # noqa: PLR0917 - they are the columns of the table
    event: str,
    route: str | None,
    wire: type[Wire],
    use_case: Any,
    who: tuple[Who, ...],
    limits: tuple[Limit, ...],
    view: View,
    summary: str,
    *,
    command: type[Any] | None = None,
    **more: Any,
) -> Act:
    """A row whose command is the one its use case takes, and whose example stands under its event."""
    taken = command or get_type_hints(use_case)["command"]
    example = EXAMPLES[event]
    return Act(event, route, wire, taken, use_case, who, limits, view, summary, **more, example=example)
