"""The treasurer's pages as files that a spreadsheet opens; amounts are minor units of the city's currency."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import StringIO

from django.http import HttpResponse
from django.utils.translation import gettext as _

from payments.models import Difference
from payments.reconcile.reads import Share


def differences_csv(rows: Iterable[Difference], *, file_name: str) -> HttpResponse:
    header = [
        _("Business day"),
        _("Reason"),
        _("Gateway or bank"),
        _("What"),
        _("Our books"),
        _("Elsewhere"),
        _("State"),
    ]
    body = [
        [
            *(one.day, one.get_kind_display(), one.gateway, harmless(one.subject), one.ours, one.theirs),
            *(one.get_status_display(), one.found_at.isoformat(), one.owner_id or "", harmless(one.note)),
        ]
        for one in rows
    ]
    return _file([[*header, _("Known since"), _("Account number of the owner"), _("Note")], *body], file_name)


def shares_csv(rows: Iterable[Share], *, file_name: str) -> HttpResponse:
    header = [
        _("Body"),
        _("Name"),
        _("Collected by"),
        _("Tax"),
        _("Kind of share"),
        _("Article"),
        _("Remitted on"),
        _("Amount"),
    ]
    body = [
        [
            *(one.beneficiary, one.name_ko, one.collector, one.tax_ko, one.label),
            *(one.article, one.remit_on, one.amount),
        ]
        for one in rows
    ]
    return _file([header, *body], file_name)


def harmless(text: str) -> str:
    """A cell that no spreadsheet takes for a formula; references of banks are theirs to choose.

    >>> harmless("=1+1"), harmless("txn_1")
    ("'=1+1", 'txn_1')
    """
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


def _file(rows: Iterable[Iterable[object]], name: str) -> HttpResponse:
    """UTF-8 with a mark by which spreadsheets know it."""
    text = StringIO()
    csv.writer(text).writerows(rows)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)
