"""What officers see and do on the pages of a bill's life, and what the payer reads of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from accounts.access import Role
from accounts.models import Officer
from billing.models import Bill, BillChange, BillFact, DueDateOverride, Extension
from billing.services.paper import bill_facts
from tests.support.database import AsRole
from tests.support.faces import FaceClient

from .conftest import AT, csv_of
from .people import citizen_client, officer_client
from .test_office_pages import page

LARGE = {"displacement_cc": "9000"}


@pytest.fixture
def assessor(as_role: AsRole) -> FaceClient:
    return officer_client(as_role, "assessing@example.kr", Role.ASSESSOR)


@pytest.fixture
def collector(as_role: AsRole) -> FaceClient:
    return officer_client(as_role, "collecting@example.kr", Role.COLLECTOR)


@pytest.fixture
def approver(as_role: AsRole) -> FaceClient:
    return officer_client(as_role, "confirming@example.kr", Role.APPROVER)


@pytest.fixture
def bill(issued: Callable[[str], int]) -> Bill:
    issued(csv_of({}))
    return Bill.objects.get()


def send(client: FaceClient, address: str, **typed: object) -> tuple[int, str]:
    answer = client.post(address, typed, headers={"Accept-Language": "en"})
    return answer.status_code, answer.content.decode()


def test_an_assessor_reduces_a_bill_and_the_payer_reads_why(bill: Bill, assessor: FaceClient, as_role: AsRole) -> None:
    address = f"/bills/{bill.pk}/change/reduce/"
    car = bill.lines.order_by("position")[0].pk
    assert "Won to take off, at most 200,000." in page(assessor, address)
    status, shown = send(assessor, address, reason="sold in March")
    assert status == 422
    assert "Enter by how much at least one tax is reduced." in shown
    assert "sold in March" in shown
    assert send(assessor, address, reason="sold in March", **{f"line_{car}": "100000"})[0] == 302
    for language, words in (("en", "sold in March"), ("ko", "감액")):
        assert words in page(assessor, f"/bills/{bill.pk}/", language)
    citizen = citizen_client(as_role, bill.taxpayer)
    shown = page(citizen, f"/bills/{bill.pk}/")
    assert "Reduced" in shown
    assert "sold in March" in shown
    assert "Framework Act on Local Taxes article 58" in shown


def test_a_large_change_waits_on_the_list_until_a_colleague_confirms(
    issued: Callable[[str], int], assessor: FaceClient, approver: FaceClient, as_role: AsRole
) -> None:
    issued(csv_of(LARGE))
    bill = Bill.objects.get()
    assert send(assessor, f"/bills/{bill.pk}/change/cancel/", reason="scrapped")[0] == 302
    assert "Waiting for a second officer" in page(assessor, f"/bills/{bill.pk}/")
    assert "scrapped" not in page(citizen_client(as_role, bill.taxpayer), f"/bills/{bill.pk}/")
    change = BillChange.objects.get()
    assert "scrapped" in page(assessor, "/changes/")
    address = f"/bills/{bill.pk}/changes/{change.pk}/"
    assert assessor.get(address).status_code == 403
    assert "1,170,000 won" in page(approver, address)
    status, shown = send(approver, address, approved="no")
    assert (status, "Say why." in shown) == (422, True)
    assert send(approver, address, approved="yes")[0] == 302
    assert "Nothing waits." in page(approver, "/changes/")
    assert "Cancelled" in page(approver, f"/bills/{bill.pk}/")
    assert send(approver, address, approved="yes")[0] == 422


def test_who_asked_can_not_confirm(issued: Callable[[str], int], as_role: AsRole) -> None:
    issued(csv_of(LARGE))
    bill = Bill.objects.get()
    both = officer_client(as_role, "alone@example.kr", Role.ASSESSOR, Role.APPROVER)
    send(both, f"/bills/{bill.pk}/change/cancel/", reason="scrapped")
    status, shown = send(both, f"/bills/{bill.pk}/changes/{BillChange.objects.get().pk}/", approved="yes")
    assert status == 422
    assert "another officer has to decide about it" in shown


def test_a_collector_defers_splits_and_ends_with_what_was_typed_kept(
    bill: Bill, collector: FaceClient, as_role: AsRole
) -> None:
    address = f"/bills/{bill.pk}/change/defer/"
    status, shown = send(collector, address, reason="flood", from_on="2026-11-01", until_on="2028-11-01")
    assert status == 422
    assert "Collection is deferred for at most six months" in shown
    assert 'value="2028-11-01"' in shown
    assert send(collector, address, reason="flood", from_on="2026-11-01", until_on="2027-04-30")[0] == 302
    shown = page(citizen_client(as_role, bill.taxpayer), f"/bills/{bill.pk}/")
    assert "Collection is deferred" in shown
    assert "flood" in shown
    fact = BillFact.objects.get()
    end = f"/bills/{bill.pk}/change/end/"
    assert send(collector, end, fact=fact.pk, on="2026-12-01", reason="paid")[0] == 302
    status, shown = send(
        collector, f"/bills/{bill.pk}/change/instalments/", plan="free", parts="tomorrow 5", reason="flood"
    )
    assert (status, "This line can&#x27;t be read: tomorrow 5" in shown) == (422, True)


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("write-off", {}),
        ("contest", {"from_on": "2026-07-01"}),
        ("hold", {"from_on": "2026-07-01", "decided_on": "2026-09-01"}),
        ("instalments", {"plan": "free", "parts": "2099-01-01 260000"}),
    ],
)
def test_every_kind_of_change_has_its_page(bill: Bill, collector: FaceClient, kind: str, typed: dict[str, str]) -> None:
    address = f"/bills/{bill.pk}/change/{kind}/"
    assert "<form" in page(collector, address, "ko")
    status, _ = send(collector, address, reason="a reason", **typed)
    assert status == (422 if kind == "instalments" else 302)


def test_an_officer_changes_only_what_the_role_allows_and_bills_of_the_own_district(
    bill: Bill, collector: FaceClient, as_role: AsRole
) -> None:
    assert collector.get(f"/bills/{bill.pk}/change/reduce/").status_code == 403
    assert collector.get(f"/bills/{bill.pk}/change/burn/").status_code == 404
    local = officer_client(as_role, "jung@example.kr", Role.ASSESSOR, Role.APPROVER, body="11140")
    assert local.get(f"/bills/{bill.pk}/change/reduce/").status_code == 404
    assert send(local, f"/bills/{bill.pk}/change/cancel/", reason="x")[0] == 404
    assert local.get("/extensions/new/").status_code == 404


def test_two_officers_of_the_city_move_due_dates_for_everybody(
    bill: Bill, assessor: FaceClient, approver: FaceClient, as_role: AsRole, deliver_events: Callable[[], int]
) -> None:
    typed = {"nominal_from": "2026-06-30", "nominal_to": "2026-06-30", "due": "2026-07-15", "article": "제26조"}
    status, shown = send(assessor, "/extensions/new/", **typed, reason_ko="장애")
    assert (status, 'value="장애"' in shown) == (422, True)
    assert send(assessor, "/extensions/new/", **typed, reason_ko="장애", reason_en="failure")[0] == 302
    act = Extension.objects.get()
    assert send(assessor, f"/extensions/{act.pk}/", approved="yes")[0] == 200
    assert send(approver, f"/extensions/{act.pk}/", approved="yes")[0] == 302
    deliver_events()
    bill.refresh_from_db()
    assert bill.due_on == date(2026, 7, 15)
    payer = citizen_client(as_role, bill.taxpayer)
    assert "사유: 장애" in page(payer, f"/bills/{bill.pk}/", "ko")
    (moved,) = payer.get(f"/bills/{bill.pk}/explain.json").json()["bill"]["moved"]
    assert (moved["from"], moved["to"], moved["article"]) == ("2026-06-30", "2026-07-15", "제26조")
    assert moved["reason"] == {"ko": "장애", "en": "failure"}
    printed = bill_facts(bill=bill, at=AT)["steps"][-1]
    assert printed["text"]["en"] == "Due on 2026-07-15 instead of 2026-06-30: failure"
    assert "장애" in printed["text"]["ko"]
    assert "In force" in page(assessor, "/extensions/")
    told = page(assessor, f"/extensions/{act.pk}/")
    names = Officer.objects.filter(account__in=(act.asked_by_id, Extension.objects.get().decided_by_id))
    assert len(names) == 2
    assert all(one.name in told for one in names)


def test_a_bill_that_went_out_with_a_date_that_an_act_had_moved_says_so(bill: Bill, as_role: AsRole) -> None:
    later = bill.due_on + timedelta(days=9)
    payer = citizen_client(as_role, bill.taxpayer)
    act = DueDateOverride.objects.create(
        nominal=bill.nominal_due_on, due=later, article="제26조", reason_ko="화재", reason_en="fire"
    )
    try:
        assert "화재" not in page(payer, f"/bills/{bill.pk}/", "ko"), "it went out before the act"
        Bill.objects.filter(pk=bill.pk).update(due_on=later)
        assert "사유: 화재" in page(payer, f"/bills/{bill.pk}/", "ko")
    finally:
        act.delete()  # the city's own tables outlive a test


def test_another_bill_in_its_place_is_linked_from_the_old_one(
    bill: Bill, assessor: FaceClient, as_role: AsRole, deliver_events: Callable[[], int]
) -> None:
    assert send(assessor, f"/bills/{bill.pk}/change/reissue/", reason="it came back")[0] == 302
    assert "Being carried out" in page(assessor, f"/bills/{bill.pk}/")
    deliver_events()
    new = Bill.objects.exclude(pk=bill.pk).get()
    citizen = citizen_client(as_role, bill.taxpayer)
    assert f'href="/bills/{new.pk}/"' in page(citizen, f"/bills/{bill.pk}/")
    assert f'href="/bills/{bill.pk}/"' in page(citizen, f"/bills/{new.pk}/")


@pytest.mark.parametrize("wrong", ["9999-12-31", "0001-01-01", "2026-02-30", "x\0", "9" * 40])
def test_days_that_no_calendar_of_the_city_holds_are_refused_on_the_form(
    bill: Bill, collector: FaceClient, as_role: AsRole, wrong: str
) -> None:
    forms: dict[str, tuple[str, ...]] = {
        "defer": ("from_on", "until_on"), "hold": ("from_on", "decided_on"), "contest": ("from_on",)
    }  # fmt: skip
    for kind, names in forms.items():
        status, shown = send(
            collector, f"/bills/{bill.pk}/change/{kind}/", reason="kept", **dict.fromkeys(names, wrong)
        )
        assert (status, "kept" in shown) == (422, True)
    send(collector, f"/bills/{bill.pk}/change/hold/", reason="x", from_on="2026-07-01")
    fact = BillFact.objects.get().pk
    assert send(collector, f"/bills/{bill.pk}/change/end/", reason="x", fact=fact, on=wrong)[0] == 422
    assert BillFact.objects.get().ended_on is None
