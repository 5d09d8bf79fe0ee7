"""Sizes that acts of several topics share."""

from typing import Annotated

from pydantic import Field

from api.field import (
    SafeInt,
)

PageSize = Annotated[SafeInt, Field(ge=1, le=100)]

Units = Annotated[SafeInt, Field(ge=1, le=999)]
