"""A Chromium with an authenticator of its own, as a phone has one, on pages of a real hub."""

from typing import Any

from playwright.async_api import BrowserContext, Page

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}


class Visit:
    """A tab that remembers what the browser complained of: policy, scripts, requests that failed."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("console", lambda told: self.complaints.append(told.text) if told.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    @classmethod
    async def of(cls, context: BrowserContext) -> "Visit":
        return cls(await context.new_page())

    async def authenticator(self) -> "Device":
        """Plug one in that has a screen lock, which its owner opens."""
        line = await self.page.context.new_cdp_session(self.page)
        await line.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "ctap2Version": "ctap2_1",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
            "hasPrf": True,
        }
        made = await line.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        return Device(line, made["authenticatorId"])


class Device:
    """The authenticator as its owner handles it."""

    def __init__(self, line: Any, id_: str) -> None:
        self._line, self._named = line, {"authenticatorId": id_}

    async def lock(self) -> None:
        """From now on its owner is not recognised."""
        await self._line.send("WebAuthn.setUserVerified", {**self._named, "isUserVerified": False})

    async def passkeys(self) -> list[dict[str, Any]]:
        found = await self._line.send("WebAuthn.getCredentials", self._named)
        return list(found["credentials"])
