"""Reading camt.054 (notices of single movements) and camt.053 (the day's statement), versions 02, 04 and 08."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from lxml import etree

from payments.bankfiles import safe_xml
from payments.bankfiles.facts import BILL_NUMBER, BankFile, BankLine, Kind, Money, Statement
from payments.bankfiles.refusals import Reason, UnableToTakeBankFile
from payments.bankfiles.schema import schema_of
from payments.bankfiles.totals import Sums, check_balances, check_summary, refuse_difference
from payments.bankfiles.values import Texts, first, moment, noon, printable, sign_of, text, texts, units

NAMESPACE: Final = re.compile(r"urn:iso:std:iso:20022:tech:xsd:((camt\.05[34])\.001\.0[248])")
REFERENCE: Final = "RmtInf/Strd/CdtrRefInf/Ref"
GIRO: Final = "GIRO"
PARTS: Final = {Kind.STATEMENT: "Stmt", Kind.NOTICE: "Ntfctn"}


def read_camt(content: bytes, *, money: Money, zone: ZoneInfo) -> BankFile:
    """A whole message, held to its schema and to its own totals. Raises `UnableToTakeBankFile`."""
    return read_tree(safe_xml.parse(content), money=money, zone=zone)


def read_tree(root: Any, *, money: Money, zone: ZoneInfo) -> BankFile:
    """The same of a message that is parsed already; its names lose their namespace."""
    namespace = etree.QName(root).namespace or ""
    known = NAMESPACE.fullmatch(namespace)
    if known is None:
        raise UnableToTakeBankFile(Reason.UNKNOWN_MESSAGE, namespace)
    hold_to_schema(root, known.group(1), namespace)
    kind = Kind(known.group(2))
    body = root[0]
    statements = tuple(_statement(one, kind, money, zone) for one in body.iterfind(PARTS[kind]))
    if len({one.id for one in statements}) != len(statements):
        raise UnableToTakeBankFile(Reason.AGAINST_SCHEMA, "Id")
    return BankFile(kind, known.group(1), text(body, "GrpHdr/MsgId", most=35), statements)


def hold_to_schema(root: Any, message: str, namespace: str) -> None:
    """Refuse what breaks the schema; what is left is read by plain names."""
    schema = schema_of(message, namespace)
    if not schema.validate(root):
        error = schema.error_log[0]
        raise UnableToTakeBankFile(
            Reason.AGAINST_SCHEMA, f"line {error.line}: {error.message.replace(f'{{{namespace}}}', '')}"
        )
    prefix = len(namespace) + 2
    for element in root.iter(f"{{{namespace}}}*"):
        element.tag = element.tag[prefix:]


def _statement(node: Any, kind: Kind, money: Money, zone: ZoneInfo) -> Statement:
    name = text(node, "Id", most=35)
    sums: list[Sums] = []
    lines: list[BankLine] = []
    for number, element in enumerate(node.iterchildren("Ntry"), start=1):
        where = f"{name}, entry {number}"
        entry = _Entry(element, texts(element, without="NtryDtls"), number, where)
        amount = sign_of(first(entry.told, "CdtDbtInd")) * units(element.find("Amt"), money, where)
        sums.append(Sums(amount, entry.booked))
        lines += _lines(entry, amount, money, zone)
    check_summary(node, sums, money, name)
    opening, closing = check_balances(node, sums, money, name) if kind is Kind.STATEMENT else (None, None)
    account = text(node, "Acct/Id/IBAN", "Acct/Id/Othr/Id", most=34)
    return Statement(name, account, tuple(lines), opening, closing)


@dataclass(frozen=True)
class _Entry:
    """An entry, what it tells beside its transactions, and its place in the statement."""

    node: Any
    told: Texts
    number: int
    where: str

    @property
    def booked(self) -> bool:
        return first(self.told, "Sts/Cd", "Sts") == "BOOK"


def _lines(entry: _Entry, amount: int, money: Money, zone: ZoneInfo) -> list[BankLine]:
    """One line for each transaction of a batch; one for the entry where the bank does not give all of them."""
    found = entry.node.findall("NtryDtls/TxDtls")
    said = [int(node.text) for node in entry.node.iterfind("NtryDtls/Btch/NbOfTxs")]
    if said and sum(said) != len(found):
        return [_line(entry, {}, amount, zone=zone, lump=sum(said) > 1)]
    if len(found) <= 1:
        return [_line(entry, texts(found[0]) if found else {}, amount, zone=zone)]
    told = [texts(one) for one in found]
    otherwise = sign_of(first(entry.told, "CdtDbtInd"))
    parts = [_part(node, one, otherwise, money, entry.where) for node, one in zip(found, told, strict=True)]
    refuse_difference(f"{entry.where}, its transactions", sum(parts), amount, money)
    return [
        _line(entry, one, part, place=place, zone=zone)
        for place, (one, part) in enumerate(zip(told, parts, strict=True), start=1)
    ]


def _part(node: Any, told: Texts, otherwise: int, money: Money, where: str) -> int:
    amount = node.find("Amt")
    if amount is None:
        amount = node.find("AmtDtls/TxAmt/Amt")
    if amount is None:
        raise UnableToTakeBankFile(Reason.DOES_NOT_TIE, f"{where}: a transaction without an amount")
    return sign_of(first(told, "CdtDbtInd"), otherwise) * units(amount, money, where)


def _line(entry: _Entry, detail: Texts, amount: int, *, zone: ZoneInfo, place: int = 1, lump: bool = False) -> BankLine:
    at, exact = _when(entry, detail, zone)
    booking = first(entry.told, "BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm")
    return BankLine(
        entry=entry.number,
        place=place,
        amount=amount,
        at=at,
        exact=exact,
        booked_on=(noon(booking, zone, entry.where) if booking else at).date(),
        booked=entry.booked,
        taken_back=first(entry.told, "RvslInd") in {"true", "1"} or any(path.startswith("RtrInf") for path in detail),
        lump=lump,
        entry_ref=first(entry.told, "AcctSvcrRef", most=35),
        own_ref=first(detail, "Refs/AcctSvcrRef", most=35),
        end_to_end=first(detail, "Refs/EndToEndId", most=35),
        account=first(detail, "RltdPties/CdtrAcct/Id/IBAN", "RltdPties/CdtrAcct/Id/Othr/Id", most=34),
        payer=first(detail, "RltdPties/Dbtr/Pty/Nm", "RltdPties/Dbtr/Nm", most=70),
        text=_remittance(detail),
        reference=first(detail, REFERENCE, most=35),
        giro=_is_giro(entry, detail),
    )


def _is_giro(entry: _Entry, detail: Texts) -> bool:
    """The bank's own code says so, or a reference for machines holds nothing but a bill's number."""
    codes = {first(told, "BkTxCd/Prtry/Cd", most=35) for told in (entry.told, detail)}
    return GIRO in codes or BILL_NUMBER.fullmatch(first(detail, REFERENCE, most=35)) is not None


def _when(entry: _Entry, detail: Texts, zone: ZoneInfo) -> tuple[datetime, bool]:
    """The moment at which the payer's bank took the money, else that of the booking, else the day."""
    written = first(detail, "RltdDts/AccptncDtTm", "RltdDts/TxDtTm") or first(entry.told, "BookgDt/DtTm")
    if written:
        return moment(written, zone, entry.where), True
    return noon(first(entry.told, "BookgDt/Dt", "ValDt/Dt", "ValDt/DtTm"), zone, entry.where), False


def _remittance(detail: Texts) -> str:
    ways = ("RmtInf/Ustrd", REFERENCE, "RmtInf/Strd/AddtlRmtInf")
    return printable(" ".join(one for way in ways for one in detail.get(way, ()) if one))[:500]
