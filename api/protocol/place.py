"""Rows of the table: places."""

from typing import Final

from api.asks import place as asks
from api.protocol.act import READ, WRITE, act
from api.views import place as views
from api.views.common import nothing
from hub.usecases import places

ACTS: Final = (
    act("place:create", "POST /v1/places", asks.CreatePlace, places.create_place, ("member",), (WRITE,), views.place,
        "A place of one's own; entered again, the same one.", status=201),
    act("place:list", "GET /v1/places", asks.ListPlaces, places.list_places, ("member",), (READ,), views.places,
        "One's places."),
    act("place:update", "PUT /v1/places/{place}", asks.UpdatePlace, places.update_place, ("member",), (WRITE,),
        views.place, "Change a place for every thing that is there."),
    act("place:delete", "DELETE /v1/places/{place}", asks.DeletePlace, places.delete_place, ("member",), (WRITE,),
        nothing, "Forget an address that no thing needs."),
)  # fmt: skip
