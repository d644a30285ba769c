"""What the worker does again and again; each part goes on where another fails."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

import structlog

from core import clock
from core.one_by_one import one_by_one
from refunds.models import Refund
from refunds.services.carry_out import carry_out
from refunds.services.claim import tell_of_answers
from refunds.services.figure import compute
from refunds.services.find import look_at_all
from refunds.services.limitation import end_prescribed, tell_before_it_ends
from refunds.services.payee import ask_banks, fill_waiting, tell_of_accounts
from refunds.services.question import answer_questions
from refunds.services.send import name_silence, send_by_gateways
from refunds.services.small import set_off_small
from refunds.services.transfer import pay_again, send_by_transfer
from refunds.states import UNDECIDED, Status

log = structlog.get_logger(__name__)
AT_ONCE: Final = 1000


def send_refunds(*, at: datetime) -> None:
    """Payments out that are ready, and approved refunds whose event was lost."""
    approved = Refund.objects.filter(status=Status.APPROVED).order_by("pk").values_list("pk", flat=True)
    one_by_one(list(approved[:AT_ONCE]), _carry_out, at=at)
    _each((fill_waiting, pay_again, send_by_gateways, send_by_transfer, name_silence), at)


def talk(*, at: datetime) -> None:
    """Ask banks whose accounts are, and write to people; outside any transaction."""
    _each((ask_banks, tell_of_accounts, answer_questions, tell_of_answers), at)


def nightly(*, at: datetime) -> None:
    """Find what no event told of, and compute every open refund for today."""
    look_at_all(at=at)
    _each((end_prescribed, set_off_small, tell_before_it_ends), at)
    today = clock.local_date(at)
    due = Refund.objects.filter(status__in=UNDECIDED).exclude(figures_on=today).order_by("pk")
    one_by_one(due.values_list("pk", flat=True).iterator(), _compute, at=at)


def _carry_out(refund_id: int, at: datetime) -> None:
    carry_out(refund_id=refund_id, at=at)


def _compute(refund_id: int, at: datetime) -> None:
    compute(refund_id=refund_id, at=at)


def _each(works: Iterable[Callable[..., object]], at: datetime) -> None:
    for work in works:
        try:
            work(at=at)
        except Exception:
            log.exception("refunds.work_stays_due", work=getattr(work, "__name__", ""))
