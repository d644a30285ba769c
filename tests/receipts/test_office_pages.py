"""The register at the office: each sees their own district's documents, and it takes two to withdraw one."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError

from accounts.enums import Relation, Role
from accounts.models import Relative, Taxpayer
from core import clock
from core.models import AuditRecord, Event, LogLeaf
from receipts.models import Document, Withdrawal
from receipts.services import issue_document
from tests.accounts.people import Member, at_a_desk, officer, sign_in
from tests.core.test_log_windows import as_owner
from tests.support.database import AsRole
from tests.support.faces import FaceClient

pytestmark = pytest.mark.usefixtures("signing")
JONGNO, JUNG = "11110", "11140"
WHY = {"reason": "issued for the wrong bill"}


@pytest.fixture
def paper(ask: Callable[..., int]) -> Document:
    document_id = ask(at=clock.now())
    issue_document(document_id=document_id, at=clock.now())
    return Document.objects.get(pk=document_id)


def desk(as_role: AsRole, email: str, *roles: Role, body: str = JONGNO) -> tuple[FaceClient, Member]:
    client, member = FaceClient("office", as_role), officer(email, *roles, body=body)
    sign_in(client, member)
    return client, member


def test_a_document_is_found_by_its_number_or_its_taxpayer_in_its_own_district(
    paper: Document, as_role: AsRole
) -> None:
    clerk, member = desk(as_role, "kim@example.com", Role.COLLECTOR)
    for text in (paper.number.lower().replace("-", " "), str(paper.taxpayer_id)):
        assert paper.number in clerk.get("/documents/", {"text": text}).content.decode()
    page = f"/documents/{paper.pk}/"
    assert "홍길동" in clerk.get(page).content.decode()
    assert clerk.get(f"{page}pdf").content.startswith(b"%PDF")
    seen = AuditRecord.objects.filter(actor_id=member.account, taxpayer_id=paper.taxpayer_id)
    assert {record.action for record in seen} == {"document.read", "document.handed_out"}
    other, _ = desk(as_role, "lee@example.com", Role.COLLECTOR, body=JUNG)
    assert paper.number not in other.get("/documents/", {"text": paper.taxpayer_id}).content.decode()
    for hidden in (page, f"{page}pdf", f"{page}withdraw/"):
        assert other.get(hidden).status_code == 404


def test_one_asks_another_agrees_and_the_public_check_says_withdrawn(
    paper: Document, as_role: AsRole, public_client: FaceClient
) -> None:
    page = f"/documents/{paper.pk}/"
    clerk, asking = desk(as_role, "kim@example.com", Role.COLLECTOR, Role.TREASURER)
    assert clerk.post(f"{page}withdraw/", {"reason": ""}).status_code == 422
    assert clerk.post(f"{page}withdraw/", WHY).status_code == 302
    assert clerk.post(f"{page}withdraw/", WHY).status_code == 422  # one at a time
    wish = Withdrawal.objects.get()
    clerk.post(f"{page}withdraw/{wish.pk}/", {"decision": "agree"})
    assert Document.objects.get().status == "ready"  # nobody decides about what they asked for
    other, _ = desk(as_role, "lee@example.com", Role.TREASURER, body=JUNG)
    assert other.post(f"{page}withdraw/{wish.pk}/", {"decision": "agree"}).status_code == 404
    treasurer, deciding = desk(as_role, "choi@example.com", Role.TREASURER)
    assert paper.number in treasurer.get("/documents/").content.decode()
    assert treasurer.post(f"{page}withdraw/{wish.pk}/", {"decision": "agree"}).status_code == 302
    document = Document.objects.get()
    assert (document.status, document.withdrawn_because) == ("withdrawn", WHY["reason"])
    leaf = LogLeaf.objects.get(kind="withdrawal")
    assert (leaf.content["asked_by"], leaf.content["decided_by"]) == (asking.account, deciding.account)
    assert Event.objects.filter(topic="receipts.document_withdrawn.v1").count() == 1
    told = public_client.get(f"/receipts/verify/{paper.number}", headers={"Accept-Language": "en"}).content.decode()
    assert "This document was withdrawn" in told
    assert "Withdrawn on" in told


def test_a_declined_wish_leaves_the_document_as_it_was(paper: Document, as_role: AsRole) -> None:
    page = f"/documents/{paper.pk}/"
    clerk, _ = desk(as_role, "kim@example.com", Role.COLLECTOR)
    clerk.post(f"{page}withdraw/", WHY)
    treasurer, _ = desk(as_role, "choi@example.com", Role.APPROVER)
    treasurer.post(f"{page}withdraw/{Withdrawal.objects.get().pk}/", {"decision": "decline"})
    assert Document.objects.get().status == "ready"
    assert clerk.post(f"{page}withdraw/", WHY).status_code == 302  # it may be asked for again


def test_nobody_withdraws_in_the_file_of_a_relative(paper: Document, as_role: AsRole) -> None:
    clerk, member = desk(as_role, "kim@example.com", Role.COLLECTOR)
    taxpayer = Taxpayer.objects.get()
    Relative.objects.create(officer_id=member.account, relation=Relation.CHILD, name="홍길동", taxpayer=taxpayer)
    clerk.post(f"/documents/{paper.pk}/withdraw/", WHY)
    assert not Withdrawal.objects.exists()
    with at_a_desk(as_role, Role.COLLECTOR, email="kim@example.com"), pytest.raises(DatabaseError, match="row-level"):
        Withdrawal.objects.create(document=paper, reason="x", asked_by_id=member.account)


def test_log_check_names_a_changed_file_and_a_withdrawal_without_a_leaf(paper: Document, as_role: AsRole) -> None:
    call_command("log_check", stdout=StringIO())
    with as_owner() as owner:
        owner.execute("UPDATE receipts_documentcontent SET pdf = pdf || '\\x20'")
        owner.execute(
            "UPDATE receipts_document SET status = 'withdrawn', withdrawn_at = now(), withdrawn_because = 'x'"
        )
    errors = StringIO()
    with pytest.raises(CommandError):
        call_command("log_check", stderr=errors)
    assert f"the file of document {paper.number} was changed" in errors.getvalue()
    assert f"document {paper.number} was withdrawn without a leaf" in errors.getvalue()
