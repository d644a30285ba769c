"""The one log: append-only, a Merkle tree after RFC 9162, sealed in batches behind the writes."""

from core.log.append import append_leaf
from core.log.published import NoSuchHead, PublishedHead, daily_heads, head_of_size, newest_head, signature_holds
from core.log.seal import seal
from core.log.tree import consistency_proof, inclusion_proof

__all__ = [
    "NoSuchHead",
    "PublishedHead",
    "append_leaf",
    "consistency_proof",
    "daily_heads",
    "head_of_size",
    "inclusion_proof",
    "newest_head",
    "seal",
    "signature_holds",
]
