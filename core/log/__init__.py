"""The one log: append-only, a Merkle tree after RFC 9162, sealed in batches behind the writes."""

from core.log.append import append_leaf
from core.log.seal import seal
from core.log.tree import consistency_proof, inclusion_proof

__all__ = ["append_leaf", "consistency_proof", "inclusion_proof", "seal"]
