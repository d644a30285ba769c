"""The sandbox's banks: files as docs/protocols/bankfiles.md says, transfers carried out once, faults on demand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from lxml import etree

from core import clock
from payments.bankfiles.facts import Money
from payments.bankfiles.schema import schema_of
from payments.bankfiles.write_pain001 import CreditTransfer, Payer, write_credit_transfers
from tests.sandbox.banks import ACCOUNT, BANK, NUMBER, Banks, banks
from tests.support.beside import FOLDER

pytestmark = pytest.mark.socket
SPACE = "urn:iso:std:iso:20022:tech:xsd:"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Banks]:
    with banks(tmp_path_factory.mktemp("banks")) as started:
        yield started


@pytest.fixture
def bank(running: Banks) -> Iterator[Banks]:
    """Nothing of an earlier test lies in the folder, and nothing goes wrong by itself."""
    yield running
    running.http.delete("/sandbox/faults")
    before = len(list((running.folder / BANK).glob("S*.xml")))
    running.ends_the_day()
    running.files("S", many=before + 1)
    for path in (running.folder / BANK).glob("*.xml"):
        path.unlink()


def valid(path: Path) -> tuple[str, Any]:
    """The message's name, and its root, held to the schema."""
    root = etree.parse(str(path)).getroot()
    space = etree.QName(root).namespace or ""
    name = space.removeprefix(SPACE)
    schema = schema_of(name, space)
    assert schema.validate(root), schema.error_log
    return name, root


def texts(root: Any, name: str) -> list[str]:
    return [node.text or "" for node in root.iter(f"{{*}}{name}")]


def order(message: str, *transfers: tuple[str, str, int], account: str = ACCOUNT) -> bytes:
    """A pain.001 of the city: (EndToEndId, account, amount)."""
    listed = [CreditTransfer(name, amount, "020", to, "종로구", "송금") for name, to, amount in transfers]
    now = clock.now()
    return write_credit_transfers(
        listed,
        payer=Payer("서울특별시", BANK, account),
        message_id=message,
        execute_on=clock.local_date(now),
        money=Money("KRW", 0),
        at=now,
        zone=ZoneInfo("Asia/Seoul"),
    )


def test_a_deposit_is_told_by_a_notice_and_stated_in_the_evening(bank: Banks) -> None:
    reference = bank.deposits(52_000, number=NUMBER, words="세금", sender="홍길동")
    name, notice = valid(bank.files("N")[0])
    assert name == "camt.054.001.08"
    assert texts(notice, "AcctSvcrRef") == [reference, reference]
    assert texts(notice, "Ustrd") == ["세금"]
    assert NUMBER in texts(notice, "Id")
    bank.ends_the_day()
    name, statement = valid(bank.files("S")[0])
    assert name == "camt.053.001.08"
    opening, closing, entry = (int(one) for one in texts(statement, "Amt")[:3])
    assert closing - opening == entry == 52_000
    assert not list((bank.folder / BANK).glob(".*"))


@pytest.mark.beside("data/camt/xsd/camt.053.001.08.xsd", "data/camt/xsd/camt.054.001.08.xsd")
def test_its_files_keep_the_official_schemas(bank: Banks) -> None:
    bank.takes_back(bank.deposits(1_000, words="x"))
    bank.ends_the_day()
    for path in (bank.files("N")[0], bank.files("S")[0]):
        root = etree.parse(str(path))
        name = (etree.QName(root.getroot()).namespace or "").removeprefix(SPACE)
        official = etree.XMLSchema(file=str(FOLDER / f"data/camt/xsd/{name}.xsd"))
        assert official.validate(root), official.error_log


def test_a_deposit_taken_back_names_its_deposit(bank: Banks) -> None:
    reference = bank.deposits(7_000)
    bank.takes_back(reference)
    assert bank.http.post(f"/api/transfers/{reference}/return").status_code == 400
    bank.ends_the_day()
    _, statement = valid(bank.files("S")[0])
    assert texts(statement, "RvslInd") == ["true"]
    assert texts(statement, "AcctSvcrRef").count(reference) == 3


def test_transfers_of_the_city_are_carried_out_once_and_answered_each_time(bank: Banks) -> None:
    bank.fault("reject_transfer", orderId="0209")
    content = order("TRF-1", ("TRF-A", "0208", 5_000), ("TRF-B", "0209", 700))
    bank.gives("TRF-1.xml", content)
    _, answer = valid(bank.files("A")[0])
    assert texts(answer, "OrgnlEndToEndId") == ["TRF-A", "TRF-B"]
    assert texts(answer, "TxSts") == ["ACSC", "RJCT"]
    assert texts(answer, "Cd") == ["AC04"]
    bank.gives("TRF-1.2.xml", content)
    _, again = valid(bank.files("A", many=2)[1])
    assert sorted(texts(again, "TxSts")) == ["ACSC", "RJCT"]
    bank.ends_the_day()
    _, statement = valid(bank.files("S")[0])
    assert texts(statement, "EndToEndId") == ["TRF-A"]
    assert not list((bank.folder / BANK / "out").glob("*"))


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda content: content.replace(b"<CtrlSum>9", b"<CtrlSum>8"), "AM10"),
        (lambda content: content.replace(ACCOUNT.encode(), b"08800000000099"), "AC02"),
    ],
    ids=["sum", "account"],
)
def test_a_message_that_makes_no_sense_is_rejected_whole(bank: Banks, spoil: object, code: str) -> None:
    assert callable(spoil)
    bank.gives("X.xml", spoil(order(f"X-{code}", ("TRF-X", "0208", 9))))
    _, answer = valid(bank.files("A")[0])
    assert (texts(answer, "GrpSts"), texts(answer, "Cd")) == (["RJCT"], [code])


def test_other_bytes_under_a_known_number_are_rejected(bank: Banks) -> None:
    bank.gives("D1.xml", order("D-1", ("TRF-D", "0208", 9)))
    bank.files("A")
    bank.gives("D2.xml", order("D-1", ("TRF-E", "0208", 10)))
    answers = [texts(valid(path)[1], "GrpSts") for path in bank.files("A", many=2)]
    assert sorted(answers) == [[], ["RJCT"]]


def test_files_come_twice_cut_off_and_with_wrong_totals(bank: Banks) -> None:
    for fault in ("notice_twice", "notice_truncated", "statement_wrong"):
        bank.fault(fault)
    bank.deposits(3_000)
    names = [path.stem for path in bank.files("N", many=3)]
    assert [name[-4:] for name in sorted(names, key=len)][1:] == ["-cut", "gain"]
    bank.ends_the_day()
    assert len(bank.files("S", many=2)) == 2


def test_money_sent_may_come_back(bank: Banks) -> None:
    bank.fault("return_transfer", orderId="0207")
    bank.gives("R.xml", order("R-1", ("TRF-R", "0207", 4_000)))
    bank.files("A")
    bank.ends_the_day()
    _, statement = valid(bank.files("S")[0])
    assert texts(statement, "EndToEndId") == ["TRF-R", "TRF-R"]
    assert texts(statement, "CdtDbtInd")[2::2] == ["DBIT", "CRDT"]


def test_a_death_in_the_middle_repeats_the_file_and_loses_nothing(tmp_path: Path) -> None:
    with pytest.raises((AssertionError, httpx.HTTPError)), banks(tmp_path) as first:
        first.fault("restart")
        reference = first.deposits(3_000)
        first.files("N")[0].unlink()
        while True:
            first.http.get("/healthz")
    with banks(tmp_path) as second:
        _, notice = valid(second.files("N")[0])
        assert reference in texts(notice, "AcctSvcrRef")


def test_a_person_makes_a_transfer_once_and_ends_the_day_on_pages(bank: Banks) -> None:
    shown = bank.http.get("/?lang=en").text
    token = shown.split('name="token" value="')[1].split('"')[0]
    form = {
        "number": "9088-0000000007",
        "amount": "12,000",
        "words": "tax",
        "sender": "Hong",
        "token": token,
        "lang": "en",
    }
    pages = [bank.http.post("/", data=form, follow_redirects=True) for _ in range(2)]
    assert {page.status_code for page in pages} == {200}
    assert pages[0].url == pages[1].url
    assert "12,000" in pages[0].text
    wrong = bank.http.post("/", data={**form, "number": "1", "token": ""})
    assert wrong.status_code == 422
    assert "keeps an account of the city" in wrong.text
    assert 'value="12,000"' in wrong.text
    ended = bank.http.post("/day", data={"bank": BANK, "lang": "en"})
    assert "The day is ended" in ended.text
    assert bank.http.get("/done/nothing").status_code == 404
