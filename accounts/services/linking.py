"""Whose record an account opens."""

from __future__ import annotations

from accounts.enums import Assurance
from accounts.models import Account, Session
from core import audit


class RecordTaken(Exception):
    """Another account with a verified identity has this record."""


def link_record(*, account_id: int, taxpayer_id: int, assurance: Assurance) -> None:
    """Make the record the account's own, in the caller's transaction.

    A verified identity takes the record from an account that only knew a secret of a paper bill (and signs it out);
    the other way round it is refused: `RecordTaken`.
    """
    others = Account.objects.select_for_update().filter(taxpayer_id=taxpayer_id).exclude(pk=account_id)
    for other in others.order_by("pk"):
        if assurance < Assurance.IDENTITY or other.assurance >= Assurance.IDENTITY:
            raise RecordTaken
        Account.objects.filter(pk=other.pk).update(taxpayer=None)
        Session.objects.filter(account_id=other.pk).delete()
        audit.record(
            action="accounts.record_lost",
            subject=f"account:{other.pk}",
            taxpayer_id=taxpayer_id,
            reason="somebody with a verified identity has the record",
        )
    account = Account.objects.select_for_update().get(pk=account_id)
    account.taxpayer_id = taxpayer_id
    account.assurance = max(account.assurance, assurance)
    account.save(update_fields=["taxpayer", "assurance"])
    audit.record(action="accounts.record_linked", subject=f"account:{account_id}", taxpayer_id=taxpayer_id)
