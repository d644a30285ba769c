"""Worker: what is due goes into a file, what two officers released goes to the bank, what got no answer goes again."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q

from billing.selectors.city import city_calendar, dated_tables
from core.clock import local_date
from payments.bankfiles.transfers import transfer_rules
from payments.bankfiles.write_pain001 import MOST_TRANSFERS, CreditTransfer
from payments.models import Transfer, TransferBatch
from payments.services.write_credit_transfers import write_credit_transfers
from payments.states import BatchStatus, TransferStatus

log = structlog.get_logger(__name__)
# The folder in that of the bank from which it takes our files: docs/protocols/bankfiles.md.
OUT: Final = "out"
LONGEST: Final = timedelta(days=1)
RELEASED: Final = Q(status__in=(BatchStatus.RELEASED, BatchStatus.SENT), dropped_at=None)


def write_transfer_files(*, at: datetime) -> list[int]:
    """One file for each bank and business day, of the transfers that are due, from the pack's hour on; their numbers.

    What is ordered later that day waits for the next. A file that officers withdrew is written anew.
    """
    today = local_date(at)
    tables = dated_tables()
    rules = transfer_rules(on=today)
    local = at.astimezone(ZoneInfo(settings.TIME_ZONE))
    if not city_calendar(tables=tables, on=today).is_working_day(today) or local.time() < rules.file_from:
        return []
    due = Transfer.objects.filter(status=TransferStatus.ORDERED, pay_on__lte=today)
    banks = due.order_by("from_bank").values_list("from_bank", flat=True).distinct()
    return [made for code in list(banks) if (made := _write(code, today, at)) is not None]


def _write(code: str, today: date, at: datetime) -> int | None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT core_take_turn('payments.transfers')")
        days = TransferBatch.objects.filter(bank=code, execute_on=today)
        if days.exclude(status=BatchStatus.WITHDRAWN).exists():
            return None
        due = Transfer.objects.filter(status=TransferStatus.ORDERED, pay_on__lte=today, from_bank=code)
        found = list(due.order_by("pk")[:MOST_TRANSFERS])
        if not found:
            return None
        message_id = f"TRF-{today:%Y%m%d}-{code}-{days.count() + 1}"
        content = write_credit_transfers(_said(found), bank_code=code, message_id=message_id, execute_on=today, at=at)
        cursor.execute(
            "SELECT payments_file_transfers(%s, %s, %s, %s, %s, %s)",
            [[one.pk for one in found], code, message_id, today, content, at],
        )
        return int(cursor.fetchone()[0])


def _said(found: Sequence[Transfer]) -> list[CreditTransfer]:
    return [CreditTransfer(one.reference, one.amount, one.bank, one.account, one.holder, one.text) for one in found]


def drop_transfer_files(*, at: datetime) -> int:
    """Put what was released, and what got no answer in time, where the bank takes it; how many files.

    A transfer counts as sent before its file lies there: whatever dies in between, it is put there again, and to the
    bank the same MsgId is the same message. Only the bytes that were released are ever put there. One that can't be put
    there keeps no other back: it stays due.
    """
    due = TransferBatch.objects.filter(RELEASED | Q(ask_at__lte=at, status=BatchStatus.SENT)).order_by("pk")
    return sum(_safely(one, at) for one in list(due[:100]))


def _safely(batch: TransferBatch, at: datetime) -> bool:
    try:
        return _drop(batch, at)
    except Exception:
        log.exception("payments.transfers_stay_due", message=batch.message_id)
        return False


def _drop(batch: TransferBatch, at: datetime) -> bool:
    content = bytes(batch.content)
    with connection.cursor() as cursor:
        cursor.execute("SELECT payments_send_batch(%s, %s)", [batch.pk, hashlib.sha256(content).hexdigest()])
        if not cursor.fetchone()[0]:
            log.error("payments.transfers_not_as_released", message=batch.message_id)
            return False
    asks = batch.asks + 1 if batch.dropped_at else 0
    name = f"{batch.message_id}.{asks + 1}.xml" if asks else f"{batch.message_id}.xml"
    _put(Path(settings.BANK_FILES_FOLDER) / batch.bank / OUT, name, content)
    patience = min(transfer_rules(on=local_date(at)).ask_after * (1 << min(asks, 8)), LONGEST)
    with connection.cursor() as cursor:
        cursor.execute("SELECT payments_batch_dropped(%s, %s, %s)", [batch.pk, at, at + patience])
    log.info("payments.transfers_sent", message=batch.message_id, asks=asks)
    return True


def _put(folder: Path, name: str, content: bytes) -> None:
    """Under another name first; a file that ends in .xml is whole and on the disk."""
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{name}.part"
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.rename(folder / name)


def send_transfers(*, at: datetime) -> None:
    """Write what is due and put what is released where the bank takes it."""
    write_transfer_files(at=at)
    drop_transfer_files(at=at)
