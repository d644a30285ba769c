"""The bill as a signed PDF: for whoever may see the bill, with everything that its page says."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from django.db import connection
from django.test import override_settings
from pypdf import PdfReader

from billing.models import Bill
from receipts.models import Document
from receipts.services.issue_document import the_signer
from tests.receipts.papers import found_city
from tests.support.database import AsRole
from tests.support.faces import FaceClient

from .conftest import csv_of
from .people import citizen_client


@pytest.fixture
def signing(tmp_path: Path) -> Iterator[None]:
    """Documents are signed by the test's own city."""
    found_city(tmp_path)
    with override_settings(DOCUMENT_KEY=tmp_path / "key.pem", DOCUMENT_CERTIFICATE=tmp_path / "certificate.pem"):
        the_signer.cache_clear()
        yield
    the_signer.cache_clear()


@pytest.fixture
def bill(issued: Callable[[str], int]) -> Bill:
    issued(csv_of({}))
    return Bill.objects.get()


def test_a_payer_has_the_bill_made_and_downloads_it(
    bill: Bill, signing: None, as_role: AsRole, deliver_events: Callable[[], int]
) -> None:
    client = citizen_client(as_role, bill.taxpayer)
    page = client.get(f"/bills/{bill.pk}/", headers={"Accept-Language": "en"}).content.decode()
    (slip,) = re.findall(rf"9911000\+{bill.epay_number}\d\+0000000267800\d\+\d{{9}}\+\d", page)
    assert "At a bank, with the paper bill (giro)" in page
    answer = client.post(f"/bills/{bill.pk}/paper/")
    waiting = client.get(answer["Location"], headers={"Accept-Language": "en"}).content.decode()
    assert "It is being made and signed." in waiting
    deliver_events()
    assert "고지서 내려받기" in client.get(answer["Location"], headers={"Accept-Language": "ko"}).content.decode()
    secret = answer["Location"].rstrip("/").rpartition("/")[2]
    pdf = client.get(f"/receipts/link/{secret}")
    assert pdf["Content-Type"] == "application/pdf"
    content = b"".join(pdf) if pdf.streaming else pdf.content
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    for words in (
        "납 세 고 지 서",
        bill.epay_number,
        bill.tax_number,
        "267,800",
        "2026-06-30",
        "Late: 3% of 200,000 won",
        "지방세법 제127조",
        "Local Tax Act article 127",
        "Jongno-gu",
        "/bills/find/",
        "지로번호 9911000",
        slip,
    ):
        assert words in " ".join(text.split()), words
    document = Document.objects.get()
    assert (document.kind, bytes(document.sha256 or b"")) == ("bill", hashlib.sha256(content).digest())
    number = client.get(f"/receipts/verify/{document.number}", headers={"Accept-Language": "en"}).content.decode()
    assert "Bill" in number
    assert "267,800 won" in number


def test_a_visitor_gets_no_file_of_a_bill_that_the_session_did_not_find(bill: Bill, public_client: FaceClient) -> None:
    assert public_client.post(f"/bills/{bill.pk}/paper/").status_code == 404
    with public_client.as_role("public"), connection.cursor() as cursor:
        cursor.execute("SELECT billing_ask_paper(%s, %s)", [bill.pk, b"x" * 32])
        assert cursor.fetchone() == (False,)


def test_a_bill_is_made_ten_times_a_day_at_most(bill: Bill, as_role: AsRole) -> None:
    client = citizen_client(as_role, bill.taxpayer)
    answers = [client.post(f"/bills/{bill.pk}/paper/", headers={"Accept-Language": "en"}) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [302] * 10 + [409]
    assert "at most ten times a day" in answers[-1].content.decode()
