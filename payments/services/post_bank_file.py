from __future__ import annotations

from datetime import datetime
from typing import Final

import structlog
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from core import outbox
from core.states import StaleState, move
from payments import selectors
from payments.bankfiles.states import OPEN, TRANSITIONS, Fate, FileStatus
from payments.events import BANK_FILE_POSTED
from payments.gateways.base import Movement, MovementKind
from payments.models import BankFile, BankLine
from payments.rules.allocation import Share
from payments.services.line_of_transfer import line_of_transfer
from payments.services.pay_directly import pay_directly
from payments.services.read_bank_file import read_bank_file
from payments.services.settle import Settlement, settle, suspend
from payments.services.take_back_line import take_back
from payments.services.take_notification import conclude
from payments.states import Channel, Verdict

log = structlog.get_logger(__name__)
# Lines in one commit: large enough that planning its forty statements vanishes, small enough that a payer's page, which
# may wait for it, waits a second at most.
CHUNK: Final = 3_000


def post_bank_file(*, file_id: int, at: datetime) -> FileStatus:
    """Read a file if that is still to be done, and post its lines, a chunk a commit; taken up again after any death."""
    status = read_bank_file(file_id=file_id, at=at)
    if status is not FileStatus.READ:
        return status
    posted = 1
    while posted:  # what is set apart comes before the next chunk, so that a bill's deposits keep their order
        for line_id in _set_apart(file_id):
            _post_apart(line_id, at)
        posted = _post_chunk(file_id, at)
    return _finish(file_id, at)


def files_waiting() -> list[int]:
    """Files to read or to go on with, in the order in which they came."""
    return list(
        BankFile.objects.filter(status__in=(FileStatus.BROUGHT, FileStatus.READ))
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def post_bank_files(*, at: datetime) -> int:
    """Every file that waits; a file that fails leaves the others alone and stays due. Returns how many were ended."""
    ended = 0
    for file_id in files_waiting():
        try:
            ended += post_bank_file(file_id=file_id, at=at) is not FileStatus.READ
        except Exception:
            log.exception("payments.bank_file_failed", id=file_id)
    return ended


def _post_chunk(file_id: int, at: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT payments_post_deposits(%s, %s, %s, %s, %s)",
            [file_id, CHUNK, at, settings.ETAX_CURRENCY, settings.LANGUAGE_CODE],
        )
        return int(cursor.fetchone()[0])


def _set_apart(file_id: int) -> list[int]:
    apart = BankLine.objects.filter(file_id=file_id, fate=Fate.APART).order_by("pk")
    return list(apart.values_list("pk", flat=True))


def _post_apart(line_id: int, at: datetime) -> None:
    """One line by the services that post one movement; its fate commits with what they write."""
    with transaction.atomic():
        line = BankLine.objects.select_for_update(no_key=True).filter(pk=line_id, fate=Fate.APART).first()
        if line is None:
            return
        fate = line_of_transfer(line=line, at=at) or (_money_out(line, at) if line.amount < 0 else None)
        if fate is not None:
            BankLine.objects.filter(pk=line_id).update(fate=fate)
            return
        done = _settle(line, at)
        fate = Fate.SETTLED if done.applied + done.excess else Fate.SUSPENDED
        BankLine.objects.filter(pk=line_id).update(fate=fate, payment_id=done.payment_id)


def _money_out(line: BankLine, at: datetime) -> Fate:
    return take_back(line=line, at=at) if line.taken_back else Fate.OUT


def _settle(line: BankLine, at: datetime) -> Settlement:
    """To the attempt of the number's holder, to the bill that the text names, else to suspense."""
    movement = Movement(line.movement_id, MovementKind.DEPOSIT, line.amount, line.at)
    try:
        with transaction.atomic():
            if line.attempt is not None:
                return settle(gateway=line.gateway, reference=line.attempt.reference, movement=movement, at=at)
            bill_id = selectors.bill_by_number(number=line.bill_number)
            if bill_id is not None:
                shares = [Share(bill_id, line.amount)]
                return pay_directly(
                    gateway=line.gateway, channel=Channel(line.channel), movement=movement, shares=shares, at=at
                )
    except (IntegrityError, LookupError):
        log.warning("payments.bank_line_fits_nothing", line=line.pk)
    return suspend(gateway=line.gateway, reference=line.number, movement=movement, at=at)


def _finish(file_id: int, at: datetime) -> FileStatus:
    if BankLine.objects.filter(file_id=file_id, fate__in=OPEN).exists():
        return FileStatus.READ
    with transaction.atomic():
        try:
            move(
                BankFile,
                file_id,
                transitions=TRANSITIONS,
                old=FileStatus.READ,
                new=FileStatus.POSTED,
                ended_at=at,
            )
        except StaleState:
            return FileStatus.POSTED
        conclude(BankFile.objects.values_list("message_id", flat=True).get(pk=file_id), Verdict.PROCESSED)
        outbox.publish(BANK_FILE_POSTED, file_id=file_id)
    return FileStatus.POSTED
