"""Automatic debit ends: an officer ends it because its taxpayer asked, at the counter or by telephone; or they died."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from core import audit
from core.errors import Refusal
from core.states import move
from payments.models import Mandate
from payments.states import MANDATE_LIVE, MANDATE_TRANSITIONS, MandateStatus


class UnableToEndMandate(Refusal):
    message = _("This automatic debit is not in force any more, or it is not yours to end.")


def end_for_taxpayer(*, mandate_id: int, reason: str, officer_id: int, at: datetime) -> None:
    """End it with a reason, in the name of the session's officer; the worker tells the bank. Office only.

    Raises `UnableToEndMandate`: the database refuses what is not in force, another office's, or the officer's own.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT payments_end_mandate(%s, %s, %s)", [mandate_id, reason, at])
            ((ended,),) = cursor.fetchall()
        if not ended:
            raise UnableToEndMandate
        mandate = Mandate.objects.get(pk=mandate_id)
        audit.record(
            action="payment.mandate_end_asked",
            subject=f"mandate:{mandate.reference}",
            actor_id=officer_id,
            taxpayer_id=mandate.taxpayer_id,
            reason=reason,
        )


def end_for_death(*, taxpayer_id: int, at: datetime) -> None:
    """What a deceased gave leave to is debited no more; the worker tells the bank, also of what was still to begin.

    In the caller's transaction; safe to repeat. Heirs give leave of their own.
    """
    with translation.override(settings.LANGUAGE_CODE):
        reason = str(_("The taxpayer has died."))
    for mandate in Mandate.objects.select_for_update().filter(taxpayer_id=taxpayer_id, status__in=MANDATE_LIVE):
        if mandate.status == MandateStatus.ACTIVE:
            old, new = MandateStatus.ACTIVE, MandateStatus.ENDING
            move(Mandate, mandate.pk, transitions=MANDATE_TRANSITIONS, old=old, new=new)
        Mandate.objects.filter(pk=mandate.pk).update(end_reason=reason, ask_at=at, asks=0)
