"""A fine costs a fifth less until the day by which one may state his case; afterwards all of it is owed."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.access import Role
from accounts.models import Taxpayer
from billing import selectors, services
from billing.models import Bill, BillCredit, LevyRoll
from billing.rules.fines import BUS_LANE_FINES, PARKING_FINES, paid_early
from billing.rules.kinds import Kind
from billing.rules.registry import assess_again
from tests.support.database import AsRole

from .conftest import Officers
from .life import balance, books_agree, pay_and_post, total, twins_agree
from .people import citizen_client, officer_client
from .seoul import tables
from .test_fines import AT, CASE, issue
from .test_money_taken_back import take_back

UNTIL = "2026-07-20"


def text_of(kind: Kind, *rows: dict[str, str]) -> str:
    names = kind.row_names
    cells = [",".join((CASE | {"early_until": UNTIL} | row)[name] for name in names) for row in rows]
    return "\n".join([",".join(names), *cells]) + "\n"


@pytest.fixture
def fine(officers: Officers) -> Bill:
    """A fine of 120,000 won, 24,000 less until 20 July, due on 31 July 2026."""
    issue(PARKING_FINES, text_of(PARKING_FINES, {}), officers)
    return Bill.objects.get()


def test_within_the_time_for_stating_ones_case_a_fine_is_less_and_the_day_after_it_is_not(fine: Bill) -> None:
    assert fine.amount == 120_000
    days = {"2026-07-02": 96_000, UNTIL: 96_000, "2026-07-21": 120_000, "2026-07-31": 120_000, "2026-08-01": 123_600}
    assert {day: total(fine.pk, day) for day in days} == days
    twins_agree(fine.pk, date(2026, 7, 20), date(2026, 7, 21), date(2026, 8, 1), date(2026, 9, 1))


@pytest.mark.parametrize(
    ("kind", "row"), [(PARKING_FINES, {"two_hours": "Y"}), (BUS_LANE_FINES, {"vehicle_class": "motorcycle"})]
)
def test_what_the_database_takes_off_is_what_the_rule_takes_off(
    officers: Officers, kind: Kind, row: dict[str, str]
) -> None:
    issue(kind, text_of(kind, row), officers)
    bill = Bill.objects.get()
    rule = paid_early(assess_again(bill.facts, tables=tables()), on=date(2026, 7, 2), tables=tables())
    assert total(bill.pk, UNTIL) == rule.total


def test_whoever_pays_the_smaller_sum_in_time_owes_nothing_ever_after(fine: Bill) -> None:
    paid = pay_and_post(fine.pk, 96_000, UNTIL)
    assert (paid.applied, paid.excess, paid.remaining) == (96_000, 0, 0)
    assert [total(fine.pk, day) for day in (UNTIL, "2026-07-21", "2027-07-21")] == [0, 0, 0]
    assert balance("receivable") == 0
    assert books_agree()


def test_the_smaller_sum_a_day_too_late_leaves_the_rest_owed(fine: Bill) -> None:
    paid = pay_and_post(fine.pk, 96_000, "2026-07-21")
    assert (paid.applied, paid.remaining) == (96_000, 24_000)
    assert total(fine.pk, "2026-07-31") == 24_000


def test_a_part_in_time_and_the_rest_too_late_lose_what_was_less(fine: Bill) -> None:
    pay_and_post(fine.pk, 50_000, "2026-07-10")
    assert total(fine.pk, UNTIL) == 46_000
    assert total(fine.pk, "2026-07-21") == 70_000
    pay_and_post(fine.pk, 70_000, "2026-07-21", "PAY-2")
    assert total(fine.pk, "2026-09-01") == 0
    assert books_agree()


def test_whoever_pays_all_of_it_in_time_has_paid_too_much(fine: Bill) -> None:
    paid = pay_and_post(fine.pk, 120_000, "2026-07-10")
    assert (paid.applied, paid.excess) == (96_000, 24_000)
    assert books_agree()


def test_money_that_is_taken_back_takes_the_smaller_sum_with_it(fine: Bill) -> None:
    pay_and_post(fine.pk, 96_000, "2026-07-10")
    take_back(fine.pk, "PAY-1", 96_000)
    assert total(fine.pk, UNTIL) == 96_000  # there is still time
    assert total(fine.pk, "2026-07-21") == 120_000


def test_a_deferral_of_collection_does_not_lengthen_the_time(fine: Bill, officers: Officers) -> None:
    services.defer_bill(
        bill_id=fine.pk,
        from_on=date(2026, 7, 5),
        until_on=date(2026, 12, 31),
        asked_by_id=officers.uploader,
        reason="신청",
        at=AT,
    )
    assert total(fine.pk, "2026-07-21") == 120_000


def test_a_fine_whose_time_is_over_when_it_is_billed_is_not_less(officers: Officers) -> None:
    issue(PARKING_FINES, text_of(PARKING_FINES, {"early_until": "2026-07-01"}), officers)
    assert not BillCredit.objects.exists()
    assert total(Bill.objects.get().pk, "2026-07-02") == 120_000


def test_a_time_that_would_end_on_a_saturday_ends_on_the_working_day_after_it(officers: Officers) -> None:
    issue(PARKING_FINES, text_of(PARKING_FINES, {"early_until": "2026-07-18"}), officers)
    days = {"2026-07-18": 96_000, "2026-07-20": 96_000, "2026-07-21": 120_000}
    assert {day: total(Bill.objects.get().pk, day) for day in days} == days


def test_fines_with_and_without_such_a_day_stand_in_one_roll(officers: Officers) -> None:
    other = {"roll_ref": "FINE-2", "case_number": "P2026-000002", "early_until": ""}
    issue(PARKING_FINES, text_of(PARKING_FINES, {}, other), officers)
    sums = [total(bill.pk, "2026-07-10") for bill in Bill.objects.order_by("roll_ref")]
    assert sums == [96_000, 120_000]


def test_a_fine_gets_no_credit_for_electronic_notice(officers: Officers) -> None:
    issue(PARKING_FINES, text_of(PARKING_FINES, {"early_until": ""}), officers)
    services.record_entitlement(taxpayer_id=Taxpayer.objects.get().pk, kind="e_notice", began_on=date(2026, 1, 1))
    other = {"roll_ref": "FINE-2", "case_number": "P2026-000002", "early_until": ""}
    issue(PARKING_FINES, text_of(PARKING_FINES, other), officers)
    assert not BillCredit.objects.exists()


@pytest.mark.parametrize(
    ("day", "code"),
    [
        ("2026-02-30", "impossible_date"),
        ("tomorrow", "format"),
        ("2026-05-20", "early_until"),  # the day of the violation
        ("2026-08-01", "early_until"),  # after the due date
        ("９999-01-01", "full_width"),
        ("=A1", "formula"),
    ],
)
def test_a_day_that_cannot_be_meant_is_named(officers: Officers, day: str, code: str) -> None:
    roll_id = services.import_roll(
        content=text_of(PARKING_FINES, {"early_until": day}).encode(),
        file_name="fines.csv",
        tax=PARKING_FINES.name,
        year=2026,
        term=2,
        uploaded_by_id=officers.uploader,
        at=AT,
    )
    problems = LevyRoll.objects.get(pk=roll_id).problems.all()
    assert [(problem.column, problem.code) for problem in problems] == [("early_until", code)]


def test_the_payer_reads_until_when_it_is_less_and_by_which_article(fine: Bill, as_role: AsRole) -> None:
    client = citizen_client(as_role, Taxpayer.objects.get())
    address = f"/bills/{fine.pk}/?on={UNTIL}"
    english, korean = (
        client.get(address, headers={"Accept-Language": language}).content.decode() for language in ("en", "ko")
    )
    assert "Less 24,000 won for paying before the fine is imposed, if paid in full until 2026-07-20" in english
    assert "Act on the Regulation of Violations of Public Order article 18 paragraph 1" in english
    assert "96,000" in english
    assert "과태료 부과 전 납부" in korean
    assert "질서위반행위규제법 제18조 제1항" in korean
    late = client.get(f"/bills/{fine.pk}/?on=2026-07-21", headers={"Accept-Language": "en"}).content.decode()
    assert "is lost: the bill was not paid until 2026-07-20" in late


def test_the_office_sees_the_whole_fine_in_the_preview_and_what_is_less_on_the_bill(
    fine: Bill, as_role: AsRole
) -> None:
    client = officer_client(as_role, "assessor@example.kr", Role.ASSESSOR, Role.COLLECTOR)
    roll = LevyRoll.objects.get()
    assert "120,000" in client.get(f"/rolls/{roll.pk}/", headers={"Accept-Language": "en"}).content.decode()
    page = client.get(f"/bills/{fine.pk}/", headers={"Accept-Language": "en"}).content.decode()
    assert "24,000 won for paying before the fine is imposed" in page


def test_the_explanation_as_data_names_what_is_less(fine: Bill) -> None:
    (step,) = selectors.bill_on_day(bill_id=fine.pk, on=date(2026, 7, 20)).credit_steps
    assert (step.code, step.amount, step.values["due"]) == ("credit_until", -24_000, UNTIL)
