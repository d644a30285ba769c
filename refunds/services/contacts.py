"""Writing to everybody whom the city can reach about a taxpayer: addresses that were registered before, no others."""

from __future__ import annotations

from collections.abc import Mapping
from smtplib import SMTPRecipientsRefused
from typing import Any, Final

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_noop

from accounts.selectors.taxpayers import contacts_of
from core.db.transactions import forbid_in_transaction

log = structlog.get_logger(__name__)
SUBJECTS: Final = {
    "account": gettext_noop("An account for refunds was named"),
    "question": gettext_noop("Your question about refunds"),
    "claim": gettext_noop("Your claim about a bill was answered"),
    "limitation": gettext_noop("A refund waits for you"),
}


def write_to(*, taxpayer_id: int, mail: str, context: Mapping[str, Any], language: str) -> int:
    """Mail each registered address of a taxpayer; how many there are. Outside any transaction."""
    forbid_in_transaction()
    addresses = contacts_of(taxpayer_id=taxpayer_id)
    with translation.override(language):
        facts = {**context, "link": f"{settings.PUBLIC_URL}/refunds/"}
        subject = translation.gettext(SUBJECTS[mail])
        text = render_to_string(f"refunds/mail/{mail}.txt", facts)
    for address in addresses:
        try:
            send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [address])
        except SMTPRecipientsRefused:  # an address that is no more keeps nothing from the others
            log.warning("refunds.address_refused", taxpayer=taxpayer_id, mail=mail)
    return len(addresses)
