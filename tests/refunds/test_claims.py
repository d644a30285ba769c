"""A payer claims that a bill is corrected (경정청구); the office answers in time, and what was paid comes back."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any, Final

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from accounts.access import Role
from accounts.models import Taxpayer
from billing import services as billing
from billing.models import Bill, BillChange
from core import clock
from core.db.session import session_secret
from refunds import claim_selectors, services
from refunds.models import Claim, Refund
from refunds.rules.claims import months_after
from refunds.services import ClaimAnswered, talk
from refunds.states import Cause, ClaimStatus
from tests.billing.people import citizen_client, officer_client
from tests.payments.cast import BillFacts, a_bill
from tests.payments.racing import at_once
from tests.payments.test_cancellations import Desk, a_desk
from tests.refunds.cast import Office, days_ago, pays
from tests.support.database import AsRole, admin_connection
from tests.support.faces import FaceClient


def lines_of(bill: BillFacts) -> list[int]:
    return list(Bill.objects.get(pk=bill.id).lines.order_by("position").values_list("pk", flat=True))


def wish(bill: BillFacts, *sums: Any, ground: str = "return", **more: Any) -> dict[str, Any]:
    """A claim's form: what each tax should be."""
    lines = {f"line_{line}": won for line, won in zip(lines_of(bill), sums, strict=True)}
    return {"ground": ground, "text": "My return counted the land twice.", **lines, **more}


def answer(bill: BillFacts, *sums: Any, granted: str = "yes") -> dict[str, Any]:
    lines = {f"line_{line}": won for line, won in zip(lines_of(bill), sums, strict=True)}
    return {"granted": granted, "answer": "You are right.", **lines}


@pytest.fixture
def filed(office: Office) -> BillFacts:
    """Acquisition tax that its payer computed and filed, paid sixty days ago."""
    bill = a_bill(levy="acquisition")
    pays(bill, 52_000, on=days_ago(60))
    return bill


@pytest.fixture
def owner(filed: BillFacts, as_role: AsRole) -> FaceClient:
    return citizen_client(as_role, Taxpayer.objects.get(pk=filed.taxpayer_id))


@pytest.fixture
def assessor(as_role: AsRole) -> FaceClient:
    return officer_client(as_role, "assessor@example.kr", Role.ASSESSOR, body="11110")


def test_a_return_that_said_too_much_is_corrected_and_bears_interest_from_its_payment(
    filed: BillFacts, owner: FaceClient, assessor: FaceClient, office: Office
) -> None:
    page = f"/refunds/claim/{filed.id}/"
    assert "article 50" in owner.get(page, headers={"accept-language": "en"}).content.decode()
    assert owner.post(page, wish(filed, "30,000", "9000", base="1,000,000")).status_code == 302
    claim = Claim.objects.get()
    today = clock.local_date(clock.now())
    assert claim.answer_by == months_after(today, 2)
    assert owner.post(page, wish(filed, "1", "1")).status_code == 422  # one waits

    desk = assessor.get("/refunds/claims/").content.decode()
    assert filed.epay_number in desk
    answering = f"/refunds/claims/{claim.pk}/"
    assert "1,000,000" in assessor.get(answering).content.decode()
    assert assessor.post(answering, answer(filed, 40_000, 12_000)).status_code == 422  # nothing less than now
    assert assessor.post(answering, answer(filed, 50_000, 9_000)).status_code == 422  # more than now
    assert assessor.post(answering, answer(filed, 30_000, 9_000)).status_code == 302
    assert assessor.get(answering).status_code == 404  # answered
    office.deliver()

    refund = Refund.objects.get()
    assert (refund.amount, refund.cause, refund.event_on) == (13_000, Cause.AMENDED, None)
    first = next(row["values"]["first"] for row in refund.steps if row["code"] == "refund_first_day")
    assert first == days_ago(59).isoformat()
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.GRANTED
    assert claim.change is not None
    assert claim.change.reason == "You are right."
    talk(at=clock.now())
    talk(at=clock.now())
    (letter,) = mail.outbox
    assert letter.to == [f"t{filed.taxpayer_id}@example.kr"]
    assert "You are right." in owner.get("/refunds/").content.decode()
    office.pays_back(refund)
    call_command("ledger_check")


def test_what_turned_out_otherwise_is_claimed_within_ninety_days_of_hearing_of_it(
    office: Office, as_role: AsRole, assessor: FaceClient
) -> None:
    bill = a_bill()
    client = citizen_client(as_role, Taxpayer.objects.get(pk=bill.taxpayer_id))
    page = f"/refunds/claim/{bill.id}/"
    assert client.post(page, wish(bill, 0, 0)).status_code == 422  # nobody filed a return for a car
    for heard in ("", days_ago(91).isoformat(), days_ago(-1).isoformat(), "yesterday"):
        said = client.post(page, wish(bill, 0, 0, ground="later", known_on=heard))
        assert said.status_code == 422
        assert "My return counted the land twice." in said.content.decode()  # what was typed stays
    assert client.post(page, wish(bill, 0, 0, ground="later", known_on=days_ago(90).isoformat())).status_code == 302
    claim = Claim.objects.get()
    assert claim.known_on == days_ago(90)
    assert assessor.post(f"/refunds/claims/{claim.pk}/", answer(bill, 0, 0)).status_code == 302
    office.deliver()
    assert Bill.objects.get(pk=bill.id).status == "cancelled"  # nothing is left of it
    assert client.post(page, wish(bill, 0, 0, ground="request")).status_code == 422  # no longer in force


WRONG: Final = [
    {"line": "-1"},
    {"line": "40001"},
    {"line": "a lot"},
    {"line": "9" * 40},
    {"line": ""},
    {"line": "40000", "other": "12000"},
    {"base": "-5"},
    {"base": "1" * 30},
    {"text": ""},
    {"text": "x" * 1001},
    {"text": "\x00"},
    {"ground": "because"},
    {"ground": ""},
]


def test_a_claim_that_makes_no_sense_is_told_what_to_do(filed: BillFacts, owner: FaceClient) -> None:
    for wrong in WRONG:
        told = dict(wrong)
        form = wish(filed, told.pop("line", "30000"), told.pop("other", "9000"), **told)
        assert owner.post(f"/refunds/claim/{filed.id}/", form).status_code == 422, wrong
    assert not Claim.objects.exists()


def test_the_database_takes_no_claim_that_the_law_does_not_give(
    filed: BillFacts, owner: FaceClient, as_role: AsRole
) -> None:
    billed, of_another = a_bill(of=filed), a_bill(levy="acquisition")
    old = a_bill(of=filed, levy="acquisition", due=days_ago(365 * 5 + 3))
    secret = owner.cookies["sessionid"].value

    def claims(bill: BillFacts, ground: str, heard: date | None = None, wants: str = "{}") -> Any:
        with as_role("public"), session_secret(secret), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT refunds_claim(%s, %s, %s, %s, 'x')", [bill.id, ground, heard, wants])
            return cursor.fetchone()[0]

    assert claims(of_another, "request") is None
    assert claims(billed, "return") is None
    assert claims(old, "return") is None
    assert claims(filed, "return", days_ago(1)) is None
    assert claims(filed, "later", days_ago(91)) is None
    assert claims(filed, "later", days_ago(-1)) is None
    assert claims(filed, "later") is None
    assert claims(filed, "return", wants=f'{{"base": {"1" * 5000}}}') is None
    assert claims(filed, "later", days_ago(90)) is not None
    with pytest.raises(DatabaseError, match="permission denied"), as_role("public"), session_secret(secret):
        Claim.objects.update(answer_by=days_ago(-900))


def test_a_large_sum_waits_for_a_second_officer_and_is_answered_by_what_they_say(
    office: Office, as_role: AsRole, assessor: FaceClient
) -> None:
    bill = a_bill(levy="acquisition", tax=9_000_000, education=900_000)
    pays(bill, 9_900_000, on=days_ago(10))
    client = citizen_client(as_role, Taxpayer.objects.get(pk=bill.taxpayer_id))
    assert client.post(f"/refunds/claim/{bill.id}/", wish(bill, 5_000_000, 500_000)).status_code == 302
    claim = Claim.objects.get()
    approver = a_desk(as_role, "second-of-bills@example.kr", Role.APPROVER, body="11110")

    def grants() -> int:
        assert assessor.post(f"/refunds/claims/{claim.pk}/", answer(bill, 5_000_000, 500_000)).status_code == 302
        claim.refresh_from_db()
        assert (claim.status, Refund.objects.count()) == (ClaimStatus.DECIDING, 0)
        assert claim.change_id is not None
        return claim.change_id

    def decides(change: int, *, approved: bool) -> None:
        facts: dict[str, Any] = {
            "decided_by_id": approver.id,
            "approved": approved,
            "because": "" if approved else "why",
        }
        approver.does(lambda: billing.decide_change(change_id=change, at=clock.now(), **facts))
        office.deliver()
        claim.refresh_from_db()

    assert "You are right." not in client.get("/refunds/").content.decode()  # nobody is told what is not decided
    waits = grants()
    second = officer_client(as_role, "reads-claims@example.kr", Role.APPROVER, body="11110")
    assert f"/refunds/claims/{claim.pk}/" in second.get("/refunds/claims/").content.decode()
    page = second.get(f"/refunds/claims/{claim.pk}/").content.decode()
    assert '<form method="post" class="et-form"' not in page
    assert second.post(f"/refunds/claims/{claim.pk}/", answer(bill, 5_000_000, 500_000)).status_code == 403
    decides(waits, approved=False)
    assert (claim.status, claim.answer, claim.change_id) == (ClaimStatus.ASKED, "", None)
    decides(grants(), approved=True)
    assert claim.status == ClaimStatus.GRANTED
    refund = Refund.objects.get()
    assert (refund.amount, refund.cause) == (4_400_000, Cause.AMENDED)
    assert BillChange.objects.filter(bill_id=bill.id).count() == 2
    call_command("ledger_check")


def test_a_request_is_no_claim_by_right_and_a_refusal_says_what_can_be_done(
    filed: BillFacts, owner: FaceClient, assessor: FaceClient, as_role: AsRole, office: Office
) -> None:
    page = f"/refunds/claim/{filed.id}/"
    assert owner.post(page, wish(filed, 30_000, 9_000, ground="request")).status_code == 302
    first = Claim.objects.get()
    assert first.answer_by is None
    collector = officer_client(as_role, "collector@example.kr", Role.COLLECTOR, body="11110")
    answering = f"/refunds/claims/{first.pk}/"
    assert collector.post(answering, answer(filed, 30_000, 9_000)).status_code == 422  # bills are an assessor's
    assert collector.post(answering, {"granted": "no", "answer": "The land is as large."}).status_code == 302
    assert owner.post(page, wish(filed, 30_000, 9_000)).status_code == 302  # by right, this time
    second = Claim.objects.latest("pk")
    assert collector.post(f"/refunds/claims/{second.pk}/", {"granted": "no", "answer": "As before."}).status_code == 302
    mine = owner.get("/refunds/", headers={"accept-language": "en"}).content.decode()
    assert "The land is as large." in mine
    assert mine.count("articles 90 and 91") == 1
    office.deliver()
    assert not Refund.objects.exists()
    assert owner.post(page, wish(filed, 30_000, 9_000, ground="request")).status_code == 302
    answering = f"/refunds/claims/{Claim.objects.latest('pk').pk}/"
    assert assessor.post(answering, answer(filed, 30_000, 9_000)).status_code == 302
    office.deliver()
    refund = Refund.objects.get()
    assert refund.cause == Cause.CORRECTED
    told = collector.get(f"/refunds/{refund.pk}/", headers={"accept-language": "en"}).content.decode()
    assert "It could be contested until" in told  # a return can be claimed about: no complaint, so interest is due


def test_a_claim_that_nobody_answered_in_time_says_so_to_both(
    filed: BillFacts, owner: FaceClient, assessor: FaceClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert owner.post(f"/refunds/claim/{filed.id}/", wish(filed, 30_000, 9_000)).status_code == 302
    english = {"accept-language": "en"}
    assert "Past the deadline" not in assessor.get("/refunds/claims/", headers=english).content.decode()
    later = clock.now() + timedelta(days=63)
    told = SimpleNamespace(now=lambda: later, local_date=clock.local_date)
    monkeypatch.setattr(claim_selectors, "clock", told)
    assert "Past the deadline" in assessor.get("/refunds/claims/", headers=english).content.decode()
    assert "article 50 paragraph 4" in owner.get("/refunds/", headers=english).content.decode()


def test_of_two_officers_one_answers(
    filed: BillFacts, owner: FaceClient, as_role: AsRole, database_name: str, office: Office
) -> None:
    assert owner.post(f"/refunds/claim/{filed.id}/", wish(filed, 30_000, 9_000)).status_code == 302
    claim, sums = Claim.objects.get(), dict(zip(lines_of(filed), (30_000, 9_000), strict=True))
    desks = [a_desk(as_role, f"{name}@example.kr", Role.ASSESSOR, body="11110") for name in ("one", "two")]

    def grants(desk: Desk) -> Any:
        def call(as_role: AsRole) -> str:
            facts: dict[str, Any] = {"claim_id": claim.pk, "lines": sums, "answer": "Yes.", "officer_id": desk.id}
            with as_role("office"), session_secret(desk.secret):
                try:
                    services.grant_claim(**facts, at=clock.now())
                except ClaimAnswered:
                    return "too late"
                return "granted"

        return call

    assert sorted(at_once(database_name, [grants(desk) for desk in desks])) == ["granted", "too late"]
    office.deliver()
    assert Refund.objects.get().amount == 13_000


def test_months_are_counted_as_the_civil_act_does_here_and_in_the_database(db: None) -> None:
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(0, 800, 3)]
    query = "SELECT refunds_months_after(d, %s) FROM unnest(%s::date[]) AS d ORDER BY d"
    with admin_connection(connection.settings_dict["NAME"]) as admin:
        for months in (2, 60):
            found = [row[0] for row in admin.execute(query, [months, days])]
            assert found == [months_after(day, months) for day in days]
