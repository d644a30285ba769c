"""An agent checks who calls, and is answered yes or no; nothing is seen before, and little after."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.enums import Role
from accounts.models import Account, Relative
from core import clock
from core.db.session import session_secret
from core.models import AuditRecord
from payments.models import Call, CallCheck
from tests.billing.people import officer_client
from tests.payments.cast import BillFacts, a_bill
from tests.payments.desk import EN, Agent, agent, an_agent, bill
from tests.support.database import AsRole
from tests.support.faces import FaceClient

__all__ = ["agent", "bill"]
NUMBER = "Amount on the bill"


def secret_of(client: FaceClient) -> str:
    return str(client.cookies[client.settings["SESSION_COOKIE_NAME"]].value)


def ask_as(agent: Agent, as_role: AsRole, query: str, values: list[Any] | None = None) -> Any:
    """What the agent's process could ask of the database, honest or not."""
    with (
        as_role("office"),
        session_secret(secret_of(agent.client)),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(query, values)
        return cursor.fetchall()


def test_an_agent_sees_the_bills_of_a_caller_whose_answers_all_fit(agent: Agent, bill: BillFacts) -> None:
    second, strangers = a_bill(of=bill), a_bill()
    call = agent.begins()
    assert "52,000" not in agent.open(f"/calls/{call}/")
    assert agent.checks(call, bill).status_code == 302
    page = agent.open(f"/calls/{call}/")
    assert page.count("52,000") == 2
    assert all(f'value="{one.id}"' in page for one in (bill, second))
    assert f'value="{strangers.id}"' not in page
    record = AuditRecord.objects.get(action="call.caller_checked")
    assert (record.taxpayer_id, record.details) == (bill.taxpayer_id, {"answer": "yes", "wrong": 0})


@pytest.mark.parametrize(
    "changes",
    [{"name": "홍길순"}, {"birth_date": "1850-03-02"}, {"epay_number": "1" * 19}],
    ids=["name", "birth", "no"],
)
def test_whatever_does_not_fit_gets_one_and_the_same_answer(
    agent: Agent, bill: BillFacts, changes: dict[str, str]
) -> None:
    call = agent.begins()
    answer = agent.checks(call, bill, **changes)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "does not fit what is on file" in page
    typed = changes.get("name", bill.payer)
    assert f'value="{typed}"' in page
    assert "52,000" not in agent.open(f"/calls/{call}/")
    assert AuditRecord.objects.get(action="call.caller_checked").taxpayer_id is None


def test_three_wrong_answers_lock_the_call_and_a_right_one_opens_it_no_more(agent: Agent, bill: BillFacts) -> None:
    call = agent.begins()
    for _ in range(2):
        agent.checks(call, bill, name="홍길순")
    assert "Three answers were wrong" in agent.checks(call, bill, name="홍길순").content.decode()
    assert Call.objects.get().status == "locked"
    assert agent.checks(call, bill).status_code == 422
    assert "52,000" not in agent.open(f"/calls/{call}/")


def test_five_wrong_answers_about_a_bill_lock_it_for_every_agent(
    agent: Agent, bill: BillFacts, as_role: AsRole
) -> None:
    other = an_agent(as_role, "colleague@example.kr")
    for one, tries in ((agent, 3), (other, 2)):
        call = one.begins()
        for _ in range(tries):
            one.checks(call, bill, birth_date="1851-01-01")
    call = other.begins()
    assert "locked for an hour" in other.checks(call, bill).content.decode()
    assert other.checks(call, a_bill()).status_code == 302


def test_a_business_says_the_amount_of_its_bill(agent: Agent, bill: BillFacts) -> None:
    from django.apps import apps

    apps.get_model("accounts", "Taxpayer").objects.filter(pk=bill.taxpayer_id).update(kind="business", birth_date=None)
    call = agent.begins()
    assert agent.checks(call, bill, birth_date="", amount="1").status_code == 422
    assert agent.checks(call, bill, birth_date="", amount="52000").status_code == 302


def test_the_form_says_what_is_missing_and_keeps_what_was_typed(agent: Agent, bill: BillFacts) -> None:
    call = agent.begins()
    answer = agent.checks(call, bill, birth_date="", epay_number="12")
    assert answer.status_code == 422
    assert "Enter the 19 digits" in answer.content.decode()
    assert not CallCheck.objects.exists()
    both = agent.checks(call, bill, birth_date="")
    assert "Enter the birth date of a person" in both.content.decode()


def test_what_was_shown_is_gone_when_the_call_ends_or_the_next_begins(
    agent: Agent, bill: BillFacts, as_role: AsRole
) -> None:
    call = agent.speaks_with(bill)
    assert ask_as(agent, as_role, "SELECT count(*) FROM billing_bill") == [(1,)]
    agent.press(f"/calls/{call}/end/")
    assert ask_as(agent, as_role, "SELECT count(*) FROM billing_bill") == [(0,)]
    agent.speaks_with(bill)
    agent.begins()
    assert ask_as(agent, as_role, "SELECT count(*) FROM billing_bill") == [(0,)]


def test_an_agent_who_does_nothing_else_sees_no_file_but_the_callers(
    agent: Agent, bill: BillFacts, as_role: AsRole
) -> None:
    a_bill()
    for table in ("billing_bill", "accounts_taxpayer", "payments_attempt", "billing_billline"):
        assert ask_as(agent, as_role, f"SELECT count(*) FROM {table}") == [(0,)], table
    agent.speaks_with(bill)
    assert ask_as(agent, as_role, "SELECT id FROM billing_bill") == [(bill.id,)]
    assert ask_as(agent, as_role, "SELECT count(*) FROM accounts_taxpayer") == [(0,)]
    for path in (f"/bills/{bill.id}/", "/taxpayers/", "/payments/", "/rolls/"):
        assert agent.client.get(path, headers=EN).status_code in {403, 404}, path


def test_an_officer_of_other_roles_sees_what_they_saw_before(bill: BillFacts, as_role: AsRole) -> None:
    both = Agent(officer_client(as_role, "both@example.kr", Role.CALL_AGENT, Role.COLLECTOR))
    assert ask_as(both, as_role, "SELECT count(*) FROM billing_bill") == [(1,)]
    call = both.speaks_with(bill)
    assert ask_as(both, as_role, "SELECT billing_session_pays_only()") == [([],)]
    both.press(f"/calls/{call}/end/")
    assert ask_as(both, as_role, "SELECT count(*) FROM billing_bill") == [(1,)]


def test_nobody_serves_their_own_or_a_relatives_file(agent: Agent, bill: BillFacts) -> None:
    account = Account.objects.get(email="agent@example.kr").pk
    Relative.objects.create(officer_id=account, relation="parent", name="홍", taxpayer_id=bill.taxpayer_id)
    call = agent.begins()
    assert agent.checks(call, bill).status_code == 422
    assert "52,000" not in agent.open(f"/calls/{call}/")
    assert AuditRecord.objects.get(action="call.caller_checked").details["answer"] == "own"


def test_only_agents_answer_calls_and_each_their_own(agent: Agent, bill: BillFacts, as_role: AsRole) -> None:
    call = agent.speaks_with(bill)
    other = an_agent(as_role, "colleague@example.kr")
    assert other.client.get(f"/calls/{call}/", headers=EN).status_code == 404
    assert other.checks(call, bill).status_code == 404
    collector = officer_client(as_role, "collector@example.kr", Role.COLLECTOR)
    assert collector.get("/calls/").status_code == 403


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO payments_call (officer_id, status) VALUES (1, 'checked')",
        "UPDATE payments_call SET status = 'checked'",
        "SELECT * FROM payments_callcheck",
        "UPDATE payments_paylink SET expires_at = now() + interval '1 year'",
        "INSERT INTO payments_paylinkitem (link_id, bill_id) VALUES (1, 1)",
        "INSERT INTO payments_attempt (reference) VALUES ('PAY-X')",
        "SELECT billing_caller('1', '2', NULL, 3)",
        "SELECT billing_show_to_pay(ARRAY[1::bigint], now())",
        "SELECT payments_open_link('x')",
        "INSERT INTO billing_sessionbill (session_mark, bill_id, expires_at) VALUES ('x', 1, now())",
    ],
)
def test_the_offices_login_can_show_itself_nothing(agent: Agent, as_role: AsRole, statement: str) -> None:
    with pytest.raises(DatabaseError, match="permission denied"):
        ask_as(agent, as_role, statement)


def test_a_taken_office_process_cannot_guess_without_being_counted(
    agent: Agent, bill: BillFacts, as_role: AsRole
) -> None:
    call = agent.begins()
    said: list[Any] = [call, bill.epay_number, bill.payer, "1850-03-01"]
    with (
        pytest.raises(DatabaseError, match="once it is committed"),
        as_role("office"),
        session_secret(secret_of(agent.client)),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT payments_ask_about_caller(%s, %s, %s, %s::date, NULL)", said)
        (check,) = cursor.fetchone()
        cursor.execute("SELECT payments_answer_about_caller(%s, %s, %s, %s, %s::date, NULL)", [check, *said])


def test_a_check_that_has_run_out_shows_nothing_and_lets_nothing_be_begun(agent: Agent, bill: BillFacts) -> None:
    from tests.support.database import admin_connection

    call = agent.speaks_with(bill)
    with admin_connection(connection.settings_dict["NAME"]) as admin:
        admin.execute("UPDATE payments_call SET checked_until = %s", [clock.now() - timedelta(seconds=1)])
    assert "has run out" in agent.open(f"/calls/{call}/")
    assert agent.lets_pay(call, bill, way="link", telephone="01099960012").status_code == 302
    assert agent.checks(call, bill).status_code == 302
