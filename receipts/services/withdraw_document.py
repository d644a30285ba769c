from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import audit, outbox, states
from core.errors import Refusal
from receipts import events
from receipts.models import Document
from receipts.states import TRANSITIONS, Status


class UnableToWithdraw(Refusal):
    message = _("Only a document that was handed out can be withdrawn, and the reason has to be stated.")


def withdraw_document(*, document_id: int, officer_id: int, reason: str, at: datetime) -> None:
    """The register no longer stands by a document (발급 취소), for one issued by mistake. Its file stays as it was."""
    if not reason.strip():
        raise UnableToWithdraw
    with transaction.atomic():
        document = Document.objects.get(pk=document_id)
        try:
            states.move(
                Document,
                document_id,
                transitions=TRANSITIONS,
                old=Status.READY,
                new=Status.WITHDRAWN,
                withdrawn_at=at,
                withdrawn_because=reason.strip(),
            )
        except states.StaleState as error:
            raise UnableToWithdraw from error
        audit.record(
            action="document.withdrawn",
            subject=f"document:{document.number}",
            actor_id=officer_id,
            taxpayer_id=document.taxpayer_id,
            reason=reason.strip(),
        )
        outbox.publish(
            events.DOCUMENT_WITHDRAWN, document_id=document.pk, reference=document.reference, kind=document.kind
        )
