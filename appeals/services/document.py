"""The ruling as a signed document (결정서), which states how it can be appealed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.utils import translation

from accounts.selectors import taxpayer_facts
from accounts.selectors.officers import body_kinds
from appeals.bench_states import Office
from appeals.models import BenchSeat, Case, Ruling, Signature, Tally
from appeals.services.asking import one
from appeals.states import Kind, RulingStatus, outcome_label
from billing import selectors as bills
from core import clock
from receipts.services import request_document

KIND: Final = "ruling"
REMEDY: Final = {
    "ko": "이 결정에 불복하는 경우 결정 통지를 받은 날부터 90일 이내에 조세심판원장에게 심판청구를 할 수 있습니다"
    "(지방세기본법 제91조, 시행령 제64조 제2항).",
    "en": "You can appeal to the Tax Tribunal within 90 days of the day on which you were told of this decision "
    "(Framework Act on Local Taxes, article 91; its decree, article 64 paragraph 2).",
}
# After a review there is nothing to appeal against until the bill is there.
REMEDY_OF_A_REVIEW: Final = {
    "ko": "이 결정에 따라 고지를 받은 경우에는 고지를 받은 날부터 90일 이내에 이의신청 또는 심판청구를 할 수 있습니다"
    "(지방세기본법 제90조, 제91조).",
    "en": "If you get a bill after this decision, you can object to it, or appeal to the Tax Tribunal, within 90 days "
    "of its arrival (Framework Act on Local Taxes, articles 90 and 91).",
}
TITLE_OF_A_REVIEW: Final = {"ko": "과세전적부심사 결정서", "en": "Decision on a Pre-Assessment Review"}
LANGUAGES: Final = ("ko", "en")


def request_ruling(*, case_id: int, at: datetime) -> int | None:
    """Have the signed ruling drawn, once. Worker only, in the caller's transaction."""
    case, ruling = Case.objects.get(pk=case_id), Ruling.objects.get(case_id=case_id)
    if ruling.status == RulingStatus.DRAFT:
        return None
    made = request_document(
        kind=KIND, taxpayer_id=case.taxpayer_id, reference=str(case.number), facts=_facts(case, ruling, at=at), at=at
    )
    one("SELECT appeals_seal_document(%s)", [case_id])
    return made


def _facts(case: Case, ruling: Ruling, *, at: datetime) -> dict[str, Any]:
    """What it says, as `receipts.rendering.ruling` wants it."""
    body, levied = body_kinds()[case.authority_id], body_kinds()[case.body_id]
    bill = bills.bills_by_id(bill_ids=[case.bill_id], at=at)[case.bill_id]
    lines = {line.owed.line_id: line for line in bills.bill_on_day(bill_id=case.bill_id, on=clock.local_date(at)).lines}
    return {
        "taxpayer": {"name": taxpayer_facts([case.taxpayer_id])[case.taxpayer_id].name},
        "body": {"kind": body.kind, "ko": body.name_ko, "en": body.name_en},
        "levied_by": {"ko": levied.name_ko, "en": levied.name_en},
        "number": case.number,
        "bill": {"ko": f"{bill.tax_ko} {bill.tax_year}", "en": f"{bill.tax_en} {bill.tax_year}"},
        "filed_on": clock.local_date(case.filed_at or at).isoformat(),
        "decided_on": clock.local_date(ruling.signed_at or at).isoformat(),
        "outcome": _both(lambda: outcome_label(case.kind, ruling.outcome)),
        "amounts": [
            {"item": {"ko": lines[int(line)].name_ko, "en": lines[int(line)].name_en}, "amount": won}
            for line, won in sorted(ruling.lines.items(), key=lambda pair: int(pair[0]))
            if int(line) in lines
        ],
        "reasons": ruling.reasons,
        "remedy": REMEDY_OF_A_REVIEW if case.kind == Kind.PRE_ASSESSMENT else REMEDY,
        **({"title": TITLE_OF_A_REVIEW} if case.kind == Kind.PRE_ASSESSMENT else {}),
        **(_bench(case, ruling) if ruling.seats else {}),
        "currency": settings.ETAX_CURRENCY,
        "lines": [],
        "total": 0,
    }


def _bench(case: Case, ruling: Ruling) -> dict[str, Any]:
    """Who decided, in the order of their seats, and that more than half were for it; not who voted how."""
    sha256 = one("SELECT appeals_ruling_hash(%s)", [case.pk])
    signed = Signature.objects.filter(case=case, sha256=sha256).values_list("member_id", flat=True)
    tally = Tally.objects.exclude(carried="").get(case=case)
    seats = BenchSeat.objects.filter(panel=tally.panel_id, member_id__in=list(signed))
    rows = seats.select_related("member").order_by("place")
    return {
        "bench": [{"ko": f"{_office(row, 'ko')} {row.member.name}", "en": _office(row, "en")} for row in rows],
        "vote": {
            "ko": f"위원 {ruling.seats}명 중 {ruling.present}명이 출석하여 출석위원 과반수의 찬성으로 의결하였습니다"
            "(지방세기본법 제147조).",
            "en": f"{ruling.present} of {ruling.seats} members were present; more than half of them were for it "
            "(Framework Act on Local Taxes, article 147).",
        },
    }


def _office(seat: BenchSeat, language: str) -> str:
    with translation.override(language):
        return str(Office(seat.office).label)


def _both(say: Callable[[], str]) -> dict[str, str]:
    found = {}
    for language in LANGUAGES:
        with translation.override(language):
            found[language] = say()
    return found
