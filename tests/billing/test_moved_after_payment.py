"""A due date moved for everybody after somebody had paid late: what lateness cost is theirs again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from accounts.models import Taxpayer
from billing import selectors, services
from billing.models import Bill, BillAdjustment
from core.models import Event as Published
from tests.support.database import AsRole

from .conftest import Officers, csv_of
from .life import balance, books_agree, pay_and_post, total
from .people import citizen_client
from .test_beside_a_bill import ORDER
from .test_payments_on_bills import day

ROWS = [{"roll_ref": f"CAR-{n}", "vehicle_number": f"123가000{n}", "displacement_cc": "5000"} for n in range(4)]


@pytest.fixture
def bills(issued: Callable[[str], int]) -> list[Bill]:
    """Four bills of 500,000 and 150,000 won, due on 30 June 2026; late, 15,000 and 4,500 more."""
    issued(csv_of(*ROWS))
    return list(Bill.objects.order_by("id"))


def move_to(due: date, officers: Officers, on: str) -> int:
    extension = services.propose_extension(**(ORDER | {"due": due}), asked_by_id=officers.uploader, at=day(on))
    services.decide_extension(
        extension_id=extension, decided_by_id=officers.approver, approved=True, because="", at=day(on)
    )
    services.move_due_dates(extension_id=extension, at=day(on))
    return extension


def told() -> dict[int, tuple[int, int]]:
    """What was announced: by bill, won taken off and won that go back."""
    events = [event.payload for event in Published.objects.filter(topic="billing.reduced.v1")]
    assert all(event["change_id"] is None for event in events)
    return {event["bill_id"]: (event["amount"], event["excess"]) for event in events}


def test_the_surcharge_goes_back_and_is_announced_once(bills: list[Bill], officers: Officers) -> None:
    """One paid in time, one late, one late and after the new due date too, one not at all."""
    in_time, late, later, unpaid = bills
    pay_and_post(in_time.pk, 650_000, "2026-06-20", "P-1")
    pay_and_post(late.pk, 669_500, "2026-07-10", "P-2")
    pay_and_post(later.pk, 669_500, "2026-07-16", "P-3")
    extension = move_to(date(2026, 7, 15), officers, "2026-07-20")
    assert told() == {late.pk: (0, 19_500)}
    assert balance("refund_payable") == -19_500
    assert [total(bill.pk, "2027-06-30") for bill in (in_time, late, later)] == [0, 0, 0]
    assert total(unpaid.pk, "2026-07-15") == 650_000
    assert books_agree()
    assert services.move_due_dates(extension_id=extension, at=day("2026-07-21")) == 0
    move_to(date(2026, 7, 31), officers, "2026-07-22")
    assert told() == {late.pk: (0, 19_500), later.pk: (0, 19_500)}
    assert books_agree()


def test_a_part_that_stays_late_is_kept(bills: list[Bill], officers: Officers) -> None:
    """Two months late became one: of 15,000 + 4,500 and 2 × 3,300 won for months the second month goes back."""
    pay_and_post(bills[0].pk, 676_100, "2026-09-01")
    move_to(date(2026, 7, 15), officers, "2026-09-10")
    assert told() == {bills[0].pk: (0, 3_300)}
    assert books_agree()


def test_a_credit_that_was_lost_is_made_good(
    issued: Callable[[str], int], officers: Officers, deliver_events: Callable[[], int]
) -> None:
    issued(csv_of(ROWS[0]))
    (taxpayer,) = Taxpayer.objects.all()
    services.record_entitlement(taxpayer_id=taxpayer.pk, kind="e_notice", began_on=date(2026, 1, 1), ended_on=None)
    issued(csv_of(ROWS[1]))
    bill = Bill.objects.get(roll_ref="CAR-1")
    pay_and_post(bill.pk, 669_500, "2026-07-10")
    assert balance("refund_payable") == 0
    move_to(date(2026, 7, 15), officers, "2026-07-12")
    assert told() == {bill.pk: (800, 800 + 19_500)}
    assert [total(bill.pk, on) for on in ("2026-07-15", "2026-07-16")] == [0, 0]
    assert books_agree()


def test_years_later_the_page_still_says_why(bills: list[Bill], officers: Officers, as_role: AsRole) -> None:
    pay_and_post(bills[0].pk, 669_500, "2026-07-10")
    move_to(date(2026, 7, 15), officers, "2026-07-20")
    (move,) = selectors.life_of(bill_id=bills[0].pk, on=date(2033, 1, 1)).moves
    assert (move.old_due_on, move.new_due_on, move.paid_back) == (date(2026, 6, 30), date(2026, 7, 15), 19_500)
    citizen = citizen_client(as_role, bills[0].taxpayer)
    won = '<span class="et-money">19,500'
    for language, words in (("en", f"{won} won</span> that had been paid for being late"), ("ko", f"더 냈던 {won}원")):
        page = citizen.get(f"/bills/{bills[0].pk}/", headers={"Accept-Language": language}).content.decode()
        assert words in page
    assert set(BillAdjustment.objects.values_list("bill_id", flat=True)) == {bills[0].pk}
