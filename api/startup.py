"""Reads the settings at start and says what is wrong with them in the operator's words."""

from typing import Any

from pydantic import ValidationError

from api.settings import Settings, settings_problem
from storage.servers import StartupError


def load_settings(**chosen: Any) -> Settings:
    """The settings from the environment; ``chosen`` (from the command line) go first. Raises ``StartupError``."""
    try:
        return Settings(**chosen)
    except ValidationError as error:
        raise StartupError(settings_problem(error), "Every setting is explained in docs/settings.md") from error
