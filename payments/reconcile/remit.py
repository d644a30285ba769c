"""What is passed on to the districts (세입 이전): all that is theirs of what came to the city's accounts.

On the business day after that of the payment (decree of the Collection Act, article 24 paragraph 4). A day on which
more was taken back than came sends nothing: it is kept from what follows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.db import connection, transaction

from billing.selectors.city import city_calendar, dated_tables
from core.clock import local_date
from ledger.services import Purpose
from payments.bankfiles.transfers import BodyAccount, transfer_rules
from payments.models import Transfer
from payments.services.order_transfer import Creditor, Owed, order_transfer
from payments.states import TransferPurpose

log = structlog.get_logger(__name__)
# Under which it stands in the books of who gets it: its own account, on which the money arrives.
REMITTED = "remitted"
DUE = """
    SELECT y.code, y.name_ko, y.name_en, d.amount - coalesce((
        SELECT sum(t.amount) FROM payments_transfer t
        WHERE t.purpose = 'remittance' AND t.owed_body_id = y.code AND t.repeats_id IS NULL AND t.status <> 'withdrawn'
    ), 0) AS due
    FROM (SELECT beneficiary_id, sum(amount) AS amount FROM payments_distribution WHERE remit_on <= %s GROUP BY 1) AS d
    JOIN accounts_levyingbody y ON y.code = d.beneficiary_id AND y.kind <> 'city'
    ORDER BY y.code
"""


@dataclass(frozen=True)
class Due:
    """What a body has still to get, minor units; below zero it got too much. `account` None: the pack names none."""

    code: str
    name_ko: str
    name_en: str
    amount: int
    account: BodyAccount | None


def due_on(day: date) -> list[Due]:
    """What was to be passed on up to a day and is not ordered yet, by body; none of zero."""
    accounts = transfer_rules(on=day).accounts
    with connection.cursor() as cursor:
        cursor.execute(DUE, [day])
        rows = cursor.fetchall()
    return [Due(code, ko, en, int(due), accounts.get(code)) for code, ko, en, due in rows if due]


def remit(*, at: datetime) -> int:
    """Order the remittances of a business day, once, before its file is written; how many.

    What the night's comparison still changes is in them; what changes later that day is in the next day's.
    """
    today = local_date(at)
    if not _is_time(today, at.astimezone(ZoneInfo(settings.TIME_ZONE)).time()):
        return 0
    ordered = 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT core_take_turn('payments.remit')")
        for one in due_on(today):
            key = f"{one.code}/{today}"
            if one.amount < 0 or Transfer.objects.filter(purpose=TransferPurpose.REMITTANCE, key=key).exists():
                continue
            if one.account is None:
                log.warning("payments.no_account_to_remit_to", body=one.code)
                continue
            _order(key, one, one.account, at)
            ordered += 1
    return ordered


def _order(key: str, due: Due, account: BodyAccount, at: datetime) -> None:
    order_transfer(
        purpose=TransferPurpose.REMITTANCE,
        key=key,
        to=Creditor(account.bank, account.account, account.holder),
        amount=due.amount,
        text=f"지방세 수납금 {local_date(at)}",
        owed=Owed(due.code, REMITTED, Purpose.TREASURY),
        at=at,
    )


def _is_time(today: date, clock: time) -> bool:
    working = city_calendar(tables=dated_tables(), on=today).is_working_day(today)
    return working and clock >= transfer_rules(on=today).file_from
