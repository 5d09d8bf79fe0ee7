"""A thing as MongoDB keeps it."""

from dataclasses import asdict

from hub.cancellation import CancellationPolicy
from hub.category import CategoryId
from hub.ids import ItemId, MediaId, PlaceId, UserId
from hub.item import Accessory, Item, PrereqKind, Rules, Tariff, Translation
from hub.search import day_price, known_by
from storage.mongo.geo import geo, point
from storage.mongo.store import Document


def item_document(item: Item) -> Document:
    """``words`` and ``price`` are for searching and follow from the rest."""
    return {
        "_id": item.id,
        "owner": item.owner,
        "title": item.title,
        "description": item.description,
        "tz": item.tz,
        "tariff": asdict(item.tariff),
        "rules": asdict(item.rules),
        "units": item.units,
        "place": item.place,
        "public": geo(item.public),
        "status": item.status,
        "rev": item.rev,
        "created_at": item.created_at,
        "category": item.category,
        "fields": dict(item.fields),
        "lang": item.lang,
        "translation": asdict(item.translation) if item.translation else None,
        "condition": item.condition,
        "accessories": [asdict(accessory) for accessory in item.accessories],
        "value": item.value,
        "safety": item.safety,
        "policy": item.policy.value,
        "prereqs": [kind.value for kind in item.prereqs],
        "unit_labels": list(item.unit_labels),
        "media": list(item.media),
        "deleted_at": item.deleted_at,
        "words": known_by(item),
        "price": day_price(item),
    }


def read_item(document: Document) -> Item:
    translation = document["translation"]
    return Item(
        id=ItemId(document["_id"]),
        owner=UserId(document["owner"]),
        title=document["title"],
        description=document["description"],
        tz=document["tz"],
        tariff=Tariff.read(document["tariff"]),
        rules=Rules(**document["rules"]),
        units=document["units"],
        place=PlaceId(document["place"]),
        public=point(document["public"]),
        status=document["status"],
        rev=document["rev"],
        created_at=document["created_at"],
        category=CategoryId(document["category"]),
        fields=document["fields"],
        lang=document["lang"],
        translation=Translation(**translation) if translation else None,
        condition=document["condition"],
        accessories=tuple(Accessory(**accessory) for accessory in document["accessories"]),
        value=document["value"],
        safety=document["safety"],
        policy=CancellationPolicy(document["policy"]),
        prereqs=tuple(map(PrereqKind, document.get("prereqs", ()))),
        unit_labels=tuple(document["unit_labels"]),
        media=tuple(MediaId(media) for media in document["media"]),
        deleted_at=document["deleted_at"],
    )
