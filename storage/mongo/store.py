"""What all repositories share: their database, and one place where driver errors become the hub's refusals."""

import functools
import inspect
from collections.abc import Awaitable, Callable
from typing import Any, ParamSpec, TypeVar

from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import ConnectionFailure, ServerSelectionTimeoutError

from hub.errors import Unavailable

Document = dict[str, Any]
Database = AsyncDatabase[Document]
Collection = AsyncCollection[Document]

P = ParamSpec("P")
R = TypeVar("R")

DUPLICATE_KEY = 11000


def reachable(method: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
    """A lost server is ``Unavailable``; a lost answer says so, because what was asked may have happened."""

    @functools.wraps(method)
    async def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return await method(*args, **kwargs)
        except ServerSelectionTimeoutError as error:
            raise Unavailable("store_unavailable", after_ms=1000) from error
        except ConnectionFailure as error:
            raise Unavailable("unknown_outcome", after_ms=1000) from error

    return guarded


class Store:
    """A repository over one database; its public coroutines are ``reachable``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def __init_subclass__(cls) -> None:
        for name, member in list(vars(cls).items()):
            if inspect.iscoroutinefunction(member) and not name.startswith("_"):
                setattr(cls, name, reachable(member))
