"""What a change of a bill asks for, as sentences for whoever decides about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext


def asked_for(details: Mapping[str, Any], *, taxes: Mapping[int, str]) -> list[str]:
    """One sentence for each thing; `taxes` are the names of the bill's lines by their ids."""
    return [*_claim(details), *_left(details), *_reductions(details, taxes), *_span(details), *_parts(details)]


def _claim(details: Mapping[str, Any]) -> Iterator[str]:
    claim = details.get("claim")
    if claim:
        yield gettext("On the payer's claim of %(day)s") % {"day": _day(claim["on"])}


def _left(details: Mapping[str, Any]) -> Iterator[str]:
    left = details.get("left")
    if left:
        said = {
            "transfer": gettext("The car was transferred to somebody else on %(day)s"),
            "scrapping": gettext("The car was taken off the register on %(day)s"),
        }
        yield said[left["occasion"]] % {"day": _day(left["on"])}


def _reductions(details: Mapping[str, Any], taxes: Mapping[int, str]) -> Iterator[str]:
    for line, won in details.get("lines", {}).items():
        values = {"tax": taxes.get(int(line), line), "won": f"{won:,}"}
        yield gettext("%(tax)s: %(won)s won less") % values


def _span(details: Mapping[str, Any]) -> Iterator[str]:
    first, last = details.get("from_on"), details.get("until_on")
    if first and last:
        yield gettext("From %(first)s until %(last)s") % {"first": _day(first), "last": _day(last)}
    elif first:
        yield gettext("From %(first)s on") % {"first": _day(first)}


def _parts(details: Mapping[str, Any]) -> Iterator[str]:
    for number, part in enumerate(details.get("parts", ()), start=1):
        values = {"number": number, "won": f"{part['amount']:,}", "day": _day(part["due_on"])}
        yield gettext("Part %(number)s: %(won)s won until %(day)s") % values


def _day(text: str) -> str:
    return date_format(date.fromisoformat(text), "DATE_FORMAT")
