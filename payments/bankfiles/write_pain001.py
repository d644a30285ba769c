"""Writing pain.001: credit transfers out of the city's account, for a bank to carry out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from lxml import etree

from payments.bankfiles.facts import Money
from payments.bankfiles.schema import schema_of

MESSAGE: Final = "pain.001.001.09"
NAMESPACE: Final = f"urn:iso:std:iso:20022:tech:xsd:{MESSAGE}"
MOST_TRANSFERS: Final = 10_000
# Element names with what stands in them; a text, an attribute by "@", or further elements.
Content = str | Sequence[tuple[str, "Content"]]


class UnableToWriteTransfers(ValueError):
    """The transfers contradict themselves or what a message can hold; nothing was written."""


@dataclass(frozen=True)
class CreditTransfer:
    """Money to somebody's account. `reference` is ours and names one transfer for ever: the bank's answer bears it."""

    reference: str
    amount: int
    bank: str
    account: str
    holder: str
    text: str


@dataclass(frozen=True)
class Payer:
    """Whose money it is: the city by its name, with its account at the bank that carries the transfers out."""

    name: str
    bank: str
    account: str


def write_credit_transfers(
    payments: Sequence[CreditTransfer],
    *,
    payer: Payer,
    message_id: str,
    execute_on: date,
    money: Money,
    at: datetime,
    zone: ZoneInfo,
) -> bytes:
    """A pain.001 with its counts and control sums, held to the official schema. Raises `UnableToWriteTransfers`."""
    _check(payments)
    count, total = str(len(payments)), _amount(sum(one.amount for one in payments), money)
    made = at.astimezone(zone).isoformat(timespec="seconds")
    initiation: Content = [
        (
            "GrpHdr",
            [
                ("MsgId", message_id),
                ("CreDtTm", made),
                ("NbOfTxs", count),
                ("CtrlSum", total),
                _party("InitgPty", payer),
            ],
        ),
        (
            "PmtInf",
            [
                *[("PmtInfId", message_id), ("PmtMtd", "TRF"), ("NbOfTxs", count), ("CtrlSum", total)],
                ("ReqdExctnDt", [("Dt", execute_on.isoformat())]),
                *[_party("Dbtr", payer), _account("DbtrAcct", payer.account), _agent("DbtrAgt", payer.bank)],
                *[("CdtTrfTxInf", _transfer(one, money)) for one in payments],
            ],
        ),
    ]
    root = etree.Element(f"{{{NAMESPACE}}}Document", nsmap={None: NAMESPACE})
    _fill(root, [("CstmrCdtTrfInitn", initiation)])
    schema = schema_of(MESSAGE, NAMESPACE)
    if not schema.validate(root):
        raise UnableToWriteTransfers(str(schema.error_log[0].message)[:200])
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _check(payments: Sequence[CreditTransfer]) -> None:
    if not 0 < len(payments) <= MOST_TRANSFERS:
        raise UnableToWriteTransfers(f"{len(payments)} transfers")
    if len({one.reference for one in payments}) != len(payments):
        raise UnableToWriteTransfers("two transfers with one reference")
    for one in payments:
        if one.amount <= 0:
            raise UnableToWriteTransfers(f"{one.reference}: {one.amount}")


def _transfer(one: CreditTransfer, money: Money) -> Content:
    return [
        ("PmtId", [("EndToEndId", one.reference)]),
        ("Amt", [("InstdAmt", [("@Ccy", money.currency), ("", _amount(one.amount, money))])]),
        _agent("CdtrAgt", one.bank),
        ("Cdtr", [("Nm", one.holder)]),
        _account("CdtrAcct", one.account),
        ("RmtInf", [("Ustrd", one.text)]),
    ]


def _amount(units: int, money: Money) -> str:
    return f"{Decimal(units).scaleb(-money.decimals):f}"


def _party(name: str, payer: Payer) -> tuple[str, Content]:
    return name, [("Nm", payer.name)]


def _account(name: str, number: str) -> tuple[str, Content]:
    return name, [("Id", [("Othr", [("Id", number)])])]


def _agent(name: str, bank: str) -> tuple[str, Content]:
    return name, [("FinInstnId", [("ClrSysMmbId", [("MmbId", bank)])])]


def _fill(parent: Any, content: Content) -> None:
    if isinstance(content, str):
        parent.text = content
        return
    for name, inner in content:
        if name.startswith("@"):
            parent.set(name[1:], inner)
        elif name:
            _fill(etree.SubElement(parent, f"{{{NAMESPACE}}}{name}"), inner)
        else:
            parent.text = inner
