"""Points as MongoDB keeps them: plain numbers, so that an index holds them whole.

Searching goes by squares of latitude and longitude and ranks outside of the database. ``$geoNear`` is no help: what is
public lies on a grid with many things on each point, and it fetches all of them to order a few.
"""

from dataclasses import asdict

from hub.place import Point
from storage.mongo.store import Document


def geo(point: Point) -> Document:
    return asdict(point)


def point(document: Document) -> Point:
    return Point(document["lat"], document["lon"])
