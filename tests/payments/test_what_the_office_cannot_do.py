"""What an officer's session can't do with bills, payments and books that are not theirs, also by raw SQL."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.enums import Role
from accounts.models import Relative, TaxpayerBody
from tests.accounts.people import at_a_desk
from tests.payments.cast import BillFacts, a_bill, a_visitor
from tests.payments.world import World
from tests.support.database import AsRole

MONEY = ["payments_attempt", "payments_attemptitem", "payments_virtualaccount", "billing_bill", "ledger_posting"]
BOOKS = ["ledger_journalentry", "ledger_posting", "ledger_ledgeraccount", "ledger_dailytotal", "ledger_rollupmark"]
CITYS = ["payments_inboxmessage", "payments_payment", "payments_gatewaychannel"]


def ask(query: str, *arguments: Any) -> list[tuple[Any, ...]]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(query, list(arguments))
        return list(cursor.fetchall()) if cursor.description else []


def counted(table: str) -> int:
    return int(ask(f"SELECT count(*) FROM {table}")[0][0])


def sides(body: str) -> str:
    sums = (("receivable", 100), ("revenue", -100))
    return json.dumps([{"body": body, "tax": "automobile", "purpose": name, "amount": won} for name, won in sums])


POST = "SELECT ledger_post_entry('raw', 'raw', '2026-06-16', now(), %s)"


@pytest.fixture
def bill(db: None) -> BillFacts:
    return a_bill()


@pytest.mark.socket
def test_a_district_sees_the_money_of_its_own_bills(as_role: AsRole, bill: BillFacts, world: World) -> None:
    a_visitor(as_role, bill).starts_account(bill)
    ask(POST, sides("11110"))
    with as_role("office"):
        assert [counted(table) for table in [*MONEY, *BOOKS, *CITYS]] == [0] * 13
    with at_a_desk(as_role, Role.COLLECTOR, body="11140", email="jung@example.com"):
        assert [counted(table) for table in MONEY] == [0] * 5
    with at_a_desk(as_role, Role.COLLECTOR, body="11110", email="jongno@example.com"):
        assert [counted(table) for table in MONEY] == [1, 1, 1, 1, 6]
        assert counted("payments_inboxmessage") == 0


def test_a_bill_tells_accounts_who_deals_with_its_payer(bill: BillFacts) -> None:
    assert list(TaxpayerBody.objects.values_list("taxpayer_id", "body_id")) == [(bill.taxpayer_id, "11110")]


def test_no_officer_writes_the_books_not_even_their_own_bodys(as_role: AsRole, bill: BillFacts) -> None:
    with at_a_desk(as_role, Role.ASSESSOR, Role.TREASURER, body="11110"):
        for query, values in (
            (POST, [sides("11110")]),
            ("SELECT ledger_account('11110', 'automobile', 'fee')", []),
            (
                "INSERT INTO ledger_journalentry (kind, reference, business_date, occurred_at) "
                "VALUES ('raw', 'raw', '2026-06-16', now())",
                [],
            ),
            ("INSERT INTO ledger_posting (entry_id, account_id, amount) VALUES (1, 1, 1)", []),
        ):
            with pytest.raises(DatabaseError, match="permission denied"):
                ask(query, *values)


def test_nobody_changes_a_relatives_bill_by_raw_sql(as_role: AsRole, bill: BillFacts) -> None:
    change = "UPDATE billing_bill SET status = 'cancelled' WHERE id = %s RETURNING id"
    with at_a_desk(as_role, Role.ASSESSOR, body="11110") as me:
        pass
    Relative.objects.create(officer_id=me.account, relation="parent", name="x", taxpayer_id=bill.taxpayer_id)
    with at_a_desk(as_role, Role.ASSESSOR, body="11110", email=me.email):
        assert ask(change, bill.id) == []
    with at_a_desk(as_role, Role.ASSESSOR, body="11110", email="other@example.com"):
        assert counted("billing_bill") == 1


@pytest.mark.parametrize(
    "topic",
    [
        "appeals.upheld.v1",
        "intake.message_to_ask.v1",
        "mileage.cash_owed.v1",
        "mileage.partner_owed.v1",
        "payments.transfer_answered.v1",
        "payments.transfer_rejected.v1",
        "refunds.approved.v1",
        "public.payment_returned.v1",
    ],
)
def test_no_officer_says_what_a_bank_said_nor_that_money_is_to_leave(as_role: AsRole, db: None, topic: str) -> None:
    with at_a_desk(as_role, Role.CALL_AGENT), pytest.raises(DatabaseError, match="row-level security"):
        ask("SELECT core_publish(%s, '{}')", topic)
