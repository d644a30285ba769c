"""`manage.py ledger_check` fails over any path of refunds and points on which the books say more than happened."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from core import clock
from mileage.functions import call
from tests.mileage.world import a_taxpayer, give
from tests.support.database import admin_connection

# A kind of entry, what it debits and credits, and by which name the check finds one won too much.
PATHS = [
    ("refund_approved", "overpayment", "refund_payable", "refunds out of overpayments"),
    ("refund_approved", "interest", "refund_payable", "interest on refunds"),
    ("refund_not_by_gateway", "overpayment", "refund_payable", "refunds out of overpayments"),
    ("refund_recalled", "refund_payable", "overpayment", "refunds out of overpayments"),
    ("refund_recalled", "refund_payable", "interest", "interest on refunds"),
    ("set_off", "refund_payable", "clearing", "refunds set off"),
    ("refund_donated", "refund_payable", "revenue", "refunds donated"),
    ("refund_recovered", "revenue", "overpayment", "claims back that ended: revenue"),
    ("refund_recovered", "refund_payable", "overpayment", "claims back that ended: overpayment"),
    ("transfer", "refund_payable", "clearing", "sent"),
    ("transfer_undone", "clearing", "refund_payable", "sent"),
    ("suspense_closed", "suspense", "refund_payable", "out of suspense: refund_payable"),
    ("payment_reversed", "overpayment", "clearing", "taken back: overpayment"),
    ("levy_reduced", "revenue", "refund_payable", "given back by bills"),
    ("levy_cancelled", "revenue", "refund_payable", "given back by bills"),
    ("late_payment_returned", "revenue", "refund_payable", "given back by bills"),
    ("giving_back_undone", "refund_payable", "revenue", "given back by bills"),
    ("mileage_credited", "mileage_expense", "mileage", "points: mileage"),
    ("mileage_taken_back", "mileage", "mileage_expense", "points: mileage_expense"),
    ("mileage_expired", "mileage", "mileage_expense", "points: mileage"),
    ("mileage_spent", "mileage", "refund_payable", "points: spent"),
    ("mileage_spent", "mileage", "clearing", "paid with points"),
    ("mileage_given_back", "clearing", "mileage", "points: spent"),
]


EARNED = "(bill, holder_id, points, counts, facts, turns)"


def complaints() -> str:
    said = StringIO()
    with pytest.raises(CommandError, match="the books don't hold"):
        call_command("ledger_check", stderr=said)
    return said.getvalue()


def test_an_entry_that_nothing_stands_behind_is_named(db: None) -> None:
    call_command("ledger_check")
    unseen = []
    for kind, debit, credit, name in PATHS:
        with transaction.atomic():
            post(kind, debit, credit)
            if f"{name}:" not in complaints():
                unseen.append((kind, debit, credit))
            transaction.set_rollback(True)
    assert unseen == []
    call_command("ledger_check")


def post(kind: str, debit: str, credit: str) -> None:
    """One won, for nothing."""
    sides = [
        {"body": "11000", "tax": "automobile", "purpose": purpose, "amount": amount}
        for purpose, amount in ((debit, 1), (credit, -1))
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT ledger_post_entry(%s, 'wrong', current_date, now(), %s)", [kind, json.dumps(sides)])


@pytest.mark.parametrize(
    ("corrupts", "name"),
    [
        (f"INSERT INTO mileage_earnedbill {EARNED} VALUES (1, {{}}, 7, false, '{{{{}}}}', 0)", "points of bill 1"),
        ("UPDATE mileage_use SET points = 6", "points reserved for USE-1"),
    ],
)
def test_points_that_no_entry_says_are_named(db: None, corrupts: str, name: str) -> None:
    person = a_taxpayer()
    give(person, 50, at=clock.now())
    assert call("mileage_reserve", person.pk, "USE-1", "cash", 5, "{}", clock.now())
    call_command("ledger_check")
    with admin_connection(connection.settings_dict["NAME"]) as admin:
        admin.execute("SET session_replication_role = replica")  # past every trigger
        admin.execute(corrupts.format(person.pk))
    assert f"{name}:" in complaints()
