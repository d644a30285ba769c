"""Money out: the message to the bank, and what the bank says of it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from lxml import etree

from core import clock
from core.models import Event
from payments import services
from payments.bankfiles.write_pain001 import NAMESPACE, CreditTransfer, UnableToWriteTransfers
from payments.models import BankFile
from tests.payments.cast import today
from tests.payments.deposits import take
from tests.support.beside import FOLDER

pytestmark = pytest.mark.usefixtures("db")


def transfer(number: int, amount: int = 1_000, **changes: str) -> CreditTransfer:
    facts = {
        "reference": f"REF-{number}",
        "bank": "020",
        "account": "1002000000001",
        "holder": "홍길동",
        "text": "환급금",
    }
    return CreditTransfer(amount=amount, **{**facts, **changes})


def write(*transfers: CreditTransfer, message_id: str = "OUT-1") -> bytes:
    return services.write_credit_transfers(
        transfers, bank_code="088", message_id=message_id, execute_on=today() + timedelta(days=1), at=clock.now()
    )


def report(*answers: tuple[str, str], message_id: str = "ANSWER-1", counted: int | None = None) -> bytes:
    listed = "".join(
        f"<TxInfAndSts><OrgnlEndToEndId>{reference}</OrgnlEndToEndId><TxSts>{status}</TxSts>"
        f"<StsRsnInf><Rsn><Cd>AC01</Cd></Rsn></StsRsnInf></TxInfAndSts>"
        for reference, status in answers
    )
    number = (
        f"<NbOfTxsPerSts><DtldNbOfTxs>{counted}</DtldNbOfTxs><DtldSts>RJCT</DtldSts></NbOfTxsPerSts>" if counted else ""
    )
    return (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt><GrpHdr>'
        f"<MsgId>{message_id}</MsgId><CreDtTm>2026-06-16T10:00:00+09:00</CreDtTm></GrpHdr><OrgnlGrpInfAndSts>"
        "<OrgnlMsgId>OUT-1</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId></OrgnlGrpInfAndSts>"
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>OUT-1</OrgnlPmtInfId>{number}{listed}</OrgnlPmtInfAndSts>"
        "</CstmrPmtStsRpt></Document>"
    ).encode()


def answers() -> list[tuple[str, str, str]]:
    told = Event.objects.filter(topic="payments.transfer_answered.v1").order_by("pk")
    return [(one.payload["reference"], one.payload["answer"], one.payload["reason"]) for one in told]


def test_a_message_out_carries_its_counts_and_control_sums() -> None:
    root = etree.fromstring(write(transfer(1, 1_000), transfer(2, 2_500)))
    names = {"p": NAMESPACE}
    assert root.xpath("//p:NbOfTxs/text()", namespaces=names) == ["2", "2"]
    assert {Decimal(one) for one in root.xpath("//p:CtrlSum/text()", namespaces=names)} == {Decimal(3_500)}
    assert root.xpath("//p:InstdAmt/text()", namespaces=names) == ["1000", "2500"]
    assert root.xpath("//p:InstdAmt/@Ccy", namespaces=names) == ["KRW", "KRW"]
    assert root.xpath("//p:EndToEndId/text()", namespaces=names) == ["REF-1", "REF-2"]


@pytest.mark.parametrize(
    "transfers",
    [
        (),
        (transfer(1), transfer(1)),
        (transfer(1, 0),),
        (transfer(1, -5),),
        (transfer(1, reference="X" * 36),),
        (transfer(1, holder=""),),
    ],
    ids=["none", "twice", "zero", "negative", "long_reference", "nobody"],
)
def test_transfers_that_make_no_sense_are_not_written(transfers: tuple[CreditTransfer, ...]) -> None:
    with pytest.raises(UnableToWriteTransfers):
        write(*transfers)


def test_the_banks_answer_is_told_for_each_transfer_once() -> None:
    content = report(("REF-1", "RJCT"), ("REF-2", "ACSC"), ("REF-3", "PDNG"))
    assert take(content).status == "posted"
    assert answers() == [
        ("REF-1", "rejected", "AC01"),
        ("REF-2", "accepted", "AC01"),
        ("REF-3", "pending", "AC01"),
    ]
    assert take(content + b"\n").status == "repeated"
    assert len(answers()) == 3


def test_an_answer_whose_rejections_are_not_all_there_is_refused() -> None:
    file = take(report(("REF-1", "RJCT"), counted=2))
    assert (file.status, file.reason) == ("refused", "does_not_tie")
    assert answers() == []


@pytest.mark.beside("data/camt/FI_camt_053_sample.xml")
def test_the_answer_of_a_real_bank_is_read() -> None:
    (path,) = (FOLDER / "data/camt").glob("pain002-*.xml")
    assert take(path.read_bytes()).status == "posted"
    assert answers() == [("EndToEndId-006-01-01", "rejected", "AC01")]
    assert BankFile.objects.get().message_number == "20180326375204011678275"
