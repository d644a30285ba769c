"""What a bank tells the city: notices (camt.054), statements (camt.053), answers to transfers (pain.002)."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sandbox.bank.xml import Content, document
from sandbox.clock import city_date, iso

NOTICE: Final = "camt.054.001.08"
STATEMENT: Final = "camt.053.001.08"
ANSWER: Final = "pain.002.001.10"
CURRENCY: Final = "KRW"


@dataclass(frozen=True)
class Told:
    """What stands at the top of a file: its number, the account, the moment."""

    id: str
    account: str
    at: int


def notice(told: Told, movements: Sequence[sqlite3.Row]) -> bytes:
    """Movements as they happened, each an entry."""
    part: Content = [*_head(told), *[("Ntry", _entry(one)) for one in movements]]
    return document(NOTICE, [("BkToCstmrDbtCdtNtfctn", [_group(told), ("Ntfctn", part)])])


def statement(told: Told, movements: Sequence[sqlite3.Row], *, opening: int, closing: int) -> bytes:
    """A day with its balances."""
    balances = [_balance("OPBD", opening, told.at), _balance("CLBD", closing, told.at)]
    part: Content = [*_head(told), *balances, *[("Ntry", _entry(one)) for one in movements]]
    return document(STATEMENT, [("BkToCstmrStmt", [_group(told), ("Stmt", part)])])


def answer(told: Told, *, of_message: str, whole: tuple[str, str] | None, transfers: Sequence[sqlite3.Row]) -> bytes:
    """What became of a message of the city's: of the `whole` (status, reason), or of each transfer."""
    original: Content = [("OrgnlMsgId", of_message), ("OrgnlMsgNmId", "pain.001.001.09")]
    if whole:
        original = [*original, ("GrpSts", whole[0]), *_reason(whole[1])]
        parts: Content = []
    else:
        rejected = sum(one["status"] == "RJCT" for one in transfers)
        counted: Content = [("DtldNbOfTxs", str(rejected)), ("DtldSts", "RJCT")]
        parts = [
            (
                "OrgnlPmtInfAndSts",
                [
                    ("OrgnlPmtInfId", of_message),
                    *([("NbOfTxsPerSts", counted)] if rejected else []),
                    *[("TxInfAndSts", _status(one)) for one in transfers],
                ],
            )
        ]
    return document(ANSWER, [("CstmrPmtStsRpt", [_group(told), ("OrgnlGrpInfAndSts", original), *parts])])


def _status(one: sqlite3.Row) -> Content:
    return [("OrgnlEndToEndId", one["end_to_end"]), ("TxSts", one["status"]), *_reason(one["reason"])]


def _reason(code: str) -> Sequence[tuple[str, Content]]:
    return [("StsRsnInf", [("Rsn", [("Cd", code)])])] if code else []


def _group(told: Told) -> tuple[str, Content]:
    return "GrpHdr", [("MsgId", told.id), ("CreDtTm", iso(told.at))]


def _head(told: Told) -> Sequence[tuple[str, Content]]:
    return [("Id", told.id), ("CreDtTm", iso(told.at)), ("Acct", _account(told.account))]


def _account(number: str) -> Content:
    return [("Id", [("Othr", [("Id", number)])])]


def _balance(kind: str, amount: int, at: int) -> tuple[str, Content]:
    return "Bal", [
        ("Tp", [("CdOrPrtry", [("Cd", kind)])]),
        _amount(abs(amount)),
        ("CdtDbtInd", "CRDT" if amount >= 0 else "DBIT"),
        ("Dt", [("Dt", city_date(at))]),
    ]


def _amount(amount: int) -> tuple[str, Content]:
    return "Amt", [("@Ccy", CURRENCY), ("", str(amount))]


def _entry(one: sqlite3.Row) -> Content:
    side = ("CdtDbtInd", "CRDT" if one["amount"] > 0 else "DBIT")
    return [
        _amount(abs(one["amount"])),
        side,
        *([("RvslInd", "true")] if one["kind"] == "taken_back" else []),
        ("Sts", [("Cd", "BOOK")]),
        ("BookgDt", [("DtTm", iso(one["at"]))]),
        ("AcctSvcrRef", one["reference"]),
        ("BkTxCd", [("Prtry", [("Cd", "NTRF")])]),
        ("NtryDtls", [("TxDtls", _transaction(one, side))]),
    ]


def _transaction(one: sqlite3.Row, side: tuple[str, Content]) -> Content:
    """A deposit taken back names its deposit by that one's reference."""
    incoming = one["kind"] in ("deposit", "taken_back")
    other: Content = [("Pty", [("Nm", one["other"])])]
    parties: list[tuple[str, Content]] = []
    if one["other"]:
        parties.append(("Dbtr" if incoming else "Cdtr", other))
    if incoming and one["number"]:
        parties.append(("CdtrAcct", _account(one["number"])))
    references: list[tuple[str, Content]] = [
        ("AcctSvcrRef", one["undoes"] if one["kind"] == "taken_back" else one["reference"])
    ]
    if one["end_to_end"]:
        references.append(("EndToEndId", one["end_to_end"]))
    returned: Content = [("RtrInf", [("Rsn", [("Cd", "AC04")])])] if one["kind"] in ("taken_back", "came_back") else []
    return [
        ("Refs", references),
        _amount(abs(one["amount"])),
        side,
        *([("RltdPties", parties)] if parties else []),
        *([("RmtInf", [("Ustrd", one["words"])])] if one["words"] else []),
        ("RltdDts", [("AccptncDtTm", iso(one["at"]))]),
        *returned,
    ]
