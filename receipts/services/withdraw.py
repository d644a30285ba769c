"""Withdrawing a document (발급 취소) that was issued by mistake: one officer asks, another decides. The file stays."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from core import audit, log, outbox
from core.errors import Refusal
from receipts import events
from receipts.models import Document, Withdrawal
from receipts.states import Status


class UnableToWithdraw(Refusal):
    message = _("Only a document that was handed out can be withdrawn, and only once at a time.")


class WithdrawalNeedsAnother(Refusal):
    message = _("This was decided already, or another officer has to decide: nobody decides about what they asked for.")


def ask_withdrawal(*, document_id: int, officer_id: int, reason: str) -> int:
    """Ask for a withdrawal, with the reason that stays in the register; returns its id. Raises `UnableToWithdraw`."""
    with transaction.atomic():
        document = Document.objects.filter(pk=document_id, status=Status.READY).first()
        if document is None:
            raise UnableToWithdraw
        try:
            with transaction.atomic():
                withdrawal = Withdrawal.objects.create(document=document, reason=reason, asked_by_id=officer_id)
        except IntegrityError as error:
            raise UnableToWithdraw from error
        _audit("withdrawal_asked", document, officer_id, reason)
    return withdrawal.pk


def decide_withdrawal(*, withdrawal_id: int, granted: bool, officer_id: int, at: datetime) -> None:
    """Agree, and the register no longer stands by the document, or decline. Office only, in the name of the session's
    officer, who is not the one who asked. Raises `WithdrawalNeedsAnother`."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT receipts_decide_withdrawal(%s, %s, %s)", [withdrawal_id, granted, at])
            ((decided,),) = cursor.fetchall()
        if not decided:
            raise WithdrawalNeedsAnother
        withdrawal = Withdrawal.objects.select_related("document").get(pk=withdrawal_id)
        document = withdrawal.document
        _audit("withdrawn" if granted else "withdrawal_declined", document, officer_id, withdrawal.reason)
        if granted:
            content = {
                "number": document.number, "asked_by": withdrawal.asked_by_id, "decided_by": officer_id,
                "reason": withdrawal.reason,
            }  # fmt: skip
            log.append_leaf(kind="withdrawal", reference=document.number, content=content)
            outbox.publish(
                events.DOCUMENT_WITHDRAWN, document_id=document.pk, reference=document.reference, kind=document.kind
            )


def _audit(change: str, document: Document, officer_id: int, reason: str) -> None:
    audit.record(
        action=f"document.{change}",
        subject=f"document:{document.number}",
        actor_id=officer_id,
        taxpayer_id=document.taxpayer_id,
        reason=reason,
    )
