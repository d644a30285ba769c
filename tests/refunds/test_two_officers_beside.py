"""Accounts for money of nobody, and the end of what is claimed back: one officer asks, another decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection

from accounts.access import Role
from core import clock
from payments.models import Transfer
from payments.services import NotSoMuchLeft
from refunds.models import Destination, Leg, Recovery, Refund
from refunds.services import send_refunds
from refunds.services.find import look_at_all
from refunds.services.standing import claimed_back
from refunds.states import DeskStatus, LegStatus, Status, Way
from tests.billing.people import officer_client
from tests.payments.cast import BillFacts, a_bill, balances
from tests.payments.test_cancellations import Desk, a_desk
from tests.payments.test_suspense_desk import asks_to_return, decides, money_of_nobody
from tests.payments.world import World
from tests.refunds import bank
from tests.refunds.cast import Office, pays, takes_back
from tests.refunds.test_paid_out import paid_by_card_and_at_a_machine
from tests.support.database import AsRole
from tests.support.faces import FaceClient

Client = Callable[..., FaceClient]


@pytest.fixture
def money(as_role: AsRole, office: Office) -> Refund:
    """7,000 won of nobody, which two officers of the city want sent back."""
    return of_nobody(as_role, office, 7_000, "M-1")


def of_nobody(as_role: AsRole, office: Office, amount: int, name: str) -> Refund:
    treasurer = a_desk(as_role, f"t{name.lower()}@example.kr", Role.TREASURER)
    approver = a_desk(as_role, f"a{name.lower()}@example.kr", Role.APPROVER)
    decides(approver, asks_to_return(treasurer, money_of_nobody(amount, name=name)))
    office.deliver()
    return Refund.objects.latest("pk")


@pytest.fixture
def clerk(as_role: AsRole) -> FaceClient:
    return officer_client(as_role, "page1@example.kr", Role.COLLECTOR, Role.REFUND_APPROVER)


@pytest.fixture
def second(as_role: AsRole) -> FaceClient:
    return officer_client(as_role, "page2@example.kr", Role.REFUND_APPROVER)


TO = {"bank": "020", "number": "1002-003-004005", "holder": "이누구", "why": "the bank's letter of 3 June"}


def test_two_officers_name_the_account_and_the_money_goes_there(
    money: Refund, office: Office, clerk: FaceClient, second: FaceClient
) -> None:
    page = f"/refunds/{money.pk}/"
    assert 'value="110000000000"' in clerk.get(page).content.decode()  # where it came from
    for wrong in ({"bank": "20"}, {"number": "12"}, {"holder": ""}, {"why": ""}):
        assert clerk.post(f"{page}account/", {**TO, **wrong}).status_code == 422
    assert clerk.post(f"{page}account/", TO).status_code == 302
    assert clerk.post(f"{page}account/", TO).status_code == 422  # one waits
    wish = Destination.objects.get()
    assert clerk.post(f"{page}account/{wish.pk}/", {"granted": "yes"}).status_code == 422
    assert "이누구" in second.get(page).content.decode()
    assert second.post(f"{page}account/{wish.pk}/", {"granted": "yes"}).status_code == 302
    office.pays_back(money)
    send_refunds(at=clock.now())
    assert (Transfer.objects.get().account, Transfer.objects.get().holder) == ("1002003004005", "이누구")
    call_command("ledger_check")


def test_what_came_back_from_the_sender_goes_once_to_the_account_named_since(
    money: Refund, office: Office, clerk: FaceClient, second: FaceClient, database_name: str
) -> None:
    office.pays_back(money)
    send_refunds(at=clock.now())
    bank.gets_the_file(database_name, office.approver.id, office.third.id)
    bank.rejects(Transfer.objects.get())
    office.deliver()
    send_refunds(at=clock.now())
    assert Leg.objects.get().status == LegStatus.RETURNED
    assert clerk.post(f"/refunds/{money.pk}/account/", TO).status_code == 302
    wish = Destination.objects.get()
    assert second.post(f"/refunds/{money.pk}/account/{wish.pk}/", {"granted": "yes"}).status_code == 302
    for _ in range(2):
        send_refunds(at=clock.now())
    assert [one.account for one in Transfer.objects.order_by("pk")] == ["110000000000", "1002003004005"]
    call_command("ledger_check")


def test_money_of_somebody_known_goes_to_no_account_that_an_officer_names(office: Office, clerk: FaceClient) -> None:
    pays(a_bill(), 60_000)
    office.deliver()
    refund = Refund.objects.get()
    assert f'"/refunds/{refund.pk}/account/"' not in clerk.get(f"/refunds/{refund.pk}/").content.decode()
    assert clerk.post(f"/refunds/{refund.pk}/account/", TO).status_code == 422


def test_nobody_names_or_approves_an_account_by_raw_sql_alone(money: Refund, office: Office) -> None:
    def does(desk: Desk, query: str, *values: Any) -> Any:
        def work() -> Any:
            with connection.cursor() as cursor:
                cursor.execute(query, list(values))
                return cursor.fetchone()[0] if cursor.description else None

        return desk.does(work)

    ask = "SELECT refunds_ask_destination(%s, '020', '123456', 'x', 'y', now())"
    wish = does(office.clerk, ask, money.pk)
    assert does(office.approver, ask, money.pk) is None  # approvers name none
    assert not does(office.clerk, "SELECT refunds_decide_destination(%s, true, now())", wish)
    for query in (
        "UPDATE refunds_destination SET number = '999999'",
        "INSERT INTO refunds_recovery (refund_id, amount, way) VALUES (1, 1, 'written_off')",
    ):
        with pytest.raises(DatabaseError, match="permission denied"):
            does(office.approver, query)
    assert Destination.objects.get().status == DeskStatus.ASKED


@pytest.fixture
def claim(office: Office) -> Refund:
    """52,000 won that left and have to come back."""
    return claimed_of(office, a_bill())


def claimed_of(office: Office, bill: BillFacts) -> Refund:
    first = pays(bill, 52_000)
    pays(bill, 52_000)
    office.deliver()
    refund = office.pays_back(Refund.objects.get(bill_id=bill.id), way=Way.DONATION)
    takes_back(first, 52_000)
    office.deliver()
    assert claimed_back(refund) == 52_000
    return refund


def test_what_was_paid_back_and_what_is_given_up_end_a_claim_in_the_books(
    claim: Refund, office: Office, as_role: AsRole, clerk: FaceClient, second: FaceClient
) -> None:
    page = f"/refunds/{claim.pk}/claimed-back/"
    assert balances()["overpayment"] == 52_000
    assert claim.reference in clerk.get("/refunds/claimed-back/").content.decode()
    money = of_nobody(as_role, office, 40_000, "M-2")
    kept = {"way": "kept", "amount": "40000", "source": money.reference, "why": "the person sent it"}
    for wrong in (
        {"source": ""},
        {"amount": "52001"},
        {"source": "REF-0"},
        {"source": claim.reference},
        {"amount": "0"},
    ):
        assert clerk.post(page, {**kept, **wrong}).status_code == 422
    assert clerk.post(page, kept).status_code == 302
    wish = Recovery.objects.get()
    assert clerk.post(f"{page}{wish.pk}/", {"granted": "yes"}).status_code == 422
    assert second.post(f"{page}{wish.pk}/", {"granted": "yes"}).status_code == 302
    money.refresh_from_db()
    assert (money.status, money.available, claimed_back(claim)) == (Status.LAPSED, 0, 12_000)
    call_command("ledger_check")
    assert clerk.post(page, {"way": "written_off", "amount": "12000", "why": "nothing to be had"}).status_code == 302
    last = Recovery.objects.latest("pk")
    assert second.post(f"{page}{last.pk}/", {"granted": "yes"}).status_code == 302
    assert claimed_back(claim) == 0
    assert "overpayment" not in balances()
    assert "refund_payable" not in balances()
    call_command("ledger_check")


def test_a_rejected_end_leaves_the_claim(claim: Refund, clerk: FaceClient, second: FaceClient) -> None:
    page = f"/refunds/{claim.pk}/claimed-back/"
    assert clerk.post(page, {"way": "written_off", "amount": "52000", "why": "x"}).status_code == 302
    wish = Recovery.objects.get()
    assert second.post(f"{page}{wish.pk}/", {"granted": "no"}).status_code == 302
    assert claimed_back(claim) == 52_000
    assert second.post(f"{page}{wish.pk}/", {"granted": "yes"}).status_code == 422


def test_what_was_decided_meanwhile_keeps_nothing_for_a_claim(
    claim: Refund, office: Office, as_role: AsRole, clerk: FaceClient, second: FaceClient
) -> None:
    page = f"/refunds/{claim.pk}/claimed-back/"
    money = of_nobody(as_role, office, 40_000, "M-3")
    kept = {"way": "kept", "amount": "40000", "source": money.reference, "why": "the person sent it"}
    assert clerk.post(page, kept).status_code == 302
    office.pays_back(money)
    wish = Recovery.objects.get()
    assert second.post(f"{page}{wish.pk}/", {"granted": "yes"}).status_code == 422
    assert claimed_back(claim) == 52_000


def test_what_another_refund_of_the_person_keeps_is_not_found_again(
    claim: Refund, office: Office, clerk: FaceClient, second: FaceClient
) -> None:
    bill = a_bill(of=replace(a_bill(), taxpayer_id=claim.taxpayer_id or 0))
    paid = pays(bill, 60_000)
    office.deliver()
    source = Refund.objects.latest("pk")
    page = f"/refunds/{claim.pk}/claimed-back/"
    kept = {"way": "kept", "amount": "5000", "source": source.reference, "why": "as they wish"}
    assert clerk.post(page, kept).status_code == 302
    assert second.post(f"{page}{Recovery.objects.get().pk}/", {"granted": "yes"}).status_code == 302
    look_at_all(at=clock.now())
    assert set(Refund.objects.values_list("pk", flat=True)) == {claim.pk, source.pk}
    takes_back(paid, 2_000)  # of 8,000 too much 6,000 are left, and 5,000 of them were kept
    office.deliver()
    source.refresh_from_db()
    assert (source.available, claimed_back(claim)) == (1_000, 47_000)
    call_command("ledger_check")


@pytest.mark.socket
def test_what_a_refund_kept_is_not_given_back_by_the_card_too(
    world: World, as_role: AsRole, office: Office, clerk: FaceClient, second: FaceClient
) -> None:
    bill = paid_by_card_and_at_a_machine(world, as_role)
    office.deliver()
    source = Refund.objects.get()
    page = f"/refunds/{claimed_of(office, a_bill(of=bill)).pk}/claimed-back/"
    kept = {"way": "kept", "amount": "52000", "source": source.reference, "why": "as they wish"}
    assert clerk.post(page, kept).status_code == 302
    assert second.post(f"{page}{Recovery.objects.get().pk}/", {"granted": "yes"}).status_code == 302
    with pytest.raises(NotSoMuchLeft):
        a_desk(as_role, "collector@example.kr", Role.COLLECTOR).asks(1_000)
