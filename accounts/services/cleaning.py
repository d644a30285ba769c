"""What nobody needs any more goes: ended sessions, counted tries, used links, checked proofs."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

from accounts.models import Attempt, Claim, Device, IdentityReturn, MailRequest, Session


def forget_the_past(*, at: datetime) -> None:
    """Worker only; once an hour."""
    Session.objects.filter(expires_at__lt=at).delete()
    Attempt.objects.filter(at__lt=at - timedelta(days=2)).delete()
    Device.objects.filter(seen_at__lt=at - timedelta(days=365)).delete()
    old = at - timedelta(days=30)
    MailRequest.objects.filter(asked_at__lt=old).delete()
    IdentityReturn.objects.filter(asked_at__lt=old).delete()
    Claim.objects.filter(asked_at__lt=old).delete()
    with connection.cursor() as cursor:  # django-axes would read tables first that no login needs
        cursor.execute("DELETE FROM axes_accessattempt WHERE attempt_time < %s", [at - timedelta(days=2)])
