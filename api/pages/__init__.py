"""Pages for people without a client: what this hub is, and its documentation. Rendered here, without scripts."""

from api.pages.routes import error_page, page_routes
from api.pages.slips import slip_routes
from api.pages.state import Facts, Part

__all__ = ["Facts", "Part", "error_page", "page_routes", "slip_routes"]
