"""A roll's defects as a file that a spreadsheet opens without running anything."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from django.http import HttpResponse
from django.utils.translation import gettext_lazy, override

from billing.explain import defect_text

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

LANGUAGES: Final = ("ko", "en")
WRONG: Final = gettext_lazy("What is wrong")
HEADER: Final = (gettext_lazy("Row"), gettext_lazy("Column"), gettext_lazy("What stands there"))


class _Echo:
    def write(self, value: str) -> str:
        return value


def defects_csv(rows: Iterable[tuple[int, str, str, str]], *, file_name: str) -> HttpResponse:
    """Each defect with its reason in Korean and English; UTF-8 with a mark by which spreadsheets know it."""
    header = [_in_both(name) for name in HEADER]
    header += [f"{_in('ko', WRONG)} (한국어)", f"{_in('en', WRONG)} (English)"]
    body = [[row, column, harmless(shown), *_reasons(code, shown)] for row, column, code, shown in rows]
    headers = {"Content-Disposition": f'attachment; filename="{file_name}"', "Cache-Control": "no-store"}
    return HttpResponse("".join(_lines([header, *body])), content_type="text/csv; charset=utf-8", headers=headers)


def _reasons(code: str, shown: str) -> list[str]:
    found = []
    for language in LANGUAGES:
        with override(language):
            found.append(defect_text(code, shown))
    return found


def _in(language: str, text: StrPromise) -> str:
    with override(language):
        return str(text)


def _in_both(text: StrPromise) -> str:
    return " / ".join(_in(language, text) for language in LANGUAGES)


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
