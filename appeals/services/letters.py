"""Worker: the petitioner is written to about lines of the docket, at addresses that were registered before; about
a hearing also the officers who explain the levy."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused
from typing import Final

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.db import IntegrityError
from django.template.loader import render_to_string
from django.utils import translation

from accounts.enums import Role
from accounts.selectors.officers import all_officers
from accounts.selectors.taxpayers import contacts_of
from appeals.models import Case, Entry, Letter, SealReader
from appeals.seal_states import SealStatus
from appeals.selectors.advocacy import reach_of
from appeals.selectors.due import BINDS
from appeals.selectors.facts import Line
from appeals.states import TOLD, TOLD_TO_OFFICE, Event, Side
from core.db.transactions import forbid_in_transaction

AT_ONCE: Final = 100
# What could not be told for so long is no news any more: the case's page tells it.
LONGEST: Final = timedelta(days=7)
MOST_OFFICERS: Final = 20
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
    if entry.event == Event.REMINDED:
        return _remind(entry)
    found = _send(entry, contacts_of(taxpayer_id=case.taxpayer_id), language=case.language, site=settings.PUBLIC_URL)
    if entry.event in TOLD_TO_OFFICE:
        found += _send(entry, _who_levied(case), language=settings.LANGUAGE_CODE, site=settings.OFFICE_URL)
    return found


def _send(entry: Entry, addresses: Sequence[str], *, language: str, site: str) -> int:
    case = entry.case
    with translation.override(language):
        line = Line(event=entry.event, side=entry.side, at=entry.at, text=entry.text, how=entry.how, tracking="")
        facts = {
            "case": case,
            "what": Event(entry.event).label,
            "event": entry.event,
            "text": line.says,
            "hearing": line.hearing,
            "reminder": line.reminder,
            "link": f"{site}/appeals/{case.pk}/",
            "advocate": reach_of(case_id=case.pk) if entry.event == Event.ADVOCATE else None,
        }
        subject = subject_of(case, office=site == settings.OFFICE_URL)
        text = render_to_string("appeals/mail/told.txt", facts)
    for address in addresses:
        try:
            send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [address])
        except SMTPRecipientsRefused:  # else the others would be told anew each time until the line is a week old
            log.warning("appeals.address_refused", entry=entry.pk)
    return len(addresses)


def _remind(entry: Entry) -> int:
    """Only whom the deadline binds."""
    case, found = entry.case, 0
    binds = BINDS[entry.text.partition("|")[0]]
    if Side.PETITIONER in binds:
        people = contacts_of(taxpayer_id=case.taxpayer_id)
        found += _send(entry, people, language=case.language, site=settings.PUBLIC_URL)
    officers = (_who_levied(case) if Side.OFFICE in binds else []) + (_clerks(case) if Side.CLERK in binds else [])
    if officers:
        found += _send(entry, officers, language=settings.LANGUAGE_CODE, site=settings.OFFICE_URL)
    return found


def subject_of(case: Case, *, office: bool = False) -> str:
    """What stands in the open of a mail: of a sealed case not even its number."""
    if case.sealed:
        return translation.gettext("Open tax court: news") if office else translation.gettext("News of your case")
    named = {"number": case.number}
    if office:
        return translation.gettext("Open tax court: case %(number)s") % named
    return translation.gettext("News of your case %(number)s") % named


def _clerks(case: Case) -> list[str]:
    """Clerks of the authority that hears the case."""
    return [
        officer.email
        for officer in all_officers()
        if officer.active and officer.body == case.authority_id and Role.COURT_CLERK in officer.roles
    ][:MOST_OFFICERS]


def _who_levied(case: Case) -> list[str]:
    """Officers of the body that levied who may explain its levy; of a sealed case those whom the court named."""
    named = SealReader.objects.filter(seal__case=case, seal__status=SealStatus.STANDS, seal__file=None, seal__line=None)
    readers = set(named.values_list("officer_id", flat=True)) if case.sealed else None
    return [
        officer.email
        for officer in all_officers()
        if officer.active
        and officer.body == case.body_id
        and officer.roles & {Role.ASSESSOR, Role.COLLECTOR}
        and (readers is None or officer.account_id in readers)
    ][:MOST_OFFICERS]
