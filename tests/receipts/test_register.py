from __future__ import annotations

import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, connections, transaction
from django.test import override_settings
from pypdf import PdfReader

from accounts.models import Taxpayer
from core import clock
from core.models import Event, LogLeaf
from receipts import selectors
from receipts.models import Document, DocumentContent
from receipts.rendering.facts import UnreadableFacts
from receipts.services import issue_document, new_token
from receipts.services.request_document import request_document
from receipts.signing.verify import Verdict, load_roots, verify
from tests.receipts.papers import NOW, City, receipt_facts, withdrawn
from tests.support.database import AsRole
from tests.support.live import face_environment

Ask = Callable[..., int]
pytestmark = pytest.mark.usefixtures("signing")


def events(topic: str) -> int:
    return Event.objects.filter(topic=topic).count()


def test_a_requested_receipt_is_drawn_signed_and_genuine(
    ask: Ask, deliver_events: Callable[[], int], city: City
) -> None:
    document_id = ask()
    assert selectors.document_pdf(document_id) is None
    assert deliver_events() == 1
    pdf = selectors.document_pdf(document_id)
    assert pdf is not None
    assert re.fullmatch(r"2026(-[0-9A-HJKMNP-TV-Z]{4}){3}", pdf.number)
    text = PdfReader(BytesIO(pdf.content)).pages[0].extract_text()
    assert pdf.number in text
    assert "홍길동" in text
    assert "서울특별시 종로구청장" in text  # from the city pack
    document = Document.objects.get()
    assert document.ready_at is not None
    assert verify(pdf.content, roots=city.roots, at=document.ready_at).verdict is Verdict.GENUINE
    assert LogLeaf.objects.get(kind="document").reference == pdf.number
    assert events("receipts.document_ready.v1") == 1


def test_asked_for_twice_there_is_one_document(ask: Ask) -> None:
    assert ask() == ask(facts=receipt_facts(transaction="told otherwise the second time"))
    assert Document.objects.count() == 1
    assert events("receipts.document_requested.v1") == 1
    assert ask(reference="PAY-2") != ask()


def test_asked_for_at_the_same_moment_there_is_one_document(ask: Ask) -> None:
    got: list[int] = []

    def second() -> None:
        got.append(ask())
        connections.close_all()

    other = threading.Thread(target=second)
    with transaction.atomic():
        got.append(ask())
        other.start()
        other.join(timeout=0.5)  # it waits for us
        assert other.is_alive()
    other.join()
    assert got[0] == got[1]
    assert events("receipts.document_requested.v1") == 1


def test_a_payment_that_fails_leaves_no_request(ask: Ask) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        ask()
        raise RuntimeError
    assert not Document.objects.exists()
    assert not events("receipts.document_requested.v1")


def test_a_worker_that_dies_before_its_commit_leaves_no_half_document(
    ask: Ask, deliver_events: Callable[[], int]
) -> None:
    document_id = ask()
    with pytest.raises(RuntimeError), transaction.atomic():
        issue_document(document_id=document_id, at=NOW)
        raise RuntimeError("killed")
    assert Document.objects.get().status == "requested"
    assert not DocumentContent.objects.exists()
    assert not LogLeaf.objects.exists()
    deliver_events()
    assert Document.objects.get().status == "ready"


KILLED = """
import os, signal, sys
import django
django.setup()
from django.db import transaction
from core import clock
from receipts.services import issue_document
with transaction.atomic():
    issue_document(document_id=int(sys.argv[1]), at=clock.now())
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_worker_killed_between_storing_and_committing_harms_nothing(
    ask: Ask, deliver_events: Callable[[], int], database_name: str, city_folder: Path
) -> None:
    document_id = ask()
    keys = {
        "ETAX_DOCUMENT_KEY": str(city_folder / "key.pem"),
        "ETAX_DOCUMENT_CERTIFICATE": str(city_folder / "certificate.pem"),
    }
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(document_id)],
        env=face_environment("worker", database_name) | keys,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    assert Document.objects.get().status == "requested"
    assert not DocumentContent.objects.exists()
    deliver_events()
    assert selectors.document_pdf(document_id) is not None
    assert LogLeaf.objects.filter(kind="document").count() == 1


def test_drawn_again_the_document_stays_as_it_was(ask: Ask) -> None:
    document_id = ask()
    issue_document(document_id=document_id, at=NOW)
    before = selectors.document_pdf(document_id)
    issue_document(document_id=document_id, at=NOW)
    assert selectors.document_pdf(document_id) == before
    assert events("receipts.document_ready.v1") == 1


def test_facts_that_do_not_tie_are_refused_at_once(ask: Ask) -> None:
    with pytest.raises(UnreadableFacts):
        ask(facts=receipt_facts(total=1))


def test_nobody_changes_or_removes_what_was_handed_out(ask: Ask) -> None:
    document_id = ask()
    issue_document(document_id=document_id, at=NOW)
    for forbidden in (
        "UPDATE receipts_document SET facts = '{}'",
        "UPDATE receipts_document SET status = 'requested', sha256 = NULL, ready_at = NULL",
        "UPDATE receipts_document SET sha256 = '\\x00'",
        "UPDATE receipts_documentcontent SET pdf = ''",
        "DELETE FROM receipts_documentcontent",
        "DELETE FROM receipts_document",
    ):
        with pytest.raises((DatabaseError, IntegrityError)), connection.cursor() as cursor:
            cursor.execute(forbidden)


def test_a_citizen_sees_own_documents_and_a_stranger_none(ask: Ask, as_role: AsRole, taxpayer: Taxpayer) -> None:
    other = Taxpayer.objects.create(kind=Taxpayer.Kind.INDIVIDUAL, name="성춘향")
    issue_document(document_id=ask(), at=NOW)
    foreign = ask(reference="PAY-2", taxpayer_id=other.pk)
    issue_document(document_id=foreign, at=NOW)
    with as_role("public"):
        assert selectors.my_documents() == []
        assert selectors.document_pdf(foreign) is None
    with as_role("public"), transaction.atomic(), connection.cursor() as cursor:
        for claim in ("etax.session", "etax.taxpayers", "etax.account"):
            cursor.execute("SELECT set_config(%s, %s, true)", [claim, str(other.pk)])
        assert selectors.my_documents() == []


def test_no_login_but_the_workers_can_ask_for_documents(ask: Ask, as_role: AsRole, taxpayer: Taxpayer) -> None:
    for face in ("public", "intake", "office"):
        with as_role(face), pytest.raises(DatabaseError, match="permission denied"):
            request_document(kind="payment", taxpayer_id=taxpayer.pk, reference="FORGED", facts=receipt_facts(), at=NOW)


@pytest.mark.parametrize("table", ["receipts_document", "receipts_documentcontent"])
def test_the_public_login_only_reads(as_role: AsRole, table: str) -> None:
    with as_role("public"), connection.cursor() as cursor:
        for statement in (f"DELETE FROM {table}", f"INSERT INTO {table} DEFAULT VALUES"):
            with pytest.raises(DatabaseError, match="permission denied"):
                cursor.execute(statement)
        with pytest.raises(DatabaseError, match="permission denied"):
            cursor.execute("SELECT * FROM receipts_documenttoken")


def test_a_link_opens_its_document_until_it_expires(ask: Ask, as_role: AsRole) -> None:
    token = new_token()
    document_id = ask(token_hash=token.sha256, at=clock.now())
    with as_role("public"):
        waiting = selectors.open_link(token.secret)
    assert waiting is not None
    assert (waiting.status, waiting.pdf) == ("requested", None)
    issue_document(document_id=document_id, at=clock.now())
    with as_role("public"):
        opened = selectors.open_link(token.secret)
        assert opened is not None
        assert opened.pdf is not None
        assert selectors.open_link(new_token().secret) is None
        assert selectors.open_link(token.sha256.hex()) is None
    old = new_token()
    ask(reference="OLD", token_hash=old.sha256, at=NOW.replace(year=2020))
    with as_role("public"):
        assert selectors.open_link(old.secret) is None


def test_the_register_answers_a_number_with_masked_facts(ask: Ask, as_role: AsRole) -> None:
    document_id = ask()
    number = Document.objects.get().number
    with as_role("public"):
        assert selectors.find_document(number=number, address="192.0.2.1") is None  # not handed out yet
    issue_document(document_id=document_id, at=NOW)
    with as_role("public"):
        found = selectors.find_document(number=number.lower().replace("-", " "), address="192.0.2.1")
        assert selectors.find_document(number="2026-0000-0000-0000", address="192.0.2.1") is None
        assert selectors.find_document(number="'; --", address="192.0.2.1") is None
    assert found is not None
    assert (found.number, found.total, found.masked_name, found.status) == (number, 257_550, "홍*동", "ready")
    assert "홍길동" not in str(found)


def test_guessing_numbers_is_stopped_for_one_address(as_role: AsRole) -> None:
    with as_role("public"):
        for _ in range(30):
            selectors.find_document(number="2026-0000-0000-0000", address="192.0.2.1")
        with pytest.raises(selectors.TooManyLookups):
            selectors.find_document(number="2026-0000-0000-0000", address="192.0.2.1")
        assert selectors.find_document(number="2026-0000-0000-0000", address="192.0.2.2") is None


@pytest.mark.parametrize(
    ("name", "masked"),
    [("홍길동", "홍*동"), ("홍", "홍*"), ("김이", "김*"), ("", ""), ("가" * 5_000, "가" + "*" * 8 + "가")],
)
def test_names_are_masked(ask: Ask, as_role: AsRole, name: str, masked: str) -> None:
    issue_document(document_id=ask(facts=receipt_facts(taxpayer={"name": name})), at=NOW)
    number = Document.objects.get().number
    with as_role("public"):
        found = selectors.find_document(number=number, address="192.0.2.1")
    assert found is not None
    assert found.masked_name == masked


def test_a_withdrawn_document_is_known_as_such_and_no_longer_handed_out(ask: Ask, as_role: AsRole) -> None:
    document_id = ask()
    issue_document(document_id=document_id, at=NOW)
    pdf = selectors.document_pdf(document_id)
    assert pdf is not None
    with pytest.raises(IntegrityError, match="needs two officers"):
        Document.objects.update(status="withdrawn", withdrawn_at=NOW, withdrawn_because="by one alone")
    withdrawn(document_id)
    assert selectors.document_pdf(document_id) is None
    with as_role("public"):
        found = selectors.find_content(pdf.content)
    assert found is not None
    assert (found.status, found.withdrawn_at) == ("withdrawn", NOW)


def test_the_signing_key_is_made_once(tmp_path: Path) -> None:
    files: dict[str, Any] = {
        "DOCUMENT_KEY": tmp_path / "signing" / "key.pem",
        "DOCUMENT_CERTIFICATE": tmp_path / "signing" / "certificate.pem",
        "DOCUMENT_ROOTS": tmp_path / "signing" / "roots.pem",
    }
    with override_settings(**files):
        call_command("make_signing_key")
        first = files["DOCUMENT_KEY"].read_bytes()
        call_command("make_signing_key")
        assert files["DOCUMENT_KEY"].read_bytes() == first
        files["DOCUMENT_KEY"].unlink()
        call_command("make_signing_key")
        load_roots.cache_clear()
        assert len(load_roots(files["DOCUMENT_ROOTS"])) == 2  # what the lost key signed is still ours
    assert {file.stat().st_mode & 0o777 for file in (tmp_path / "signing").iterdir()} == {0o600}


def test_the_command_line_tells_genuine_from_changed(
    ask: Ask, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document_id = ask(at=clock.now())
    issue_document(document_id=document_id, at=clock.now())
    pdf = selectors.document_pdf(document_id)
    assert pdf is not None
    (tmp_path / "genuine.pdf").write_bytes(pdf.content)
    (tmp_path / "changed.pdf").write_bytes(pdf.content + b" ")
    call_command("verify_document", str(tmp_path / "genuine.pdf"))
    assert f"genuine, number {pdf.number}" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        call_command("verify_document", str(tmp_path / "genuine.pdf"), str(tmp_path / "changed.pdf"))
    assert "changed.pdf: changed" in capsys.readouterr().out
