"""How a bank's file comes: from the treasurer's page, from a command, from the folder where the bank drops it."""

from __future__ import annotations

import os
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import override_settings

from accounts.enums import Role
from core import clock
from core.models import Event
from payments import services
from payments.bankfiles.safe_xml import MOST_BYTES
from payments.models import BankFile, InboxMessage
from tests.accounts.people import officer, sign_in
from tests.payments.bank_messages import Told, entry, notice, statement
from tests.payments.cast import a_bill
from tests.payments.deposits import an_account, number_of
from tests.support.database import AsRole
from tests.support.faces import FaceClient

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def treasurer(office_client: FaceClient, db: None) -> FaceClient:
    sign_in(office_client, officer("treasurer@example.com", Role.TREASURER))
    return office_client


def a_deposit() -> bytes:
    bill = a_bill()
    return notice(entry(Told(bill.amount, to=number_of(an_account(bill)), ref="B-1")), entry(Told(7, ref="B-2")))


def send(client: FaceClient, content: bytes, *, bank: str = "088") -> str:
    form = {"bank": bank, "file": SimpleUploadedFile("n.xml", content, "text/xml")}
    answer = client.post("/payments/files/new/", form, headers=ENGLISH)
    assert answer.status_code in {302, 422}, answer.status_code
    return str(answer.headers.get("Location", "")) or str(answer.content.decode())


def test_the_treasurer_brings_a_file_and_sees_what_became_of_it(
    treasurer: FaceClient, deliver_events: Callable[[], int]
) -> None:
    where = send(treasurer, a_deposit())
    waiting = treasurer.get(where, headers=ENGLISH).content.decode()
    assert "Waiting to be read" in waiting
    services.post_bank_files(at=clock.now())
    page = treasurer.get(where, headers=ENGLISH).content.decode()
    for text in ("Posted to a bill", "To suspense", "B-2", "camt.054.001.08 N-1"):
        assert text in page
    assert BankFile.objects.get().brought_by is not None
    assert "n.xml" in treasurer.get("/payments/files/").content.decode()


@pytest.mark.parametrize(("language", "text"), [("en", "The totals do not tie"), ("ko", "합계가 맞지 않습니다")])
def test_a_refused_file_says_why_in_the_officers_language(treasurer: FaceClient, language: str, text: str) -> None:
    where = send(treasurer, statement(entry(Told(5)), opening=0, closing=9))
    services.post_bank_files(at=clock.now())
    page = treasurer.get(where, headers={"Accept-Language": language}).content.decode()
    assert text in page
    assert "4 KRW" in page


def test_what_is_no_file_of_a_bank_is_refused_on_the_page(treasurer: FaceClient) -> None:
    assert "The file is empty" in send(treasurer, b"")
    assert "too large" in send(treasurer, b"x" * (MOST_BYTES + 1))
    assert "not of the kind" in send(treasurer, b"\x00\x01")
    assert "Select a valid choice" in send(treasurer, b"<a/>", bank="999")
    assert not InboxMessage.objects.exists()


@pytest.mark.parametrize(("role", "body"), [(Role.COLLECTOR, "11000"), (Role.TREASURER, "11110")])
def test_nobody_else_brings_a_file(office_client: FaceClient, db: None, role: Role, body: str) -> None:
    sign_in(office_client, officer("other@example.com", role, body=body))
    assert office_client.get("/payments/files/new/").status_code == 403


def test_the_offices_login_brings_nothing_without_a_treasurer(db: None, as_role: AsRole) -> None:
    with as_role("office"), pytest.raises(DatabaseError, match="treasurer"), transaction.atomic():
        connection.cursor().execute("SELECT payments_bring_file('088', 'n', 'd', 'x')")


@pytest.mark.parametrize("face", ["public", "intake"])
def test_other_faces_know_nothing_of_bank_files(db: None, as_role: AsRole, face: str) -> None:
    for statement_ in (
        "SELECT payments_bring_file('088', 'n', 'd', 'x')",
        "SELECT payments_post_deposits(1, 1, now(), 'KRW', 'ko')",
        "SELECT * FROM payments_bankfile",
        "SELECT * FROM payments_bankline",
    ):
        with as_role(face), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(statement_)


def test_a_file_is_stored_before_anything_else_is_done_with_it(db: None) -> None:
    services.bring_bank_file(content=b"no xml at all", bank_code="088", name="x", at=clock.now())
    message = InboxMessage.objects.get()
    assert (message.gateway, bytes(message.body), message.ask_at) == ("statement:088", b"no xml at all", None)
    assert Event.objects.filter(topic="payments.bank_file_brought.v1").exists()


def test_a_command_takes_a_file_and_says_what_became_of_it(db: None, tmp_path: Path) -> None:
    path = tmp_path / "n.xml"
    path.write_bytes(a_deposit())
    out = StringIO()
    call_command("take_bank_file", str(path), "--bank", "088", stdout=out)
    assert "settled: 1 lines, 52000" in out.getvalue()
    path.write_bytes(statement(entry(Told(5)), opening=0, closing=9, message_id="S-9"))
    with pytest.raises(CommandError, match="4 KRW"):
        call_command("take_bank_file", str(path), "--bank", "088")
    with pytest.raises(CommandError, match=r"."):
        call_command("take_bank_file", str(path), "--bank", "999")


def collect(folder: Path) -> int:
    with override_settings(BANK_FILES_FOLDER=folder):
        return services.collect_bank_files(at=clock.now())


def test_a_file_that_a_bank_drops_is_taken_once_and_put_away(db: None, tmp_path: Path) -> None:
    folder = tmp_path / "088"
    folder.mkdir()
    (folder / "half.xml.part").write_bytes(a_deposit()[:100])
    (folder / "n.xml").write_bytes(a_deposit())
    (folder / "large.xml").write_bytes(b"x" * (MOST_BYTES + 1))
    os.symlink("/etc/passwd", folder / "link.xml")
    assert collect(tmp_path) == 1
    assert collect(tmp_path) == 0
    assert {str(path.relative_to(folder)) for path in folder.rglob("*.xml*")} == {
        "half.xml.part",
        "taken/n.xml",
        "refused/large.xml",
        "refused/link.xml",
    }
    (folder / "n.xml").write_bytes((folder / "taken" / "n.xml").read_bytes())
    assert collect(tmp_path) == 1
    assert (folder / "taken" / "n.2.xml").exists()
    assert BankFile.objects.count() == 1
