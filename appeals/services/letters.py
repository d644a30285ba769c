"""Worker: the petitioner is written to about lines of the docket, at addresses that were registered before."""

from __future__ import annotations

from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused
from typing import Final

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.db import IntegrityError
from django.template.loader import render_to_string
from django.utils import translation

from accounts.selectors.taxpayers import contacts_of
from appeals.models import Entry, Letter
from appeals.states import TOLD, Event
from core.db.transactions import forbid_in_transaction

AT_ONCE: Final = 100
# What could not be told for so long is no news any more: the case's page tells it.
LONGEST: Final = timedelta(days=7)
log = structlog.get_logger(__name__)


def write_letters(*, at: datetime) -> int:
    """Write what waits; how many lines were told. Outside any transaction.

    The letter is written down after it was sent: who is told twice is less harmed than who is never told.
    """
    forbid_in_transaction()
    waiting = Entry.objects.filter(event__in=TOLD, letter=None, at__gte=at - LONGEST).select_related("case")
    told = 0
    for entry in list(waiting.order_by("pk")[:AT_ONCE]):
        try:
            many = _write(entry)
            Letter.objects.create(entry=entry, addresses=many, written_at=at)
            told += 1
        except IntegrityError:
            continue  # another worker was quicker
        except OSError:
            log.exception("appeals.letter_stays_due", entry=entry.pk)
    return told


def _write(entry: Entry) -> int:
    case = entry.case
    addresses = contacts_of(taxpayer_id=case.taxpayer_id)
    with translation.override(case.language):
        facts = {
            "case": case,
            "what": Event(entry.event).label,
            "event": entry.event,
            "text": entry.text,
            "link": f"{settings.PUBLIC_URL}/appeals/{case.pk}/",
        }
        subject = translation.gettext("News of your case %(number)s") % {"number": case.number}
        text = render_to_string("appeals/mail/told.txt", facts)
    for address in addresses:
        try:
            send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [address])
        except SMTPRecipientsRefused:  # else the others would be told anew each time until the line is a week old
            log.warning("appeals.address_refused", entry=entry.pk)
    return len(addresses)
