"""Worker: a noticed assessment is issued once nobody asked for a review or it is over, and given up where all of it was
adopted."""

from __future__ import annotations

from datetime import datetime
from smtplib import SMTPRecipientsRefused

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import translation

from accounts.selectors.taxpayers import contacts_of
from appeals.models import Case, Notice, Ruling
from appeals.notice_states import NoReview, NoticeStatus
from appeals.services.carry_out import Decided, change_bill_as_decided
from appeals.services.follow import enter, refusal_text
from appeals.states import RUNNING, Event, Kind, Outcome, RulingStatus, Status
from billing import services as billing
from core import clock
from core.db.transactions import forbid_in_transaction
from core.errors import Refusal
from core.one_by_one import one_by_one

AT_ONCE = 500
log = structlog.get_logger(__name__)


def issue_due(*, at: datetime) -> int:
    """Issue what nobody asked a review of in time, or whose payer wants it at once; how many."""
    today = clock.local_date(at)
    heard = Case.objects.filter(kind=Kind.PRE_ASSESSMENT, status__in=(*RUNNING, Status.DECIDED, Status.SERVED))
    waits = Notice.objects.filter(status=NoticeStatus.SERVED).exclude(bill_id__in=heard.values("bill_id"))
    due = waits.filter(Q(waits_until__lt=today) | Q(early_at__isnull=False) | ~Q(no_review=NoReview.NONE))
    return one_by_one(list(due.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]), _issue, at=at)


def issue_notice(*, notice_id: int, at: datetime) -> bool:
    """Issue the bill of one notice if it need not wait; done again it does nothing."""
    return _issue(notice_id, at)


def _issue(notice_id: int, at: datetime) -> bool:
    with transaction.atomic():
        notice = Notice.objects.select_for_update().get(pk=notice_id)
        if notice.status != NoticeStatus.SERVED or notice.bill_id is None:
            return False
        try:
            with transaction.atomic():
                billing.issue_intended(bill_id=notice.bill_id, at=at)
        except billing.StillWaits:
            return False  # a review was asked for meanwhile
        Notice.objects.filter(pk=notice_id).update(status=NoticeStatus.ISSUED, ended_at=at)
        return True


def carry_out_review(case: Case, decided: Decided | None, *, at: datetime) -> None:
    """After a review: the bill is issued as `decided`, None as it was noticed; or given up where all was adopted.

    In the caller's transaction, once: the case's row is locked. What billing refuses is entered for the clerk.
    """
    notice = Notice.objects.select_for_update().get(bill_id=case.bill_id)
    if notice.status != NoticeStatus.SERVED:
        return
    try:
        with transaction.atomic():
            if decided is not None and decided.lines is None:
                billing.drop_intended(bill_id=case.bill_id, at=at)
                Notice.objects.filter(pk=notice.pk).update(status=NoticeStatus.DROPPED, ended_at=at)
                enter(case, Event.BILL_DROPPED, at=at)
                return
            billing.release_intended(bill_id=case.bill_id, at=at)
            billing.issue_intended(bill_id=case.bill_id, at=at)
            if decided is not None:
                change_bill_as_decided(decided, at=at)
            Notice.objects.filter(pk=notice.pk).update(status=NoticeStatus.ISSUED, ended_at=at)
            enter(case, Event.BILL_ISSUED, at=at)
    except Refusal as refusal:
        enter(case, Event.NOT_CARRIED_OUT, at=at, text=refusal_text(refusal))


def withdraw_review(*, case_id: int, at: datetime) -> None:
    """A review was withdrawn: the assessment goes on."""
    with transaction.atomic():
        case = Case.objects.get(pk=case_id)
        if case.kind == Kind.PRE_ASSESSMENT and case.status == Status.WITHDRAWN:
            carry_out_review(case, None, at=at)


def review_ruled(*, case_id: int, at: datetime) -> None:
    """A review was decided and served."""
    with transaction.atomic():
        ruling = Ruling.objects.select_for_update().get(case_id=case_id)
        case = Case.objects.get(pk=case_id)
        if case.kind != Kind.PRE_ASSESSMENT or ruling.status != RulingStatus.SERVED:
            return
        if ruling.outcome == Outcome.REEXAMINE:
            return  # until the levying office has served what it found
        decided = None
        if ruling.outcome in (Outcome.CANCELLED, Outcome.CORRECTED):
            decided = Decided(
                bill_id=case.bill_id,
                lines=None if ruling.outcome == Outcome.CANCELLED else ruling.lines,
                reason="과세전적부심사 결정 (지방세기본법 제88조)",
                asked_by_id=ruling.drafted_by_id,
                decided_by_id=ruling.signed_by_id or 0,
            )
        carry_out_review(case, decided, at=at)


def tell_of_notices(*, at: datetime) -> int:
    """Write to those who were served a notice, at addresses that were registered before; how many notices."""
    forbid_in_transaction()
    told = 0
    for notice in list(Notice.objects.filter(status=NoticeStatus.SERVED, told_at=None).order_by("pk")[:AT_ONCE]):
        try:
            _tell(notice)
        except OSError:
            log.exception("appeals.notice_stays_untold", notice=notice.pk)
            continue
        told += Notice.objects.filter(pk=notice.pk, told_at=None).update(told_at=at)
    return told


def _tell(notice: Notice) -> None:
    with translation.override(settings.LANGUAGE_CODE):
        subject = translation.gettext("Notice of an intended assessment %(number)s") % {"number": notice.number}
        facts = {"notice": notice, "link": f"{settings.PUBLIC_URL}/appeals/notices/{notice.pk}/"}
        text = render_to_string("appeals/mail/notice.txt", facts)
    for address in contacts_of(taxpayer_id=notice.taxpayer_id):
        try:
            send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [address])
        except SMTPRecipientsRefused:
            log.warning("appeals.address_refused", notice=notice.pk)
