from __future__ import annotations

import json
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import connection, transaction

from core.log.tree import root_of, stored_node
from core.merkle import head_bytes, leaf_bytes, leaf_hash, node_hash
from core.models import LogNode, LogSeal, TreeHead


def seal(*, at: datetime, most: int = 10_000) -> int:
    """Give up to `most` leaves their places, store the new complete subtrees and a signed head; returns how many."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT core_take_turn('seal')")
        cursor.execute("SELECT id, kind, reference, content, salt FROM core_unsealed_leaves(%s)", [most])
        leaves = cursor.fetchall()
        if leaves:
            _extend(leaves, at)
    return len(leaves)


def _extend(leaves: list[tuple[int, str, str, str, bytes]], at: datetime) -> None:
    last = LogSeal.objects.order_by("-position").values_list("position", flat=True).first()
    start = 0 if last is None else last + 1
    seals: list[LogSeal] = []
    nodes: dict[tuple[int, int], bytes] = {}
    for position, (leaf_id, kind, reference, content, salt) in enumerate(leaves, start):
        loaded = json.loads(content) if isinstance(content, str) else content
        digest = leaf_hash(leaf_bytes(kind=kind, reference=reference, content=loaded, salt=bytes(salt)))
        seals.append(LogSeal(position=position, leaf_id=leaf_id, digest=digest))
        _close_subtrees(nodes, position, digest)
    size = start + len(leaves)
    root = root_of(0, size, lambda level, index: nodes.get((level, index)) or stored_node(level, index))
    LogSeal.objects.bulk_create(seals, batch_size=1000)
    LogNode.objects.bulk_create(
        [LogNode(level=level, index=index, digest=digest) for (level, index), digest in nodes.items() if level],
        batch_size=1000,
    )
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(settings.LOG_SIGNING_KEY)[:32])
    signature = key.sign(head_bytes(size=size, root=root, sealed_at=at))
    TreeHead.objects.create(
        size=size, root=root, sealed_at=at, signature=signature, key_id=key.public_key().public_bytes_raw().hex()
    )


def _close_subtrees(nodes: dict[tuple[int, int], bytes], position: int, digest: bytes) -> None:
    nodes[0, position] = digest
    level, index = 0, position
    while index & 1:
        left = nodes.get((level, index - 1)) or stored_node(level, index - 1)
        level, index, digest = level + 1, index >> 1, node_hash(left, digest)
        nodes[level, index] = digest
