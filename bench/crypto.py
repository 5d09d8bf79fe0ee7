"""What DKX-1 costs in Python, beside the raw primitives it is made of: read the ratios, not the microseconds.

python -m bench.crypto                # best of 5 rounds
python -m bench.crypto --rounds 1
"""

import argparse
import io
import time
from collections.abc import Callable, Iterator

from nacl import bindings

from crypto import push
from crypto.dkx.backup import MEM_KIB, OPS, Entry
from crypto.dkx.primitive import ZEROS16
from crypto.dkx.rest import ContentType, Rest
from crypto.dkx.sealing import backup
from crypto.dkx.sealing.backup_entry import open_entry, seal_entry
from crypto.dkx.sealing.chain import MAX_MESSAGES, SendingChain
from crypto.dkx.sealing.file import FileSecret, Opener, Sealer
from crypto.dkx.sealing.keys import BoxKey, SigningKey
from crypto.dkx.sealing.message import open_envelope, seal
from crypto.dkx.sealing.packet import Address, open_packet
from crypto.dkx.sealing.packet import seal as seal_packet
from crypto.dkx.sealing.record import ChainRecord
from crypto.dkx.verdict import verify_bundle
from tests.crypto import cast, vectors2
from tests.crypto.cast import ANNA, BERND, seed

HISTORY = 2_000
MIB = 1024 * 1024
REST = Rest(ContentType.TEXT, cast.T, 0, ZEROS16, ZEROS16, b'{"t":"Ist die Bohrmaschine am Samstag frei?"}')
TO = Address(BERND.party, cast.SIGNED_SPK_B)


def begin() -> SendingChain:
    return SendingChain.begin(
        cast.ROOM, ANNA.device, roster_hash=cast.ROSTER.hash, peers_hash=ZEROS16, now_ms=cast.T, sent_before=0
    )


def history() -> Iterator[tuple[bytes, list[bytes]]]:
    """Backup entries and envelopes of 2,000 messages, in chains of 100."""
    for _ in range(HISTORY // MAX_MESSAGES):
        chain = begin()
        entry = seal_entry(ChainRecord.of(chain, ANNA.account), ANNA.account, seed(16))
        envelopes = []
        for _ in range(MAX_MESSAGES):
            envelope, chain = seal(chain, cast.CID, REST)
            envelopes.append(envelope)
        yield entry.raw, envelopes


def restore(chains: list[tuple[bytes, list[bytes]]]) -> None:
    versions = {account: [known] for account, known in cast.LISTS.items()}
    for entry, envelopes in chains:
        record = open_entry(Entry.parse(entry), seed(16)).record([cast.ROSTER], versions)
        for envelope in envelopes:
            open_envelope(envelope, record)


def best(work: Callable[[], object], times: int, rounds: int) -> float:
    """Microseconds of one, from the best round."""
    found = []
    for _ in range(rounds):
        began = time.perf_counter()
        for _ in range(times):
            work()
        found.append((time.perf_counter() - began) / times * 1e6)
    return min(found)


def raw_seal(key: SigningKey) -> None:
    bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(bytes(256), bytes(104), bytes(24), bytes(32))
    bindings.crypto_sign(bytes(384), key.secret)


def raw_open(key: SigningKey) -> Callable[[], None]:
    sealed = bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(bytes(256), bytes(104), bytes(24), bytes(32))
    signed = bindings.crypto_sign(bytes(384), key.secret)

    def work() -> None:
        bindings.crypto_sign_open(signed, key.public)
        bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(sealed, bytes(104), bytes(24), bytes(32))

    return work


def raw_agree(secret: BoxKey, count: int) -> None:
    for _ in range(count):
        bindings.crypto_scalarmult(secret.secret, BERND.dbk.public)


def sealed_file(size: int) -> tuple[Sealer, list[bytes], FileSecret]:
    secret = FileSecret.generate()
    sealer = Sealer(secret, size)
    return sealer, list(sealer.pieces(io.BytesIO(bytes(size)).read)), secret


def opened_file(made: tuple[Sealer, list[bytes], FileSecret], size: int) -> None:
    sealer, pieces, secret = made
    opener = Opener(secret.key, size, sealer.b2)
    for piece in pieces:
        for _ in opener.feed(piece):
            pass
    opener.finish()


def raw_chunks(size: int) -> None:
    for _ in range(size // 65536):
        bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(bytes(65536), bytes(28), bytes(24), bytes(32))


def rows(rounds: int) -> Iterator[tuple[str, float, float | None]]:
    """(what, microseconds, microseconds of the primitives alone)."""
    chain = begin()
    record = ChainRecord.of(chain, ANNA.account)
    first = seal(chain, cast.CID, REST)[0]
    packet = seal_packet(cast.BODY, ANNA, TO, room=cast.ROOM, chain=cast.CHAIN)
    yield (
        "encrypt a message",
        best(lambda: seal(chain, cast.CID, REST), 500, rounds),
        best(lambda: raw_seal(cast.CSK), 500, rounds),
    )
    yield (
        "open a message",
        best(lambda: open_envelope(first, record), 500, rounds),
        best(raw_open(cast.CSK), 500, rounds),
    )
    yield (
        "seal a key packet",
        best(lambda: seal_packet(cast.BODY, ANNA, TO, room=cast.ROOM, chain=cast.CHAIN), 200, rounds),
        best(lambda: raw_agree(ANNA.dbk, 4), 200, rounds),
    )
    yield (
        "open a key packet",
        best(lambda: open_packet(packet, ANNA.party, BERND, cast.SPK_B), 200, rounds),
        best(lambda: raw_agree(ANNA.dbk, 3), 200, rounds),
    )
    yield from stored(rounds)


def stored(rounds: int) -> Iterator[tuple[str, float, float | None]]:
    made = sealed_file(MIB)
    file = best(lambda: raw_chunks(MIB), 3, rounds)
    yield "seal a file, 1 MiB", best(lambda: sealed_file(MIB), 3, rounds), file
    yield "open a file, 1 MiB", best(lambda: opened_file(made, MIB), 3, rounds), file
    yield (
        "derive a backup's key (Argon2id, 64 MiB, t = 3)",
        best(lambda: backup.kek_of_code(b"A" * 24, ZEROS16, OPS, MEM_KIB), 1, rounds),
        None,
    )
    yield (
        "seal a backup entry",
        best(lambda: seal_entry(cast.RECORD, ANNA.account, seed(16)), 500, rounds),
        None,
    )
    yield "seal a push notice", best(lambda: push.seal_push(seed(1), 1, {"n_id": "0" * 32}), 500, rounds), None
    bundle = vectors2.whole_bundle()
    yield "verify a bundle of 4 documents", best(lambda: verify_bundle(bundle), 5, rounds), None
    chains = list(history())
    opened = best(raw_open(cast.CSK), 500, rounds) * HISTORY
    yield "restore 2,000 messages from backup", best(lambda: restore(chains), 1, rounds), opened


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    print("| what | µs | ÷ the primitives alone |\n|---|---|---|")
    for what, took, alone in rows(rounds):
        print(f"| {what} | {took:,.0f} | {f'{took / alone:.1f}' if alone else ''} |")


if __name__ == "__main__":
    main()
