"""Every kind of message, and what later ones make of earlier ones: by their author alone, in any order."""

import itertools

import pytest

from client.errors import NotPossible
from client.timeline import Line, lines
from crypto.dkx.content import AgreementRef, BotText, Delete, Dummy, Edit, Location, Preview, Reaction, Text
from crypto.dkx.error import ContentError
from crypto.dkx.rest import ContentType
from tests.client.conftest import Village

THUMBS_UP, HEART = "👍", "❤️"


async def said(village: Village, *cids: str) -> None:
    """Let everything go out and both read it."""
    for side in (village.marta, village.tim):
        side.outbox.nudge(village.room)
        await side.sent(village.room)
    for side in (village.marta, village.tim):
        await side.catch_up(village.room)


def shown(village: Village, kind: str = "text") -> list[Line]:
    """What Marta sees, once Tim sees the same."""
    marta, tim = village.marta.timeline(village.room), village.tim.timeline(village.room)
    assert marta == tim
    return [line for line in marta if line.kind == kind]


async def first_words(village: Village, text: str = "Ist sie frei?") -> int:
    await said(village, village.tim.chat.text(village.room, text))
    (line,) = shown(village)
    assert line.seq
    return line.seq


async def test_an_answer_names_what_it_answers(village: Village):
    seq = await first_words(village)
    await said(village, village.marta.chat.text(village.room, "Ja!", reply_to=seq))
    assert [(line.text, line.reply_to) for line in shown(village)] == [("Ist sie frei?", None), ("Ja!", seq)]


async def test_an_answer_to_what_is_not_here_says_so(village: Village):
    await said(village, village.tim.chat.say(village.room, Text("Ja!", reply_to=bytes(16))))
    assert [line.reply_to for line in shown(village)] == [0]


async def test_the_last_edit_of_its_author_holds(village: Village):
    seq = await first_words(village)
    await said(village, village.tim.chat.edit(village.room, seq, "Ist der Anhänger frei?"))
    await said(village, village.tim.chat.edit(village.room, seq, "Ist der Anhänger morgen frei?"))
    (line,) = shown(village)
    assert (line.text, line.edited, line.seq) == ("Ist der Anhänger morgen frei?", seq + 2, seq)


async def test_nobody_edits_or_takes_back_what_somebody_else_said(village: Village):
    seq = await first_words(village)
    name = village.marta.store.log.get(village.room, seq).name
    with pytest.raises(NotPossible):
        village.marta.chat.edit(village.room, seq, "Ich kaufe sie!")
    with pytest.raises(NotPossible):
        village.marta.chat.delete(village.room, seq)
    await said(
        village, *(village.marta.chat.say(village.room, forged) for forged in (Edit(name, "Haha"), Delete(name)))
    )
    (line,) = shown(village)
    assert (line.text, line.edited) == ("Ist sie frei?", None)


async def test_what_its_author_takes_back_is_gone_here_and_at_the_hub(village: Village):
    seq = await first_words(village, "Versehen")
    await said(village, village.marta.chat.react(village.room, seq, HEART))
    await said(village, village.tim.chat.delete(village.room, seq))
    assert shown(village) == []
    (line,) = shown(village, "gone")
    assert (line.seq, line.reason, line.text, line.content) == (seq, "deleted", "", None)
    assert village.hub.logs[village.room][seq - 1]["kind"] == "gone"


async def test_reactions_are_counted_once_for_each_person_and_can_be_taken_back(village: Village):
    seq = await first_words(village)
    for side, emoji in ((village.marta, THUMBS_UP), (village.marta, THUMBS_UP), (village.marta, HEART),
                        (village.tim, THUMBS_UP)):  # fmt: skip
        await said(village, side.chat.react(village.room, seq, emoji))
    marta, tim = village.marta.user, village.tim.user
    assert shown(village)[0].reactions == {THUMBS_UP: (marta, tim), HEART: (marta,)}
    await said(village, *village.marta.chat.unreact(village.room, seq, THUMBS_UP))
    assert shown(village)[0].reactions == {THUMBS_UP: (tim,), HEART: (marta,)}
    assert village.marta.chat.unreact(village.room, seq, THUMBS_UP) == []
    assert len(shown(village, "gone")) == 0


async def test_an_offer_is_pointed_to_and_a_dummy_is_never_seen(village: Village):
    await said(village, village.tim.chat.refer(village.room, bytes(32), "offer"), village.tim.chat.dummy(village.room))
    (line,) = shown(village, "reference")
    assert line.content == AgreementRef(bytes(32), "offer")
    assert [line.kind for line in village.marta.timeline(village.room)] == ["event", "reference"]
    assert not village.marta.warned()


async def test_the_other_kinds_are_shown_as_what_they_are(village: Village):
    kinds = (Location(525_200, 134_049), Preview("https://dorf.example/a", "Dorffest"), BotText("Noch zwei Tage."))
    await said(village, *(village.tim.chat.say(village.room, kind) for kind in kinds))
    found = village.marta.timeline(village.room)[1:]
    assert [(line.kind, line.content) for line in found] == list(
        zip(("location", "preview", "bot"), kinds, strict=True)
    )


@pytest.mark.parametrize(
    "body", [b'{"t":1}', b'{"t":"a","x":1}', b'{"t": "a"}', b"[]", b"\xff", b"", b'{"t":"a","reply_to":"00"}']
)
async def test_a_body_that_is_not_as_it_must_be_is_shown_as_unreadable(body: bytes, village: Village):
    village.tim.store.outgoing.add(village.room, ContentType.TEXT, body, 1)
    await said(village)
    (line,) = shown(village, "unreadable")
    assert (line.reason, line.text) == ("odd_body", "")


async def test_an_odd_edit_or_reaction_changes_nothing(village: Village):
    seq = await first_words(village)
    for ctype in (ContentType.EDIT, ContentType.REACTION, ContentType.DELETE):
        village.tim.store.outgoing.add(village.room, ctype, b'{"ref":"00"}', 1)
    await said(village)
    assert [(line.seq, line.text, line.edited) for line in village.marta.timeline(village.room)[1:]] == [
        (seq, "Ist sie frei?", None)
    ]


async def test_only_words_can_be_edited(village: Village):
    await said(village, village.tim.chat.refer(village.room, bytes(32), "offer"))
    (line,) = shown(village, "reference")
    with pytest.raises(NotPossible):
        village.tim.chat.edit(village.room, line.seq, "nein")
    name = village.tim.store.log.get(village.room, line.seq).name
    await said(village, village.tim.chat.say(village.room, Edit(name, "nein")))
    assert shown(village, "reference") == [line]


async def test_what_nobody_may_say_is_refused_before_it_is_written(village: Village):
    seq = await first_words(village)
    for act in (
        lambda: village.tim.chat.text(village.room, "x" * 70_000),
        lambda: village.tim.chat.react(village.room, seq, ""),
        lambda: village.tim.chat.react(village.room, seq, "x" * 65),
        lambda: village.tim.chat.refer(village.room, b"short", "offer"),
    ):
        with pytest.raises(ContentError):
            act()
    with pytest.raises(NotPossible):
        village.tim.chat.react(village.room, 99, HEART)
    assert village.tim.store.outgoing.of(village.room) == []


async def test_the_order_in_which_things_come_changes_nothing(village: Village):
    """As they are logged by a hub that puts them in any order, and as they are healed in any order."""
    seq = await first_words(village)
    await said(village, village.tim.chat.edit(village.room, seq, "Ist der Anhänger frei?"))
    await said(village, village.marta.chat.react(village.room, seq, THUMBS_UP))
    await said(village, *village.marta.chat.unreact(village.room, seq, THUMBS_UP))
    await said(village, village.marta.chat.react(village.room, seq, HEART))
    entries = village.marta.store.log.of(village.room)[1:]
    found = set()
    for order in itertools.permutations(entries):
        (line,) = [line for line in lines(order, (), "") if line.kind == "text"]
        found.add((line.text, line.edited, tuple(line.reactions.items())))
    assert found == {("Ist der Anhänger frei?", seq + 1, ((HEART, (village.marta.user,)),))}


async def test_a_change_that_failed_is_shown_and_one_on_its_way_is_not(village: Village):
    seq = await first_words(village)
    cid = village.tim.store.outgoing.add(village.room, ContentType.EDIT, Edit(bytes(16), "neu").to_bytes(), 1)
    village.tim.store.outgoing.add(village.room, ContentType.DUMMY, Dummy().to_bytes(), 1)
    village.tim.store.outgoing.add(village.room, ContentType.REACTION, Reaction(bytes(16), HEART).to_bytes(), 1)
    assert [line.seq for line in village.tim.timeline(village.room)] == [1, seq]
    village.tim.store.outgoing.failed(village.tim.store.outgoing.get(cid).n, "too_large")
    last = village.tim.timeline(village.room)[-1]
    assert (last.kind, last.text, last.reason) == ("failed", "neu", "too_large")
