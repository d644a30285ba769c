"""What a cashier and a second officer see and press, from the bill's number to the closed drawer."""

from __future__ import annotations

import html
import re

import pytest

from accounts.access import Role
from payments.models import Bounce, CounterPayment, Drawer
from tests.billing.people import officer_client
from tests.payments.cast import BillFacts, a_bill
from tests.support.database import AsRole
from tests.support.faces import FaceClient

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def bill(db: None) -> BillFacts:
    return a_bill()


@pytest.fixture
def cashier(db: None, as_role: AsRole) -> FaceClient:
    client = officer_client(as_role, "cashier@example.kr", Role.CASHIER, body="11110")
    client.post("/payments/counter/open/", {"opening": "100000"})
    return client


@pytest.fixture
def second(db: None, as_role: AsRole) -> FaceClient:
    return officer_client(as_role, "second@example.kr", Role.APPROVER, body="11110")


def page(client: FaceClient, address: str) -> str:
    return html.unescape(client.get(address, headers=ENGLISH).content.decode())


def takes(client: FaceClient, bill: BillFacts, **fields: str) -> int:
    """Fill the form of one bill and send it; the payment's id."""
    address = f"/payments/counter/take/?bill={bill.id}"
    hidden = dict(re.findall(r'name="(shown_amount|form_key)" value="([^"]+)"', page(client, address)))
    answer = client.post(address, {"part": "", "cheque_bank": "", "cheque_number": "", **hidden, **fields})
    assert answer.status_code == 302, answer.content.decode()
    return int(answer["Location"].rstrip("/").rpartition("/")[2])


def test_a_payer_is_found_by_number_line_or_name_and_gets_change(cashier: FaceClient, bill: BillFacts) -> None:
    for text in (bill.epay_number, bill.payer):
        assert f'value="{bill.id}"' in page(cashier, f"/payments/counter/?text={text}")
    assert "No unpaid bill of your office" in page(cashier, "/payments/counter/?text=nobody")
    payment = takes(cashier, bill, means="cash", tendered="60000")
    done = page(cashier, f"/payments/counter/taken/{payment}/")
    assert "8,000 won" in done
    assert "The receipt is being signed" in done
    assert "Nothing is owed any more" in page(cashier, f"/payments/counter/take/?bill={bill.id}")


def test_what_is_wrong_on_the_desk_is_said_and_what_was_typed_stays(cashier: FaceClient, bill: BillFacts) -> None:
    address = f"/payments/counter/take/?bill={bill.id}"
    facts = {"shown_amount": "52000", "form_key": "a" * 32}
    wrong = {
        "That is less than is to be paid": {"means": "cash", "tendered": "1000"},
        "A cheque pays exactly its sum": {
            "means": "cheque",
            "tendered": "60000",
            "cheque_bank": "004",
            "cheque_number": "AB-1234",
        },
        "Enter its number": {"means": "cheque", "tendered": "52000", "cheque_bank": "004"},
        "The amount of this bill has changed": {"means": "cash", "tendered": "52000", "shown_amount": "51000"},
    }
    for words, fields in wrong.items():
        answer = cashier.post(address, {**facts, **fields}, headers=ENGLISH)
        text = html.unescape(answer.content.decode())
        assert answer.status_code == 422
        assert words in text
        assert f'value="{fields["tendered"]}"' in text
    assert not CounterPayment.objects.exists()
    assert cashier.get("/payments/counter/take/?bill=x").status_code == 302


def test_a_drawer_is_counted_and_closed_by_another_officer(
    cashier: FaceClient, second: FaceClient, bill: BillFacts
) -> None:
    takes(cashier, bill, means="cash", tendered="52000")
    drawer = Drawer.objects.get()
    address = f"/payments/drawers/{drawer.pk}/"
    short = cashier.post(address, {"cash": "151000", "cheques": "0", "note": ""}, headers=ENGLISH)
    assert (short.status_code, "Count again, or say why" in short.content.decode()) == (422, True)
    assert cashier.post(address, {"cash": "151000", "cheques": "0", "note": "too much change"}).status_code == 302
    assert "Close the drawer" not in page(cashier, address)
    shown = page(second, address)
    assert "-1,000 won" in shown
    assert "51,000 won" in shown, "what goes to the bank"
    second.post(f"{address}decide/", {"decision": "approve"})
    assert "Closed" in page(second, "/payments/drawers/")


def test_a_bounced_cheque_is_told_approved_and_shown_on_the_bills_page(
    cashier: FaceClient, second: FaceClient, bill: BillFacts
) -> None:
    payment = takes(cashier, bill, means="cheque", tendered="52000", cheque_bank="004", cheque_number="AB-1234")
    empty = cashier.post(f"/payments/counter/taken/{payment}/bounce/", {"reason": ""}, headers=ENGLISH)
    assert empty.status_code == 422
    cashier.post(f"/payments/counter/taken/{payment}/bounce/", {"reason": "no funds"})
    assert "AB-1234" in page(second, "/payments/cheques/")
    second.post(f"/payments/cheques/{Bounce.objects.get().pk}/", {"decision": "approve"})
    done = page(cashier, f"/payments/counter/taken/{payment}/")
    assert "The bank did not honour this cheque" in done
    assert "The receipt is no longer valid" in done


def test_only_a_cashier_takes_money(second: FaceClient, as_role: AsRole, bill: BillFacts) -> None:
    assert second.get("/payments/counter/").status_code == 403
    assert second.get(f"/payments/counter/take/?bill={bill.id}").status_code == 403
