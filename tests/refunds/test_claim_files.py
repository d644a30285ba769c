"""Papers that a claim is shown by: brought with it or after it, looked at, and opened by whom they concern."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction

from accounts.access import Role
from accounts.models import Taxpayer
from core import clock
from core.db.session import session_secret
from core.evidence import Scan
from core.models import AuditRecord
from refunds import services
from refunds.models import Claim, ClaimFile
from refunds.services import NoRoomForFile
from tests.appeals.test_files import a_picture
from tests.billing.people import citizen_client, citizen_session, officer_client
from tests.payments.cast import BillFacts, a_bill
from tests.refunds.cast import Office
from tests.refunds.test_claims import answer, wish
from tests.support.database import AsRole
from tests.support.faces import FaceClient

ENGLISH = {"accept-language": "en"}


@pytest.fixture
def bill(office: Office) -> BillFacts:
    return a_bill()


@pytest.fixture
def owner(bill: BillFacts, as_role: AsRole) -> FaceClient:
    return citizen_client(as_role, Taxpayer.objects.get(pk=bill.taxpayer_id))


@pytest.fixture
def assessor(as_role: AsRole) -> FaceClient:
    return officer_client(as_role, "assessor@example.kr", Role.ASSESSOR, body="11110")


def a_paper(content: bytes | None = None, name: str = "등기.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, a_picture() if content is None else content)


def claims(owner: FaceClient, bill: BillFacts, **more: Any) -> Any:
    return owner.post(f"/refunds/claim/{bill.id}/", wish(bill, 30_000, 9_000, ground="request", **more))


def test_a_paper_comes_with_the_claim_and_is_opened_once_it_was_looked_at(
    bill: BillFacts, owner: FaceClient, assessor: FaceClient, as_role: AsRole, office: Office
) -> None:
    assert claims(owner, bill, file=a_paper(a_picture() + b"<script>alert(1)</script>")).status_code == 302
    claim, paper = Claim.objects.get(), ClaimFile.objects.get()
    mine, theirs = f"/refunds/claims/{claim.pk}/", f"/refunds/claims/{claim.pk}/files/{paper.pk}/"
    page = owner.get(mine, headers=ENGLISH).content.decode()
    assert "등기.png" in page
    assert "Being checked" in page
    assert assessor.get(theirs).status_code == 404  # nobody has looked at it
    services.look_at_claim_files(at=clock.now())
    assert f'href="{theirs}"' in assessor.get(mine).content.decode()
    for face in (owner, assessor):
        shown = face.get(theirs)
        assert (shown["Content-Type"], shown["Content-Disposition"]) == (
            "image/png",
            f'attachment; filename="{paper.pk}.png"',
        )
        assert b"script" not in shown.content
    assert AuditRecord.objects.filter(action="refund.file_read", subject=f"claim:{claim.pk}").count() == 2
    stranger = citizen_client(as_role, Taxpayer.objects.create(kind="individual", name="다른사람"))
    far = officer_client(as_role, "far@example.kr", Role.ASSESSOR, body="11140")
    for other in (stranger, far):
        assert other.get(mine).status_code == 404
        assert other.get(theirs).status_code == 404


def test_more_papers_come_until_the_answer_and_what_is_none_is_refused_with_what_was_typed(
    bill: BillFacts, owner: FaceClient, assessor: FaceClient
) -> None:
    for wrong in (a_paper(b"MZ a program"), a_paper(b""), a_paper(b"%PDF-" + b"x" * (5 * 1024 * 1024))):
        said = claims(owner, bill, file=wrong)
        assert said.status_code == 422
        assert "My return counted the land twice." in said.content.decode()
    assert not Claim.objects.exists()
    assert claims(owner, bill).status_code == 302
    claim = Claim.objects.get()
    page = f"/refunds/claims/{claim.pk}/"
    assert "Add a paper" in owner.get("/refunds/", headers=ENGLISH).content.decode()
    assert owner.post(page, {"file": a_paper(b"%PDF-1.4 x", "deed.pdf")}).status_code == 302
    assert owner.post(page, {}).status_code == 422
    assert "deed.pdf" in assessor.get(page).content.decode()
    assert assessor.post(page, {"granted": "no", "answer": "The land is as large."}).status_code == 302
    assert owner.post(page, {"file": a_paper()}).status_code == 422
    assert ClaimFile.objects.get().name == "deed.pdf"
    assert "Add a paper" not in owner.get("/refunds/", headers=ENGLISH).content.decode()
    assert "The land is as large." in owner.get(page).content.decode()


def test_no_more_than_the_pack_allows_none_of_another_and_nothing_changes(
    bill: BillFacts, owner: FaceClient, as_role: AsRole
) -> None:
    assert claims(owner, bill).status_code == 302
    claim = Claim.objects.get()
    facts: dict[str, Any] = {"claim_id": claim.pk, "name": "a", "kind": "pdf"}
    stranger = citizen_session(as_role, Taxpayer.objects.create(kind="individual", name="다른사람"))

    def adds(secret: str, size: int) -> None:
        with as_role("public"), session_secret(secret), transaction.atomic():
            services.add_claim_file(**facts, content=b"%PDF-" + b"x" * (size - 5))

    mine = owner.cookies["sessionid"].value
    with pytest.raises(NoRoomForFile):
        adds(stranger, 10)
    for _ in range(3):
        adds(mine, 6 * 1024 * 1024)
    with pytest.raises(NoRoomForFile):
        adds(mine, 2 * 1024 * 1024 + 1)  # 20 MB together
    for _ in range(7):
        adds(mine, 10)
    with pytest.raises(NoRoomForFile):
        adds(mine, 10)
    for query in ("UPDATE refunds_claimfile SET scan = 'clean'", "DELETE FROM refunds_claimfile"):
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            as_role("public"),
            session_secret(mine),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(query)
    with pytest.raises(DatabaseError, match="permission denied"), connection.cursor() as cursor:  # the worker
        cursor.execute("UPDATE refunds_claimfile SET content = 'another'")


def test_a_scanner_that_finds_something_keeps_it_closed_for_everybody(
    bill: BillFacts, owner: FaceClient, assessor: FaceClient, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.CLAMAV_ADDRESS = "127.0.0.1:9"
    monkeypatch.setattr("core.evidence.is_clean", lambda content, *, address: b"EICAR" not in content)
    assert claims(owner, bill, file=a_paper(b"%PDF-EICAR", "bad.pdf")).status_code == 302
    claim = Claim.objects.get()
    assert owner.post(f"/refunds/claims/{claim.pk}/", {"file": a_paper(b"%PDF-1.4 x", "good.pdf")}).status_code == 302
    services.look_at_claim_files(at=clock.now())
    bad, good = ClaimFile.objects.order_by("pk")
    assert (bad.scan, good.scan) == (Scan.INFECTED, Scan.CLEAN)
    assert assessor.get(f"/refunds/claims/{claim.pk}/files/{bad.pk}/").status_code == 404
    assert assessor.get(f"/refunds/claims/{claim.pk}/files/{good.pk}/").content == b"%PDF-1.4 x"
    assert AuditRecord.objects.filter(action="refund.file_infected").count() == 1
    assert assessor.post(f"/refunds/claims/{claim.pk}/", answer(bill, 30_000, 9_000)).status_code == 302
