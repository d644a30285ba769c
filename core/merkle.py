"""The mathematics of the log (RFC 9162): hashes of leaves, and proofs checked as anybody outside can.

No database and no settings: what checks a proof stands alone. `core.log` keeps the tree.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any


def leaf_bytes(*, kind: str, reference: str, content: Any, salt: bytes) -> bytes:
    """What is hashed: JSON with sorted keys, no spaces, UTF-8.

    >>> leaf_bytes(kind="entry", reference="1", content={"b": 1, "a": "원"}, salt=bytes(2)).decode()
    '{"content":{"a":"원","b":1},"kind":"entry","reference":"1","salt":"0000"}'
    """
    record = {"kind": kind, "reference": reference, "content": content, "salt": salt.hex()}
    return json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


EMPTY_ROOT = hashlib.sha256(b"").digest()


def head_bytes(*, size: int, root: bytes, sealed_at: datetime) -> bytes:
    """What a tree head's signature covers."""
    return f"etax-log-head\n{size}\n{root.hex()}\n{sealed_at.isoformat()}\n".encode()


def inclusion_holds(*, leaf: bytes, position: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether `proof` leads from the hash `leaf` at `position` to `root` over `size` leaves."""
    if position >= size:
        return False
    node, last, result = position, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            result = node_hash(sibling, result)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            result = node_hash(result, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and result == root


def consistency_holds(*, old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether `proof` shows that the tree of `old` leaves is the beginning of the tree of `new` leaves."""
    if old == new:
        return not proof and old_root == new_root
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not path:
        return False
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    first = second = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root
