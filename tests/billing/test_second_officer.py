"""What an officer can't do alone, not even by raw SQL with the office's login."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import DatabaseError

from accounts.access import Role
from accounts.models import Relative
from billing import services
from billing.models import Bill, BillChange, LevyRoll
from core import clock
from tests.accounts.people import at_a_desk, officer
from tests.accounts.test_what_the_office_cannot_do import ask, changed
from tests.support.database import AsRole

from .conftest import csv_of
from .test_beside_a_bill import ORDER

REFUSED = r"permission denied|row-level security|in another officer's name|four_eyes|second_officer"


@pytest.fixture
def bill(issued: Callable[[str], int]) -> Bill:
    issued(csv_of({"displacement_cc": "9000"}))
    return Bill.objects.get()


def test_whoever_asked_for_a_change_can_not_let_it_pass(bill: Bill, as_role: AsRole) -> None:
    other = officer("other@example.com", Role.APPROVER)
    with at_a_desk(as_role, Role.ASSESSOR, Role.APPROVER) as me:
        services.cancel_bill(bill_id=bill.pk, cancelled_by_id=me.account, reason="x", at=clock.now())
        for forged in (
            "needs_second = false, status = 'decided'",
            f"status = 'decided', decided_at = now(), decided_by_id = {other.account}",
            f"status = 'decided', decided_at = now(), decided_by_id = {me.account}",
            f"asked_by_id = {other.account}, status = 'decided', decided_by_id = {me.account}",
            "amount = 1",
            "details = '{}'",
            "status = 'done'",
        ):
            with pytest.raises(DatabaseError, match=REFUSED):
                changed(f"UPDATE billing_billchange SET {forged}")
    change = BillChange.objects.get()
    assert (change.status, change.decided_by_id) == ("proposed", None)
    with at_a_desk(as_role, email=other.email):
        services.decide_change(
            change_id=change.pk, decided_by_id=other.account, approved=True, because="", at=clock.now()
        )
    assert Bill.objects.get().status == "cancelled"


def test_nobody_changes_what_a_bill_says_or_into_a_relatives_file(bill: Bill, as_role: AsRole) -> None:
    ask_for = (
        "INSERT INTO billing_billchange (bill_id, kind, status, amount, details, reason, article, needs_second,"
        " asked_by_id, asked_at, decided_because)"
        " VALUES (%s, 'contest', 'done', 0, '{}', 'x', 'x', false, %s, now(), '')"
    )
    with at_a_desk(as_role, Role.ASSESSOR) as me:
        for forged in ("amount = 10", "due_on = '2099-12-31'", "taxpayer_id = 1", "facts = '{}'"):
            with pytest.raises(DatabaseError, match="permission denied"):
                changed(f"UPDATE billing_bill SET {forged}")
        assert changed(ask_for, bill.pk, me.account) == 1
    Relative.objects.create(officer_id=me.account, relation="sibling", name="x", taxpayer_id=bill.taxpayer_id)
    change = BillChange.objects.get()
    with at_a_desk(as_role, email=me.email):
        for statement in (
            "INSERT INTO billing_billadjustment (bill_id, line_id, change_id, credit, amount, returned,"
            f" surcharge_returned) SELECT bill_id, id, {change.pk}, false, 10, 0, 0 FROM billing_billline",
            "INSERT INTO billing_billfact (bill_id, kind, from_on, until_on, change_id)"
            f" VALUES ({bill.pk}, 'deferral', '2026-01-01', '2099-01-01', {change.pk})",
        ):
            with pytest.raises(DatabaseError, match="row-level security"):
                changed(statement)
        with pytest.raises(DatabaseError, match="row-level security"):
            changed(ask_for, bill.pk, me.account)
        assert changed("UPDATE billing_billchange SET decided_because = 'x'") == 0


def test_nobody_approves_a_roll_in_another_officers_name(imported: Callable[[str], int], as_role: AsRole) -> None:
    other = officer("other@example.com", Role.APPROVER)
    roll_id = imported(csv_of({}))
    with at_a_desk(as_role, Role.ASSESSOR, Role.APPROVER) as me:
        for forged in (
            f"status = 'approved', approved_at = now(), approved_by_id = {other.account}",
            f"uploaded_by_id = {other.account}, approved_at = now(), approved_by_id = {me.account}",
            "problem_count = 0",
            f"cancel_asked_by_id = {other.account}",
            f"cancelled_by_id = {other.account}",
        ):
            with pytest.raises(DatabaseError, match=REFUSED):
                changed(f"UPDATE billing_levyroll SET {forged}")
        for who, status in ((other.account, "brought"), (me.account, "staged")):
            with pytest.raises(DatabaseError, match="row-level security"):
                ask(
                    "INSERT INTO billing_levyroll (office_id, tax_id, kind, tax_year, term, status, file_name, sha256,"
                    " size, attempts, encoding, rows_expected, row_count, kept_count, problem_count, changes,"
                    " cancel_reason, uploaded_by_id) VALUES ('11000', 'automobile', 'automobile', 2026, 1, %s, 'x',"
                    " 'x', 0, 0, '', 0, 0, 0, 0, '[]', '', %s)",
                    status,
                    who,
                )
        services.approve_roll(roll_id=roll_id, approved_by_id=me.account, at=clock.now())
    assert LevyRoll.objects.get().approved_by_id == me.account


def test_an_act_for_everybody_is_decided_as_it_was_asked_for(bill: Bill, as_role: AsRole) -> None:
    other = officer("other@example.com", Role.APPROVER)
    with at_a_desk(as_role, Role.ASSESSOR, Role.APPROVER) as me:
        services.propose_extension(**ORDER, asked_by_id=me.account, at=clock.now())
        decided = "status = 'decided', decided_at = now()"
        for forged in (
            f"{decided}, decided_by_id = {other.account}",
            f"{decided}, asked_by_id = {other.account}, decided_by_id = {me.account}",
            f"{decided}, due = '2099-12-31', decided_by_id = {me.account}",
        ):
            with pytest.raises(DatabaseError, match=REFUSED):
                changed(f"UPDATE billing_extension SET {forged}")
