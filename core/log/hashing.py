"""Hashes of RFC 9162, 2.1.1, over the canonical bytes of a leaf."""

from __future__ import annotations

import hashlib
import json
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
