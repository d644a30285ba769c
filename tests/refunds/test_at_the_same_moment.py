"""Two officers, two workers, at one moment: one of them decides, and the money leaves once."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from core import clock
from core.db.session import session_secret
from refunds import services
from refunds.models import Leg, Refund
from refunds.services import NotYoursToDecide, carry_out, look_at_bill
from refunds.states import Status
from tests.payments.cast import a_bill
from tests.payments.racing import at_once
from tests.payments.test_cancellations import Desk
from tests.refunds.cast import Office, pays
from tests.support.database import AsRole


def approves(desk: Desk, refund: Refund) -> Any:
    def call(as_role: AsRole) -> str:
        with as_role("office"), session_secret(desk.secret), transaction.atomic():
            try:
                return services.decide_refund(
                    refund_id=refund.pk,
                    verdict="approve",
                    believed=refund.available + refund.interest,
                    reason="",
                    officer_id=desk.id,
                    at=clock.now(),
                )
            except NotYoursToDecide:
                return "too late"

    return call


def test_of_two_approvers_one_approves_and_two_workers_pay_once(office: Office, database_name: str) -> None:
    bill = a_bill()
    pays(bill, 60_000)
    office.deliver()
    refund = office.assesses(Refund.objects.get())
    said = at_once(database_name, [approves(office.approver, refund), approves(office.third, refund)])
    assert sorted(said) == ["approved", "too late"]

    def pay(as_role: AsRole) -> None:
        with as_role("worker"):
            carry_out(refund_id=refund.pk, at=clock.now())

    at_once(database_name, [pay, pay])
    refund.refresh_from_db()
    assert refund.status == Status.PAYING
    assert Leg.objects.get().principal == 8_000


def test_a_bill_that_two_workers_look_at_is_found_once(db: None, database_name: str) -> None:
    bill = a_bill()
    pays(bill, 60_000)

    def look(as_role: AsRole) -> None:
        with as_role("worker"):
            look_at_bill(bill_id=bill.id, at=clock.now())

    at_once(database_name, [look, look, look])
    assert Refund.objects.get().amount == 8_000


def test_the_database_lets_no_more_out_than_was_found(office: Office) -> None:
    bill = a_bill()
    pays(bill, 60_000)
    office.deliver()
    refund = office.pays_back(Refund.objects.get())
    with pytest.raises(Exception, match="more would leave"):
        Leg.objects.create(refund=refund, way="account", principal=1, interest=0, status="waiting", made_at=clock.now())
    with pytest.raises(Exception, match="give back more than was paid"):
        Refund.objects.create(
            **{
                field: getattr(refund, field)
                for field in ("taxpayer_id", "body_id", "tax", "bill_id", "payment_id", "cause", "origin")
            },
            reference="REF-2",
            source="x",
            amount=60_001,
            arose_on=refund.arose_on,
            expires_on=refund.expires_on,
            opened_at=clock.now(),
        )
