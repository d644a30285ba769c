"""Messages to whoever gave a mandate: written down with what they tell, mailed by the worker afterwards."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.selectors import email_of
from core.db.transactions import forbid_in_transaction
from payments import selectors
from payments.models import DebitLetter
from payments.services.debits.conclude import reason_of
from payments.states import DebitNews

log = structlog.get_logger(__name__)
AT_ONCE: Final = 200
# A letter that was taken up and is not marked as sent is sent anew: rather twice than never.
PATIENCE: Final = timedelta(minutes=2)
SUBJECTS: Final = {
    DebitNews.CONFIRMED: _("Automatic debit of your local taxes is set up"),
    DebitNews.ENDED: _("Automatic debit of your local taxes has ended"),
    DebitNews.FAILED: _("Your local tax could not be debited"),
}


def send_letters(*, at: datetime) -> int:
    """Send what waits, the oldest first; how many were taken up. Runs outside any transaction, in several workers."""
    forbid_in_transaction()
    waiting = DebitLetter.objects.filter(Q(taken_at=None) | Q(taken_at__lt=at - PATIENCE), sent_at=None)
    count = 0
    for letter in list(waiting.select_related("mandate").order_by("pk")[:AT_ONCE]):
        same = DebitLetter.objects.filter(pk=letter.pk, sent_at=None, taken_at=letter.taken_at)
        if same.update(taken_at=at) != 1:
            continue  # another worker is at it
        count += 1
        try:
            sent = _send(letter)
        except Exception:
            # The mail server is away: it is taken up again after a while.
            log.exception("payments.letter_waits", letter=letter.pk)
            continue
        DebitLetter.objects.filter(pk=letter.pk).update(sent_at=at, sent=sent)
    return count


def _send(letter: DebitLetter) -> bool:
    """False: whoever signs in by mobile identity only has no address; their own page tells them."""
    address = email_of(letter.mandate.asked_by_id)
    if not address:
        return False
    with translation.override(letter.mandate.language):
        subject = str(SUBJECTS[DebitNews(letter.kind)])
        text = render_to_string(f"payments/mail/debit_{letter.kind}.txt", _facts(letter))
    send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [address])
    return True


def _facts(letter: DebitLetter) -> dict[str, object]:
    mandate = letter.mandate
    facts: dict[str, object] = {
        "account": mandate.account,
        "began_on": mandate.began_on,
        "ended_on": mandate.ended_on,
        "page": f"{str(settings.PUBLIC_URL).rstrip('/')}/automatic-debit/",
        "again_at": letter.again_at,
    }
    if letter.debit_try is not None:
        attempt, debit = letter.debit_try.attempt, letter.debit_try.debit
        # The page shows what it is for; a mail goes through many hands, so it names the tax and the sum alone.
        bills = selectors.payable(bill_ids=[debit.bill_id], on=debit.due_on)
        facts |= {
            "bill": bills[0] if bills else None,
            "sum": f"{attempt.amount:,}",
            "due_on": debit.due_on,
            "reason": reason_of(gateway=attempt.gateway, failure=attempt.failure).value,
        }
    return facts
