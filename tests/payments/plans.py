"""An instalment plan (분할납부) beside a bill."""

from __future__ import annotations

from datetime import date, timedelta

from django.apps import apps
from django.db import transaction

from accounts.models import Account
from core import clock
from tests.payments.cast import BillFacts, today


def in_two_parts(bill: BillFacts, *, due: date, days: int = 60) -> None:
    """52,000 won in two parts: 30,000 until the due date, 22,000 two months, or so many days, later."""
    officer = Account.objects.create(email="planner@example.kr", kind="officer")
    model = apps.get_model
    with transaction.atomic():
        change = model("billing", "BillChange").objects.create(
            bill_id=bill.id, kind="instalments", status="done", amount=0, details={}, reason="요청", article="제118조",
            needs_second=False, asked_by_id=officer.pk, asked_at=clock.now(), done_at=clock.now(),
        )  # fmt: skip
        fact = model("billing", "BillFact").objects.create(
            bill_id=bill.id, kind="instalments", from_on=min(today(), due), change=change
        )
        car, education = model("billing", "BillLine").objects.filter(bill_id=bill.id).order_by("position")
        for number, line, amount in ((1, car, 18_000), (1, education, 12_000), (2, car, 22_000)):
            day = due if number == 1 else due + timedelta(days=days)
            model("billing", "Instalment").objects.create(
                fact=fact, line=line, number=number, due_on=day, amount=amount
            )
