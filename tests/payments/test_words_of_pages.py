"""What is kept in codes or in English is said on the pages in the officer's language."""

from __future__ import annotations

import html
from collections.abc import Callable

import pytest
from django.utils import translation

from accounts.access import Role
from payments.models import Transfer, TransferBatch
from payments.templatetags.payment_text import NOTED, noted, source
from tests.billing.people import officer_client
from tests.payments.test_transfers import approver, folder, says, sent, treasurer
from tests.support.database import AsRole

__all__ = ["approver", "folder", "sent", "treasurer"]


def test_a_bank_that_contradicts_itself_is_told_in_korean(
    sent: TransferBatch, as_role: AsRole, deliver_events: Callable[[], int]
) -> None:
    one = Transfer.objects.earliest("pk")
    for name, status in (("A-1", "RJCT"), ("A-2", "ACSC")):
        says(sent, (one.reference, status), name=name)
        deliver_events()
    auditor = officer_client(as_role, "auditor@example.kr", Role.AUDITOR)
    page = html.unescape(
        auditor.get(f"/payments/transfers/{sent.pk}/", headers={"Accept-Language": "ko"}).content.decode()
    )
    assert "해지된 계좌 (AC04)" in page
    assert "은행이 나중에 승인한다고 알려 왔으니" in page
    assert "the bank says" not in page


@pytest.mark.parametrize(
    ("gateway", "said"),
    [
        ("statement:088", "은행 088"),
        ("atm:088", "은행 088 현금자동입출금기"),
        ("counter:11110", "창구 11110"),
        ("counter:11110/BNC-7", "창구 11110, 부도 수표"),
        ("toss", "toss"),
    ],
)
def test_whose_movements_these_are(gateway: str, said: str) -> None:
    with translation.override("ko"):
        assert source(gateway) == said


def test_notes_of_the_inbox_are_korean_and_what_nobody_foresaw_stays() -> None:
    with translation.override("ko"):
        assert [one for one in NOTED if noted(one) == one] == []
        assert (noted("unreadable: amount"), noted("")) == ("unreadable: amount", "–")
