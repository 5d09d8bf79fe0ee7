"""The operator's texts in their versions, and what somebody agreed to."""

from collections.abc import Sequence

from api.views.common import View, milliseconds
from hub.terms import TermsVersion
from hub.usecases.consenting import Consents


def terms(found: Sequence[TermsVersion]) -> View:
    return {"terms": [_about(version) for version in found]}


def text(found: TermsVersion) -> View:
    """With the text by language."""
    return _about(found) | {"texts": dict(found.texts)}


def consents(found: Consents) -> View:
    given = [{"doc": each.doc, "version": each.version, "at": milliseconds(each.at)} for each in found.given]
    return {"given": given, "due": [_about(version) for version in found.due]}


def _about(version: TermsVersion) -> View:
    return {"doc": version.doc, "version": version.version, "at": milliseconds(version.at)}
