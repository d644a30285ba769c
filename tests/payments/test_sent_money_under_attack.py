"""Money that the city sends, when somebody types nonsense, a folder fails, or the bank does nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from django.db import DatabaseError, connection

from accounts.access import Role
from payments import services
from payments.models import Transfer, TransferBatch
from payments.services import BatchChanged, Creditor, UnfitAccount
from tests.billing.people import officer_client
from tests.payments.bank_messages import Told
from tests.payments.days import MONDAY, TUESDAY, bank_states, close, on, open_differences
from tests.payments.test_cancellations import Desk, a_desk
from tests.payments.test_transfers import (
    ELEVEN,
    TEN,
    agrees,
    approver,
    filed,
    folder,
    order,
    says,
    sent,
    states,
    treasurer,
)
from tests.support.database import AsRole, admin_connection

__all__ = ["approver", "folder", "sent", "treasurer"]
pytestmark = pytest.mark.usefixtures("db")
ENGLISH = {"Accept-Language": "en"}
UNFIT = ["홍\x0b길동", "홍\x01길동", "a\u202eb", "a\uffffb"]


@pytest.fixture
def failed(sent: TransferBatch, database_name: str) -> Transfer:
    """A remittance that the bank rejected."""
    with admin_connection(database_name) as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute("UPDATE payments_transfer SET purpose = 'remittance', status = 'rejected' WHERE key = '1'")
    return Transfer.objects.get(key="1")


@pytest.mark.parametrize("holder", UNFIT, ids=["tab", "control", "direction", "no_character"])
def test_an_account_that_no_message_can_hold_is_refused_on_the_page(
    failed: Transfer, as_role: AsRole, holder: str
) -> None:
    client = officer_client(as_role, "page@example.kr", Role.TREASURER)
    typed = {"bank": "020", "account": "1002000000001", "holder": holder, "reason": "by telephone"}
    answer = client.post(f"/payments/transfers/failed/{failed.pk}/", typed, headers=ENGLISH)
    assert answer.status_code == 422
    assert "No bank takes that" in answer.content.decode()
    assert not Transfer.objects.filter(repeats=failed).exists()


def test_a_taken_office_cannot_keep_the_days_file_from_being_written(failed: Transfer, treasurer: Desk) -> None:
    def repeats(holder: str) -> None:
        facts = f'{{"reference": "TRF-X", "bank": "020", "account": "1", "holder": "{holder}"}}'
        with connection.cursor() as cursor:
            cursor.execute("SELECT payments_repeat_transfer(%s, %s, 'x', now())", [failed.pk, facts])

    for holder in (r"a\u000bb", r"a\uffffb", "  "):
        with pytest.raises(DatabaseError, match="fits no message"):
            treasurer.does(partial(repeats, holder))
    with pytest.raises(UnfitAccount):
        to = Creditor("020", "12", "a\x0bb")
        services.repeat_transfer(transfer_id=failed.pk, to=to, reason="x", at=TEN)
    order("3")
    assert len(services.write_transfer_files(at=on(TUESDAY, 10))) == 1


@pytest.mark.parametrize("digest", ["", "\x00", "0" * 64, "x" * 10_000], ids=["none", "nul", "other", "long"])
def test_a_hash_that_is_none_agrees_to_nothing(as_role: AsRole, treasurer: Desk, digest: str) -> None:
    order()
    batch = filed()
    with pytest.raises(BatchChanged):
        treasurer.does(lambda: services.agree_to_batch(batch_id=batch.pk, digest=digest, at=TEN))
    client = officer_client(as_role, "page@example.kr", Role.TREASURER)
    answer = client.post(f"/payments/transfers/{batch.pk}/agree/", {"digest": digest}, headers=ENGLISH, follow=True)
    assert "This is not the file that you saw" in answer.content.decode()
    assert TransferBatch.objects.get().status == "written"


def test_a_file_that_cannot_be_put_there_keeps_no_other_back(folder: Path, treasurer: Desk, approver: Desk) -> None:
    for key, at in (("1", TEN), ("2", on(TUESDAY, 10))):
        order(key)
        (number,) = services.write_transfer_files(at=at)
        for desk in (treasurer, approver):
            agrees(desk, TransferBatch.objects.get(pk=number))
    first, second = TransferBatch.objects.order_by("pk")
    blocked = folder / f".{first.message_id}.xml.part"
    blocked.mkdir(parents=True)
    assert services.drop_transfer_files(at=on(TUESDAY, 10)) == 1
    assert (folder / f"{second.message_id}.xml").exists()
    blocked.rmdir()
    assert services.drop_transfer_files(at=on(TUESDAY, 11)) == 1
    assert (folder / f"{first.message_id}.xml").read_bytes() == bytes(first.content)


def test_a_day_is_not_green_while_what_the_bank_was_told_to_send_is_on_no_statement(
    sent: TransferBatch, deliver_events: Callable[[], int]
) -> None:
    one, two = Transfer.objects.order_by("pk")
    says(sent, whole="ACSC")
    deliver_events()
    assert states() == {"1": "accepted", "2": "accepted"}
    bank_states(MONDAY, Told(one.amount, out=True, ref="B-1", end_to_end=one.reference, at=ELEVEN))
    close(MONDAY)
    assert open_differences() == [("not_booked", two.reference, -5_000, 0)]
    bank_states(TUESDAY, Told(two.amount, out=True, ref="B-2", end_to_end=two.reference, at=ELEVEN + timedelta(days=1)))
    close(MONDAY)
    assert open_differences() == []


def test_whom_the_city_pays_is_read_by_those_who_decide_and_by_auditors(as_role: AsRole) -> None:
    order()
    filed()
    roles = (Role.TREASURER, Role.APPROVER, Role.AUDITOR, Role.CALL_AGENT, Role.COLLECTOR, Role.CASHIER)
    desks = [a_desk(as_role, f"{role}@example.kr", role) for role in roles]
    assert [desk.does(Transfer.objects.count) for desk in desks] == [1, 1, 1, 0, 0, 0]
    assert [desk.does(TransferBatch.objects.count) for desk in desks] == [1, 1, 1, 0, 0, 0]
