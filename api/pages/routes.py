"""The routes of the pages."""

from quart import Blueprint

from api.pages.state import HubState


def page_routes(state: HubState) -> Blueprint:
    blueprint = Blueprint("pages", __name__)

    @blueprint.get("/")
    async def front() -> str:
        return state.settings.village_name

    return blueprint
