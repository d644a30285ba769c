from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from lxml import etree

from core import outbox
from core.clock import local_date
from core.states import move
from payments.bankfiles import safe_xml
from payments.bankfiles.banks import UnknownBank, bank
from payments.bankfiles.facts import BankFile as Facts
from payments.bankfiles.facts import Kind, Money
from payments.bankfiles.lines import COLUMNS, rows
from payments.bankfiles.read_camt import read_tree
from payments.bankfiles.read_pain002 import StatusReport, message_of, read_status_report
from payments.bankfiles.refusals import Reason, UnableToTakeBankFile
from payments.bankfiles.states import TRANSITIONS, FileStatus
from payments.events import TRANSFER_ANSWERED
from payments.models import BankFile
from payments.services.take_notification import conclude
from payments.states import Verdict


def read_bank_file(*, file_id: int, at: datetime) -> FileStatus:
    """Read a file that was brought: its lines wait to be posted, or it is refused whole. One commit, once."""
    file = BankFile.objects.select_related("message").get(pk=file_id)
    if file.status != FileStatus.BROUGHT:
        return FileStatus(file.status)
    try:
        root = safe_xml.parse(bytes(file.message.body))
        if message_of(etree.QName(root).namespace or ""):
            return _keep_answers(file, read_status_report(root), at)
        facts = _read(file, root, at)
    except UnableToTakeBankFile as refusal:
        return _end(file, FileStatus.REFUSED, at, reason=refusal.reason.value, difference=refusal.where)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT core_take_turn(%s)", [file.gateway])
        if _was_here(file, facts.message, facts.message_id):
            return _end(file, FileStatus.REPEATED, at, kind=facts.message, message_number=facts.message_id)
        return _keep(file, facts)


def _was_here(file: BankFile, message: str, number: str) -> bool:
    return BankFile.objects.filter(
        gateway=file.gateway,
        kind=message,
        message_number=number,
        status__in=(FileStatus.READ, FileStatus.POSTED),
    ).exists()


def _keep_answers(file: BankFile, report: StatusReport, at: datetime) -> FileStatus:
    """What a bank says of our transfers moves no money here: whoever sent them is told."""
    told = {"kind": report.message, "message_number": report.message_id}
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT core_take_turn(%s)", [file.gateway])
        if _was_here(file, report.message, report.message_id):
            return _end(file, FileStatus.REPEATED, at, **told)
        for one in report.answers:
            outbox.publish(
                TRANSFER_ANSWERED,
                file_id=file.pk,
                message_id=report.of_message,
                reference=one.reference,
                answer=one.answer.value,
                reason=one.reason,
            )
        return _end(file, FileStatus.POSTED, at, **told)


def _read(file: BankFile, root: Any, at: datetime) -> Facts:
    """The message as it is written, about our own account."""
    money = Money(settings.ETAX_CURRENCY, settings.ETAX_CURRENCY_DECIMALS)
    facts = read_tree(root, money=money, zone=ZoneInfo(settings.TIME_ZONE))
    try:
        ours = bank(file.bank, on=local_date(at)).account
    except UnknownBank:
        raise UnableToTakeBankFile(Reason.OTHER_ACCOUNT) from None
    for statement in facts.statements:
        if statement.account.replace("-", "") != ours:
            raise UnableToTakeBankFile(Reason.OTHER_ACCOUNT, statement.account)
    return facts


def _keep(file: BankFile, facts: Facts) -> FileStatus:
    balances = [
        {"id": one.id, "account": one.account, "opening": one.opening, "closing": one.closing}
        for one in facts.statements
    ]
    _move(file, FileStatus.READ, kind=facts.message, message_number=facts.message_id, statements=balances)
    found = list(zip(*rows(facts), strict=True))
    if found:
        names, kinds = ", ".join(COLUMNS), ", ".join(f"%s::{kind}[]" for kind in COLUMNS.values())
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO payments_bankline (file_id, gateway, of_statement, fate, {names}) "  # noqa: S608
                f"SELECT %s, %s, %s, 'waiting', l.* FROM unnest({kinds}) AS l({names})",
                [file.pk, file.gateway, facts.kind is Kind.STATEMENT, *map(list, found)],
            )
    return FileStatus.READ


def _end(file: BankFile, status: FileStatus, at: datetime, **sets: object) -> FileStatus:
    with transaction.atomic():
        _move(file, status, ended_at=at, **sets)
        refused = status is FileStatus.REFUSED
        again = "was here before" if status is FileStatus.REPEATED else ""
        problem = f"{sets.get('reason', '')}: {sets.get('difference', '')}" if refused else again
        conclude(file.message_id, Verdict.SET_ASIDE if refused else Verdict.PROCESSED, problem=problem)
    return status


def _move(file: BankFile, status: FileStatus, **sets: object) -> None:
    move(BankFile, file.pk, transitions=TRANSITIONS, old=FileStatus.BROUGHT, new=status, **sets)
