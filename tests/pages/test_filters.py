"""Amounts, dates and times as they are written on pages."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace

from django.template import Context, Engine, Template
from django.test import override_settings
from django.utils import translation
from django.utils.html import strip_tags

from etax.web.tags import day, moment, named, won


def in_both(text: object) -> tuple[str, str]:
    written = []
    for language in ("ko", "en"):
        with translation.override(language):
            written.append(strip_tags(str(text() if callable(text) else text)))
    return written[0], written[1]


def test_an_amount_is_written_in_the_readers_language() -> None:
    assert in_both(lambda: won(1_158_380)) == ("1,158,380원", "1,158,380 won")
    assert won(None) == ""


@override_settings(ETAX_CURRENCY="EUR", ETAX_CURRENCY_DECIMALS=2)
def test_another_city_has_another_currency() -> None:
    with translation.override("en"):
        assert "€1,234.05" in str(won(123_405))


def test_a_date_is_written_in_full_and_marked_up() -> None:
    assert in_both(lambda: day(date(2026, 6, 30))) == ("2026년 6월 30일", "30 June 2026")
    assert 'datetime="2026-06-30"' in str(day(date(2026, 6, 30)))


def test_a_time_is_told_by_the_citys_clock() -> None:
    late = datetime(2026, 6, 30, 15, 5, tzinfo=UTC)
    assert in_both(lambda: moment(late)) == ("2026년 7월 1일 00시 05분", "1 July 2026, 00:05")
    assert in_both(lambda: day(late)) == ("2026년 7월 1일", "1 July 2026")


def test_templates_need_not_load_them() -> None:
    assert "1,000" in Template("{{ 1000|won }}", engine=Engine.get_default()).render(Context())


def test_a_thing_with_two_names_is_called_by_the_readers() -> None:
    tax = SimpleNamespace(name_ko="자동차세", name_en="Automobile tax")
    assert in_both(lambda: named(tax, "name")) == ("자동차세", "Automobile tax")
