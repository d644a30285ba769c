"""Points that expire soon: their holders are told by mail, once for each day on which some do.

All lots of a day stand in one notice. If more points come to a day of which its holder was told before, the notice says
the whole sum again.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.db import connection, transaction
from django.utils import formats, translation

from accounts.selectors.mail import email_of_taxpayer
from core import clock, outbox
from core.db.transactions import forbid_in_transaction
from mileage.events import POINTS_EXPIRING
from mileage.models import ExpiryNotice
from mileage.rules.pack import pack

log = structlog.get_logger(__name__)
AT_ONCE: Final = 200
MOST_TRIES: Final = 5
SOON: Final = """
    INSERT INTO mileage_expirynotice (holder_id, expires_on, points, noted_at, tries)
    SELECT x.holder_id, x.expires_on, sum(x.held), %s, 0 FROM (
        SELECT l.holder_id, l.expires_on, sum(p.amount) AS held
        FROM mileage_lot l JOIN mileage_posting p ON p.lot_id = l.id AND p.account = 'held'
        WHERE l.expires_on >= %s AND l.expires_on <= %s GROUP BY l.id HAVING sum(p.amount) > 0
    ) AS x GROUP BY x.holder_id, x.expires_on
    ON CONFLICT (holder_id, expires_on) DO UPDATE
    SET points = EXCLUDED.points, noted_at = EXCLUDED.noted_at, tries = 0, mailed_at = NULL
    WHERE mileage_expirynotice.points < EXCLUDED.points
    RETURNING id, holder_id
"""


def note_expiring(*, at: datetime) -> int:
    """Note what expires within the days of notice and was not told of yet; how many notices. Worker."""
    today = clock.local_date(at)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SOON, [at, today, today + timedelta(days=pack().notice_days)])
        made = cursor.fetchall()
        for notice_id, holder_id in made:
            outbox.publish(POINTS_EXPIRING, notice_id=notice_id, taxpayer_id=holder_id)
    return len(made)


def mail_notices(*, at: datetime) -> int:
    """Mail what is noted, to the account's address; how many went. One that fails is tried again, five times."""
    forbid_in_transaction()
    sent = 0
    due = ExpiryNotice.objects.filter(mailed_at=None, tries__lt=MOST_TRIES).order_by("noted_at", "pk")
    for pk in list(due.values_list("pk", flat=True)[:AT_ONCE]):
        notice = ExpiryNotice.objects.filter(pk=pk, mailed_at=None).first()
        if notice is None:
            continue
        waiting = ExpiryNotice.objects.filter(pk=pk, mailed_at=None, points=notice.points)
        if waiting.filter(tries=notice.tries).update(tries=notice.tries + 1) != 1:
            continue  # another worker is at it
        email = email_of_taxpayer(taxpayer_id=notice.holder_id)
        if email is None:
            waiting.update(tries=MOST_TRIES)  # nobody to write to; the page tells them
            continue
        try:
            _mail(notice, email)
        except OSError:
            log.warning("mileage.notice_not_sent", notice=pk)
            continue
        waiting.update(mailed_at=at)
        sent += 1
    return sent


def _mail(notice: ExpiryNotice, email: str) -> None:
    """In both languages: nobody told us which one they read."""
    with translation.override("ko"):
        subject = translation.gettext("Points that expire soon")
    texts = [_text(notice, language) for language in ("ko", "en")]
    send_mail(subject, "\n\n".join(texts), settings.DEFAULT_FROM_EMAIL, [email])


def _text(notice: ExpiryNotice, language: str) -> str:
    with translation.override(language):
        text = translation.gettext(
            "%(number)s of your points expire after %(day)s. Until then you can use them: %(link)s"
        )
        day = formats.date_format(notice.expires_on, "DATE_FORMAT")
        return text % {"number": f"{notice.points:,}", "day": day, "link": f"{settings.PUBLIC_URL}/mileage/"}
