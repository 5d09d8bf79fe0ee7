"""Agreeing to the operator's texts, each version by itself; a changed text asks anew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hub.account import Actor
from hub.errors import Conflict, NotFound
from hub.ports import Ports
from hub.terms import Consent, Doc, TermsVersion


@dataclass(frozen=True, slots=True)
class ListTerms:
    pass


@dataclass(frozen=True, slots=True)
class GetTerms:
    doc: Doc
    version: int


@dataclass(frozen=True, slots=True)
class GiveConsent:
    """To the version that was read."""

    doc: Doc
    version: int


@dataclass(frozen=True, slots=True)
class ListConsents:
    pass


@dataclass(frozen=True, slots=True)
class Consents:
    """``due``: what is in force and was not agreed to yet."""

    given: Sequence[Consent]
    due: Sequence[TermsVersion]


async def record_terms(ports: Ports, texts: Mapping[Doc, Mapping[str, str]]) -> int:
    """Take note of the texts as they are now; answers how many are a new version."""
    known = {version.doc: version for version in await ports.terms.newest()}
    fresh = [
        TermsVersion(doc, known[doc].version + 1 if doc in known else 1, said, ports.clock.real())
        for doc, said in texts.items()
        if doc not in known or known[doc].texts != said
    ]
    for version in fresh:
        await ports.terms.add(version)
    return len(fresh)


async def list_terms(ports: Ports, command: ListTerms) -> Sequence[TermsVersion]:  # noqa: ARG001 - shape of an act
    """What is in force."""
    return await ports.terms.newest()


async def get_terms(ports: Ports, command: GetTerms) -> TermsVersion:
    """Any version, also an old one: what somebody agreed to stays readable."""
    found = await ports.terms.get(command.doc, command.version)
    if found is None:
        raise NotFound("terms_not_found")
    return found


async def give_consent(ports: Ports, actor: Actor, command: GiveConsent) -> Consents:
    """Agree. Conflict("terms_changed") unless it is the version in force."""
    current = {version.doc: version.version for version in await ports.terms.newest()}
    if command.doc not in current:
        raise NotFound("terms_not_found")
    if current[command.doc] != command.version:
        raise Conflict("terms_changed", {"version": current[command.doc]})
    await ports.terms.agree(Consent(actor.user, command.doc, command.version, ports.clock.real()))
    return await list_consents(ports, actor, ListConsents())


async def list_consents(ports: Ports, actor: Actor, command: ListConsents) -> Consents:  # noqa: ARG001 - shape of an act
    given = await ports.terms.agreed(actor.user)
    agreed = {(consent.doc, consent.version) for consent in given}
    due = [version for version in await ports.terms.newest() if (version.doc, version.version) not in agreed]
    return Consents(given, due)
