"""The embedded servers: private, usable at once, and gone with the hub."""

from typing import Any

from pymongo.asynchronous.database import AsyncDatabase
from redis.asyncio import Redis

from storage.servers import Servers


async def test_both_servers_answer_within_a_second(servers: Servers, database: AsyncDatabase[dict[str, Any]]) -> None:
    async with database.client.start_session() as session, await session.start_transaction():
        await database.things.insert_one({"_id": 1}, session=session)
    redis = Redis.from_url(servers.redis_url)
    await redis.set("dk:x", "1")
    await redis.aclose()
    assert servers.took["mongo"] < 3
