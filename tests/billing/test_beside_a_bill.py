"""What stands beside a bill: deferral, instalments, contest, hold of an auction, due dates moved for everybody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from billing import selectors, services
from billing.models import Bill, BillFact, DueMove, Extension, Instalment
from billing.rules.plans import Share

from .conftest import AT, Officers, csv_of
from .life import act, pay_and_post, total, twins_agree
from .test_payments_on_bills import day, late_days

ORDER: dict[str, Any] = {
    "nominal_from": date(2026, 6, 30),
    "nominal_to": date(2026, 6, 30),
    "taxes": [],
    "bodies": [],
    "due": date(2026, 7, 15),
    "article": "지방세기본법 제26조",
    "reason_ko": "납부 시스템 장애",
    "reason_en": "Failure of the payment system",
}

WRONG: tuple[tuple[dict[str, Any], type[Exception]], ...] = (
    ({"reason_en": " "}, services.ExtensionWithoutReason),
    ({"due": date(2026, 6, 30)}, services.DatesImpossible),
)


@pytest.fixture
def bill(issued: Callable[[str], int]) -> Bill:
    """A bill of 500,000 and 150,000 won, due on 30 June 2026: the car's tax alone bears the monthly part."""
    issued(csv_of({"displacement_cc": "5000"}))
    return Bill.objects.get()


def defer(bill: Bill, officer: int, start: date, until: date, on: str = "2026-06-20") -> None:
    services.defer_bill(bill_id=bill.pk, from_on=start, until_on=until, **act(officer, on))


def split(bill: Bill, officers: Officers, *parts: tuple[str, int], on: str = "2026-06-20", plan: str = "free") -> None:
    services.plan_instalments(
        bill_id=bill.pk,
        plan=plan,
        parts=[Share(due_on=date.fromisoformat(due), amount=won) for due, won in parts],
        **act(officers.uploader, on),
    )


def test_a_deferral_made_in_time_moves_the_day_from_which_a_bill_is_late(bill: Bill, officers: Officers) -> None:
    defer(bill, officers.uploader, date(2026, 6, 25), date(2026, 12, 24))
    assert total(bill.pk, "2026-12-24") == 650_000
    assert total(bill.pk, "2026-12-25") == 650_000 + 15_000 + 4_500
    twins_agree(bill.pk, *late_days(), date(2026, 12, 24), date(2026, 12, 25), date(2027, 1, 25))


def test_lateness_stands_still_while_a_late_bill_is_deferred(bill: Bill, officers: Officers) -> None:
    """One month has passed on 1 August; of the second one 20 days, and the rest after the deferral."""
    defer(bill, officers.uploader, date(2026, 8, 21), date(2027, 2, 20), on="2026-08-21")
    late = 15_000 + 4_500 + 3_300
    assert total(bill.pk, "2026-08-20") == 650_000 + late
    assert total(bill.pk, "2027-03-03") == 650_000 + late
    assert total(bill.pk, "2027-03-04") == 650_000 + late + 3_300
    twins_agree(bill.pk, *late_days(), date(2027, 3, 3), date(2027, 3, 4))


def test_a_deferral_lasts_six_months_and_once_more_six(bill: Bill, officers: Officers) -> None:
    with pytest.raises(services.DeferredTooLong):
        defer(bill, officers.uploader, date(2026, 6, 25), date(2026, 12, 26))
    with pytest.raises(services.DatesImpossible):
        defer(bill, officers.uploader, date(2026, 6, 25), date(2026, 6, 24))
    defer(bill, officers.uploader, date(2026, 6, 25), date(2026, 12, 25))
    with pytest.raises(services.FactAlreadyStands):
        defer(bill, officers.uploader, date(2026, 12, 25), date(2027, 6, 1))
    defer(bill, officers.approver, date(2026, 12, 26), date(2027, 6, 25))
    with pytest.raises(services.DeferredTooLong):
        defer(bill, officers.uploader, date(2027, 6, 26), date(2027, 7, 1))
    assert total(bill.pk, "2027-06-25") == 650_000


def test_a_deferral_that_is_ended_lets_lateness_run_on(bill: Bill, officers: Officers) -> None:
    defer(bill, officers.uploader, date(2026, 6, 25), date(2026, 12, 24))
    fact = BillFact.objects.get()
    services.end_fact(bill_id=bill.pk, fact_id=fact.pk, on=date(2026, 7, 31), **act(officers.approver, "2026-07-31"))
    assert total(bill.pk, "2026-07-31") == 650_000
    assert total(bill.pk, "2026-08-01") == 669_500
    twins_agree(bill.pk, date(2026, 7, 31), date(2026, 8, 1), date(2026, 9, 1), date(2030, 1, 1))
    with pytest.raises(services.NoSuchFact):
        services.end_fact(bill_id=bill.pk, fact_id=fact.pk, on=date(2026, 8, 1), **act(officers.approver, "2026-08-01"))


def test_each_part_of_a_plan_is_late_by_itself(bill: Bill, officers: Officers) -> None:
    split(bill, officers, ("2026-06-30", 350_000), ("2026-09-30", 300_000))
    car, education = bill.lines.order_by("position")
    parts = Instalment.objects.order_by("number", "line_id").values_list("number", "line_id", "amount")
    assert list(parts) == [(1, car.pk, 200_000), (1, education.pk, 150_000), (2, car.pk, 300_000)]
    assert total(bill.pk, "2026-07-01") == 650_000 + 6_000 + 4_500
    pay_and_post(bill.pk, 350_000, "2026-06-30")
    assert total(bill.pk, "2026-09-30") == 300_000
    assert total(bill.pk, "2026-10-01") == 300_000 + 9_000
    twins_agree(bill.pk, *late_days(), date(2026, 9, 30), date(2026, 10, 1))


def test_a_plan_and_a_deferral_and_payments_together_agree_in_both_rules(bill: Bill, officers: Officers) -> None:
    split(bill, officers, ("2026-06-30", 150_000), ("2026-08-31", 250_000), ("2026-10-30", 250_000))
    defer(bill, officers.approver, date(2026, 9, 10), date(2026, 12, 9), on="2026-09-10")
    pay_and_post(bill.pk, 100_000, "2026-07-10")
    pay_and_post(bill.pk, 300_000, "2026-11-01", "PAY-2")
    car = bill.lines.order_by("position")[0].pk
    services.reduce_bill(bill_id=bill.pk, lines={car: 120_000}, **act(officers.approver, "2026-11-05"))
    twins_agree(bill.pk, *(date(2026, 7, 1) + timedelta(days=17 * n) for n in range(40)))


def test_a_plan_made_when_the_bill_was_late_takes_nothing_back(bill: Bill, officers: Officers) -> None:
    split(bill, officers, ("2026-08-31", 350_000), ("2026-10-30", 300_000), on="2026-07-10")
    assert total(bill.pk, "2026-07-10") == 669_500
    twins_agree(bill.pk, *late_days())


@pytest.mark.parametrize(
    ("parts", "refused"),
    [
        ([("2026-06-30", 350_000), ("2026-09-30", 299_990)], services.PartsDoNotSum),
        ([("2026-06-30", 650_000)], services.PlanNotAllowed),
        ([("2026-09-30", 350_000), ("2026-06-30", 300_000)], services.PlanNotAllowed),
        ([("2026-06-29", 350_000), ("2026-09-30", 300_000)], services.PlanNotAllowed),
        ([("2026-06-30", 350_000), ("2027-06-21", 300_000)], services.PlanNotAllowed),
    ],
)
def test_impossible_plans_are_refused(
    bill: Bill, officers: Officers, parts: list[tuple[str, int]], refused: type[Exception]
) -> None:
    with pytest.raises(refused):
        split(bill, officers, *parts)


def test_the_statutory_plan_is_for_large_property_tax_only(bill: Bill, officers: Officers) -> None:
    with pytest.raises(services.PlanNotAllowed):
        split(bill, officers, ("2026-06-30", 350_000), ("2026-09-30", 300_000), plan="statutory")


def test_contesting_a_bill_does_not_stay_its_collection(bill: Bill, officers: Officers) -> None:
    services.note_contest(bill_id=bill.pk, from_on=date(2026, 6, 25), **act(officers.uploader, "2026-06-25"))
    assert total(bill.pk, "2026-07-01") == 669_500


def test_facts_of_every_kind_stand_side_by_side_and_an_auction_waits_thirty_days(
    bill: Bill, officers: Officers
) -> None:
    defer(bill, officers.approver, date(2026, 6, 25), date(2026, 12, 24))
    split(bill, officers, ("2026-06-30", 350_000), ("2026-09-30", 300_000))
    services.note_contest(bill_id=bill.pk, from_on=date(2026, 6, 25), **act(officers.approver, "2026-06-25"))
    services.hold_auction(
        bill_id=bill.pk, from_on=date(2026, 7, 1), decided_on=None, **act(officers.approver, "2026-07-01")
    )
    assert BillFact.objects.filter(ended_on=None).count() == 4
    hold = BillFact.objects.get(kind="hold")
    services.end_fact(bill_id=bill.pk, fact_id=hold.pk, on=date(2026, 9, 1), **act(officers.approver, "2026-09-01"))
    hold.refresh_from_db()
    assert hold.ended_on == date(2026, 10, 1)
    with pytest.raises(services.FactAlreadyStands):
        services.note_contest(bill_id=bill.pk, from_on=date(2026, 7, 1), **act(officers.approver, "2026-07-01"))


def test_a_bill_that_is_deferred_gets_no_other_in_its_place(bill: Bill, officers: Officers) -> None:
    defer(bill, officers.uploader, date(2026, 6, 25), date(2026, 12, 24))
    with pytest.raises(services.FactStands):
        services.reissue_bill(bill_id=bill.pk, **act(officers.uploader, "2026-06-26"))


def test_an_act_of_two_officers_moves_the_due_dates_and_penalties_of_the_bills_it_names(
    bill: Bill, officers: Officers, issued: Callable[[str], int], deliver_events: Callable[[], int]
) -> None:
    extension = services.propose_extension(**ORDER, asked_by_id=officers.uploader, at=day("2026-07-01"))
    decide: dict[str, Any] = {"extension_id": extension, "because": "", "at": day("2026-07-01")}
    with pytest.raises(services.SameOfficerDecides):
        services.decide_extension(decided_by_id=officers.uploader, approved=True, **decide)
    assert total(bill.pk, "2026-07-10") == 669_500
    services.decide_extension(decided_by_id=officers.approver, approved=True, **decide)
    with pytest.raises(services.ExtensionNotWaiting):
        services.decide_extension(decided_by_id=officers.approver, approved=True, **decide)
    deliver_events()
    assert services.move_due_dates(extension_id=extension, at=AT) == 0
    assert Extension.objects.get().moved == 1
    move = DueMove.objects.get()
    assert (move.old_due_on, move.new_due_on) == (date(2026, 6, 30), date(2026, 7, 15))
    assert total(bill.pk, "2026-07-15") == 650_000
    assert total(bill.pk, "2026-07-16") == 669_500
    issued(csv_of({"roll_ref": "CAR-2", "vehicle_number": "123가4568"}))
    later = Bill.objects.exclude(pk=bill.pk).get()
    assert later.due_on == date(2026, 7, 15)


@pytest.mark.parametrize(
    "changes",
    [
        {"taxes": ["property"]},
        {"bodies": ["11140"]},
        {"nominal_from": date(2026, 7, 1), "nominal_to": date(2026, 7, 10)},
    ],
)
def test_an_act_moves_no_bill_that_it_does_not_name(
    bill: Bill, officers: Officers, deliver_events: Callable[[], int], changes: dict[str, Any]
) -> None:
    extension = services.propose_extension(**(ORDER | changes), asked_by_id=officers.uploader, at=AT)
    services.decide_extension(extension_id=extension, decided_by_id=officers.approver, approved=True, because="", at=AT)
    deliver_events()
    bill.refresh_from_db()
    assert bill.due_on == date(2026, 6, 30)


def test_an_act_says_why_and_moves_forward_only(officers: Officers) -> None:
    for changes, refused in WRONG:
        with pytest.raises(refused):
            services.propose_extension(**(ORDER | changes), asked_by_id=officers.uploader, at=AT)


def test_a_page_can_tell_what_stands_beside_a_bill(bill: Bill, officers: Officers) -> None:
    split(bill, officers, ("2026-06-30", 350_000), ("2026-09-30", 300_000))
    life = selectors.life_of(bill_id=bill.pk, on=date(2026, 7, 1))
    assert [fact.kind for fact in life.facts] == ["instalments"]
    assert [(part.number, part.amount, part.left) for part in life.parts] == [
        (1, 350_000, 350_000),
        (2, 300_000, 300_000),
    ]


def test_a_due_date_moved_for_everybody_moves_the_parts_that_lay_before_it(bill: Bill, officers: Officers) -> None:
    split(bill, officers, ("2026-06-30", 350_000), ("2026-08-31", 300_000))
    act_id = services.propose_extension(
        **(ORDER | {"due": date(2026, 9, 15)}), asked_by_id=officers.uploader, at=day("2026-06-25")
    )
    services.decide_extension(
        extension_id=act_id, decided_by_id=officers.approver, approved=True, because="", at=day("2026-06-25")
    )
    services.move_due_dates(extension_id=act_id, at=day("2026-06-25"))
    assert total(bill.pk, "2026-09-15") == 650_000
    assert total(bill.pk, "2026-09-16") == 650_000 + 15_000 + 4_500
    parts = selectors.life_of(bill_id=bill.pk, on=date(2026, 9, 1)).parts
    assert [part.due_on for part in parts] == [date(2026, 9, 15)] * 2
    twins_agree(bill.pk, date(2026, 9, 15), date(2026, 9, 16), date(2026, 10, 16))


def test_deferrals_strung_together_backwards_are_no_longer_than_a_year(bill: Bill, officers: Officers) -> None:
    defer(bill, officers.uploader, date(2026, 7, 1), date(2026, 12, 31))
    defer(bill, officers.uploader, date(2026, 1, 1), date(2026, 6, 30))
    with pytest.raises(services.DeferredTooLong):
        defer(bill, officers.uploader, date(2025, 7, 1), date(2025, 12, 31))
