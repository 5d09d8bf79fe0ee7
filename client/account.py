"""One's own account: the password, the second factor, and proving anew to be there oneself."""

from typing import Any

from client.hub import Hub


class Account:
    """What changes the account asks for ``confirm`` within the last five minutes; signing in counts as well."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    async def confirm(self, password: str, code: str = "") -> None:
        """Prove to be there oneself; ``code`` where there is a second factor."""
        await self._hub.call("POST", "/v1/sessions/confirm", {"password": password, "code": code})

    async def change_password(self, password: str) -> int:
        """Set another password; answers how many other sessions ended."""
        answer = await self._hub.call("PUT", "/v1/me/password", {"password": password})
        return int(answer["revoked"])

    async def factor(self) -> dict[str, Any]:
        """``{active, spare}``."""
        return await self._hub.call("GET", "/v1/me/factor")

    async def start_factor(self) -> dict[str, Any]:
        """``{secret, uri}`` for an authenticator app; nothing counts yet."""
        return await self._hub.call("POST", "/v1/me/factor", {})

    async def activate_factor(self, code: str) -> list[str]:
        """The app's first code; answers the spare codes, which are never shown again."""
        return list((await self._hub.call("POST", "/v1/me/factor/activate", {"code": code}))["codes"])

    async def renew_spare_codes(self) -> list[str]:
        return list((await self._hub.call("POST", "/v1/me/factor/codes", {}))["codes"])

    async def remove_factor(self) -> None:
        await self._hub.call("DELETE", "/v1/me/factor")
