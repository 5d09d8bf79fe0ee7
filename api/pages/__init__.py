"""Pages for browsers: the village, forms that mails lead to, the hub and its documentation. Rendered on the server."""

from api.pages.app import app_routes
from api.pages.granting import granting_routes
from api.pages.join import join_routes
from api.pages.providers import provider_routes
from api.pages.routes import error_page, page_routes
from api.pages.setup import setup_routes
from api.pages.signin import SignIn, signin_routes
from api.pages.site import Site
from api.pages.slips import slip_routes
from api.pages.state import Facts, Part
from api.pages.viewing import Resident, Residents
from api.pages.village import village_routes

__all__ = [
    "Facts",
    "Part",
    "Resident",
    "Residents",
    "SignIn",
    "Site",
    "app_routes",
    "error_page",
    "granting_routes",
    "join_routes",
    "page_routes",
    "provider_routes",
    "setup_routes",
    "signin_routes",
    "slip_routes",
    "village_routes",
]
