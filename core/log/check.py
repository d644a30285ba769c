"""Recomputing the log from what is stored: every leaf, root and signature, and every window from its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from core.log.check_windows import windows_as_sealed
from core.log.published import head_of_size, signature_holds
from core.merkle import EMPTY_ROOT, leaf_bytes, leaf_hash, node_hash
from core.models import LogSeal, TreeHead

BATCH: Final = 5_000
Check = Callable[[], Iterable[str]]


class Frontier:
    """The complete subtrees at the right edge of a growing tree: all that is needed to know its root."""

    def __init__(self) -> None:
        self.size = 0
        self._subtrees: list[tuple[int, bytes]] = []

    def append(self, digest: bytes) -> None:
        level = 0
        while self._subtrees and self._subtrees[-1][0] == level:
            digest, level = node_hash(self._subtrees.pop()[1], digest), level + 1
        self._subtrees.append((level, digest))
        self.size += 1

    def root(self) -> bytes:
        """
        The Merkle tree hash over what was appended so far.

        >>> Frontier().root() == EMPTY_ROOT
        True
        """
        if not self._subtrees:
            return EMPTY_ROOT
        *left, (_, digest) = self._subtrees
        for _, subtree in reversed(left):
            digest = node_hash(subtree, digest)
        return digest


def differences(*, printed: dict[int, str] | None = None, most: int = 20) -> list[str]:
    """
    What does not agree, in words, the first `most`; nothing if all holds.

    `printed` are roots by size as they were published outside, in hexadecimal: who could rewrite our log and sign it
    again can't rewrite those. All is read as of one moment; nobody who writes waits for it.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return list(islice(_all_differences(printed or {}), most))


def _all_differences(printed: dict[int, str]) -> Iterator[str]:
    yield from _tree_as_signed(printed)
    yield from _slipped_in()
    for kind, source in settings.LOG_WINDOWS.items():
        yield from windows_as_sealed(kind=kind, source=source)
    for path in settings.LOG_CHECKS:
        check: Check = import_string(path)
        yield from check()


def _tree_as_signed(printed: dict[int, str]) -> Iterator[str]:
    frontier = Frontier()
    waiting = dict(printed)
    while rows := _sealed_leaves(frontier.size):
        heads = _heads(frontier.size, frontier.size + len(rows))
        for position, digest, kind, reference, content, salt in rows:
            if position != frontier.size:
                yield f"place {frontier.size} of the log is empty"
                return
            recomputed = leaf_hash(leaf_bytes(kind=kind, reference=reference, content=content, salt=bytes(salt)))
            if recomputed != bytes(digest):
                yield f"leaf {position} ({kind} {reference}) is not what was sealed"
            frontier.append(bytes(digest))
            if frontier.size in heads and heads[frontier.size] != frontier.root():
                yield f"the leaves don't lead to the root signed over the first {frontier.size}"
            if waiting.pop(frontier.size, root := frontier.root().hex()) != root:
                yield f"the root printed for the first {frontier.size} leaves is not ours"
    yield from (f"a root was printed for {size} leaves; the log has {frontier.size}" for size in waiting)
    yield from _last_head(frontier.size)


def _sealed_leaves(start: int) -> list[tuple[Any, ...]]:
    rows = LogSeal.objects.filter(position__gte=start).order_by("position")
    names = ("position", "digest", "leaf__kind", "leaf__reference", "leaf__content", "leaf__salt")
    return list(rows.values_list(*names)[:BATCH])


def _heads(after: int, until: int) -> dict[int, bytes]:
    rows = TreeHead.objects.filter(size__gt=after, size__lte=until).values_list("size", "root")
    return {size: bytes(root) for size, root in rows}


def _last_head(size: int) -> Iterator[str]:
    newest = TreeHead.objects.order_by("-size").values_list("size", flat=True).first() or 0
    if newest != size:
        yield f"the newest signed root is over {newest} leaves; the log has {size}"
    if newest:
        head = head_of_size(newest)
        if not signature_holds(head, key=head.key):
            yield f"the signature of the newest root (over {newest} leaves) does not hold"


def _slipped_in() -> Iterator[str]:
    """Leaves that pass for older than the last sealed one and have no place: the sealer would never look at them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, kind, reference FROM core_leaves_passed_over(20)")
        for leaf_id, kind, reference in cursor.fetchall():
            yield f"leaf id {leaf_id} ({kind} {reference}) was slipped in below what is sealed"
