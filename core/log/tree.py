"""The tree over stored nodes: roots and proofs in O(log n) reads (RFC 9162, 2.1.3 and 2.1.4).

A complete subtree of 2^level leaves is stored once it is full (level 0: `LogSeal`, above: `LogNode`); everything
ragged at the right edge is computed from those.
"""

from __future__ import annotations

from collections.abc import Callable

from core.merkle import EMPTY_ROOT, node_hash
from core.models import LogNode, LogSeal

NodeAt = Callable[[int, int], bytes]


def stored_node(level: int, index: int) -> bytes:
    """Hash of a complete subtree."""
    if level == 0:
        return bytes(LogSeal.objects.values_list("digest", flat=True).get(position=index))
    return bytes(LogNode.objects.values_list("digest", flat=True).get(level=level, index=index))


def root_of(start: int, end: int, node_at: NodeAt = stored_node) -> bytes:
    """Merkle tree hash over the leaves `start` … `end` - 1; `start` is a multiple of the subtree's width."""
    width = end - start
    if width == 0:
        return EMPTY_ROOT
    if width & (width - 1) == 0:
        level = width.bit_length() - 1
        return node_at(level, start >> level)
    split = start + _left_width(width)
    return node_hash(root_of(start, split, node_at), root_of(split, end, node_at))


def inclusion_proof(position: int, size: int, node_at: NodeAt = stored_node) -> list[bytes]:
    """Hashes that lead from the leaf at `position` to the root over `size` leaves."""
    if not 0 <= position < size:
        raise ValueError(f"no leaf {position} in a tree of {size}")
    return _path(position, 0, size, node_at)


def consistency_proof(old: int, new: int, node_at: NodeAt = stored_node) -> list[bytes]:
    """Hashes that show that the tree of `new` leaves begins with the tree of `old` leaves."""
    if not 0 < old <= new:
        raise ValueError(f"a tree of {old} is no beginning of one of {new}")
    return [] if old == new else _subproof(old, 0, new, True, node_at)


def _left_width(width: int) -> int:
    return 1 << ((width - 1).bit_length() - 1)


def _path(position: int, start: int, end: int, node_at: NodeAt) -> list[bytes]:
    if end - start == 1:
        return []
    split = start + _left_width(end - start)
    if position < split:
        return [*_path(position, start, split, node_at), root_of(split, end, node_at)]
    return [*_path(position, split, end, node_at), root_of(start, split, node_at)]


def _subproof(old: int, start: int, end: int, whole: bool, node_at: NodeAt) -> list[bytes]:
    if old == end:
        return [] if whole else [root_of(start, end, node_at)]
    split = start + _left_width(end - start)
    if old <= split:
        return [*_subproof(old, start, split, whole, node_at), root_of(split, end, node_at)]
    return [*_subproof(old, split, end, False, node_at), root_of(start, split, node_at)]
