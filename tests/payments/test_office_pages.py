"""What staff see of payments, by the office's own login."""

from __future__ import annotations

import pytest

from accounts.enums import Role
from accounts.models import Account
from core.models import AuditRecord
from payments.models import Attempt
from tests.accounts.people import citizen, officer, sign_in
from tests.payments.cast import BillFacts, a_bill, a_visitor, sweep_later
from tests.payments.messages import arrive, movement_told
from tests.payments.signing import signed_headers
from tests.payments.world import World
from tests.support.database import AsRole
from tests.support.faces import FaceClient

pytestmark = pytest.mark.socket


@pytest.fixture
def treasurer(office_client: FaceClient, db: None) -> FaceClient:
    sign_in(office_client, officer("treasurer@example.com", Role.TREASURER))
    return office_client


@pytest.fixture
def bill(db: None) -> BillFacts:
    return a_bill()


def text_of(client: FaceClient, path: str) -> str:
    answer = client.get(path, headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_messages_that_were_not_simply_processed_are_listed(world: World, treasurer: FaceClient) -> None:
    body = movement_told("PAY-NOBODYS", 100)
    arrive(body, headers=signed_headers(body, key=b"another"))
    arrive(b"nonsense")
    page = text_of(treasurer, "/payments/inbox/")
    assert "the signature does not fit" in page
    assert "Set aside" in page


def test_money_in_suspense_is_listed_with_its_age(world: World, treasurer: FaceClient) -> None:
    world.acquirer.paid("SHOP-SUSPENSE", 7_000)
    heard = world.heard("SHOP-SUSPENSE")
    arrive(heard.raw, headers=heard.headers)
    sweep_later()
    page = text_of(treasurer, "/payments/suspense/")
    assert "SHOP-SUSPENSE" in page
    assert "7,000" in page


def test_a_payment_is_found_by_what_the_payer_can_read_out(
    world: World, treasurer: FaceClient, as_role: AsRole, bill: BillFacts
) -> None:
    a_visitor(as_role, bill).starts_account(bill)
    attempt = Attempt.objects.get()
    for text in (attempt.reference.lower(), bill.epay_number, attempt.virtual_account.number):
        assert attempt.reference in text_of(treasurer, f"/payments/?text={text}")
    assert AuditRecord.objects.filter(action="payment.looked_up").count() == 3
    assert "No payment has this" in text_of(treasurer, "/payments/?text=PAY-OTHER")


def test_a_district_sees_no_gateways_messages(office_client: FaceClient, db: None) -> None:
    sign_in(office_client, officer("gu@example.com", Role.COLLECTOR, body="11110"))
    assert office_client.get("/payments/inbox/").status_code == 403


def test_without_a_role_for_it_nothing_is_shown(office_client: FaceClient, db: None) -> None:
    sign_in(office_client, officer("chair@example.com", Role.CHAIR))
    for path in ("/payments/", "/payments/inbox/", "/payments/suspense/"):
        assert office_client.get(path).status_code == 403


def test_a_citizen_pays_a_bill_of_their_own_record(
    world: World, public_client: FaceClient, bill: BillFacts, as_role: AsRole
) -> None:
    member = citizen("owner@example.com")
    Account.objects.filter(pk=member.account).update(taxpayer_id=bill.taxpayer_id)
    sign_in(public_client, member)
    page = text_of(public_client, f"/pay/{bill.id}/")
    assert "52,000" in page
    form = {"shown_amount": str(bill.amount), "form_key": "0" * 32, "channel": "virtual_account", "bank": "20"}
    assert public_client.post(f"/pay/{bill.id}/", form).status_code == 303
    attempt = Attempt.objects.get()
    assert attempt.account_id == member.account
    again = FaceClient("public", as_role)
    sign_in(again, member)
    second = again.post(f"/pay/{bill.id}/", {**form, "form_key": "1" * 32})
    assert second.status_code == 303
    assert Attempt.objects.get() == attempt
