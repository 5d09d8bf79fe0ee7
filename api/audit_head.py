"""How far the audit log has come, as one line signed by the hub: for logs and files that lie elsewhere."""

from datetime import UTC, datetime

import orjson

from crypto.audit import SignedHead
from storage.mongo.audit import Head


def signed_head(seed: bytes, head: Head) -> str:
    """JSON; ``seed`` is the hub's notary seed."""
    signed = SignedHead.sign(seed, head.seq, head.hash, int(datetime.now(UTC).timestamp() * 1000))
    return orjson.dumps(signed.to_json()).decode()
