"""A neighbour's process that ends itself with SIGKILL as soon as the hub has answered a certain request."""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from client.http import HubHttp
from client.neighbour import Neighbour

PASSWORD = "dorf-und-kiste-26"


def die_after(deadly: str) -> None:
    call = HubHttp.call

    async def dying(self: HubHttp, method: str, path: str, *told: Any, **options: Any) -> dict[str, Any]:
        answer = await call(self, method, path, *told, **options)
        if f"{method} {path}" == deadly or f"{method} {path}".startswith(f"{deadly}/"):
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    HubHttp.call = dying  # type: ignore[method-assign]


async def live(directory: str, url: str, email: str, deadly: str, action: str, *said: str) -> None:
    neighbour = Neighbour(Path(directory), url)
    await neighbour.sign_in(email, PASSWORD)
    die_after(deadly)
    match action:
        case "admit":
            await neighbour.host.admit_by_code(said[0])
        case "finish":
            await neighbour.newcomer.finish()
        case "restore":
            await neighbour.recovery.restore(said[0])
        case "anew":
            await neighbour.begin_anew()
        case "remove":
            await neighbour.recovery.remove([said[0]], said[1])


asyncio.run(live(*sys.argv[1:]))
