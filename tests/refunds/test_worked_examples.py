"""Published and derived examples of interest and set-off, through the app, to the won."""

from __future__ import annotations

from datetime import date

from billing.models import Bill
from billing.services import reduce_bill, vehicle_left
from refunds.handlers import appeal_upheld
from refunds.models import Refund, SetOff
from refunds.services import carry_out, look_at_bill
from refunds.services.figure import compute
from refunds.states import Cause, Status
from tests.payments.cast import a_bill
from tests.refunds.cast import Office, at_noon, event, pays

PAID, DECIDED = date(2024, 7, 31), date(2025, 7, 31)


def paid_twice(amount: int) -> Refund:
    bill = a_bill(tax=amount - 12_000, due=date(2024, 8, 31))
    pays(bill, amount, on=PAID)
    pays(bill, amount, on=PAID)
    look_at_bill(bill_id=bill.id, at=at_noon(DECIDED))
    return Refund.objects.get(bill_id=bill.id)


def test_f01_a_year_of_interest_is_split_where_the_rate_changed(office: Office) -> None:
    refund = paid_twice(1_000_000)
    assert (refund.amount, refund.interest) == (1_000_000, 33_540)
    days = [
        (row["values"]["percent"], row["values"]["days"]) for row in refund.steps if row["code"] == "refund_interest"
    ]
    assert days == [("3.5", 232), ("3.1", 133)]
    office.assesses(refund, at=at_noon(DECIDED))
    compute(refund_id=refund.pk, at=at_noon(DECIDED))
    assert office.decides(refund, at=at_noon(DECIDED)) == "approved"
    carry_out(refund_id=refund.pk, at=at_noon(DECIDED))
    refund.refresh_from_db()
    assert (refund.status, refund.interest) == (Status.PAYING, 33_540)
    assert refund.legs.get().amount == 1_033_540


def test_f03_a_scrapped_car_bears_interest_from_the_day_after(office: Office) -> None:
    bill = a_bill(tax=300_000, education=90_000, due=date(2026, 1, 31))
    pays(bill, 390_000, on=date(2026, 1, 20))
    car, education = Bill.objects.get(pk=bill.id).lines.order_by("position")
    vehicle_left(
        bill_id=bill.id,
        occasion="scrapping",
        on=date(2026, 3, 31),
        lines={car.pk: 225_430, education.pk: 67_620},  # 74,570 and 22,380 are left for 90 days
        reason="scrapped",
        asked_by_id=office.clerk.id,
        at=at_noon(date(2026, 4, 10)),
    )
    office.deliver()
    refund = Refund.objects.get()
    assert (refund.amount, refund.cause) == (293_050, Cause.YEAR_PAID_AHEAD)
    compute(refund_id=refund.pk, at=at_noon(date(2026, 6, 30)))
    refund.refresh_from_db()
    first = next(row["values"]["first"] for row in refund.steps if row["code"] == "refund_first_day")
    assert first == "2026-04-01"
    assert refund.interest == 293_050 * 31 * 91 // 365_000 // 10 * 10  # 91 days at 3.1 %


def test_late_after_a_decision_on_an_objection_it_is_half_as_much_again_and_nothing_on_a_complaint(
    office: Office,
) -> None:
    bill = a_bill(tax=1_000_000, education=300_000, due=date(2025, 7, 31))
    pays(bill, 1_300_000, on=date(2025, 7, 31))
    line = Bill.objects.get(pk=bill.id).lines.order_by("position")[0]
    asked = reduce_bill(
        bill_id=bill.id, lines={line.pk: 500_000}, reason="x", asked_by_id=office.clerk.id, at=at_noon(date(2026, 1, 5))
    )
    told = {"change_id": asked.change_id, "final_on": "2026-01-05"}
    appeal_upheld(event(**told, by="objection"))
    refund = Refund.objects.get()
    found = []
    for day in (date(2026, 2, 13), date(2026, 2, 14)):  # the 39th and the 40th day after
        compute(refund_id=refund.pk, at=at_noon(day))
        refund.refresh_from_db()
        found.append(refund.interest)
    assert found == [500_000 * 31 * 197 // 365_000 // 10 * 10, 500_000 * 465 * 198 // 3_650_000 // 10 * 10]
    appeal_upheld(event(**told, by="grievance"))
    refund.refresh_from_db()
    assert (refund.cause, refund.interest) == (Cause.GRIEVANCE, 0)


def test_set_off_works_back_to_the_day_on_which_both_claims_existed(office: Office) -> None:
    bill = a_bill(tax=988_000, due=date(2024, 8, 31))
    # Due before the money was paid too much: late by one full month then, and no day longer.
    late = a_bill(tax=600_000, education=180_000, due=date(2024, 6, 25), of=bill)
    pays(bill, 1_000_000, on=PAID)
    pays(bill, 1_000_000, on=PAID)
    look_at_bill(bill_id=bill.id, at=at_noon(DECIDED))
    refund = Refund.objects.get()
    office.assesses(refund, at=at_noon(DECIDED))
    compute(refund_id=refund.pk, at=at_noon(DECIDED))
    office.decides(refund, at=at_noon(DECIDED))
    carry_out(refund_id=refund.pk, at=at_noon(DECIDED))
    taken = SetOff.objects.get()
    owed = 780_000 + 18_000 + 5_400 + 600_000 * 66 // 10_000  # tax, 3 % of each, 0.66 % of what is at least 450,000
    assert (taken.bill_id, taken.effective_on, taken.principal) == (late.id, PAID, owed)
    refund.refresh_from_db()
    rest = 1_000_000 - owed
    parts = [rest * 35 * 232, rest * 31 * 133]  # what paid the arrears bears none after that day
    assert refund.interest == sum(parts) // 365_000 // 10 * 10
