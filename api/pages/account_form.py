"""The form in which somebody makes an account: what was typed comes back with a refusal, but for the password."""

from dataclasses import dataclass, field
from typing import Any

from quart import request

from api.address import caller
from api.errors import STATUS
from api.limit import check_limits
from api.pages.browser import read_form
from api.pages.words import errors, language_of
from api.protocol import BY_EVENT
from api.undisturbed import Undisturbed
from api.wire import parse
from hub.errors import HubError
from hub.ports import Ports


@dataclass(frozen=True)
class Filled:
    """What stands in the inputs, and why it was not taken."""

    fields: dict[str, str] = field(default_factory=dict)
    error: HubError | None = None

    def told(self) -> dict[str, Any]:
        """What a page shows of it."""
        if self.error is None:
            return {"fields": self.fields, "trouble": ""}
        trouble = errors(language_of(request))[self.error.code]
        return {"fields": self.fields, "trouble": trouble, "status": STATUS[self.error.kind]}


class AccountForm:
    """One form and the act that it asks for."""

    def __init__(self, ports: Ports, event: str, inputs: tuple[str, ...]) -> None:
        self._ports, self._row, self._inputs = ports, BY_EVENT[event], inputs
        self._kept = Undisturbed()

    async def send(self) -> Filled:
        """Do what the request asks for, in the language of the page."""
        sent = await read_form(request, self._ports.policy.origin)
        fields = {name: sent.get(name, "") for name in self._inputs}
        try:
            command = parse(self._row, {**fields, "locale": language_of(request)})
            ip = caller(request.remote_addr or "")
            await check_limits(self._ports.limiter, self._row.limits, actor=None, ip=ip, command=command)
            await self._kept(self._row.call(self._ports, None, command))
        except HubError as error:
            return Filled({**fields, "password": ""}, error)
        return Filled(fields)
