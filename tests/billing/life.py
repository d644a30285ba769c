"""What tests of a bill's life share: officers, payments as the payments app posts them, and the proof of the books."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from billing import selectors, services
from billing.checks import receivables_agree
from billing.models import Bill, TaxType
from billing.rules.standing import late_with_facts
from billing.selectors.late import deferrals, parts_paid, plan_of
from core.clock import local_date
from ledger.selectors import trial_balance
from ledger.services import Posting, Purpose, post_entry

from .seoul import tables
from .test_payments_on_bills import day


def pay_and_post(bill_id: int, amount: int, on: str, reference: str = "PAY-1") -> services.AppliedPayment:
    """A payment with its journal entry, as it is settled."""
    with transaction.atomic():
        at = day(on)
        paid = services.apply_payment(bill_id=bill_id, amount=amount, paid_at=at, payment_reference=reference)
        sides = [Posting(part.body, part.tax, Purpose(part.purpose), -part.amount) for part in paid.credits]
        sides.append(Posting(paid.body, paid.tax, Purpose.CLEARING, amount))
        if paid.excess:
            sides.append(Posting(paid.body, paid.tax, Purpose.OVERPAYMENT, -paid.excess))
        post_entry(kind="payment", reference=reference, business_date=local_date(at), occurred_at=at, postings=sides)
    return paid


def books_agree() -> bool:
    return receivables_agree() == []


def balance(purpose: str) -> int:
    return sum(line.balance for line in trial_balance() if line.purpose == purpose)


def total(bill_id: int, on: str) -> int:
    return selectors.owed_on(bill_ids=[bill_id], on=date.fromisoformat(on))[bill_id].total


def act(officer_id: int, on: str, reason: str = "a reason") -> dict[str, Any]:
    """Who asks, why and when."""
    return {"asked_by_id": officer_id, "reason": reason, "at": day(on)}


def twins_agree(bill_id: int, *days: date) -> None:
    """The rule in the database and its twin in Python say the same surcharge for every line and day."""
    bill = Bill.objects.get(pk=bill_id)
    for on in days:
        for line in selectors.owed_on(bill_ids=[bill_id], on=on)[bill_id].lines:
            expected = late_with_facts(
                tax=line.amount,
                due=bill.due_on,
                on=on,
                rule=tables().at(TaxType.objects.get(pk=line.tax).late, bill.liability_on),
                paid=parts_paid(line_id=line.line_id),
                deferrals=deferrals(bill_id=bill_id),
                plan=plan_of(bill=bill, line_id=line.line_id),
            )
            assert line.surcharge == expected.total, (on, line.tax)
