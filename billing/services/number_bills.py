from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

from billing.models import TaxType
from billing.rules.dated import DatedTables
from billing.rules.numbers import SCHEMES, TaxNumber


@dataclass(frozen=True)
class BillNumbers:
    tax_number: str
    epay_number: str


def numbers_for(
    *, body: str, tax: TaxType, year: int, month: int, term: int, count: int, tables: DatedTables
) -> list[BillNumbers]:
    """Both numbers for `count` new bills of one office and period."""
    rule = tables.at("bill_numbers", date(year, month, 1)).body
    scheme, kind = SCHEMES[rule["scheme"]], rule["epay_kinds"][tax.kind]
    tax_serial = take_serials(key=f"tax {body} {tax.item} {year}-{month:02d} {term}", count=count)
    epay_serial = take_serials(key=f"epay {body} {kind} {year % 100:02d} {tax.epay_item}", count=count)
    return [
        BillNumbers(
            tax_number=str(
                TaxNumber(
                    province=body[:2],
                    district=body[2:],
                    account=rule["account"],
                    item=tax.item,
                    year=year,
                    month=month,
                    term=term,
                    ward=rule["ward"],
                    serial=tax_serial + offset,
                )
            ),
            epay_number=scheme.number(
                institution=body, kind=kind, year=year, item=tax.epay_item, serial=epay_serial + offset
            ),
        )
        for offset in range(count)
    ]


def take_serials(*, key: str, count: int) -> int:
    """Reserve `count` serials in a row and return the first; another issue of the same key waits for our commit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO billing_numberrange (key, next_serial) VALUES (%s, 1 + %s::bigint) "
            "ON CONFLICT (key) DO UPDATE SET next_serial = billing_numberrange.next_serial + %s::bigint "
            "RETURNING next_serial",
            [key, count, count],
        )
        return int(cursor.fetchone()[0]) - count
