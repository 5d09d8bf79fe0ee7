"""Points as MongoDB keeps them: GeoJSON, RFC 7946, longitude first."""

from hub.place import Point
from storage.mongo.store import Document


def geo(point: Point) -> Document:
    return {"type": "Point", "coordinates": [point.lon, point.lat]}


def point(document: Document) -> Point:
    lon, lat = document["coordinates"]
    return Point(lat, lon)
