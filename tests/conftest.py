"""Fixtures every test may ask for."""

from tests.support.chromium import browser
from tests.support.servers import database, mongo, redis_url, servers, servers_dir

__all__ = ["browser", "database", "mongo", "redis_url", "servers", "servers_dir"]
