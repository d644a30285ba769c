"""Reading camt.054 (notices of single movements) and camt.053 (the day's statement), versions 02, 04 and 08."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from lxml import etree

from payments.bankfiles import safe_xml
from payments.bankfiles.facts import BILL_NUMBER, BankFile, BankLine, Kind, Money, Statement
from payments.bankfiles.refusals import Reason, UnableToTakeBankFile
from payments.bankfiles.schema import schema_of
from payments.bankfiles.totals import Sums, check_balances, check_summary, refuse_difference
from payments.bankfiles.values import moment, noon, printable, sign, text, units

NAMESPACE: Final = re.compile(r"urn:iso:std:iso:20022:tech:xsd:((camt\.05[34])\.001\.0[248])")
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
    for number, entry in enumerate(node.iterfind("Ntry"), start=1):
        where = f"{name}, entry {number}"
        amount = sign(entry) * units(entry.find("Amt"), money, where)
        sums.append(Sums(amount, _is_booked(entry)))
        lines += _lines(entry, amount, number=number, money=money, zone=zone, where=where)
    check_summary(node, sums, money, name)
    opening, closing = check_balances(node, sums, money, name) if kind is Kind.STATEMENT else (None, None)
    account = text(node, "Acct/Id/IBAN", "Acct/Id/Othr/Id", most=34)
    return Statement(name, account, tuple(lines), opening, closing)


def _is_booked(entry: Any) -> bool:
    return text(entry, "Sts/Cd", "Sts") == "BOOK"


def _lines(entry: Any, amount: int, *, number: int, money: Money, zone: ZoneInfo, where: str) -> list[BankLine]:
    """One line for each transaction of a batch; one for the entry where the bank does not give all of them."""
    told = entry.findall("NtryDtls/TxDtls")
    said = [int(node.text) for node in entry.iterfind("NtryDtls/Btch/NbOfTxs")]
    if said and sum(said) != len(told):
        return [_line(entry, None, amount, place=(number, 1), zone=zone, where=where, lump=sum(said) > 1)]
    if len(told) <= 1:
        return [_line(entry, told[0] if told else None, amount, place=(number, 1), zone=zone, where=where)]
    parts = [_part(one, sign(entry), money, where) for one in told]
    refuse_difference(f"{where}, its transactions", sum(parts), amount, money)
    return [
        _line(entry, one, part, place=(number, place), zone=zone, where=where)
        for place, (one, part) in enumerate(zip(told, parts, strict=True), start=1)
    ]


def _part(one: Any, otherwise: int, money: Money, where: str) -> int:
    node = one.find("Amt")
    if node is None:
        node = one.find("AmtDtls/TxAmt/Amt")
    if node is None:
        raise UnableToTakeBankFile(Reason.DOES_NOT_TIE, f"{where}: a transaction without an amount")
    return sign(one, otherwise) * units(node, money, where)


def _line(
    entry: Any, one: Any, amount: int, *, place: tuple[int, int], zone: ZoneInfo, where: str, lump: bool = False
) -> BankLine:
    detail = one if one is not None else etree.Element("TxDtls")
    at, exact = _when(entry, detail, zone, where)
    booking = text(entry, "BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm")
    return BankLine(
        entry=place[0],
        place=place[1],
        amount=amount,
        at=at,
        exact=exact,
        booked_on=(noon(booking, zone, where) if booking else at).date(),
        booked=_is_booked(entry),
        taken_back=text(entry, "RvslInd") in {"true", "1"} or detail.find("RtrInf") is not None,
        lump=lump,
        entry_ref=text(entry, "AcctSvcrRef", most=35),
        own_ref=text(detail, "Refs/AcctSvcrRef", most=35),
        end_to_end=text(detail, "Refs/EndToEndId", most=35),
        account=text(detail, "RltdPties/CdtrAcct/Id/IBAN", "RltdPties/CdtrAcct/Id/Othr/Id", most=34),
        payer=text(detail, "RltdPties/Dbtr/Pty/Nm", "RltdPties/Dbtr/Nm", most=70),
        text=_remittance(detail),
        reference=text(detail, "RmtInf/Strd/CdtrRefInf/Ref", most=35),
        giro=_is_giro(entry, detail),
    )


def _is_giro(entry: Any, detail: Any) -> bool:
    """The bank's own code says so, or a reference for machines holds nothing but a bill's number."""
    codes = {text(one, "BkTxCd/Prtry/Cd", most=35) for one in (entry, detail)}
    return GIRO in codes or BILL_NUMBER.fullmatch(text(detail, "RmtInf/Strd/CdtrRefInf/Ref", most=35)) is not None


def _when(entry: Any, detail: Any, zone: ZoneInfo, where: str) -> tuple[datetime, bool]:
    """The moment at which the payer's bank took the money, else that of the booking, else the day."""
    written = text(detail, "RltdDts/AccptncDtTm", "RltdDts/TxDtTm") or text(entry, "BookgDt/DtTm")
    if written:
        return moment(written, zone, where), True
    return noon(text(entry, "BookgDt/Dt", "ValDt/Dt", "ValDt/DtTm"), zone, where), False


def _remittance(detail: Any) -> str:
    found: Sequence[str] = [
        node.text.strip()
        for path in ("RmtInf/Ustrd", "RmtInf/Strd/CdtrRefInf/Ref", "RmtInf/Strd/AddtlRmtInf")
        for node in detail.iterfind(path)
        if node.text
    ]
    return printable(" ".join(found))[:500]
