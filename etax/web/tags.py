"""Filters that every template has without loading them (settings: TEMPLATES builtins)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from babel.numbers import format_currency
from django import template
from django.conf import settings
from django.forms import BoundField, CheckboxInput
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

register = template.Library()


@register.filter
def won(units: int | None) -> SafeString | str:
    """An amount in minor units of the city's currency, in the reader's language: 158,380원, 158,380 won."""
    return "" if units is None else _won(int(units), get_language(), settings.ETAX_CURRENCY)


# A page of a list has the same few days and sums again and again.
@lru_cache(maxsize=4096)
def _won(units: int, language: str | None, currency: str) -> SafeString:
    return format_html('<span class="et-money">{}</span>', amount_text(units))


@lru_cache(maxsize=4096)
def _day(value: date, language: str | None) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), formats.date_format(value, "DATE_FORMAT"))


def amount_text(units: int) -> str:
    if settings.ETAX_CURRENCY == "KRW":
        return gettext("%(amount)s won") % {"amount": f"{units:,}"}
    amount = Decimal(units).scaleb(-settings.ETAX_CURRENCY_DECIMALS)
    return format_currency(amount, settings.ETAX_CURRENCY, locale=get_language() or settings.LANGUAGE_CODE)


@register.filter
def day(value: date | datetime | None) -> SafeString | str:
    """A date in the reader's language, marked up for machines: 2026년 6월 30일, 30 June 2026."""
    if not value:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return _day(value, get_language())


@register.filter
def moment(value: datetime | None) -> SafeString | str:
    """A point in time on the city's clock, to the minute."""
    if not value:
        return ""
    local = timezone.localtime(value)
    return format_html(
        '<time datetime="{}">{}</time>',
        local.isoformat(timespec="minutes"),
        formats.date_format(local, "DATETIME_FORMAT"),
    )


@register.filter
def named(thing: object, field: str) -> str:
    """`{{ bill|named:"tax" }}`: `tax_ko` or `tax_en` of a thing whose names are kept in both languages."""
    language = "ko" if (get_language() or settings.LANGUAGE_CODE).startswith("ko") else "en"
    return str(getattr(thing, f"{field}_{language}"))


@register.filter
def first_input(field: BoundField) -> str:
    """The id that an error summary's link must point at: of a group, its first input."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.filter
def widget_kind(field: BoundField) -> str:
    """What the field's template must know of its widget: a single checkbox has its label behind it."""
    return "checkbox" if isinstance(field.field.widget, CheckboxInput) else "other"
