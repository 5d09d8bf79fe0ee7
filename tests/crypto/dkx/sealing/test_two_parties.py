"""Two neighbours and a network that drops, doubles and reorders what they say."""

from hypothesis import given, settings
from hypothesis import strategies as st

from crypto.dkx.keypacket import KeyPacket
from crypto.dkx.peers import peers_hash
from crypto.dkx.rest import ContentType, Rest
from crypto.dkx.sealing.accept import accept_chain
from crypto.dkx.sealing.body import ChainBody
from crypto.dkx.sealing.chain import SendingChain
from crypto.dkx.sealing.keys import new_id
from crypto.dkx.sealing.message import open_envelope, seal
from crypto.dkx.sealing.packet import Address, open_packet
from crypto.dkx.sealing.packet import seal as seal_packet
from crypto.dkx.sealing.record import ChainRecord
from crypto.dkx.sealing.replay import ReplayRegister
from tests.crypto import cast
from tests.crypto.cast import ANNA, BERND, LIST_A, LIST_B, LISTS, ROOM, ROSTER, SPK_B, T

PEERS = peers_hash([(ANNA.account, LIST_A.hash), (BERND.account, LIST_B.hash)])
TO_BERND = Address(BERND.party, cast.SIGNED_SPK_B)


class Sender:
    """Anna's side: a chain is replaced when it must be, and each is told to Bernd once."""

    def __init__(self) -> None:
        self.chain: SendingChain | None = None
        self.packets: list[bytes] = []
        self.sent = 0

    def say(self, words: str, now_ms: int) -> bytes:
        if self.chain is None or self.chain.reason_to_rotate(now_ms, ROSTER.hash, PEERS):
            self.chain = self._begin(now_ms)
        rest = Rest(ContentType.TEXT, now_ms, 0, bytes(16), PEERS, words.encode())
        envelope, self.chain = seal(self.chain, new_id(), rest)
        self.sent += 1
        return envelope

    def _begin(self, now_ms: int) -> SendingChain:
        chain = SendingChain.begin(
            ROOM, ANNA.device, roster_hash=ROSTER.hash, peers_hash=PEERS, now_ms=now_ms, sent_before=self.sent
        )
        body = ChainBody(0, chain.ck, chain.csk.public, ROSTER.hash, LIST_A.place, now_ms, self.sent)
        self.packets.append(seal_packet(body, ANNA, TO_BERND, room=ROOM, chain=chain.id).raw)
        return chain


class Reader:
    """Bernd's side: packets in any order, envelopes in any order."""

    def __init__(self, packets: list[bytes]) -> None:
        self.records: dict[bytes, ChainRecord] = {}
        self.before: dict[bytes, int] = {}
        self.register = ReplayRegister()
        self.read: dict[tuple[int, int], str] = {}
        for raw in packets:
            self._learn(KeyPacket.parse(raw))

    def _learn(self, packet: KeyPacket) -> None:
        body = open_packet(packet, ANNA.party, BERND, SPK_B)
        assert isinstance(body, ChainBody)
        record = accept_chain(packet, body, ROSTER, LISTS)
        known = self.records.setdefault(packet.chain, record)
        self.records[packet.chain] = known.merged(record)
        self.before[packet.chain] = body.sent_before

    def receive(self, envelope: bytes) -> bool:
        opened = open_envelope(envelope, self.records[envelope[36:52]])
        if not self.register.note(opened.header, opened.hash):
            return False
        self.read[self.before[opened.header.chain], opened.header.index] = opened.rest.body.decode()
        return True


words = st.lists(st.tuples(st.text(max_size=40), st.integers(0, 10 * 3_600_000)), min_size=1, max_size=12)


@settings(max_examples=30, deadline=None)
@given(words, st.data())
def test_whatever_arrives_in_whatever_order_is_read_once_and_in_its_place(
    conversation: list[tuple[str, int]], data: st.DataObject
) -> None:
    sender, now = Sender(), T
    envelopes = []
    for text, pause in conversation:
        now += pause
        envelopes.append(sender.say(text, now))
    reader = Reader(data.draw(st.permutations(sender.packets * 2)))
    arrivals = data.draw(st.lists(st.sampled_from(range(len(envelopes))), max_size=25))
    fresh = [reader.receive(envelopes[number]) for number in arrivals]
    assert fresh == [number not in arrivals[:place] for place, number in enumerate(arrivals)]
    told = {before + index: text for (before, index), text in reader.read.items()}
    assert told == {number: conversation[number][0] for number in arrivals}


def test_a_long_conversation_changes_chains_every_hundred_messages() -> None:
    sender = Sender()
    envelopes = [sender.say(str(number), T + number) for number in range(250)]
    reader = Reader(sender.packets)
    assert all(map(reader.receive, envelopes))
    assert len(sender.packets) == 3
    assert sorted(reader.before.values()) == [0, 100, 200]
