"""Reading pain.002: what the bank says of each of our credit transfers."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from lxml import etree

from payments.bankfiles.read_camt import hold_to_schema
from payments.bankfiles.refusals import Reason, UnableToTakeBankFile
from payments.bankfiles.values import text

NAMESPACE: Final = re.compile(r"urn:iso:std:iso:20022:tech:xsd:(pain\.002\.001\.(?:03|10))")
# National profiles of a version: the same elements under another name.
PROFILES: Final = {"http://www.six-interbank-clearing.com/de/pain.002.001.03.ch.02.xsd": "pain.002.001.03"}


class Answer(StrEnum):
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    PENDING = "pending"


ANSWERS: Final = {
    "RJCT": Answer.REJECTED,
    "CANC": Answer.REJECTED,
    "ACTC": Answer.PENDING,
    "ACCP": Answer.ACCEPTED,
    "ACSP": Answer.ACCEPTED,
    "ACWC": Answer.ACCEPTED,
    "ACSC": Answer.ACCEPTED,
    "ACCC": Answer.ACCEPTED,
}


@dataclass(frozen=True)
class Answered:
    """`reference` is ours (EndToEndId), empty where the bank speaks of the whole message; `reason` the bank's code."""

    reference: str
    answer: Answer
    reason: str


@dataclass(frozen=True)
class StatusReport:
    """`of_message` is the number of our own message."""

    message: str
    message_id: str
    of_message: str
    answers: tuple[Answered, ...]


def message_of(namespace: str) -> str:
    """The message behind a namespace, or nothing where it is no pain.002 that is read here."""
    known = NAMESPACE.fullmatch(namespace)
    return known.group(1) if known else PROFILES.get(namespace, "")


def read_status_report(root: Any) -> StatusReport:
    """Held to its schema and to its own counts. Raises `UnableToTakeBankFile`."""
    namespace = etree.QName(root).namespace or ""
    message = message_of(namespace)
    hold_to_schema(root, message, namespace)
    body = root[0]
    answers: list[Answered] = []
    group = body.find("OrgnlGrpInfAndSts")
    if text(group, "GrpSts"):
        answers.append(_answered(group, "", "GrpSts"))
    for part in body.iterfind("OrgnlPmtInfAndSts"):
        found = [_answered(one, _reference(one), "TxSts") for one in part.iterfind("TxInfAndSts")]
        _check_counts(part, found)
        if not found and text(part, "PmtInfSts"):
            found = [_answered(part, "", "PmtInfSts")]
        answers += found
    return StatusReport(
        message=message,
        message_id=text(body, "GrpHdr/MsgId", most=35),
        of_message=text(group, "OrgnlMsgId", most=35),
        answers=tuple(answers),
    )


def _reference(one: Any) -> str:
    return text(one, "OrgnlEndToEndId", "OrgnlInstrId", most=35)


def _answered(node: Any, reference: str, status: str) -> Answered:
    answer = ANSWERS.get(text(node, status), Answer.PENDING)
    return Answered(reference, answer, text(node, "StsRsnInf/Rsn/Cd", "StsRsnInf/Rsn/Prtry", most=35))


def _check_counts(part: Any, found: list[Answered]) -> None:
    """Where the bank counts its rejections, they are all here."""
    listed = Counter(one.answer for one in found)
    for counted in part.iterfind("NbOfTxsPerSts"):
        number = int(counted.findtext("DtldNbOfTxs"))
        if ANSWERS.get(text(counted, "DtldSts")) is Answer.REJECTED and number != listed[Answer.REJECTED]:
            where = f"{text(part, 'OrgnlPmtInfId', most=35)}: {number} - {listed[Answer.REJECTED]}"
            raise UnableToTakeBankFile(Reason.DOES_NOT_TIE, where)
