"""Worker: advocates are told of cases that they were given, and each side of what the other wrote.

Nothing of a case stands in these letters; what was written the worker can't read (`sql/papers.sql`).
"""

from __future__ import annotations

from datetime import datetime
from smtplib import SMTPRecipientsRefused
from typing import Final

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import translation

from accounts.selectors.officers import officer_facts
from accounts.selectors.taxpayers import contacts_of
from appeals.advocate_states import Partner
from appeals.models import Advocacy, Case, Talk
from appeals.services.letters import subject_of
from appeals.states import Side
from core.db.transactions import forbid_in_transaction

AT_ONCE: Final = 100
# Officers of this city read Korean.
LANGUAGE: Final = "ko"
READABLE: Final = ("id", "advocacy_id", "partner", "by_side")
log = structlog.get_logger(__name__)


def write_to_advocates(*, at: datetime) -> int:
    """Write what waits; how many were told. Outside any transaction: who is told twice is less harmed than who never
    is."""
    forbid_in_transaction()
    return _tell_given(at) + _tell_written(at)


def _tell_given(at: datetime) -> int:
    told = 0
    waiting = Advocacy.objects.filter(told_at=None, ended_at=None).select_related("case")
    for advocacy in list(waiting.order_by("pk")[:AT_ONCE]):
        try:
            _to_advocate(advocacy, "appeals/mail/given.txt")
        except OSError:
            log.exception("appeals.letter_stays_due", advocacy=advocacy.pk)
            continue
        told += Advocacy.objects.filter(pk=advocacy.pk, told_at=None).update(told_at=at)
    return told


def _tell_written(at: datetime) -> int:
    """Questions to the levying office stand on its desk, and in no letter."""
    told = 0
    waiting = Talk.objects.filter(told_at=None).exclude(Q(partner=Partner.OFFICE, by_side=Side.ADVOCATE))
    for pk, advocacy_id, _, by_side in list(waiting.order_by("pk").values_list(*READABLE)[:AT_ONCE]):
        advocacy = Advocacy.objects.select_related("case").get(pk=advocacy_id)
        try:
            if by_side == Side.ADVOCATE:
                _to_petitioner(advocacy)
            elif advocacy.ended_at is None:
                _to_advocate(advocacy, "appeals/mail/written.txt")
        except OSError:
            log.exception("appeals.letter_stays_due", talk=pk)
            continue
        told += Talk.objects.filter(pk=pk, told_at=None).update(told_at=at)
    return told


def _to_advocate(advocacy: Advocacy, template: str) -> None:
    officer = officer_facts(account_id=advocacy.advocate_id)
    if officer is None:
        return  # suspended meanwhile: the pool's page shows it
    link = f"{settings.OFFICE_URL}/appeals/advocate/{advocacy.case_id}/"
    _send(template, [officer.email], LANGUAGE, name=officer.name, case=advocacy.case, link=link)


def _to_petitioner(advocacy: Advocacy) -> None:
    case = advocacy.case
    link = f"{settings.PUBLIC_URL}/appeals/{case.pk}/advocate/"
    addresses = contacts_of(taxpayer_id=case.taxpayer_id)
    _send("appeals/mail/advocate_wrote.txt", addresses, case.language, name="", case=case, link=link)


def _send(template: str, addresses: list[str], language: str, *, name: str, case: Case, link: str) -> None:
    with translation.override(language):
        subject = subject_of(case)
        number = translation.gettext("(sealed)") if case.sealed else case.number
        text = render_to_string(template, {"name": name, "number": number, "link": link})
    for address in addresses:
        try:
            send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [address])
        except SMTPRecipientsRefused:
            log.warning("appeals.address_refused", template=template)
