"""Money that the city sends: ordered once, filed once a day, released by two, answered, and found at the bank."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import override_settings
from lxml import etree

from accounts.access import Role
from core.models import AuditRecord, Event
from ledger.services import Purpose
from payments import services
from payments.bankfiles.write_pain001 import NAMESPACE
from payments.models import Difference, Transfer, TransferBatch
from payments.services import BatchChanged, BatchNeedsAnother, BatchNotWithdrawn, Creditor, Owed, TransferPurpose
from payments.states import BatchStatus
from tests.payments.bank_messages import Told
from tests.payments.cast import balances
from tests.payments.days import MONDAY, TUESDAY, bank_states, close, on, open_differences
from tests.payments.deposits import fates, take
from tests.payments.test_cancellations import Desk, a_desk
from tests.support.database import AsRole, admin_connection

pytestmark = pytest.mark.usefixtures("db")
TEN, ELEVEN = on(MONDAY, 10), on(MONDAY, 11)
TO = Creditor("020", "1002000000001", "홍길동")


def order(key: str = "1", amount: int = 30_000, to: Creditor = TO) -> Transfer:
    owed = Owed("11110", "automobile", Purpose.REFUND_PAYABLE)
    purpose = TransferPurpose.REFUND
    facts: dict[str, Any] = {"purpose": purpose, "key": key, "to": to, "amount": amount, "owed": owed}
    return Transfer.objects.get(pk=services.order_transfer(**facts, text="환급금", at=on(MONDAY, 9)))


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """The bank's folder; what we give it is in `088/out`."""
    with override_settings(BANK_FILES_FOLDER=str(tmp_path)):
        yield tmp_path / "088" / "out"


@pytest.fixture
def treasurer(as_role: AsRole) -> Desk:
    return a_desk(as_role, "treasurer@example.kr", Role.TREASURER, Role.APPROVER)


@pytest.fixture
def approver(as_role: AsRole) -> Desk:
    return a_desk(as_role, "approver@example.kr", Role.APPROVER)


def agrees(desk: Desk, batch: TransferBatch, digest: str = "") -> BatchStatus:
    seen = digest or batch.digest
    answer = desk.does(lambda: services.agree_to_batch(batch_id=batch.pk, digest=seen, at=TEN))
    assert isinstance(answer, BatchStatus)
    return answer


def filed() -> TransferBatch:
    (number,) = services.write_transfer_files(at=TEN)
    return TransferBatch.objects.get(pk=number)


@pytest.fixture
def sent(folder: Path, treasurer: Desk, approver: Desk) -> TransferBatch:
    """Two transfers, with the bank and unanswered."""
    order("1"), order("2", 5_000)
    batch = filed()
    agrees(treasurer, batch)
    agrees(approver, batch)
    assert services.drop_transfer_files(at=TEN) == 1
    batch.refresh_from_db()
    return batch


def says(batch: TransferBatch, *answers: tuple[str, str], name: str = "A-1", whole: str = "") -> None:
    """The bank's pain.002 about a message of ours: of these references, or of the whole."""
    listed = "".join(
        f"<TxInfAndSts><OrgnlEndToEndId>{reference}</OrgnlEndToEndId><TxSts>{status}</TxSts>"
        f"<StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf></TxInfAndSts>"
        for reference, status in answers
    )
    group = f"<GrpSts>{whole}</GrpSts>" if whole else ""
    parts = f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>1</OrgnlPmtInfId>{listed}</OrgnlPmtInfAndSts>" if listed else ""
    content = (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt><GrpHdr>'
        f"<MsgId>{name}</MsgId><CreDtTm>2026-06-15T10:00:00+09:00</CreDtTm></GrpHdr><OrgnlGrpInfAndSts>"
        f"<OrgnlMsgId>{batch.message_id}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>{group}"
        f"</OrgnlGrpInfAndSts>{parts}</CstmrPmtStsRpt></Document>"
    )
    assert take(content.encode()).status == "posted"


def states() -> dict[str, str]:
    return dict(Transfer.objects.order_by("pk").values_list("key", "status"))


def told() -> list[tuple[str, str]]:
    events = Event.objects.filter(topic__startswith="payments.transfer_").exclude(topic__contains="answered")
    return [(one.topic.split("_")[1].split(".")[0], one.payload["key"]) for one in events.order_by("pk")]


def test_a_transfer_is_ordered_once_and_stands_in_the_books() -> None:
    assert order() == order()
    assert balances() == {"refund_payable": 30_000, "clearing": -30_000}
    with pytest.raises(services.TransferOrderedOtherwise):
        order(amount=30_001)
    assert services.withdraw_transfer(purpose=TransferPurpose.REFUND, key="1", at=TEN)
    assert not services.withdraw_transfer(purpose=TransferPurpose.REFUND, key="1", at=TEN)
    assert balances() == {}
    call_command("ledger_check")


@pytest.mark.parametrize(
    "to",
    [Creditor("20", "1", "a"), Creditor("020", "", "a"), Creditor("020", "1-2", "a"), Creditor("020", "12", "a\x01")],
    ids=["bank", "no_account", "hyphen", "control"],
)
def test_what_no_message_could_hold_is_not_ordered(to: Creditor) -> None:
    with pytest.raises(services.UnableToOrderTransfer):
        order(to=to)


def test_what_is_due_goes_into_one_file_a_day_from_the_hour_on() -> None:
    first = order()
    assert services.write_transfer_files(at=on(MONDAY, 8)) == []
    batch = filed()
    assert (batch.amount, batch.message_id) == (30_000, "TRF-20260615-088-1")
    root = etree.fromstring(bytes(batch.content))
    assert root.xpath("//p:EndToEndId/text()", namespaces={"p": NAMESPACE}) == [first.reference]
    order("2")
    assert services.write_transfer_files(at=ELEVEN) == []
    assert states() == {"1": "filed", "2": "ordered"}
    assert len(services.write_transfer_files(at=on(TUESDAY, 10))) == 1
    assert services.write_transfer_files(at=on(MONDAY - timedelta(days=1), 10)) == []  # Sunday


def test_a_file_goes_out_only_after_two_officers_saw_its_hash(folder: Path, treasurer: Desk, approver: Desk) -> None:
    order()
    batch = filed()
    with pytest.raises(BatchNeedsAnother):
        agrees(approver, batch)  # the treasurer is first
    with pytest.raises(BatchChanged):
        agrees(treasurer, batch, "0" * 64)
    assert agrees(treasurer, batch) is BatchStatus.APPROVED
    with pytest.raises(BatchNeedsAnother):
        agrees(treasurer, batch)  # and is not the second too
    assert services.drop_transfer_files(at=TEN) == 0
    assert agrees(approver, batch) is BatchStatus.RELEASED
    assert services.drop_transfer_files(at=TEN) == 1
    assert (folder / f"{batch.message_id}.xml").read_bytes() == bytes(batch.content)
    assert states() == {"1": "sent"}
    assert services.drop_transfer_files(at=ELEVEN) == 0
    assert AuditRecord.objects.filter(action="transfers.released").count() == 1


def test_a_file_whose_bytes_changed_is_neither_released_nor_sent(
    folder: Path, treasurer: Desk, approver: Desk, database_name: str
) -> None:
    def rewritten(content: bytes) -> None:
        with admin_connection(database_name) as admin:
            admin.execute("SET session_replication_role = replica")  # whoever can do this is past all triggers
            admin.execute("UPDATE payments_transferbatch SET content = %s", [content])

    order()
    batch = filed()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE payments_transferbatch SET content = 'x'")
    agrees(treasurer, batch)
    rewritten(bytes(batch.content) + b" ")
    with pytest.raises(BatchChanged):
        agrees(approver, batch)
    rewritten(bytes(batch.content))
    agrees(approver, batch)
    rewritten(bytes(batch.content) + b" ")
    assert services.drop_transfer_files(at=TEN) == 0
    assert not folder.exists()
    assert states() == {"1": "filed"}
    assert "not the bytes" in TransferBatch.objects.get().problem


def test_a_withdrawn_file_is_written_anew(treasurer: Desk) -> None:
    order()
    batch = filed()
    treasurer.does(lambda: services.withdraw_batch(batch_id=batch.pk, reason="wrong day", at=TEN))
    assert states() == {"1": "ordered"}
    assert filed().message_id == "TRF-20260615-088-2"
    with pytest.raises(BatchNotWithdrawn):
        treasurer.does(lambda: services.withdraw_batch(batch_id=batch.pk, reason="again", at=TEN))


def test_the_bank_accepts_one_and_rejects_one(sent: TransferBatch, deliver_events: Callable[[], int]) -> None:
    one, two = Transfer.objects.order_by("pk")
    says(sent, (one.reference, "ACSC"), (two.reference, "RJCT"))
    deliver_events()
    assert states() == {"1": "accepted", "2": "rejected"}
    assert Transfer.objects.get(key="2").answer == "AC04"
    assert told() == [("accepted", "1"), ("rejected", "2")]
    assert balances() == {"refund_payable": 30_000, "clearing": -30_000}  # what was rejected is owed again
    says(sent, (two.reference, "ACSC"), name="A-2")
    deliver_events()
    assert states()["2"] == "rejected"
    assert "accepted" in Transfer.objects.get(key="2").problem
    assert TransferBatch.objects.get().ask_at is None
    call_command("ledger_check")


def test_a_whole_message_may_be_rejected(sent: TransferBatch, deliver_events: Callable[[], int]) -> None:
    says(sent, whole="RJCT")
    deliver_events()
    assert states() == {"1": "rejected", "2": "rejected"}
    assert balances() == {}


def test_without_an_answer_the_bank_gets_the_same_file_again(folder: Path, sent: TransferBatch) -> None:
    (folder / f"{sent.message_id}.xml").unlink()
    assert services.drop_transfer_files(at=TEN + timedelta(hours=3)) == 0
    assert services.drop_transfer_files(at=TEN + timedelta(hours=5)) == 1
    assert (folder / f"{sent.message_id}.2.xml").read_bytes() == bytes(sent.content)
    assert states() == {"1": "sent", "2": "sent"}


def test_a_death_before_the_file_lay_there_sends_it_later(folder: Path, treasurer: Desk, approver: Desk) -> None:
    order()
    batch = filed()
    agrees(treasurer, batch)
    agrees(approver, batch)
    with connection.cursor() as cursor:  # what is written before the file is
        digest = hashlib.sha256(bytes(batch.content)).hexdigest()
        cursor.execute("SELECT payments_send_batch(%s, %s)", [batch.pk, digest])
    assert states() == {"1": "sent"}
    assert services.drop_transfer_files(at=TEN) == 1
    assert (folder / f"{batch.message_id}.xml").exists()


def test_what_left_the_account_is_explained_and_the_day_agrees(sent: TransferBatch) -> None:
    one, two = Transfer.objects.order_by("pk")
    lines = [Told(t.amount, out=True, ref=f"B-{t.key}", end_to_end=t.reference, at=ELEVEN) for t in (one, two)]
    stranger = Told(700, out=True, ref="B-3", end_to_end="TRF-OF-SOMEBODY-ELSE", at=ELEVEN)
    assert fates(bank_states(MONDAY, *lines, stranger)) == ["transferred", "transferred", "out"]
    assert states() == {"1": "booked", "2": "booked"}
    close(MONDAY)
    assert open_differences() == [("money_out", "-B-3", 0, -700)]
    assert told() == [("booked", "1"), ("booked", "2")]
    assert balances() == {"refund_payable": 35_000, "treasury": -35_700, "clearing": 700}
    call_command("ledger_check")


def test_what_leaves_twice_or_with_another_sum_stays_unexplained(sent: TransferBatch) -> None:
    one, two = Transfer.objects.order_by("pk")
    first = Told(one.amount, out=True, ref="B-1", end_to_end=one.reference, at=ELEVEN)
    again = Told(one.amount, out=True, ref="B-2", end_to_end=one.reference, at=ELEVEN)
    other = Told(two.amount + 1, out=True, ref="B-3", end_to_end=two.reference, at=ELEVEN)
    assert fates(bank_states(MONDAY, first, again, other)) == ["transferred", "out", "out"]
    close(MONDAY)
    assert Difference.objects.filter(kind="money_out", status="open").count() == 2


def test_money_that_comes_back_is_owed_again_and_in_nobodys_suspense(sent: TransferBatch) -> None:
    one = Transfer.objects.get(key="1")
    left = Told(one.amount, out=True, ref="B-1", end_to_end=one.reference, at=ELEVEN)
    back = Told(one.amount, ref="B-9", end_to_end=one.reference, returned=True, at=on(TUESDAY))
    bank_states(MONDAY, left)
    assert fates(bank_states(TUESDAY, back)) == ["returned"]
    assert states()["1"] == "returned"
    assert told() == [("booked", "1"), ("returned", "1")]
    close(MONDAY), close(TUESDAY)
    other = Transfer.objects.get(key="2")  # with the bank, and never seen to leave
    assert open_differences() == [("not_booked", other.reference, -5_000, 0)]
    assert balances() == {"refund_payable": 5_000, "clearing": -5_000}
    call_command("ledger_check")


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_office_cannot_order_send_or_answer_by_itself(as_role: AsRole, treasurer: Desk) -> None:
    order()
    batch = filed()
    for statement in (
        "SELECT payments_order_transfer('{}', now())",
        f"SELECT payments_send_batch({batch.pk}, '{batch.digest}')",
        "SELECT payments_answer_transfers('088', '', '', 'accepted', '', now())",
        "UPDATE payments_transferbatch SET status = 'released'",
        "UPDATE payments_transfer SET account = '1'",
    ):
        with pytest.raises(DatabaseError):
            treasurer.does(partial(execute, statement))
    district = a_desk(as_role, "gu@example.kr", Role.TREASURER, body="11110")
    with pytest.raises(BatchNeedsAnother):
        agrees(district, batch)
    assert district.does(Transfer.objects.count) == 0
