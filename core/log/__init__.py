"""The one log: append-only, a Merkle tree after RFC 9162, sealed in batches behind the writes."""

from core.log.append import append_leaf
from core.log.check import differences
from core.log.published import (
    NoSuchHead,
    PublishedHead,
    daily_heads,
    first_head_over,
    head_of_size,
    newest_head,
    signature_holds,
)
from core.log.read import Leaf, SealedLeaf, appended_here, leaves, sealed_leaf
from core.log.seal import seal
from core.log.tree import consistency_proof, inclusion_proof
from core.log.windows import Coverage, close_all_windows, coverage

__all__ = [
    "Coverage",
    "Leaf",
    "NoSuchHead",
    "PublishedHead",
    "SealedLeaf",
    "append_leaf",
    "appended_here",
    "close_all_windows",
    "consistency_proof",
    "coverage",
    "daily_heads",
    "differences",
    "first_head_over",
    "head_of_size",
    "inclusion_proof",
    "leaves",
    "newest_head",
    "seal",
    "sealed_leaf",
    "signature_holds",
]
