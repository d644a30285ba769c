"""Whether interest is due at all, and half as much again: facts decide it, and no officer says something else."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import F

from accounts.access import Role
from accounts.models import Taxpayer
from billing.models import Bill
from billing.services import reduce_bill
from core import clock
from refunds.handlers import appeal_upheld
from refunds.models import Claim, Refund
from refunds.services import CanNotBe, DayNeeded, look_at_bill
from refunds.services.causes import contestable_until
from refunds.states import Cause, Status, Told, Way
from tests.billing.people import citizen_client, officer_client
from tests.payments.cast import BillFacts, a_bill
from tests.refunds.cast import Office, at_noon, days_ago, event, pays
from tests.refunds.test_claims import answer, wish
from tests.support.database import AsRole, admin_connection
from tests.support.faces import FaceClient

ENGLISH = {"accept-language": "en"}


@pytest.fixture
def assessor(as_role: AsRole) -> FaceClient:
    return officer_client(as_role, "assessor@example.kr", Role.ASSESSOR, body="11110")


class Requests:
    """The office corrects bills because their payer asked for it."""

    def __init__(self, office: Office, as_role: AsRole, assessor: FaceClient, database: str) -> None:
        self.office, self.as_role, self.assessor, self.database = office, as_role, assessor, database

    def granted(self, *, issued: int, ground: str = "request", levy: str = "") -> Refund:
        """A bill that went out so many days ago, was paid 20 days ago, and is corrected today."""
        bill = a_bill(levy=levy) if levy else a_bill()
        with admin_connection(self.database) as admin:
            admin.execute("SET session_replication_role = replica")
            admin.execute("UPDATE billing_bill SET issued_at = %s WHERE id = %s", [at_noon(days_ago(issued)), bill.id])
        pays(bill, 52_000, on=days_ago(20))
        owner = citizen_client(self.as_role, Taxpayer.objects.get(pk=bill.taxpayer_id))
        assert owner.post(f"/refunds/claim/{bill.id}/", wish(bill, 30_000, 9_000, ground=ground)).status_code == 302
        claim = Claim.objects.latest("pk")
        said = self.assessor.post(f"/refunds/claims/{claim.pk}/", answer(bill, 30_000, 9_000))
        assert said.status_code == 302, said.content.decode()
        self.office.deliver()
        return Refund.objects.get(bill_id=bill.id)

    def page(self, refund: Refund) -> str:
        return str(self.assessor.get(f"/refunds/{refund.pk}/", headers=ENGLISH).content.decode())


@pytest.fixture
def requests(office: Office, as_role: AsRole, assessor: FaceClient, database_name: str) -> Requests:
    return Requests(office, as_role, assessor, database_name)


def test_what_was_asked_for_while_the_bill_could_be_contested_bears_interest(
    requests: Requests, office: Office
) -> None:
    refund = requests.granted(issued=60)
    assert (refund.cause, refund.told_by, refund.requested_on) == (Cause.CORRECTED, Told.REQUEST, days_ago(0))
    assert refund.interest > 0
    page = requests.page(refund)
    assert "It could be contested until" in page
    assert 'value="grievance"' not in page
    wrong: list[dict[str, Any]] = [
        {"cause": Cause.GRIEVANCE, "event_on": days_ago(0)},
        {"cause": Cause.AMENDED},
        {"cause": Cause.CORRECTED, "final_on": days_ago(50)},
    ]
    for says in wrong:
        with pytest.raises(CanNotBe):
            office.assesses(refund, **says)
    assert office.assesses(refund).status == Status.ASSESSED


def test_what_was_asked_for_later_is_a_complaint_unless_the_notice_arrived_late(
    requests: Requests, office: Office
) -> None:
    refund = requests.granted(issued=120)
    assert (refund.cause, refund.event_on, refund.interest) == (Cause.GRIEVANCE, days_ago(0), 0)
    page = requests.page(refund)
    assert "bears no interest" in " ".join(page.split())
    for arrived in (None, days_ago(121), days_ago(100), days_ago(-1)):
        with pytest.raises(CanNotBe):
            office.assesses(refund, cause=Cause.CORRECTED, event_on=None, arrived_on=arrived)
    said = {"believed": refund.available, "cause": "corrected", "way": "account", "reason": "the post was slow"}
    form = {**said, "arrived_on": days_ago(85).isoformat()}
    assert requests.assessor.post(f"/refunds/{refund.pk}/assess/", said).status_code == 422
    assert requests.assessor.post(f"/refunds/{refund.pk}/assess/", form).status_code == 302
    office.deliver()
    refund.refresh_from_db()
    assert (refund.cause, refund.arrived_on) == (Cause.CORRECTED, days_ago(85))
    assert refund.interest > 0


def test_a_return_can_be_claimed_about_for_years_so_asking_later_is_no_complaint(requests: Requests) -> None:
    assert requests.granted(issued=120, levy="acquisition").cause == Cause.CORRECTED


def test_so_it_is_for_a_return_of_a_tax_that_is_billed_otherwise(office: Office) -> None:
    bill = a_bill()
    with connection.cursor() as cursor:
        cursor.execute("SELECT refunds_contestable_until(%s, %s)", [bill.id, days_ago(120)])
        assert cursor.fetchone()[0] < days_ago(0)
    Bill.objects.filter(pk=bill.id).update(facts={"filed_on": days_ago(120).isoformat()})
    until = contestable_until(bill_id=bill.id, arrived=days_ago(120))
    assert until is not None
    assert until > days_ago(-365 * 4)


def test_a_claim_by_right_is_nothing_else(requests: Requests, office: Office) -> None:
    refund = requests.granted(issued=120, ground="return", levy="acquisition")
    assert (refund.cause, refund.told_by) == (Cause.AMENDED, Told.CLAIM)
    wrong: list[dict[str, Any]] = [
        {"cause": Cause.GRIEVANCE, "event_on": days_ago(0)},
        {"cause": Cause.REDUCED, "event_on": days_ago(0)},
        {"cause": Cause.AMENDED, "final_on": days_ago(50)},
    ]
    for says in wrong:
        with pytest.raises(CanNotBe):
            office.assesses(refund, **says)
    page = requests.page(refund)
    assert "A claim by right that was granted" in page
    assert 'name="final_on"' not in page
    said = {"believed": refund.available, "cause": "amended", "way": "account", "reason": "as granted"}
    assert requests.assessor.post(f"/refunds/{refund.pk}/assess/", said).status_code == 302


@pytest.fixture
def contested(office: Office) -> BillFacts:
    bill = a_bill()
    pays(bill, 52_000, on=days_ago(60))
    return bill


@pytest.fixture
def upheld(office: Office, contested: BillFacts) -> Refund:
    """An objection was upheld, and became final fifty days ago; the money was paid sixty days ago."""
    line = Bill.objects.get(pk=contested.id).lines.order_by("position")[0]
    asked = reduce_bill(
        bill_id=contested.id, lines={line.pk: 22_000}, reason="x", asked_by_id=office.clerk.id, at=clock.now()
    )
    appeal_upheld(event(change_id=asked.change_id, by="objection", final_on=days_ago(50).isoformat()))
    return Refund.objects.get()


def test_nobody_takes_back_what_a_decision_on_an_objection_gives(upheld: Refund, office: Office) -> None:
    assert upheld.told_by == Told.APPEAL
    assert upheld.interest == 22_000 * 465 * 60 // 3_650_000 // 10 * 10  # half as much again
    wrong: list[dict[str, Any]] = [
        {"final_on": None},
        {"final_on": days_ago(10)},
        {"cause": Cause.GRIEVANCE, "event_on": days_ago(1)},
        {"cause": Cause.REDUCED, "event_on": days_ago(1), "final_on": days_ago(50)},
    ]
    for says in wrong:
        with pytest.raises(CanNotBe):
            office.assesses(upheld, **says)
    assert office.assesses(upheld, final_on=days_ago(50)).interest == upheld.interest


def test_the_first_officers_page_sends_the_days_that_stand_firm(upheld: Refund, assessor: FaceClient) -> None:
    said = {"believed": 22_000, "cause": "corrected", "way": "account", "reason": "as decided"}
    assert assessor.post(f"/refunds/{upheld.pk}/assess/", {**said, "final_on": ""}).status_code == 302
    upheld.refresh_from_db()
    assert (upheld.status, upheld.final_on) == (Status.ASSESSED, days_ago(50))


def test_what_was_no_longer_owed_and_is_again_goes_back_for_the_same_reason(
    upheld: Refund, contested: BillFacts
) -> None:
    Refund.objects.filter(pk=upheld.pk).update(lost=F("amount"), status=Status.LAPSED)
    look_at_bill(bill_id=contested.id, at=clock.now())
    again = Refund.objects.exclude(pk=upheld.pk).get()
    assert (again.source, again.told_by, again.final_on) == (f"{upheld.source}/2", Told.APPEAL, days_ago(50))


def test_a_complaint_that_the_office_wrote_down_itself_wants_its_day_and_is_none_before_the_time_is_over(
    office: Office,
) -> None:
    bill = a_bill()
    pays(bill, 52_000, on=days_ago(1))
    office.reduces(bill, 22_000)
    office.deliver()
    refund = Refund.objects.get()
    with pytest.raises(DayNeeded):
        office.assesses(refund, cause=Cause.GRIEVANCE)
    with pytest.raises(CanNotBe):  # the bill went out today
        office.assesses(refund, cause=Cause.GRIEVANCE, event_on=days_ago(0))
    with pytest.raises(CanNotBe):  # nobody asked for it, so no day of arrival decides
        office.assesses(refund, way=Way.ACCOUNT, arrived_on=days_ago(0))


def test_the_last_day_is_moved_off_a_day_of_rest_as_terms_of_appeals_are(office: Office) -> None:
    bill = a_bill()
    found: dict[date, Any] = {
        arrived: contestable_until(bill_id=bill.id, arrived=arrived)
        for arrived in (date(2026, 1, 5), date(2026, 1, 4), date(2026, 3, 1), date(2010, 1, 1))
    }
    assert found == {
        date(2026, 1, 5): date(2026, 4, 6),  # a Sunday, moved
        date(2026, 1, 4): date(2026, 4, 6),  # a Saturday, moved
        date(2026, 3, 1): date(2026, 3, 1) + timedelta(days=92),  # Saturday 30 May
        date(2010, 1, 1): None,
    }
