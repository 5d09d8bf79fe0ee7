"""Fixtures every test may ask for."""

import pytest

from tests.support.chromium import browser
from tests.support.servers import database, mongo, redis_url, servers, servers_dir

pytest.register_assert_rewrite("tests.support.judge", "tests.static.clicks", "tests.static.engine")

__all__ = ["browser", "database", "mongo", "redis_url", "servers", "servers_dir"]
