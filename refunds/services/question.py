"""The public question whether there is something for somebody; its answer goes to registered contacts only."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from django.db import connection
from django.db.models import F, Sum

from accounts.selectors.taxpayers import people_named
from core.one_by_one import one_by_one
from refunds.models import Question, Refund
from refunds.services.contacts import write_to
from refunds.states import OVER

AT_ONCE: Final = 100
# However often somebody asks in a day, they get one answer.
ONCE_IN: Final = timedelta(days=1)
KEPT_FOR: Final = timedelta(days=30)


def ask_whether(*, name: str, born: date, language: str) -> None:
    """Ask. Says nothing: the same happens for everybody who asks, and it looks nothing up."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT refunds_ask_whether(%s, %s, %s)", [name, born, language])


def answer_questions(*, at: datetime) -> int:
    """Worker: look, and write to contacts that were registered before; how many questions were dealt with."""
    waiting = Question.objects.filter(answered_at=None).order_by("pk").values_list("pk", flat=True)
    done = one_by_one(list(waiting[:AT_ONCE]), _deal_with, at=at)
    Question.objects.filter(answered_at__lt=at - KEPT_FOR).delete()
    return done


def _deal_with(question_id: int, at: datetime) -> bool:
    """Marked first: who asks again is written to again; a mail that never goes out is not tried for ever."""
    question = Question.objects.get(pk=question_id)
    same = Question.objects.filter(name=question.name, born=question.born)
    asked_before = same.filter(answered_at__gt=at - ONCE_IN).exists()
    if not Question.objects.filter(pk=question_id, answered_at=None).update(answered_at=at):
        return False
    if not asked_before:
        for taxpayer_id in people_named(name=question.name, born=question.born):
            _answer(taxpayer_id, question.language)
    return True


def _answer(taxpayer_id: int, language: str) -> None:
    open_ones = Refund.objects.filter(taxpayer_id=taxpayer_id).exclude(status__in=OVER)
    amount = open_ones.aggregate(won=Sum(F("amount") - F("lost") + F("interest")))["won"] or 0
    context = {"count": open_ones.count(), "amount": amount}
    write_to(taxpayer_id=taxpayer_id, mail="question", context=context, language=language)
