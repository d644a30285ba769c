from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import Role, may_see_body, office_required, officer_of
from core import clock
from ledger import selectors
from ledger.forms import BalanceForm, StatementForm
from ledger.models import Purpose


@office_required(Role.TREASURER, Role.AUDITOR)
def trial_balance(request: HttpRequest) -> HttpResponse:
    """The trial balance (시산표) at the end of a business day."""
    form = BalanceForm(request.GET or None)
    on = (form.cleaned_data["on"] if form.is_valid() else None) or clock.local_date(clock.now())
    officer = officer_of(request)
    lines = [line for line in selectors.trial_balance(on=on) if may_see_body(officer, line.body)]
    facts = {
        "form": form,
        "on": on,
        "year_start": on.replace(month=1, day=1),
        "lines": [(line, Purpose(line.purpose).label) for line in lines],
        "debit": sum(line.debit for line in lines),
        "credit": sum(line.credit for line in lines),
    }
    return render(request, "ledger/trial_balance.html", facts, status=422 if form.errors else 200)


@office_required(Role.TREASURER, Role.AUDITOR)
def statement(request: HttpRequest) -> HttpResponse:
    """Movements of one account (계정별 원장)."""
    form = StatementForm(request.GET)
    if not form.is_valid():
        return render(request, "ledger/statement.html", {"form": form}, status=422)
    asked = form.cleaned_data
    if not may_see_body(officer_of(request), asked["body"]):
        raise PermissionDenied
    facts = {
        "form": form,
        "lines": selectors.account_statement(**asked),
        "label": Purpose(asked["purpose"]).label,
        **asked,
    }
    return render(request, "ledger/statement.html", facts)
