"""An issued roll is cancelled as a whole before its notices go out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import IntegrityError

from accounts.access import Role
from billing import checks, services
from billing.models import Bill, LevyRoll, RollRow
from billing.states import RollStatus
from ledger import checks as ledger_checks
from tests.support.database import AsRole

from .conftest import AT, Officers, csv_of, sample_text
from .people import officer_client

Issue = Callable[[str], int]


def cancel(roll_id: int, officers: Officers) -> None:
    services.ask_to_cancel_roll(roll_id=roll_id, asked_by_id=officers.uploader, reason="the rates of last year")
    services.decide_to_cancel_roll(roll_id=roll_id, decided_by_id=officers.approver, agreed=True, at=AT)


def test_every_bill_leaves_the_books_and_a_mended_roll_may_come(
    issued: Issue, imported: Issue, officers: Officers, deliver_events: Callable[[], int]
) -> None:
    text = sample_text(60)
    roll_id = issued(text)
    cancel(roll_id, officers)
    deliver_events()
    assert LevyRoll.objects.get(pk=roll_id).status == RollStatus.CANCELLED
    assert set(Bill.objects.values_list("status", flat=True)) == {"cancelled"}
    assert [*checks.receivables_agree(), *ledger_checks.run_all()] == []
    assert LevyRoll.objects.get(pk=imported(text)).status == RollStatus.STAGED


def test_bills_are_cancelled_in_chunks_and_a_paid_one_stays(issued: Issue, officers: Officers) -> None:
    roll_id = issued(sample_text(20))
    paid = Bill.objects.order_by("pk")[3]
    services.apply_payment(bill_id=paid.pk, amount=paid.amount, paid_at=AT, payment_reference="PAY-1")
    cancel(roll_id, officers)
    made = 0
    while many := services.cancel_bills_of_roll(roll_id=roll_id, at=AT, most=3):
        assert many <= 3
        made += many
    assert made == Bill.objects.filter(status="cancelled").count() == Bill.objects.count() - 1
    assert RollRow.objects.get(roll_id=roll_id).roll_ref == paid.roll_ref
    assert LevyRoll.objects.get(pk=roll_id).status == RollStatus.CANCELLED


def test_nobody_cancels_a_roll_alone(issued: Issue, officers: Officers) -> None:
    roll_id = issued(csv_of({}))
    services.ask_to_cancel_roll(roll_id=roll_id, asked_by_id=officers.uploader, reason="wrong")
    with pytest.raises(services.SameOfficerCancels):
        services.decide_to_cancel_roll(roll_id=roll_id, decided_by_id=officers.uploader, agreed=True, at=AT)
    with pytest.raises(IntegrityError):
        LevyRoll.objects.filter(pk=roll_id).update(cancelled_by=officers.uploader)
    services.decide_to_cancel_roll(roll_id=roll_id, decided_by_id=officers.approver, agreed=False, at=AT)
    assert LevyRoll.objects.get(pk=roll_id).status == RollStatus.ISSUED
    with pytest.raises(services.NobodyAskedToCancel):
        services.decide_to_cancel_roll(roll_id=roll_id, decided_by_id=officers.approver, agreed=True, at=AT)


def test_once_notices_went_out_a_roll_stays(issued: Issue, officers: Officers) -> None:
    roll_id = issued(csv_of({}))
    services.notices_go_out(roll_id=roll_id, at=AT)
    with pytest.raises(services.NoticesWentOut):
        services.ask_to_cancel_roll(roll_id=roll_id, asked_by_id=officers.uploader, reason="too late")


def test_a_roll_that_is_not_issued_is_withdrawn_instead(imported: Issue, officers: Officers) -> None:
    with pytest.raises(services.RollNotIssued):
        services.ask_to_cancel_roll(roll_id=imported(csv_of({})), asked_by_id=officers.uploader, reason="wrong")


def test_one_officer_asks_and_another_agrees_on_the_rolls_page(
    issued: Issue, as_role: AsRole, deliver_events: Callable[[], int]
) -> None:
    address = f"/rolls/{issued(csv_of({}))}/"
    first = officer_client(as_role, "first@example.kr", Role.ASSESSOR, Role.APPROVER)
    second = officer_client(as_role, "second@example.kr", Role.APPROVER)
    english = {"Accept-Language": "en"}
    assert "Cancel this roll" in first.get(address, headers=english).content.decode()
    assert first.post(f"{address}cancel/", {"reason": " "}, headers=english).status_code == 422
    assert first.post(f"{address}cancel/", {"reason": "last year's rates"}).status_code == 302
    assert "Cancel all its bills" not in first.get(address, headers=english).content.decode()
    assert first.post(f"{address}cancel/decide/", {"decision": "agree"}, headers=english).status_code == 409
    assert "last year&#x27;s rates" in second.get(address, headers=english).content.decode()
    assert second.post(f"{address}cancel/decide/", {"decision": "agree"}).status_code == 302
    assert "are being cancelled" in second.get(address, headers=english).content.decode()
    deliver_events()
    assert Bill.objects.get().status == "cancelled"
