"""Until when a claim stands: each border of limitation, what interrupts it, and who confirms its end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest

from accounts.access import Role
from billing import selectors, services
from billing.models import Bill, BillChange, BillFact
from billing.rules.plans import Share
from billing.rules.prescription import Interruption, last_day_of_claim, years_of
from billing.rules.standing import Deferral
from core import clock
from tests.accounts.people import at_a_desk
from tests.support.database import AsRole

from .conftest import AT, Officers, csv_of
from .life import act, balance, books_agree, pay_and_post
from .people import citizen_client, officer_client
from .seoul import tables
from .test_payments_on_bills import day

DUE = date(2026, 6, 30)
FIVE_YEARS = date(2031, 6, 30)


@pytest.fixture
def bill(issued: Callable[[str], int]) -> Bill:
    """A bill of 260,000 won, due on 30 June 2026."""
    issued(csv_of({}))
    return Bill.objects.get()


def until(bill: Bill) -> date | None:
    claim = selectors.claim_of(bill_id=bill.pk)
    assert claim
    return claim.until


@pytest.mark.parametrize(
    ("claim", "is_tax", "years"), [(49_999_999, True, 5), (50_000_000, True, 10), (50_000_000, False, 5)]
)
def test_ten_years_from_fifty_million_won_of_tax(claim: int, is_tax: bool, years: int) -> None:
    assert years_of(claim=claim, is_tax=is_tax, rule=tables().at("prescription", DUE)) == years


def span(first: str, last: str) -> Deferral:
    return Deferral(from_on=date.fromisoformat(first), until_on=date.fromisoformat(last))


def between(first: str, last: str | None) -> Interruption:
    return Interruption(on=date.fromisoformat(first), until=date.fromisoformat(last) if last else None)


@pytest.mark.parametrize(
    ("interruptions", "pauses", "last"),
    [
        ([], [], "2031-06-30"),
        ([between("2026-08-01", "2026-08-20")], [], "2031-08-20"),
        ([between("2031-06-30", "2031-07-20")], [], "2036-07-20"),
        ([between("2031-07-01", "2031-07-20")], [], "2031-06-30"),  # a day too late
        ([between("2030-01-01", None)], [], None),
        ([between("2031-07-01", None)], [], "2031-06-30"),
        ([between("2028-01-01", "2029-03-31")], [], "2034-03-31"),
        ([between("2028-01-01", "2029-03-31"), between("2028-05-01", "2028-05-20")], [], "2034-03-31"),
        ([between("2034-03-31", "2034-04-10"), between("2028-01-01", "2029-03-31")], [], "2039-04-10"),
        ([], [span("2027-01-01", "2027-01-31")], "2031-07-31"),
        ([], [span("2026-06-01", "2026-06-30")], "2031-06-30"),  # before it ran
        ([], [span("2031-06-30", "2031-07-02")], "2031-07-03"),
        ([], [span("2031-07-01", "2031-07-02")], "2031-06-30"),
        ([], [span("2027-01-01", "2027-01-31"), span("2027-01-15", "2027-02-10")], "2031-08-10"),
        ([between("2031-07-31", "2031-08-10")], [span("2027-01-01", "2027-01-31")], "2036-08-10"),
    ],
)
def test_every_border_of_limitation(
    interruptions: Sequence[Interruption], pauses: Sequence[Deferral], last: str | None
) -> None:
    found = last_day_of_claim(due=DUE, years=5, interruptions=interruptions, pauses=pauses)
    assert found == (date.fromisoformat(last) if last else None)


def remind(bill: Bill, officers: Officers, served: str, last: str, on: str) -> None:
    first, until_on = date.fromisoformat(served), date.fromisoformat(last)
    services.note_reminder(bill_id=bill.pk, from_on=first, until_on=until_on, **act(officers.uploader, on))


def test_a_reminder_begins_it_anew_when_its_term_is_over(bill: Bill, officers: Officers) -> None:
    assert until(bill) == FIVE_YEARS
    remind(bill, officers, "2026-08-01", "2026-08-21", "2026-08-01")
    assert until(bill) == date(2031, 8, 21)
    assert BillChange.objects.get().needs_second is False
    assert services.name_prescribed(at=day("2031-08-21")) == []
    assert len(services.name_prescribed(at=day("2031-08-22"))) == 1


@pytest.mark.parametrize(
    ("days", "refused"),
    [
        (("2026-08-01", "2026-08-22", "2026-08-05"), services.ReminderTooLong),
        (("2026-08-01", "2026-07-31", "2026-08-05"), services.DatesImpossible),
        (("2026-06-30", "2026-07-10", "2026-08-05"), services.NotLateThen),
        (("2026-08-06", "2026-08-10", "2026-08-05"), services.NotHappenedYet),
        (("2031-07-01", "2031-07-10", "2031-07-05"), services.PrescribedBefore),
    ],
)
def test_a_reminder_that_can_not_have_been_is_refused(
    bill: Bill, officers: Officers, days: tuple[str, str, str], refused: type[Exception]
) -> None:
    with pytest.raises(refused):
        remind(bill, officers, *days)


def test_nothing_is_prescribed_while_property_is_seized(bill: Bill, officers: Officers) -> None:
    who = officers.uploader
    services.note_seizure(bill_id=bill.pk, from_on=date(2027, 3, 1), **act(who, "2027-03-02", "a car"))
    assert until(bill) is None
    assert services.name_prescribed(at=day("2040-01-01")) == []
    fact = BillFact.objects.get()
    services.end_fact(bill_id=bill.pk, fact_id=fact.pk, on=date(2040, 1, 5), **act(who, "2040-01-05", "sold"))
    assert until(bill) == date(2045, 1, 5)
    assert len(services.name_prescribed(at=day("2045-01-06"))) == 1


def test_it_stands_still_while_a_late_bill_is_deferred_or_split(bill: Bill, officers: Officers) -> None:
    services.defer_bill(
        bill_id=bill.pk, from_on=date(2026, 8, 1), until_on=date(2026, 8, 31), **act(officers.uploader, "2026-08-01")
    )
    assert until(bill) == date(2031, 7, 31)
    services.plan_instalments(
        bill_id=bill.pk,
        plan="free",
        parts=[Share(due_on=date(2026, 10, 31), amount=130_000), Share(due_on=date(2026, 11, 30), amount=130_000)],
        **act(officers.uploader, "2026-10-01"),
    )
    assert until(bill) == date(2031, 9, 30)


def test_paid_bills_stand_in_nobodys_way_and_a_kept_claim_rests_for_a_year(
    issued: Callable[[str], int], officers: Officers
) -> None:
    issued(csv_of(*({"roll_ref": f"C-{n}", "vehicle_number": f"12가000{n}"} for n in "123")))
    first, second, third = Bill.objects.order_by("id")
    pay_and_post(first.pk, 260_000, "2026-06-20")
    (one,) = services.name_prescribed(at=day("2031-07-01"), most=1)
    (other,) = services.name_prescribed(at=day("2031-07-01"))
    assert set(BillChange.objects.values_list("bill_id", flat=True)) == {second.pk, third.pk}
    decide: dict[str, Any] = {"decided_by_id": officers.approver, "because": "x", "at": day("2031-07-02")}
    services.decide_change(change_id=one, approved=False, **decide)
    services.decide_change(change_id=other, approved=True, **decide)
    assert balance("receivable") == 260_000
    assert books_agree()
    assert services.name_prescribed(at=day("2032-06-30")) == []
    assert len(services.name_prescribed(at=day("2032-07-02"))) == 1


def test_a_collector_enters_both_on_the_bills_page(bill: Bill, as_role: AsRole) -> None:
    """The bill's half-year lies long past, so that what is entered today has happened."""
    Bill.objects.update(nominal_due_on=date(2024, 6, 30), due_on=date(2024, 6, 30))
    collector = officer_client(as_role, "collects@example.kr", Role.COLLECTOR)
    english = {"Accept-Language": "en"}
    address = f"/bills/{bill.pk}/"
    assert "30 June 2029</time>. Note" in collector.get(address, headers=english).content.decode()
    typed = {"from_on": "2024-08-01", "until_on": "2024-08-22", "reason": "by registered mail"}
    refused = collector.post(f"{address}change/remind/", typed, headers=english)
    assert (refused.status_code, "at most twenty days" in refused.content.decode()) == (422, True)
    assert collector.post(f"{address}change/remind/", typed | {"until_on": "2024-08-20"}).status_code == 302
    assert collector.post(f"{address}change/seize/", {"from_on": "2024-09-01", "reason": "a car"}).status_code == 302
    shown = collector.get(address, headers=english).content.decode()
    assert "not prescribed until it is released" in shown
    assert "by registered mail" in citizen_client(as_role, bill.taxpayer).get(address).content.decode()
    end = {"fact": BillFact.objects.get(kind="seizure").pk, "on": "2024-10-01", "reason": "released"}
    assert collector.post(f"{address}change/end/", end).status_code == 302
    assert "1 October 2029</time>. Note" in collector.get(address, headers=english).content.decode()


def test_what_a_job_found_an_approver_confirms_at_a_desk(bill: Bill, as_role: AsRole) -> None:
    Bill.objects.update(nominal_due_on=date(2018, 6, 30), due_on=date(2018, 6, 30), liability_on=date(2018, 6, 1))
    (change,) = services.name_prescribed(at=AT)
    with at_a_desk(as_role, Role.APPROVER) as me:
        services.decide_change(change_id=change, decided_by_id=me.account, approved=True, because="", at=clock.now())
    bill.refresh_from_db()
    assert (bill.status, balance("receivable")) == ("prescribed", 0)
