"""A roll's defects as a file that a spreadsheet opens without running anything."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext

from billing.explain import defect_text


class _Echo:
    def write(self, value: str) -> str:
        return value


def defects_csv(rows: Iterable[tuple[int, str, str, str]], *, file_name: str) -> HttpResponse:
    """UTF-8 with a byte order mark, by which spreadsheets know it."""
    header = [gettext("Row"), gettext("Column"), gettext("What stands there"), gettext("What is wrong")]
    body = [[row, column, harmless(shown), defect_text(code, shown)] for row, column, code, shown in rows]
    headers = {"Content-Disposition": f'attachment; filename="{file_name}"', "Cache-Control": "no-store"}
    return HttpResponse("".join(_lines([header, *body])), content_type="text/csv; charset=utf-8", headers=headers)


def harmless(text: str) -> str:
    """A cell that no spreadsheet takes for a formula.

    >>> harmless("=1+1"), harmless("2000")
    ("'=1+1", '2000')
    """
    return f"'{text}" if text[:1] in "=+-@\t\r" and text else text


def _lines(rows: Iterable[list[Any]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff"
    for row in rows:
        yield writer.writerow(row)
