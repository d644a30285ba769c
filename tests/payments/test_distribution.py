"""What was collected goes to the city and the districts by the pack's shares, due on the next business day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import Sum

from core import clock
from ledger import selectors as books
from payments.models import Distribution
from payments.reconcile.business_day import business_days
from payments.reconcile.distribute import distribute, shares_of
from payments.reconcile.shares import Source
from tests.payments.days import MONDAY, TUESDAY, give_back, on, sale

GU, CITY = "11110", "11000"


def distributed() -> int:
    return distribute(span=business_days(on=MONDAY).span(MONDAY), at=on(TUESDAY, 7))


def got() -> dict[tuple[str, str], int]:
    rows = Distribution.objects.values_list("beneficiary_id", "part").annotate(total=Sum("amount"))
    return {(body, part): total for body, part, total in rows if total}


def clearing(body: str) -> int:
    return sum(line.balance for line in books.trial_balance() if (line.body, line.purpose) == (body, "clearing"))


@pytest.mark.usefixtures("db")
def test_a_district_keeps_three_percent_of_a_tax_of_the_city() -> None:
    sale(52_000, at=on(MONDAY))
    distributed()
    assert got() == {(CITY, "tax"): 50_440, (GU, "fee"): 1_560}
    assert (clearing(CITY), clearing(GU)) == (50_440, 1_560)
    assert set(Distribution.objects.values_list("remit_on", flat=True)) == {TUESDAY}
    assert Distribution.objects.filter(article="").count() == 0
    call_command("ledger_check")


@pytest.mark.usefixtures("db")
def test_every_bodys_books_balance_by_themselves() -> None:
    sale(52_000, at=on(MONDAY))
    distributed()
    for body in (CITY, GU):
        assert sum(line.balance for line in books.trial_balance() if line.body == body) == 0


@pytest.mark.usefixtures("db")
def test_what_is_distributed_once_is_not_distributed_again() -> None:
    sale(52_000, at=on(MONDAY))
    assert distributed() > 0
    assert distributed() == 0


@pytest.mark.usefixtures("db")
def test_what_comes_late_or_is_taken_back_changes_what_each_got() -> None:
    paid = sale(52_000, at=on(MONDAY))
    distributed()
    sale(13_000, at=on(MONDAY, 12))
    give_back(paid, at=on(TUESDAY))
    distributed()
    assert got() == {(CITY, "tax"): 12_610, (GU, "fee"): 390}
    assert (clearing(CITY), clearing(GU)) == (12_610, 390)


@pytest.mark.usefixtures("db")
def test_what_the_city_bills_itself_costs_no_fee() -> None:
    sale(52_000, at=on(MONDAY), body=CITY)
    distributed()
    assert got() == {(CITY, "tax"): 52_000}


@pytest.mark.usefixtures("db")
def test_the_remittance_is_on_the_next_business_day() -> None:
    friday = MONDAY - timedelta(days=3)
    sale(52_000, at=on(friday))
    distribute(span=business_days(on=friday).span(friday), at=on(friday, 23))
    assert Distribution.objects.first() is not None
    assert set(Distribution.objects.values_list("remit_on", flat=True)) == {MONDAY}


def parts(main_tax: str, tax: str, amount: int) -> dict[tuple[str, str], Any]:
    found = shares_of(clock.local_date(on(MONDAY))).of(Source(GU, main_tax, tax), amount)
    assert sum(found.values()) == amount
    return {(claim.beneficiary, str(claim.part)): won for claim, won in found.items()}


@pytest.mark.usefixtures("db")
def test_property_tax_is_half_the_districts_and_half_all_districts_in_equal_parts() -> None:
    found = parts("property", "property", 100_001)
    assert found.pop((GU, "tax")) == 50_001
    assert found == {(body, "equal"): 2_000 for body, _ in found}
    assert len(found) == 25


@pytest.mark.usefixtures("db")
def test_the_urban_part_is_wholly_the_citys_and_costs_no_fee_on_a_districts_bill() -> None:
    assert parts("property", "property_urban", 70_000) == {(CITY, "tax"): 70_000}
    assert parts("property", "local_education", 20_000) == {(CITY, "tax"): 20_000}


@pytest.mark.usefixtures("db")
def test_a_tax_without_a_share_stays_with_who_billed_it_by_name() -> None:
    assert parts("parking_fine", "parking_fine", 40_000) == {(GU, "unruled"): 40_000}
