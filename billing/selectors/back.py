"""What of a bill's money is to go back (과오납): what was paid too much, what reductions gave back. Read by refunds."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import Sum

from billing.models import Bill, BillChange, BillLine, BillPayment, BillReplacement
from billing.selectors.owed import owed
from core import clock

FROM_CHANGES = """
    SELECT CASE WHEN a.change_id IS NOT NULL THEN 'change:' || a.change_id ELSE 'move:' || a.move_id END,
           CASE WHEN a.change_id IS NULL THEN 'moved' WHEN c.kind = 'cancel' THEN 'cancelled' ELSE 'corrected' END,
           sum(a.returned + a.surcharge_returned)::bigint, billing_local_date(min(a.recorded_at))
    FROM billing_billadjustment a LEFT JOIN billing_billchange c ON c.id = a.change_id
    WHERE a.bill_id = %s AND (a.change_id IS NOT NULL OR a.move_id IS NOT NULL)
    GROUP BY a.change_id, a.move_id, c.kind HAVING sum(a.returned + a.surcharge_returned) > 0
    ORDER BY min(a.recorded_at), 1
"""
ARREARS = """
    SELECT b.id, billing_due_moved(b.id, b.due_on) AS due
    FROM billing_bill b JOIN billing_taxtype t ON t.code = b.tax_id
    WHERE b.taxpayer_id = %s AND b.body_id = %s AND b.status = 'issued' AND t.kind = 'tax'
      AND billing_due_moved(b.id, b.due_on) < %s
    ORDER BY 2, 1
"""


@dataclass(frozen=True, kw_only=True)
class PaidOn:
    """What of one payment stands on a bill, in won, after all that was taken back; `reference`: `gateway:movement`."""

    reference: str
    paid_on: date
    applied: int
    excess: int


@dataclass(frozen=True, kw_only=True)
class GivenBack:
    """Won that a change or a moved due date gave back; `source` is `change:17` or `move:3`."""

    source: str
    kind: str
    amount: int
    on: date


@dataclass(frozen=True, kw_only=True)
class MoneyBack:
    """Whose bill it is, its payments in their order, and what is given back of them.

    `replaced_by`: the bill that stands in its place, with the same payments and with what was given back of them; only
    what was too much stayed here. `in_place_of`: the bills that it replaced, one after the other.
    """

    bill_id: int
    taxpayer_id: int
    body: str
    tax: str
    payments: tuple[PaidOn, ...]
    given_back: tuple[GivenBack, ...]
    replaced_by: int | None
    in_place_of: tuple[int, ...]

    def shares(self) -> dict[str, int]:
        """Which payment pays so much of what is given back, as far as its money is here: the last goes back first.

        That is the order of the Framework Act on Local Taxes, article 62 paragraph 1 subparagraph 1; of those of a day
        the later one.
        """
        left = sum(one.amount for one in self.given_back)
        found = {}
        for payment in reversed(self.payments):
            part = min(payment.applied, left)
            if part > 0:
                found[payment.reference] = part
                left -= part
        return found


def money_back(*, bill_id: int, lock: bool = False) -> MoneyBack:
    """What of a bill is to go back, also of one that is no longer in force. Raises Bill.DoesNotExist.

    `lock`: hold the bill until the commit, as a payment does.
    """
    rows = Bill.objects.select_for_update() if lock else Bill.objects.all()
    bill = rows.get(pk=bill_id)
    with connection.cursor() as cursor:
        cursor.execute(FROM_CHANGES, [bill_id])
        given = tuple(GivenBack(source=s, kind=k, amount=a, on=on) for s, k, a, on in cursor.fetchall())
    return MoneyBack(
        bill_id=bill.pk,
        taxpayer_id=bill.taxpayer_id,
        body=bill.body_id,
        tax=bill.tax_id,
        payments=tuple(_payments(bill_id)),
        given_back=given,
        replaced_by=BillReplacement.objects.filter(old_id=bill_id).values_list("new_id", flat=True).first(),
        in_place_of=tuple(_older(bill_id)),
    )


def _older(bill_id: int) -> Iterator[int]:
    older = BillReplacement.objects.filter(new_id=bill_id).values_list("old_id", flat=True).first()
    if older is not None:
        yield older
        yield from _older(older)


def _payments(bill_id: int) -> list[PaidOn]:
    rows = BillPayment.objects.filter(bill_id=bill_id, corrects=None).order_by("paid_at", "id")
    found = []
    for row in rows.prefetch_related("corrections"):
        all_of = [row, *row.corrections.all()]
        found.append(
            PaidOn(
                reference=row.reference,
                paid_on=row.paid_on,
                applied=sum(one.applied for one in all_of),
                excess=sum(one.excess for one in all_of),
            )
        )
    return found


def bills_with_money_back(*, since: datetime) -> list[int]:
    """Bills on which, since that moment, too much was paid, money was taken back or something was given back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bill_id FROM billing_billpayment "
            "WHERE recorded_at >= %s AND (excess > 0 OR corrects_id IS NOT NULL) "
            "UNION SELECT bill_id FROM billing_billadjustment "
            "WHERE recorded_at >= %s AND returned + surcharge_returned > 0 ORDER BY 1",
            [since, since],
        )
        return [row[0] for row in cursor.fetchall()]


def arrears(*, taxpayer_id: int, body: str, on: date) -> list[tuple[int, date]]:
    """Bills for taxes that a taxpayer owes a levying body and that were due before a day, each with the day by which it
    was to be paid (체납), the oldest first. What is owed on them is `owed_on`'s to say."""
    with connection.cursor() as cursor:
        cursor.execute(ARREARS, [taxpayer_id, body, on])
        return [(bill_id, due) for bill_id, due in cursor.fetchall()]


def bill_of_change(*, change_id: int) -> int | None:
    """The bill that an officer's change is about."""
    return BillChange.objects.filter(pk=change_id).values_list("bill_id", flat=True).first()


def standing_amounts(*, bill_id: int) -> dict[int, int]:
    """What each line of a bill comes to after all that was taken off, in won, by line id."""
    lines = BillLine.objects.filter(bill_id=bill_id).annotate(off=Sum("adjustments__amount"))
    return {line.pk: line.amount - (line.off or 0) for line in lines.order_by("position")}


def next_bill(*, taxpayer_id: int, body: str) -> int | None:
    """The bill for taxes in force that a taxpayer has to pay a levying body next, if there is one."""
    rows = Bill.objects.filter(taxpayer_id=taxpayer_id, body_id=body, status="issued", tax__kind="tax")
    ids = list(rows.order_by("due_on", "pk").values_list("pk", flat=True)[:50])
    sums = owed(bill_ids=ids, at=clock.now())
    return next((pk for pk in ids if sums[pk].total), None)


def hold_bills(*, bill_ids: Collection[int]) -> None:
    """Lock bills in the order of their keys, as payments do; in the caller's transaction. Worker only."""
    list(Bill.objects.select_for_update().filter(pk__in=bill_ids).order_by("pk").values_list("pk", flat=True))
