"""A taken public or intake process may be a nuisance, but it can't stand in everybody's way."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from core import audit, outbox
from tests.support.database import AsRole


def run(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("face", ["public", "intake", "office"])
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO core_event (id, topic, payload) VALUES (-1, 'public.asked.v1', '{}')",
        "INSERT INTO core_event (topic, payload, published_at) VALUES ('public.asked.v1', '{}', '1900-01-01')",
        "INSERT INTO core_auditrecord (id, login, action, subject, reason, details, address, session_mark) "
        "VALUES (7, session_user, 'x', 'x', '', '{}', '', '')",
    ],
)
def test_numbers_and_times_of_events_and_records_are_the_databases(as_role: AsRole, face: str, statement: str) -> None:
    with as_role(face), pytest.raises(DatabaseError, match="permission denied"):
        run(statement)


@pytest.mark.parametrize("face", ["public", "intake", "office"])
def test_nobody_signs_a_record_with_another_login(as_role: AsRole, face: str) -> None:
    with as_role(face), pytest.raises(DatabaseError, match="row-level security"):
        run(
            "INSERT INTO core_auditrecord (login, action, subject, reason, details, address, session_mark) "
            "VALUES ('etax_worker', 'x', 'x', '', '{}', '', '')"
        )


@pytest.mark.parametrize("face", ["public", "intake", "office", "worker"])
def test_every_face_may_leave_a_record(as_role: AsRole, face: str) -> None:
    with as_role(face):
        audit.record(action="test.done", subject="test:1")


@pytest.mark.parametrize("payload", ["[]", '"text"', "null", "7"])
def test_an_event_that_no_handler_could_read_is_not_taken(as_role: AsRole, payload: str) -> None:
    with as_role("public"), pytest.raises(DatabaseError, match="payload_is_small_object"):
        run(f"SELECT core_publish('public.asked.v1', '{payload}')")


def test_an_event_is_small(as_role: AsRole) -> None:
    with as_role("public"), pytest.raises(DatabaseError, match="payload_is_small_object"):
        outbox.publish("public.asked.v1", text="x" * 300_000)
