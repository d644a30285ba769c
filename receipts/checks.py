"""Proofs for `manage.py log_check`: the register of documents and the files, against the leaves of the log."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from django.db import connection

from core import log
from receipts.models import Document
from receipts.states import Status


def documents_as_sealed() -> Iterator[str]:
    """Each document and its file have the hash that was sealed, and none was handed out without a leaf."""
    count = 0
    for batch in log.leaves(kind="document"):
        count += len(batch)
        stored = _hashes([leaf.reference for leaf in batch])
        for leaf in batch:
            kind, registered, of_file = stored.get(leaf.reference, ("", "", ""))
            if not kind:
                yield f"document {leaf.reference} is gone from the register"
            elif (kind, registered) != (leaf.content["kind"], leaf.content["sha256"]):
                yield f"document {leaf.reference} is not what was sealed"
            elif of_file != registered:
                yield f"the file of document {leaf.reference} was changed"
    yield from _gone_as_sealed("withdrawal", Status.WITHDRAWN)
    yield from _gone_as_sealed("annulment", Status.ANNULLED)
    registered_in_all = Document.objects.exclude(sha256=None).count()
    if registered_in_all > count:
        yield f"{registered_in_all - count} document(s) of the register have no leaf in the log"


def _gone_as_sealed(kind: str, status: Status) -> Iterator[str]:
    sealed = {leaf.reference for leaf in chain(*log.leaves(kind=kind))}
    gone = set(Document.objects.filter(status=status).values_list("number", flat=True))
    yield from (f"document {number} was {status.value} without a leaf" for number in sorted(gone - sealed))
    yield from (f"document {number} is no longer {status.value}" for number in sorted(sealed - gone))


def _hashes(numbers: list[str]) -> dict[str, tuple[str, str, str]]:
    """By number: kind, hash in the register, hash of the file as it is."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT d.number, d.kind, "
            "coalesce(encode(d.sha256, 'hex'), ''), coalesce(encode(sha256(c.pdf), 'hex'), '') "
            "FROM receipts_document d LEFT JOIN receipts_documentcontent c ON c.document_id = d.id "
            "WHERE d.number = ANY (%s)",
            [numbers],
        )
        return {number: (kind, registered, of_file) for number, kind, registered, of_file in cursor.fetchall()}
