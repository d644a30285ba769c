"""A bill's calculation as data."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from billing import selectors
from billing.explain import sentences
from billing.forms import OnDayForm
from billing.rules.steps import Step


def explained(request: HttpRequest, bill: selectors.BillDetail) -> HttpResponse:
    """Every step with its article; `?on=2026-12-31` says for which day it is to be owed. Schema: docs/explain.md."""
    day = bill.today
    if "on" in request.GET:
        form = OnDayForm(request.GET)
        if not form.is_valid():
            return JsonResponse({"errors": form.errors}, status=422)
        day = selectors.bill_on_day(bill_id=bill.summary.id, on=form.cleaned_data["on"])
    answer = JsonResponse(explanation(bill, day), json_dumps_params={"ensure_ascii": False})
    answer["Cache-Control"] = "no-store"
    return answer


def explanation(bill: selectors.BillDetail, day: selectors.OnDay) -> dict[str, Any]:
    """Amounts are whole won."""
    summary = bill.summary
    return {
        "schema": "etax.bill.explain/1",
        "bill": {
            "id": summary.id,
            "epay_number": bill.epay_number,
            "tax_number": bill.tax_number,
            "tax": {"code": summary.tax, "ko": summary.tax_ko, "en": summary.tax_en},
            "body": {"code": summary.body, "ko": summary.body_ko, "en": summary.body_en},
            "year": summary.tax_year,
            "term": summary.term,
            "object": summary.object_ref,
            "status": summary.status,
            "liability_on": bill.liability_on,
            "nominal_due_on": bill.nominal_due_on,
            "due_on": bill.due_on,
            "moved": [_move(move) for move in selectors.moves_of(bill_id=summary.id)],
            "issued_at": bill.issued_at,
        },
        "levied": {"amount": summary.amount, "steps": _steps(bill.steps)},
        "owed": {
            "on": day.on,
            "due_on": day.due_on,
            "total": day.owed.total,
            "tax": day.owed.tax,
            "surcharge": day.owed.surcharge,
            "credit": _steps(day.credit_steps),
            "lines": [_line(line) for line in day.lines],
        },
    }


def _move(move: selectors.MoveEntry) -> dict[str, Any]:
    return {
        "from": move.old_due_on,
        "to": move.new_due_on,
        "article": move.article,
        "reason": {"ko": move.reason_ko, "en": move.reason_en},
    }


def _line(line: selectors.DetailLine) -> dict[str, Any]:
    owed = line.owed
    return {
        "tax": {"code": owed.tax, "ko": line.name_ko, "en": line.name_en},
        "amount": owed.amount,
        "tax_paid": owed.tax_paid,
        "surcharge": owed.surcharge,
        "surcharge_paid": owed.surcharge_paid,
        "left": owed.left,
        "surcharge_steps": _steps(line.late_steps),
    }


def _steps(steps: tuple[Step, ...]) -> list[dict[str, Any]]:
    return [
        {
            "code": step.code,
            "article": step.article,
            "amount": step.amount,
            "values": dict(step.values),
            "text": said.text,
        }
        for step, said in zip(steps, sentences(steps), strict=True)
    ]
