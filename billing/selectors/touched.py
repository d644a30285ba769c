"""Who of the officers ever had a hand in a bill: whoever they are, they don't speak against it later."""

from __future__ import annotations

from typing import Final

from django.db.models import Q

from billing.models import Bill, BillChange, BillReplacement, LevyRoll
from core import audit

READS: Final = ("billing.bill_opened",)


def touched_by(*, bill_id: int) -> frozenset[int]:
    """Accounts that brought, approved or issued the roll of a bill, or changed it or the bill in whose place it stands.

    Read from the audit trail, and from the rows themselves. Who only looked at it had no hand in it. Worker only.
    """
    bills = {bill_id, *BillReplacement.objects.filter(new_id=bill_id).values_list("old_id", flat=True)}
    hands: set[int | None] = set()
    rolls: set[int] = set()
    for bill in Bill.objects.filter(pk__in=bills):
        for roll in LevyRoll.objects.filter(
            Q(totals__body_id=bill.body_id) | Q(office_id=bill.body_id),
            tax_id=bill.tax_id,
            tax_year=bill.tax_year,
            term=bill.term,
        ).distinct():
            rolls.add(roll.pk)
            hands |= {roll.uploaded_by_id, roll.approved_by_id, roll.cancel_asked_by_id, roll.cancelled_by_id}
    for asked, decided in BillChange.objects.filter(bill_id__in=bills).values_list("asked_by_id", "decided_by_id"):
        hands |= {asked, decided}
    subjects = [*(f"bill:{one}" for one in sorted(bills)), *(f"roll:{one}" for one in sorted(rolls))]
    return frozenset(one for one in hands if one is not None) | audit.actors_on(subjects, but=READS)
