"""A bill as a signed file (고지서): asked for by whoever may see it, stated by the worker, drawn by receipts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from billing.explain import Sentence, article_text, sentences
from billing.models import Bill, PaperRequest
from billing.rules.steps import Step
from billing.selectors import BillDetail, GiroSlip, bill_detail, giro_slip, moves_of
from core.errors import Refusal
from receipts.services import new_token, request_document


class NoPaper(Refusal):
    message = _("Only a bill in force is handed out as a file, and at most ten times a day. Try again tomorrow.")


def ask_for_paper(*, bill_id: int) -> str:
    """Ask for a bill as a file; returns the secret of the link that will open it. Raises NoPaper."""
    token = new_token()
    with connection.cursor() as cursor:
        cursor.execute("SELECT billing_ask_paper(%s, %s)", [bill_id, token.sha256])
        (asked,) = cursor.fetchone()
    if not asked:
        raise NoPaper
    return token.secret


def state_paper(*, request_id: int, at: datetime) -> int:
    """Worker: enter the document with what the bill says today; done again it is the same document."""
    request = PaperRequest.objects.get(pk=request_id)
    bill = Bill.objects.select_related("taxpayer", "body").get(pk=request.bill_id)
    return request_document(
        kind="bill",
        taxpayer_id=bill.taxpayer_id,
        reference=f"bill:{bill.pk}:{request.pk}",
        facts=bill_facts(bill=bill, at=at),
        at=at,
        token_hash=bytes(request.token),
    )


def bill_facts(*, bill: Bill, at: datetime) -> dict[str, Any]:
    """A bill as receipts.rendering.bill_facts describes it."""
    detail = bill_detail(bill_id=bill.pk, at=at)
    lines = [
        {"item": {"ko": line.name_ko, "en": line.name_en}, "amount": line.owed.left} for line in detail.today.lines
    ]
    slip = giro_slip(bill_id=bill.pk, epay_number=bill.epay_number, today=detail.today)
    return {
        "taxpayer": {"name": bill.taxpayer.name},
        "body": {"kind": bill.body.kind, "ko": bill.body.name_ko, "en": bill.body.name_en},
        "lines": lines,
        "total": detail.today.owed.total,
        "currency": settings.ETAX_CURRENCY,
        "on": detail.today.on.isoformat(),
        "due_on": detail.today.due_on.isoformat(),
        "object": detail.summary.object_ref,
        "period": f"{bill.tax_year}-{bill.term}",
        "epay_number": bill.epay_number,
        "tax_number": bill.tax_number,
        "how": [_how(detail), *_at_a_bank(slip)],
        "giro": {"line": slip.line, "number": slip.band.number, "until": slip.band.until.isoformat()} if slip else None,
        "steps": _steps(detail),
    }


def _how(detail: BillDetail) -> dict[str, str]:
    address = f"{settings.PUBLIC_URL.rstrip('/')}/bills/find/"
    number = detail.epay_number
    return {
        "ko": f"{address} 에서 전자납부번호 {number}와 성명으로 찾아 카드나 거기 보이는 다른 방법으로 낼 수 있습니다.",
        "en": f"Find it at {address} by the number {number} and your name, and pay by card or another way shown there.",
    }


def _at_a_bank(slip: GiroSlip | None) -> list[dict[str, str]]:
    if slip is None:
        return []
    until = slip.band.until.isoformat()
    return [
        {
            "ko": f"은행 창구나 공과금수납기에서는 {until}까지 이 고지서의 지로로 납부할 수 있습니다.",
            "en": f"At a bank's counter or bill machine, pay with this paper (giro) until {until}.",
        }
    ]


def _steps(detail: BillDetail) -> list[dict[str, Any]]:
    late = [step for _, steps in detail.today.late_steps for step in steps]
    steps: list[Step] = [*detail.steps, *detail.today.credit_steps, *late]
    said = {}
    for language in ("ko", "en"):
        with override(language):
            said[language] = [*sentences(steps), *_moved(detail, language)]
    return [
        {
            "text": {"ko": ko.text, "en": en.text},
            "article": {"ko": ko.article, "en": en.article},
            "amount": ko.amount,
        }
        for ko, en in zip(said["ko"], said["en"], strict=True)
    ]


def _moved(detail: BillDetail, language: str) -> list[Sentence]:
    """Why the due date is another than by law."""
    return [
        Sentence(
            text=gettext("Due on %(new)s instead of %(old)s: %(because)s")
            % {
                "new": move.new_due_on.isoformat(),
                "old": move.old_due_on.isoformat(),
                "because": move.reason_ko if language == "ko" else move.reason_en,
            },
            article=article_text(move.article),
            amount=None,
        )
        for move in moves_of(bill_id=detail.summary.id)
    ]
