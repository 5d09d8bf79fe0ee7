"""The pages of the signed-in app: one frame, in which the browser's scripts draw inbox, rooms, own things, settings."""

from typing import Any, Final

from quart import Blueprint, redirect, request

from api.pages.page import APP, PRIVATE, page
from api.pages.signin import HOME, SignIn

PATHS: Final = (
    "/inbox",
    "/r/<room>",
    "/me",
    "/me/calendar",
    "/i/new",
    "/i/<item>/edit",
    "/settings",
    "/settings/<any(profile,appearance,security,devices,privacy,data):subject>",
)


def app_routes(door: SignIn) -> Blueprint:
    """Each path; who is not signed in is asked to, and comes back."""
    blueprint = Blueprint("app", __name__)

    async def show(**place: str) -> Any:  # noqa: ARG001 - the script reads it from the address
        actor = await door.actor()
        if actor is None or actor.pending:
            return redirect(f"{HOME}?next={request.path}", 303)
        return await page("app.html", PRIVATE, policy=APP)

    for number, path in enumerate(PATHS):
        blueprint.add_url_rule(path, f"show{number}", show)
    return blueprint
