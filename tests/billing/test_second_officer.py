"""What an officer can't do alone, not even by raw SQL with the office's login."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.db import DatabaseError

from accounts.access import Role
from accounts.models import Account, Relative
from billing import services
from billing.models import Bill, BillChange, LevyRoll, RollRow
from core import clock
from core.db.session import session_secret
from tests.accounts.people import at_a_desk, officer
from tests.accounts.test_what_the_office_cannot_do import ask, changed
from tests.payments.racing import at_once
from tests.support.database import AsRole

from .conftest import Officers, csv_of
from .people import officer_session
from .test_beside_a_bill import ORDER

TAKEN = "INSERT INTO billing_billadjustment (bill_id, line_id, change_id, credit, amount, returned, surcharge_returned)"
REFUSED = r"permission denied|row-level security|in another officer's name|four_eyes|second_officer|not become"


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


ASKED = (
    "INSERT INTO billing_billchange (bill_id, kind, status, amount, details, reason, article, needs_second,"
    " asked_by_id, asked_at, decided_because)"
    " VALUES (%s, %s, 'decided', 0, %s, 'x', 'x', false, %s, '2024-01-01', '')"
    " RETURNING id, status, needs_second, amount, asked_at"
)


def test_what_a_change_weighs_is_not_the_askers_to_say(bill: Bill, as_role: AsRole) -> None:
    """1,170,000 won, said to be nothing, asked for years ago and decided: it waits all the same."""
    with at_a_desk(as_role, Role.ASSESSOR, Role.APPROVER) as me:
        ((change_id, *weighed, asked_at),) = ask(ASKED, bill.pk, "cancel", "{}", me.account)
        assert weighed == ["proposed", True, 1_170_000]
        assert clock.local_date(asked_at) == clock.local_date(clock.now())
        for forged in (
            "UPDATE billing_bill SET status = 'cancelled'",
            "UPDATE billing_bill SET status = 'reissued'",
            f"{TAKEN} SELECT bill_id, id, {change_id}, false, amount, 0, 0 FROM billing_billline",
            "INSERT INTO billing_billfact (bill_id, kind, from_on, until_on, change_id)"
            f" VALUES ({bill.pk}, 'deferral', '2026-01-01', '2099-01-01', {change_id})",
        ):
            with pytest.raises(DatabaseError, match="no decided change of this officer"):
                changed(forged)


POSTED = "SELECT billing_post_change(%s, %s, '2026-06-16', now(), %s)"


def entry(body: str, **amounts: int) -> str:
    """An entry about automobile tax, by purpose."""
    sides = ({"body": body, "tax": "automobile", "purpose": name, "amount": won} for name, won in amounts.items())
    return json.dumps(list(sides))


def test_a_small_decided_change_carries_no_more_than_it_weighs(bill: Bill, as_role: AsRole) -> None:
    car, education = bill.lines.order_by("position").values_list("id", flat=True)
    with at_a_desk(as_role, Role.ASSESSOR) as me:
        details = f'{{"lines": {{"{car}": 100004}}}}'
        ((change, *weighed, _),) = ask(ASKED, bill.pk, "reduce", details, me.account)
        assert weighed == ["decided", False, 100_010]
        row = f"{TAKEN} VALUES ({bill.pk}, %s, {change}, false, %s, %s, 0)"
        for line, won, back in ((car, 100_020, 0), (car, 100_010, 10)):
            with pytest.raises(DatabaseError, match="takes that off"):
                changed(row, line, won, back)
        assert changed(row, car, 100_000, 0) == changed(row, education, 10, 0) == 1
        with pytest.raises(DatabaseError, match="takes that off"):
            changed(row, education, 10, 0)
        for kind, forged in (
            ("levy_reduced", {"revenue": 100_001, "receivable": -100_001}),
            ("levy_reduced", {"revenue": 100_000, "refund_payable": -100_000}),
            ("levy_reduced", {"treasury": 100_000, "clearing": -100_000}),
            ("levy_cancelled", {"revenue": 100_000, "receivable": -100_000}),
        ):
            with pytest.raises(DatabaseError, match="posts that"):
                ask(POSTED, change, kind, entry(bill.body_id, **forged))
        with pytest.raises(DatabaseError, match="posts that"):
            ask(POSTED, change, "levy_reduced", entry("11140", revenue=100_000, receivable=-100_000))
        assert ask(POSTED, change, "levy_reduced", entry(bill.body_id, revenue=100_000, receivable=-100_000))
        changed("UPDATE billing_billchange SET status = 'done'")
        with pytest.raises(DatabaseError, match="posts that"):
            ask(POSTED, change, "levy_reduced", entry(bill.body_id, revenue=100_000, receivable=-100_000))
        with pytest.raises(DatabaseError, match="does not become"):
            changed("UPDATE billing_billchange SET status = 'decided'")


def test_who_keeps_no_records_changes_no_bill(bill: Bill, as_role: AsRole) -> None:
    with at_a_desk(as_role, Role.AUDITOR) as me, pytest.raises(DatabaseError, match="by assessors and collectors"):
        ask(ASKED, bill.pk, "contest", "{}", me.account)


def test_two_acts_of_one_officer_at_once_are_added_up(
    issued: Callable[[str], int], as_role: AsRole, database_name: str
) -> None:
    """Two bills of 780,000 won, each below the threshold: one of them waits, whichever came second."""
    issued(csv_of(*({"roll_ref": f"C-{n}", "vehicle_number": f"12가000{n}", "displacement_cc": "6000"} for n in "12")))
    secret = officer_session(as_role, "quick@example.kr", Role.ASSESSOR)
    me = Account.objects.get(email="quick@example.kr").pk

    def cancel(bill_id: int) -> Callable[[AsRole], str]:
        def run(sign_in: AsRole) -> str:
            with sign_in("office"), session_secret(secret):
                return services.cancel_bill(bill_id=bill_id, cancelled_by_id=me, reason="x", at=clock.now()).status

        return run

    bills = Bill.objects.order_by("id").values_list("id", flat=True)
    assert sorted(at_once(database_name, [cancel(bill_id) for bill_id in bills])) == ["done", "proposed"]


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
            with pytest.raises(DatabaseError, match=r"row-level security|no decided change"):
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


def test_nobody_takes_their_bill_out_of_a_roll_that_two_approved(
    imported: Callable[[str], int], officers: Officers, as_role: AsRole
) -> None:
    roll_id = imported(csv_of({}))
    services.approve_roll(roll_id=roll_id, approved_by_id=officers.approver, at=clock.now())
    with at_a_desk(as_role, Role.ASSESSOR) as me:
        assert changed("DELETE FROM billing_rollrow") == 0
        services.withdraw_roll(roll_id=roll_id, withdrawn_by_id=me.account, reason="x")
        with pytest.raises(DatabaseError, match=REFUSED):
            changed("UPDATE billing_levyroll SET status = 'approved'")
    assert not RollRow.objects.exists()


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
