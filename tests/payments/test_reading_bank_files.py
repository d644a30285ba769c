"""What a bank's file says is read, or the whole file is refused with the reason."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from lxml import etree

from payments.bankfiles.facts import BankFile, BankLine, Kind, Money
from payments.bankfiles.read_camt import read_camt
from payments.bankfiles.refusals import Reason, UnableToTakeBankFile
from payments.bankfiles.safe_xml import MOST_BYTES
from payments.bankfiles.schema import schema_of
from tests.payments.bank_messages import ACCOUNT, NAMESPACE, Told, entry, notice, statement
from tests.support.beside import FOLDER

WON = Money("KRW", 0)
SEOUL = ZoneInfo("Asia/Seoul")
AT = datetime(2026, 6, 16, 9, 30, tzinfo=SEOUL)
SCHEMAS = [f"camt.05{kind}.001.{version}" for kind in (3, 4) for version in ("02", "04", "08")]


def read(content: bytes, money: Money = WON) -> BankFile:
    return read_camt(content, money=money, zone=SEOUL)


def lines(content: bytes) -> tuple[BankLine, ...]:
    return read(content).statements[0].lines


def refused(content: bytes, money: Money = WON) -> UnableToTakeBankFile:
    with pytest.raises(UnableToTakeBankFile) as caught:
        read(content, money)
    return caught.value


@pytest.mark.parametrize("version", ["02", "04", "08"])
def test_a_notice_says_how_much_came_when_and_to_which_number(version: str) -> None:
    told = Told(52_000, to="56211100000001", ref="BANK-1", text="자동차세", at=AT)
    found = read(notice(entry(told, version=version), version=version))
    assert (found.kind, found.message_id) == (Kind.NOTICE, "N-1")
    (line,) = found.statements[0].lines
    assert (line.amount, line.account, line.own_ref, line.text) == (52_000, "56211100000001", "BANK-1", "자동차세")
    assert line.at == datetime(2026, 6, 16, 0, 30, tzinfo=UTC)
    assert line.exact
    assert line.booked


@pytest.mark.parametrize("version", ["02", "04", "08"])
def test_a_statement_that_ties_is_read_with_its_balances(version: str) -> None:
    inner = (entry(Told(300), version=version), entry(Told(100, out=True), version=version))
    found = read(statement(*inner, opening=-50, closing=150, version=version)).statements[0]
    assert (found.opening, found.closing, found.account) == (-50, 150, ACCOUNT)
    assert [line.amount for line in found.lines] == [300, -100]


def test_a_batch_is_its_transactions() -> None:
    found = lines(notice(entry(Told(100, ref="A"), Told(250, ref="B"), ref="ENTRY")))
    assert [(line.amount, line.own_ref, line.entry_ref, line.place) for line in found] == [
        (100, "A", "ENTRY", 1),
        (250, "B", "ENTRY", 2),
    ]


def test_a_batch_whose_transactions_are_not_all_told_is_one_sum() -> None:
    (line,) = lines(notice(entry(Told(100), number=3)))
    assert (line.amount, line.lump) == (100, True)


def test_a_batch_whose_transactions_do_not_sum_to_its_entry_is_refused_with_the_difference() -> None:
    refusal = refused(notice(entry(Told(100), Told(250), amount="360")))
    assert refusal.reason is Reason.DOES_NOT_TIE
    assert "10 KRW" in refusal.where


def test_a_statement_that_does_not_tie_is_refused_whole_with_the_difference_named() -> None:
    refusal = refused(statement(entry(Told(300)), opening=0, closing=250))
    assert refusal.reason is Reason.DOES_NOT_TIE
    assert "= -50 KRW" in refusal.where


def test_informational_and_pending_entries_do_not_count() -> None:
    inner = (entry(Told(300)), entry(Told(40, status="INFO")), entry(Told(60, status="PDNG")))
    found = read(statement(*inner, opening=0, closing=300)).statements[0]
    assert [line.booked for line in found.lines] == [True, False, False]


@pytest.mark.parametrize(
    ("number", "total", "ties"), [(2, 400, True), (3, 440, True), (4, 400, False), (2, 401, False)]
)
def test_the_banks_own_summary_must_fit(number: int, total: int, ties: bool) -> None:
    summary = f"<TxsSummry><TtlNtries><NbOfNtries>{number}</NbOfNtries><Sum>{total}</Sum></TtlNtries></TxsSummry>"
    inner = (entry(Told(300)), entry(Told(100, out=True)), entry(Told(40, status="INFO")))
    content = statement(*inner, opening=0, closing=200, summary=summary)
    if ties:
        read(content)
    else:
        assert refused(content).reason is Reason.DOES_NOT_TIE


def test_a_reversal_and_a_return_are_known_as_such() -> None:
    inner = (entry(Told(300, out=True, reversal=True)), entry(Told(100, out=True, returned=True)), entry(Told(5)))
    assert [line.taken_back for line in lines(notice(*inner))] == [True, True, False]


def test_a_day_without_an_hour_is_its_noon() -> None:
    (line,) = lines(notice(entry(Told(300, at=AT, day_only=True))))
    assert line.at == datetime(2026, 6, 16, 12, tzinfo=SEOUL)
    assert not line.exact


def test_euros_have_decimals_and_won_have_none() -> None:
    euros = notice(entry(Told(100, currency="EUR"), amount="100.50"))
    assert read(euros, Money("EUR", 2)).statements[0].lines[0].amount == 10_050
    assert refused(euros).reason is Reason.OTHER_CURRENCY
    assert refused(notice(entry(Told(100), amount="100.5"))).reason is Reason.BAD_AMOUNT
    assert lines(notice(entry(Told(100), amount="100.00")))[0].amount == 100


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", Reason.EMPTY),
        (b" \n", Reason.EMPTY),
        (b"<a>" + b"x" * MOST_BYTES, Reason.TOO_LARGE),
        (notice(entry(Told(1)))[:-40], Reason.NOT_XML),
        (notice(entry(Told(1, text="한글"))).decode().encode("euc-kr"), Reason.NOT_UTF8),
        (notice(entry(Told(1))).replace(b"UTF-8", b"EUC-KR"), Reason.NOT_UTF8),
        (notice(entry(Told(1))).decode().encode("utf-16"), Reason.NOT_UTF8),
        (b'<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><x>&c;</x>', Reason.DOCTYPE),
        (b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>', Reason.DOCTYPE),
        (b"<a>" * 5_000, Reason.NOT_XML),
        (b"<Document/>", Reason.UNKNOWN_MESSAGE),
        (notice(entry(Told(1))).replace(b"camt.054.001.08", b"camt.054.001.99"), Reason.UNKNOWN_MESSAGE),
        (notice(entry(Told(1), amount="1..2")), Reason.AGAINST_SCHEMA),
        (notice(entry(Told(1), amount="-5")), Reason.AGAINST_SCHEMA),
        (notice(entry(Told(1), amount="99999999999999")), Reason.BAD_AMOUNT),
        (notice(entry(Told(1))).replace(b"<Sts><Cd>BOOK</Cd></Sts>", b""), Reason.AGAINST_SCHEMA),
        (notice(entry(Told(1, at=datetime(1700, 1, 1, tzinfo=UTC)))), Reason.BAD_DATE),
    ],
    ids=lambda value: value.value if isinstance(value, Reason) else "",
)
def test_bad_files_are_refused_with_the_reason(content: bytes, reason: Reason) -> None:
    assert refused(content).reason is reason


@pytest.mark.parametrize("name", SCHEMAS)
@pytest.mark.beside("data/camt/xsd/camt.053.001.08.xsd")
def test_our_schemas_say_the_same_as_the_official_ones(name: str) -> None:
    official = etree.XMLSchema(file=str(FOLDER / f"data/camt/xsd/{name}.xsd"))
    version = name[-2:]
    inner = entry(Told(300, to="1", ref="R", text="t"), version=version)
    make = notice if "054" in name else lambda *e, version: statement(*e, opening=0, closing=300, version=version)
    sample = make(inner, version=version)
    for wrong in (b"", b"BOOK", b'Ccy="KRW"', b"<Id>", b"CRDT", b"<CreDtTm>", b"<BookgDt>", b"</Ntry>"):
        mutated = sample.replace(wrong, b"<X/>" if wrong.startswith(b"<") else b"??", 1) if wrong else sample
        try:
            root = etree.fromstring(mutated)
        except etree.XMLSyntaxError:
            continue
        assert schema_of(name, NAMESPACE + name).validate(root) == official.validate(root), wrong


@pytest.mark.parametrize(
    ("name", "currency", "count", "moved"),
    [
        ("053_valid_example_v4.xml", "CHF", 32, 53_761),
        ("FI_camt_053_sample.xml", "EUR", 13, 1_364_483),
        ("FI_camt_054_sample.xml", "EUR", 13, 26_995),
    ],
)
@pytest.mark.beside("data/camt/FI_camt_053_sample.xml")
def test_files_of_real_banks_are_read(name: str, currency: str, count: int, moved: int) -> None:
    content = (FOLDER / "data/camt" / name).read_bytes()
    (found,) = read(content, Money(currency, 2)).statements
    assert len(found.lines) == count
    assert sum(line.amount for line in found.lines if line.booked) == moved
    assert refused(content).reason is Reason.OTHER_CURRENCY


@pytest.mark.parametrize("name", ["camt053_duplicate_same_day.xml", "camt053_garbled_amount.xml"])
@pytest.mark.beside("data/camt/invalid/camt053_garbled_amount.xml")
def test_files_without_balances_are_refused(name: str) -> None:
    assert refused((FOLDER / "data/camt/invalid" / name).read_bytes(), Money("EUR", 2)).reason is Reason.AGAINST_SCHEMA
