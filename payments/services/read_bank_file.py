from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction

from core.clock import local_date
from core.states import move
from payments.bankfiles.banks import UnknownBank, bank
from payments.bankfiles.facts import BankFile as Facts
from payments.bankfiles.facts import Kind, Money
from payments.bankfiles.lines import COLUMNS, rows
from payments.bankfiles.read_camt import read_camt
from payments.bankfiles.refusals import Reason, UnableToTakeBankFile
from payments.bankfiles.states import TRANSITIONS, FileStatus
from payments.models import BankFile
from payments.services.take_notification import conclude
from payments.states import Verdict


def read_bank_file(*, file_id: int, at: datetime) -> FileStatus:
    """Read a file that was brought: its lines wait to be posted, or it is refused whole. One commit, once."""
    file = BankFile.objects.select_related("message").get(pk=file_id)
    if file.status != FileStatus.BROUGHT:
        return FileStatus(file.status)
    try:
        facts = _read(file, at)
    except UnableToTakeBankFile as refusal:
        return _end(file, FileStatus.REFUSED, at, reason=refusal.reason.value, difference=refusal.where)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT core_take_turn(%s)", [file.gateway])
        same = BankFile.objects.filter(
            gateway=file.gateway,
            kind=facts.message,
            message_number=facts.message_id,
            status__in=(FileStatus.READ, FileStatus.POSTED),
        )
        if same.exists():
            return _end(file, FileStatus.REPEATED, at, kind=facts.message, message_number=facts.message_id)
        return _keep(file, facts)


def _read(file: BankFile, at: datetime) -> Facts:
    """The message as it is written, about our own account."""
    money = Money(settings.ETAX_CURRENCY, settings.ETAX_CURRENCY_DECIMALS)
    facts = read_camt(bytes(file.message.body), money=money, zone=ZoneInfo(settings.TIME_ZONE))
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
        problem = f"{sets.get('reason', '')}: {sets.get('difference', '')}" if refused else "was here before"
        conclude(file.message_id, Verdict.SET_ASIDE if refused else Verdict.PROCESSED, problem=problem)
    return status


def _move(file: BankFile, status: FileStatus, **sets: object) -> None:
    move(BankFile, file.pk, transitions=TRANSITIONS, old=FileStatus.BROUGHT, new=status, **sets)
