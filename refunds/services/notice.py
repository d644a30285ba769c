"""The letter about a refund (지방세환급금 통지서): a signed document, for its owner's list and for the post."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.utils import translation

from accounts.selectors import taxpayer_facts
from accounts.selectors.officers import body_kinds
from billing.selectors import all_taxes
from core import clock
from receipts.services import request_document
from refunds import explain
from refunds.models import Refund
from refunds.states import Cause

LANGUAGES: Final = ("ko", "en")
HOW: Final = (
    {
        "ko": "{site}에 로그인하여 본인 명의 계좌, 다른 고지서 충당 또는 기부 중에서 고르십시오.",
        "en": "Sign in at {site} and choose your own account, a set-off against another bill, or a gift to the city.",
    },
    {
        "ko": "결정에 이의가 있으면 통지를 받은 날부터 90일 안에 이의신청 또는 심판청구를 할 수 있습니다.",
        "en": "You can object, or appeal to the Tax Tribunal, within 90 days of receiving this notice.",
    },
)


def state_notice(*, refund_id: int, occasion: str, at: datetime) -> int | None:
    """Enter the letter in the register, once for each occasion; a worker draws and signs it. None without a taxpayer.

    Worker only, in the caller's transaction.
    """
    refund = Refund.objects.get(pk=refund_id)
    if refund.taxpayer_id is None or refund.available + refund.interest <= 0:
        return None
    return request_document(
        kind="refund",
        taxpayer_id=refund.taxpayer_id,
        reference=f"{refund.reference}/{occasion}",
        facts=facts_of(refund, at=at),
        at=at,
    )


def facts_of(refund: Refund, *, at: datetime) -> dict[str, Any]:
    """What the letter says, as `receipts.rendering.refund_facts` wants it."""
    taxes = {one.code: {"ko": one.name_ko, "en": one.name_en} for one in all_taxes()}
    tax = taxes.get(refund.tax, {"ko": "지방세", "en": "Local tax"})
    lines = [{"item": tax, "amount": refund.available}]
    if refund.interest:
        lines.append({"item": {"ko": "지방세환급가산금", "en": "Interest"}, "amount": refund.interest})
    body = body_kinds()[refund.body_id]
    return {
        "taxpayer": {"name": taxpayer_facts([refund.taxpayer_id or 0])[refund.taxpayer_id or 0].name},
        "body": {"kind": body.kind, "ko": body.name_ko, "en": body.name_en},
        "reference": refund.reference,
        "cause": _both(lambda: str(Cause(refund.cause).label)),
        "lines": lines,
        "total": refund.available + refund.interest,
        "currency": settings.ETAX_CURRENCY,
        "on": (refund.figures_on or clock.local_date(at)).isoformat(),
        "claim_until": refund.expires_on.isoformat(),
        "how": [{name: text.format(site=settings.PUBLIC_URL) for name, text in way.items()} for way in HOW],
        "steps": _steps(refund),
    }


def _steps(refund: Refund) -> list[dict[str, Any]]:
    steps = explain.read(refund.steps)
    said = {}
    for language in LANGUAGES:
        with translation.override(language):
            said[language] = explain.sentences(steps)
    return [
        {
            "text": {name: said[name][place].text for name in LANGUAGES},
            "article": {name: said[name][place].article for name in LANGUAGES},
            "amount": step.amount,
        }
        for place, step in enumerate(steps)
    ]


def _both(say: Callable[[], str]) -> dict[str, str]:
    found = {}
    for language in LANGUAGES:
        with translation.override(language):
            found[language] = say()
    return found
