"""What an officer sees of what waits: the oldest first, what is past its day, perhaps there twice, or unclaimed."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest

from accounts.access import Role
from core import clock
from refunds.models import Refund
from refunds.selectors import by_age, by_state
from refunds.services import look_at_bill
from refunds.states import Status
from tests.billing.people import officer_client
from tests.payments.cast import BillFacts, a_bill
from tests.refunds.cast import Office, an_account, days_ago, pays
from tests.support.database import AsRole
from tests.support.faces import FaceClient

ENGLISH = {"accept-language": "en"}


@pytest.fixture
def clerk(as_role: AsRole) -> FaceClient:
    return officer_client(as_role, "desk@example.kr", Role.COLLECTOR, body="11110")


def found(bill: BillFacts, too_much: int, *, days: int = 0) -> Refund:
    """So much too much, found so many days ago."""
    known = set(Refund.objects.values_list("pk", flat=True))
    pays(bill, bill.amount + too_much, on=days_ago(days + 1))
    look_at_bill(bill_id=bill.id, at=clock.now() - timedelta(days=days, minutes=1))
    return Refund.objects.exclude(pk__in=known).get()


def rows(clerk: FaceClient, path: str = "/refunds/") -> dict[str, str]:
    """Each refund of the queue, in its order, with what its row says."""
    page = clerk.get(path, headers=ENGLISH).content.decode()
    told: dict[str, str] = {}
    for row in re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL):
        if number := re.search(r"REF-[0-9A-Z-]+", row):
            told[number[0]] = " ".join(unescape(re.sub(r"<[^>]*>", " ", row)).split())
    return told


def test_the_oldest_stands_first_with_its_age_and_what_is_past_its_day_is_marked(
    office: Office, clerk: FaceClient
) -> None:
    young, due, late = (found(a_bill(), 1_000 + days, days=days) for days in (2, 30, 31))
    queue = rows(clerk)
    assert list(queue) == [late.reference, due.reference, young.reference]
    assert "Past the deadline" in queue[late.reference]  # 30 days are the pack's
    assert "Past the deadline" not in queue[due.reference] + queue[young.reference]
    assert "2 days" in queue[young.reference]
    office.assesses(late)
    assert "Past the deadline" in rows(clerk, "/refunds/?status=assessed")[late.reference]
    assert late.reference not in rows(clerk)


def test_how_many_wait_for_how_long_and_what_each_state_comes_to(office: Office, clerk: FaceClient) -> None:
    for number, days in enumerate((0, 6, 7, 29, 30, 89, 90, 400)):
        found(a_bill(), 1_000 + number, days=days)
    office.assesses(Refund.objects.order_by("pk")[0])
    rejected = Refund.objects.order_by("pk")[1]
    office.assesses(rejected)
    office.decides(rejected, verdict="reject")
    assert by_age(at=clock.now()) == [("7", 1), ("30", 2), ("90", 2), ("", 2)]
    sums = {one.status: (one.many, one.amount) for one in by_state()}
    opened = Refund.objects.filter(status=Status.OPENED)
    assert sums[Status.OPENED] == (6, sum(one.available + one.interest for one in opened))
    assert (sums[Status.ASSESSED][0], sums[Status.REJECTED][0], sums[Status.PAID]) == (1, 1, (0, 0))
    page = " ".join(re.sub(r"<[^>]*>", " ", clerk.get("/refunds/", headers=ENGLISH).content.decode()).split())
    assert "Undecided for at most 7 days 1 Undecided for at most 30 days 2" in page
    assert "Undecided for longer 2" in page


def test_what_may_be_one_matter_twice_is_marked_for_the_same_person_and_sum_only(
    office: Office, clerk: FaceClient
) -> None:
    bill = a_bill()
    one, twin = found(bill, 8_000), found(a_bill(of=bill), 8_000)
    other_sum, other_person = found(a_bill(of=bill), 9_000), found(a_bill(), 8_000)
    queue = rows(clerk)
    marked = {reference for reference, said in queue.items() if "Perhaps twice" in said}
    assert marked == {one.reference, twin.reference}
    assert {other_sum.reference, other_person.reference} < set(queue)
    office.assesses(twin)
    office.decides(twin, verdict="reject")  # it was the same matter
    assert "Perhaps twice" not in rows(clerk)[one.reference]


def test_what_nobody_claims_is_listed_until_somebody_says_where_it_goes(office: Office, clerk: FaceClient) -> None:
    later, sooner = found(a_bill(), 1_000), found(a_bill(), 2_000, days=200)
    unclaimed = "/refunds/unclaimed/"
    assert list(rows(clerk, unclaimed)) == [sooner.reference, later.reference]  # what is prescribed first
    office.pays_back(sooner)  # decided, and no account is known
    assert sooner.reference in rows(clerk, unclaimed)
    an_account(later, office)
    office.pays_back(later)
    assert list(rows(clerk, unclaimed)) == [sooner.reference]
