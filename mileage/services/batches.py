"""Points that leave the house in a file or as money: two officers, sent once, answers read back."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime
from typing import Final

import structlog
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import OwnFile
from core import outbox
from core.errors import Refusal
from mileage.events import CASH_OWED, PARTNER_OWED
from mileage.functions import call
from mileage.models import Batch, Use
from mileage.rules.pack import pack
from mileage.services.use import release, spend
from mileage.states import BatchStatus, UseStatus, Way

log = structlog.get_logger(__name__)
MOST_LINES: Final = 20_000
DONE, FAILED = "done", "failed"


class NothingWaits(Refusal):
    message = _("Nothing waits for this partner.")


class BatchNeedsAnother(Refusal):
    message = _("This was decided already, or another officer has to decide: nobody approves what they drew up.")


class SentAlready(Refusal):
    message = _("This file is not approved, or was sent before. It is sent once.")


class UnreadableAnswer(Refusal):
    message = _("The file can't be read. It needs a line reference,result,reason and one line for each use.")


def draw_batch(*, way: Way, partner: str, at: datetime) -> int:
    """Draw up the file of what waits for a partner, in the name of the session's officer. Raises `NothingWaits`."""
    if partner not in {one.code for one in pack().partners.get(way.value, ())} | ({""} if way == Way.CASH else set()):
        raise NothingWaits
    made = call("mileage_draw_batch", way.value, partner, at)
    if made is None:
        raise NothingWaits
    return int(made)


def decide_batch(*, batch_id: int, digest: str, granted: bool, at: datetime) -> None:
    """Approve the very bytes that `digest` names, or not. Raises `BatchNeedsAnother`."""
    if not call("mileage_decide_batch", batch_id, digest, granted, at):
        raise BatchNeedsAnother


def send_batch(*, batch_id: int, at: datetime) -> None:
    """Send an approved file, once. Raises `SentAlready`."""
    if not call("mileage_send_batch", batch_id, at):
        raise SentAlready


def answer_batch(*, batch_id: int, content: bytes, at: datetime) -> int:
    """Keep what a partner answered; how many lines. The worker carries it out.

    Raises `UnreadableAnswer`, and `OwnFile` where points of the officer's own or a relative's are answered for.
    """
    with transaction.atomic():  # the officer's session speaks within one
        holders = dict(Use.objects.filter(batch_id=batch_id).values_list("reference", "holder_id"))
        own = set(call("accounts_session_own_files"))
    answers = read_answers(content, set(holders))
    if any(holders[reference] in own for reference in answers):
        raise OwnFile
    if not call("mileage_answer_batch", batch_id, json.dumps(answers), at):
        raise UnreadableAnswer(_("This file was not sent yet, or money goes to accounts by it: nothing is read back."))
    return len(answers)


def read_answers(content: bytes, references: set[str]) -> dict[str, str]:
    """Each use with why it was not done, "" where it was. Raises `UnreadableAnswer`, naming the line."""
    try:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        raise UnreadableAnswer from None
    if not rows or [cell.strip() for cell in rows[0]] != ["reference", "result", "reason"] or len(rows) > MOST_LINES:
        raise UnreadableAnswer
    answers: dict[str, str] = {}
    for number, row in enumerate(rows[1:], start=2):
        if not row:
            continue
        if len(row) != 3 or row[0] not in references or row[0] in answers or row[1] not in {DONE, FAILED}:
            text = _("Line %(number)s names no use of this file, names it twice, or says neither done nor failed.")
            raise UnreadableAnswer(str(text) % {"number": number})
        answers[row[0]] = "" if row[1] == DONE else (row[2].strip()[:150] or FAILED)
    return answers


def carry_out_answers(*, batch_id: int, at: datetime) -> None:
    """Worker: points whose use was done are spent and owed to the partner; the others are free again."""
    with transaction.atomic():
        batch = Batch.objects.select_for_update().get(pk=batch_id)
        uses = {use.reference: use for use in batch.uses.filter(status=UseStatus.RESERVED).order_by("holder_id", "pk")}
        won = 0
        for reference, use in uses.items():
            reason = batch.results.get(reference)
            if reason == "":
                won += use.points if spend(reference=reference, points=use.points, at=at) else 0
            elif reason is not None:
                release(reference=reference, because=reason, at=at)
        if won:
            done = batch.uses.filter(status=UseStatus.SPENT).count()
            key = f"{batch_id}/{done}"
            outbox.publish(PARTNER_OWED, batch_id=batch_id, way=batch.way, partner=batch.partner, amount=won, key=key)
        if not batch.uses.filter(status=UseStatus.RESERVED).exists():
            Batch.objects.filter(pk=batch_id, status=BatchStatus.SENT).update(status=BatchStatus.ANSWERED)


def pay_cash(*, batch_id: int, at: datetime) -> None:
    """Worker: the points of a batch that becomes money are spent; each is a transfer that whoever listens orders."""
    with transaction.atomic():
        batch = Batch.objects.select_for_update().get(pk=batch_id)
        if batch.way != Way.CASH:
            return
        for use in batch.uses.filter(status=UseStatus.RESERVED).order_by("holder_id", "pk"):
            if spend(reference=use.reference, points=use.points, at=at):
                outbox.publish(CASH_OWED, reference=use.reference)
        Batch.objects.filter(pk=batch_id, status=BatchStatus.SENT).update(status=BatchStatus.ANSWERED)


def owe_partner_again(*, key: str, transfer: int, amount: int) -> None:
    """Worker: the bank could not pay a partner, so the books have it owed again: ask for another transfer, once for
    each that failed. `key` begins with the batch's number.
    """
    batch = Batch.objects.get(pk=int(key.partition("/")[0]))
    first = key.partition("~")[0]
    facts = {"way": batch.way, "partner": batch.partner, "amount": amount, "key": f"{first}~{transfer}"}
    outbox.publish(PARTNER_OWED, batch_id=batch.pk, **facts)


def cash_came_back(*, reference: str, key: str, at: datetime) -> bool:
    """Worker: a transfer for points was refused or came back: its points are the holder's again, once for a `key`."""
    use = Use.objects.get(reference=reference, way=Way.CASH)
    if use.given_back:
        return False
    return bool(call("mileage_give_back", reference, key, use.points, pack().return_days, at))
