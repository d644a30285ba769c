from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import connection

from billing.models import TaxType
from billing.rules.dated import DatedTables
from billing.rules.numbers import SCHEMES, SERIALS, TAX_SERIALS, NumbersExhausted, TaxNumber


@dataclass(frozen=True, kw_only=True)
class NumberRun:
    """Both numbers of new bills of one office and period: SQL that makes two arrays of text, and its values."""

    sql: str
    values: tuple[Any, ...]


MADE_HERE: Final = "billing_tax_numbers(%s, %s, %s, %s), %s::text[]"
MADE_THERE: Final = "billing_tax_numbers(%s, %s, %s, %s), {twin}(%s, %s, %s)"


def reserve_numbers(
    *, body: str, tax: TaxType, year: int, month: int, term: int, count: int, rule: Mapping[str, Any]
) -> NumberRun:
    """Reserve `count` numbers of each kind until our commit. `rule` is the city's table `bill_numbers`.

    The database makes them all at once; a scheme that has no twin in SQL makes its own one by one.
    Raises NumbersExhausted.
    """
    kind = rule["epay_kinds"][tax.kind]
    tax_serial = take_serials(key=f"tax {body} {tax.item} {year}-{month:02d} {term}", count=count, most=TAX_SERIALS)
    epay_serial = take_serials(key=f"epay {body} {kind} {year % 100:02d} {tax.epay_item}", count=count, most=SERIALS)
    number = TaxNumber(
        province=body[:2],
        district=body[2:],
        account=rule["account"],
        item=tax.item,
        year=year,
        month=month,
        term=term,
        ward=rule["ward"],
        serial=tax_serial,
    )
    values = (number.office, number.tail, tax_serial, count)
    scheme = SCHEMES[rule["scheme"]]
    if scheme.sql is None:
        serials = range(epay_serial, epay_serial + count)
        made = [scheme.number(institution=body, kind=kind, year=year, item=tax.epay_item, serial=s) for s in serials]
        return NumberRun(sql=MADE_HERE, values=(*values, made))
    head = f"{body}{kind}{year % 100:02d}{tax.epay_item}"
    sql = MADE_THERE.format(twin=connection.ops.quote_name(scheme.sql))
    return NumberRun(sql=sql, values=(*values, head, epay_serial, count))


def number_one(*, body: str, tax: TaxType, year: int, month: int, term: int, tables: DatedTables) -> tuple[str, str]:
    """The tax number and the electronic payment number of one new bill. Raises NumbersExhausted."""
    run = reserve_numbers(
        body=body,
        tax=tax,
        year=year,
        month=month,
        term=min(term, 9),  # a tax number holds one digit
        count=1,
        rule=tables.at("bill_numbers", date(year, month, 1)).body,
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {run.sql}", run.values)
        (tax_number,), (epay_number,) = cursor.fetchone()
    return tax_number, epay_number


def take_serials(*, key: str, count: int, most: int) -> int:
    """Reserve `count` serials in a row and return the first; another issue of the same key waits for our commit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO billing_numberrange (key, next_serial) VALUES (%s, 1 + %s::bigint) "
            "ON CONFLICT (key) DO UPDATE SET next_serial = billing_numberrange.next_serial + %s::bigint "
            "RETURNING next_serial",
            [key, count, count],
        )
        after = int(cursor.fetchone()[0])
    if after > most:
        raise NumbersExhausted(key)
    return after - count
