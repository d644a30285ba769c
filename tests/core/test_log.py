"""The one log, checked as an outsider would: with nothing but hashes, proofs and the published key."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import monotonic

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import connection, transaction

from core import clock
from core.log import (
    append_leaf,
    consistency_proof,
    daily_heads,
    inclusion_proof,
    newest_head,
    seal,
    signature_holds,
)
from core.merkle import consistency_holds, inclusion_holds, leaf_bytes, leaf_hash, node_hash
from core.models import LogLeaf, LogSeal, TreeHead


def append(number: int) -> None:
    append_leaf(kind="test", reference=str(number), content={"number": number, "text": "원"})


def seal_all(expected: int, at: datetime | None = None) -> None:
    """Seal until `expected` leaves have their place: a transaction of any database on the server may hold it up."""
    deadline = monotonic() + 30
    done = 0
    while done < expected and monotonic() < deadline:
        done += seal(at=at or clock.now())
    assert done == expected


def naive_root(hashes: list[bytes]) -> bytes:
    """The definition of RFC 9162, 2.1.1, word for word."""
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return node_hash(naive_root(hashes[:split]), naive_root(hashes[split:]))


@pytest.mark.parametrize("batches", [[1], [3], [8], [1, 1, 1, 1, 1], [5, 6, 2], [7, 9]])
def test_heads_and_proofs_hold_however_the_leaves_were_sealed(db: None, batches: list[int]) -> None:
    heads: list[TreeHead] = []
    for batch in batches:
        for number in range(batch):
            append(number)
        seal_all(batch)
        heads.append(TreeHead.objects.get(size=sum(batches[: len(heads) + 1])))
    hashes = [bytes(row.digest) for row in LogSeal.objects.order_by("position")]
    last = heads[-1]
    for head in heads:
        assert bytes(head.root) == naive_root(hashes[: head.size])
        proof = consistency_proof(head.size, last.size)
        assert consistency_holds(
            old=head.size, old_root=bytes(head.root), new=last.size, new_root=bytes(last.root), proof=proof
        )
    for position, digest in enumerate(hashes):
        proof = inclusion_proof(position, last.size)
        assert inclusion_holds(leaf=digest, position=position, size=last.size, proof=proof, root=bytes(last.root))
        other = leaf_hash(b"something else")
        assert not inclusion_holds(leaf=other, position=position, size=last.size, proof=proof, root=bytes(last.root))


def test_a_leaf_can_be_recomputed_from_what_is_stored(db: None) -> None:
    append(1)
    seal_all(1)
    leaf, place = LogLeaf.objects.get(), LogSeal.objects.get()
    data = leaf_bytes(kind=leaf.kind, reference=leaf.reference, content=leaf.content, salt=bytes(leaf.salt))
    assert json.loads(data)["content"] == {"number": 1, "text": "원"}
    assert leaf_hash(data) == bytes(place.digest)


def test_anybody_can_check_the_published_head_with_the_citys_key(db: None) -> None:
    append(1)
    seal_all(1)
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(settings.LOG_SIGNING_KEY)[:32]).public_key()
    head = newest_head()
    assert head is not None
    assert signature_holds(head, key=key.public_bytes_raw().hex())
    assert not signature_holds(replace(head, signed_text=head.signed_text.replace("1", "2", 1)), key=head.key)
    assert not signature_holds(head, key=Ed25519PrivateKey.generate().public_key().public_bytes_raw().hex())


def test_of_each_day_the_last_head_is_published(db: None) -> None:
    for hour, number in ((20, 1), (22, 2), (44, 3)):
        append(number)
        seal_all(1, at=datetime(2026, 6, 16, tzinfo=UTC) + timedelta(hours=hour))
    assert [(head.sealed_at.day, head.size) for head in daily_heads()] == [(17, 3), (16, 2)]


def test_nobody_waits_for_a_writer_and_a_late_commit_is_not_passed_over(db: None) -> None:
    """A writer that began first and commits last gets its place in the next batch."""
    began, go_on = threading.Event(), threading.Event()

    def slow_writer() -> None:
        with transaction.atomic():
            append(1)
            began.set()
            assert go_on.wait(30)
        connection.close()

    writer = threading.Thread(target=slow_writer)
    writer.start()
    assert began.wait(30)
    append(2)
    sealed_meanwhile = seal(at=clock.now())
    go_on.set()
    writer.join()
    assert sealed_meanwhile == 0  # leaf 2 is younger than a running transaction: it waits, its writer did not
    seal_all(2)
    assert LogSeal.objects.count() == 2


def test_sealing_nothing_changes_nothing(db: None) -> None:
    assert seal(at=clock.now()) == 0
    assert not TreeHead.objects.exists()
