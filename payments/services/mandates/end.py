"""An officer ends automatic debit because its taxpayer asked for it, at the counter or by telephone."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from core import audit
from core.errors import Refusal
from payments.models import Mandate


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
