"""Steps of a calculation and defects of a roll as sentences, in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from billing import explain_filed
from billing.rules.steps import Step, Value

KINDS: Final = {
    "passenger": _("passenger car"),
    "passenger_electric": _("electric passenger car"),
    "van": _("bus or van"),
    "truck": _("truck"),
    "special": _("special vehicle"),
    "small": _("small vehicle"),
}
USES: Final = {"private": _("private"), "business": _("business")}
SIZES: Final = {
    "express": _("express"),
    "large_charter": _("large charter"),
    "small_charter": _("small charter"),
    "large": pgettext_lazy("vehicle", "large"),
    "small": pgettext_lazy("vehicle", "small"),
}
STEPS: Final = {
    "yearly_by_displacement": _("A year: %(cc)s cc at %(rate)s won (%(kind)s, %(use)s)"),
    "yearly_by_load": _("A year: load of %(load_kg)s kg (%(kind)s, %(use)s)"),
    "yearly_fixed": _("A year: fixed sum (%(kind)s, %(use)s)"),
    "yearly_by_size": _("A year: fixed sum (%(kind)s, %(size)s, %(use)s)"),
    "reduced_by_age": _("Half a year, %(percent)s%% less for a car of age %(age)s"),
    "whole_year_in_june": _("A small yearly tax is billed whole in June"),
    "part_of_half": _("For the days it was held: %(base)s won × %(days)s / %(of)s days"),
    "transfer": _("Transferred on %(on)s: its owner until then pays for the days through %(last)s"),
    "scrapping": _("Taken off the register on %(on)s: its owner pays for the days through %(last)s"),
    "cut_to_ten": _("Automobile tax for this bill, cut to 10 won"),
    "education": _("Local education tax: %(percent)s%% of %(base)s won, cut to 10 won"),
    "not_collected": _("Below %(smallest)s won nothing is collected"),
    "prepayment_discount": _("Discount for early payment: %(percent)s%% of %(base)s won × %(days)s / %(of)s"),
    "late_once": _("Late: %(percent)s%% of %(base)s won, cut to 10 won"),
    "late_by_month": _("Late by %(months)s full months: %(percent)s%% a month of %(base)s won"),
    "late_below_threshold": _("Below %(threshold)s won nothing is added by month"),
    "late_by_day": _("Late by %(days)s days, on %(base)s won"),
    "fair_market_base": _("Tax base: %(percent)s%% of the official price of %(price)s won"),
    "base_cap": _(
        "Base held to %(percent)s%% of last year's price of %(prior)s won and %(rise)s%% of this year's base"
    ),
    "progressive_rate": _("A year: %(plus)s won and %(percent)s%% of what lies above %(over)s won"),
    "one_house_rate": _(
        "A year, a household's only house: %(plus)s won and %(percent)s%% of what lies above %(over)s won"
    ),
    "tax_cap": _("Held to %(percent)s%% of last year's tax of %(prior)s won"),
    "owners_share": _("Your share: %(percent)s%%"),
    "whole_year_in_july": _("A year's tax of at most %(limit)s won is billed whole in July"),
    "billed_in_july": _("A year's tax of at most %(limit)s won was billed whole in July"),
    "half_of_year": _("This bill asks for half of the year"),
    "property_cut": _("Property tax for this bill, cut to 10 won"),
    "urban_part": _("Urban-area part of a year: %(percent)s%% of the base of %(base)s won"),
    "urban_cut": _("Urban-area part for this bill, cut to 10 won"),
    "fire_service": _(
        "Fire service, a year: %(plus)s won and %(percent)s%% of what lies above %(over)s won of a base of %(base)s won"
    ),
    "fire_service_times": _(
        "Fire service, a year: %(times)s times %(plus)s won and %(percent)s%% of what lies above %(over)s won "
        "of a base of %(base)s won"
    ),
    "standard_value_base": _("Tax base: %(percent)s%% of the standard value of %(price)s won"),
    "yearly_rate": _("A year: %(percent)s%% of the base of %(base)s won"),
    "resident_individual": _("Resident tax of a household"),
    "resident_office_base": _("Resident tax of a place of business: its base sum"),
    "resident_office_area": _("And %(rate)s won for each of %(area)s square metres"),
    "resident_employees": _("%(percent)s%% of wages of %(base)s won, cut to 10 won"),
    "resident_employees_exempt": _("Nothing where wages are at most %(limit)s won a month on average"),
    "refund_interest": _("Interest: %(percent)s%% a year of %(base)s won for %(days)s days, %(times)s times"),
    "resource_cut": _("Local resource and facility tax for this bill, cut to 10 won"),
    "late_part": _("Part %(number)s of the instalments: %(base)s won, due on %(due)s"),
    "late_deferred": _("Collection was deferred from %(from)s to %(until)s: nothing is added for these days"),
    "credit_until": _("Less %(credit)s won for %(kinds)s, if paid in full until %(due)s"),
    "credit_granted": _("Less %(credit)s won for %(kinds)s, paid in time"),
    "credit_lost": _("The credit of %(credit)s won for %(kinds)s is lost: the bill was not paid until %(due)s"),
} | explain_filed.STEPS
CREDITS: Final = {
    "e_notice": _("electronic notice"),
    "autopay": _("automatic payment"),
    "early_payment": _("paying before the fine is imposed"),
}
DEFECTS: Final = {
    "encoding": _("The text can't be read. Save the file as UTF-8 or CP949."),
    "header_missing": _("This column is missing from the header."),
    "header_unknown": _("The header names a column that a roll does not have."),
    "header_twice": _("The header names this column twice."),
    "no_rows": _("The file has no rows."),
    "quotes": _("Quotation marks don't match; nothing could be read from here on."),
    "cells": _("The row has another number of cells than the header."),
    "formula": _("A cell must not begin with =, +, - or @."),
    "full_width": _("Full-width characters. Use ordinary digits and letters."),
    "control": _("Invisible characters."),
    "too_long": _("The text is too long."),
    "missing": _("Nothing is entered."),
    "format": _("The form is wrong."),
    "impossible_date": _("There is no such date."),
    "too_long_ago": _("The day lies more than five years back."),
    "after_period": _("The date lies after the period that is billed."),
    "other_half": _("Another half-year than this roll's."),
    "district": _("No district of this office has this code."),
    "unknown_value": _("This value is not known."),
    "no_rate": _("The city's tables hold no rate for this."),
    "billed_in_june": _("This vehicle's whole year was billed in June."),
    "prepaid": _("This vehicle's tax for the half was billed ahead (연납). Leave it out."),
    "billed_in_july": _("This house's whole year was billed in July."),
    "urban_value": _("The value in the urban area is larger than the value."),
    "held_backwards": _("The car was first registered, or came to its owner, after the day on which it left him."),
    "early_until": _("Less is asked until a day after the violation and not after the day on which the bill is due."),
    "share": _("A share is a percentage above 0 and of at most 100."),
    "twice_in_file": _("The same stands in an earlier row."),
    "check_digit": _("The last digit doesn't fit the others. Compare the number with its certificate."),
    "two_numbers": _("A row names its payer by one number only: a person's, a business's or a corporation's."),
    "name_differs": _("An earlier row gives the same number another name."),
    "parquet": _("The Parquet file can't be read from here on."),
    "parquet_large": _("The Parquet file unfolds to more than any roll holds."),
    "column_type": _("The column holds neither texts, whole numbers nor dates."),
    "too_many": _("There are too many defects; nothing was read from here on."),
    "unreadable": _("The file could not be read. Ask those who operate this system."),
    "known_already": _("It is in another roll or billed already."),
}
LAWS: Final = (
    ("구 ", "former "),
    ("지방세기본법", "Framework Act on Local Taxes"),
    ("국세기본법", "Framework Act on National Taxes"),
    ("지방세징수법", "Local Tax Collection Act"),
    ("지방세특례제한법", "Restriction of Special Local Taxation Act"),
    ("서울특별시 시세 감면 조례", "Seoul ordinance on reductions of city tax"),
    ("서울특별시 시세 조례", "Seoul ordinance on city tax"),
    ("지방세법", "Local Tax Act"),
    ("농어촌특별세법", "Special Tax for Rural Development Act"),
    ("질서위반행위규제법", "Act on the Regulation of Violations of Public Order"),
    ("민법", "Civil Act"),
    ("도로교통법", "Road Traffic Act"),
    ("법인세법", "Corporate Tax Act"),
    ("자치구 구세 조례", "district ordinances on district tax"),
    ("별표", "table"),
    ("법률", "Act"),
    ("부칙", "addendum"),
    ("시행령", "its decree"),
)
PARTS: Final = (
    (r"제(\d+)조의(\d+)", r"article \1-\2"),
    (r"제(\d+)조", r"article \1"),
    (r"제(\d+)항", r"paragraph \1"),
    (r"제(\d+)호의(\d+)", r"no. \1-\2"),
    (r"제(\d+)호", r"no. \1"),
)


@dataclass(frozen=True)
class Sentence:
    text: str
    article: str
    amount: int | None


def sentences(steps: Iterable[Step]) -> list[Sentence]:
    """Steps as a person reads them."""
    return [Sentence(_text(step), article_text(step.article), step.amount) for step in steps]


def defect_text(code: str, shown: str) -> str:
    """What is wrong, with the row that is meant where a defect points to one."""
    text = gettext(str(DEFECTS.get(code, code)))
    return f"{text} ({shown})" if code in ("twice_in_file", "name_differs") else text


def article_text(article: str) -> str:
    """An article of law as Korean writes it, or in English words.

    >>> from django.utils.translation import override
    >>> with override("en"):
    ...     article_text("지방세법 제127조 제1항 제2호, 시행령 제122조")
    'Local Tax Act article 127 paragraph 1 no. 2, its decree article 122'
    """
    if (get_language() or "ko").startswith("ko"):
        return article
    for korean, english in LAWS:
        article = article.replace(korean, english)
    for pattern, english in PARTS:
        article = re.sub(pattern, english, article)
    return article


def _text(step: Step) -> str:
    return str(STEPS[step.code]) % {name: _shown(name, value) for name, value in step.values.items()}


def _shown(name: str, value: Value) -> str:
    if name == "kind":
        return str(KINDS[str(value)])
    if name == "kinds":
        return ", ".join(str(CREDITS[kind]) for kind in str(value).split(","))
    if name == "use":
        return str(USES[str(value)])
    if name == "size":
        return str(SIZES[str(value)])
    if name in explain_filed.WORDS:
        return str(explain_filed.WORDS[name][str(value)])
    return f"{value:,}" if isinstance(value, int) else value
