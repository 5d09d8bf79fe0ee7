"""Pages for people without a client: what this hub is, and its documentation. Rendered here, without scripts."""

from api.pages.routes import page_routes

__all__ = ["page_routes"]
