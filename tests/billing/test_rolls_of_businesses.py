"""Rows whose payer is a business or a corporation: named by its own number, which nobody reads afterwards."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow as arrow
import pytest
from django.db import connection
from pyarrow import parquet

from accounts.access import Role
from accounts.models import Taxpayer, VaultRecord
from billing import selectors
from billing.models import Bill, LevyRoll
from billing.rules.automobile_roll import AUTOMOBILE, COLUMNS
from tests.support.database import AsRole

from .conftest import GOOD
from .people import officer_client

Import = Callable[..., int]
BUSINESS, CORPORATION = "999-99-99997", "999999-0000017"
HEADER = ",".join([*COLUMNS, *AUTOMOBILE.optional_names])
NOBODY = dict.fromkeys(("resident_number", "business_number", "corporate_number"), "")
SHOP = NOBODY | {"business_number": BUSINESS, "taxpayer_name": "가나상사"}
FIRM = NOBODY | {"corporate_number": CORPORATION, "taxpayer_name": "주식회사 다라"}


def roll_of(*rows: dict[str, str]) -> str:
    """Rows of a car each, with the columns that a roll may leave out."""
    cars = [
        GOOD | NOBODY | row | {"roll_ref": f"CAR-{n}", "vehicle_number": f"123가{n:04d}"} for n, row in enumerate(rows)
    ]
    return "\n".join([HEADER, *(",".join(car.get(name, "") for name in HEADER.split(",")) for car in cars)]) + "\n"


def defects(roll_id: int) -> list[tuple[int, str, str, str]]:
    return list(selectors.problems(roll_id=roll_id))


def test_a_person_a_shop_and_a_company_each_get_their_own_bill(issued: Callable[..., int]) -> None:
    issued(roll_of({"resident_number": GOOD["resident_number"]}, SHOP, FIRM))
    payers = dict(Bill.objects.order_by("object_ref").values_list("object_ref", "taxpayer__name"))
    assert list(payers.values()) == ["김가나", "가나상사", "주식회사 다라"]
    kinds = dict(Taxpayer.objects.values_list("name", "kind"))
    assert kinds == {"김가나": "individual", "가나상사": "business", "주식회사 다라": "business"}


def test_the_same_business_in_the_next_roll_is_the_same_payer(imported: Import) -> None:
    imported(roll_of(SHOP, FIRM))
    later = roll_of(SHOP, FIRM).replace("CAR-", "NEXT-").replace("123가", "456나")
    roll = LevyRoll.objects.get(pk=imported(later))
    assert (roll.status, Taxpayer.objects.count()) == ("staged", 2)
    assert len(set(roll.rows.values_list("taxpayer_id", flat=True))) == 2


def test_the_vault_alone_holds_the_number_of_a_business(imported: Import) -> None:
    imported(roll_of(SHOP, FIRM))
    assert sorted(VaultRecord.objects.values_list("kind", flat=True)) == ["business", "corporate"]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT string_agg(to_jsonb(r)::text, '') FROM billing_rollrow r) "
            "|| (SELECT string_agg(to_jsonb(t)::text, '') FROM accounts_taxpayer t) "
            "|| (SELECT string_agg(to_jsonb(v)::text, '') FROM accounts_vaultrecord v)"
        )
        (text,) = cursor.fetchone()
    for number in (BUSINESS, CORPORATION):
        assert number not in text
        assert number.replace("-", "") not in text


def test_digits_that_a_person_and_a_company_share_are_two_payers(imported: Import) -> None:
    same = "690302-0000014"  # born on 2 March 1869, and a right corporate number
    roll_id = imported(roll_of({"resident_number": same}, FIRM | {"corporate_number": same}))
    assert defects(roll_id) == []
    assert Taxpayer.objects.count() == 2


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ({}, "resident_number", "missing"),
        (SHOP | {"business_number": "999-99-99998"}, "business_number", "check_digit"),
        (SHOP | {"business_number": "9999999997"}, "business_number", "format"),
        (SHOP | {"business_number": "999－99－99997"}, "business_number", "full_width"),
        (SHOP | {"business_number": "=999-99-9999"}, "business_number", "formula"),
        (FIRM | {"corporate_number": "999999-0000010"}, "corporate_number", "check_digit"),
        (FIRM | {"corporate_number": "999999-000001"}, "corporate_number", "format"),
        (FIRM | {"corporate_number": "1" * 40}, "corporate_number", "too_long"),
        (SHOP | {"corporate_number": CORPORATION}, "corporate_number", "two_numbers"),
        (SHOP | {"resident_number": GOOD["resident_number"]}, "business_number", "two_numbers"),
    ],
)
def test_a_bad_number_of_a_business_is_named_and_never_shown(
    imported: Import, row: dict[str, str], column: str, code: str
) -> None:
    roll_id = imported(roll_of(SHOP, row))
    assert defects(roll_id) == [(3, column, code, "")]
    assert Taxpayer.objects.count() == 0


def test_one_business_under_two_names_is_refused(imported: Import) -> None:
    roll_id = imported(roll_of(SHOP, SHOP | {"taxpayer_name": "가나상회"}))
    assert defects(roll_id) == [(3, "taxpayer_name", "name_differs", "2")]


def test_a_column_of_business_numbers_in_parquet_is_read_too(imported: Import, tmp_path: Path) -> None:
    row = GOOD | SHOP
    parquet.write_table(arrow.table({name: [row[name]] for name in [*COLUMNS, "business_number"]}), tmp_path / "r")
    assert defects(imported((tmp_path / "r").read_bytes())) == []
    assert Taxpayer.objects.get().kind == "business"


def test_the_office_reads_what_is_wrong_with_a_number_on_the_page_and_in_the_file(
    imported: Import, as_role: AsRole
) -> None:
    roll_id = imported(roll_of(SHOP | {"business_number": "999-99-99998"}))
    client = officer_client(as_role, "assessor@example.kr", Role.ASSESSOR)
    page = client.get(f"/rolls/{roll_id}/", headers={"Accept-Language": "en"}).content.decode()
    assert "The last digit doesn&#x27;t fit the others." in page
    report = client.get(f"/rolls/{roll_id}/defects.csv").content.decode()
    assert "The last digit doesn't fit the others." in report
    assert "마지막 숫자가" in report
    assert "999-99" not in page + report
