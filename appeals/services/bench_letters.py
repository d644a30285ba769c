"""Worker: members of the committee are written to about their sittings; nothing of a case stands in these letters."""

from __future__ import annotations

from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused
from typing import Final

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format

from accounts.selectors.officers import officer_facts
from appeals.bench_states import BenchNews
from appeals.models import BenchNotice, Listed, Panel
from billing.selectors.city import dated_tables
from core import clock
from core.db.transactions import forbid_in_transaction

AT_ONCE: Final = 200
# What could not be told for so long is no news any more: the desk shows the sitting.
LONGEST: Final = timedelta(days=7)
# Officers of this city read Korean.
LANGUAGE: Final = "ko"
log = structlog.get_logger(__name__)


def write_to_members(*, at: datetime) -> int:
    """Write what waits about sittings ahead; how many were told. Outside any transaction.

    A letter is noted after it was sent: who is told twice is less harmed than who is never told.
    """
    forbid_in_transaction()
    waiting = BenchNotice.objects.filter(told_at=None, at__gte=at - LONGEST, panel__day__gte=clock.local_date(at))
    told = 0
    for notice in list(waiting.select_related("panel", "member").order_by("pk")[:AT_ONCE]):
        try:
            _write(notice)
        except OSError:
            log.exception("appeals.letter_stays_due", notice=notice.pk)
            continue
        told += BenchNotice.objects.filter(pk=notice.pk, told_at=None).update(told_at=at)
    return told


def _write(notice: BenchNotice) -> None:
    officer = officer_facts(account_id=notice.member.account_id)
    if officer is None:
        return  # suspended meanwhile: the committee's page shows it
    with translation.override(LANGUAGE):
        facts = {
            "name": notice.member.name,
            "what": BenchNews(notice.news).label,
            "off": notice.news == BenchNews.OFF,
            "when": _when(notice.panel),
            "cases": Listed.objects.filter(panel=notice.panel, off_at=None).count(),
            "link": f"{settings.OFFICE_URL}/appeals/bench/",
        }
        subject = translation.gettext("Open tax court: your sittings")
        text = render_to_string("appeals/mail/sitting.txt", facts)
    try:
        send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [officer.email])
    except SMTPRecipientsRefused:
        log.warning("appeals.address_refused", notice=notice.pk)


def _when(panel: Panel) -> str:
    """Day, hour and room, as the city's table names them."""
    body = dated_tables().at("hearing_rooms", panel.day).body
    begins = next((str(one["begins"]) for one in body["parts"] if one["code"] == panel.part), "")
    room = next((str(one["name_ko"]) for one in body["rooms"] if one["code"] == panel.room), panel.room)
    return ", ".join(part for part in (date_format(panel.day, "DATE_FORMAT"), begins, room) if part)
