"""Each side's file with page numbers that can be cited, the same for everybody who reads it."""

from __future__ import annotations

from io import BytesIO

from PIL import Image
from pypdf import PdfReader, PdfWriter

from accounts.access import Role
from appeals.models import Case, Evidence, Seal
from appeals.services import add_file
from appeals.services.look_at_files import look_at_files
from appeals.services.sealing import Thing
from appeals.services.side_file import count_pages
from core import clock
from core.evidence import Scan
from tests.appeals.cast import Court, Petitioner
from tests.appeals.test_files import a_picture
from tests.appeals.test_pages import browser_of, office_of, text_of
from tests.appeals.test_sealing import names, seals_it
from tests.payments.test_cancellations import a_desk
from tests.support.database import AsRole
from tests.support.faces import FaceClient


def pages_of(client: FaceClient, case: Case, side: str = "petitioner") -> list[str]:
    answer = client.get(f"/appeals/{case.pk}/files/{side}.pdf")
    assert answer.status_code == 200, answer.status_code
    assert str(case.number) not in answer["Content-Disposition"]
    return [page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages]


def a_pdf(pages: int) -> bytes:
    made, out = PdfWriter(), BytesIO()
    for _ in range(pages):
        made.add_blank_page(300, 400)
    made.write(out)
    return out.getvalue()


def brings(petitioner: Petitioner, case: Case, name: str, content: bytes, kind: str = "pdf") -> int:
    made = petitioner.does(lambda: add_file(case_id=case.pk, name=name, kind=kind, content=content, at=clock.now()))
    return int(made)


def looked_at() -> None:
    Evidence.objects.filter(kind="pdf").update(scan=Scan.CLEAN)  # as a scanner would say
    look_at_files(at=clock.now())
    count_pages(at=clock.now())


def test_pages_run_through_a_sides_exhibits_and_keep_their_numbers(petitioner: Petitioner, court: Court) -> None:
    case = petitioner.files()
    brings(petitioner, case, "sale.pdf", a_pdf(3))
    brings(petitioner, case, "car.png", a_picture(), "png")
    court.answers(case)
    looked_at()
    assert count_pages(at=clock.now()) == 0
    pages = pages_of(browser_of(petitioner), case)
    assert [page.splitlines()[-1] for page in pages[1:]] == ["갑 1", "갑 2", "갑 3", "갑 4"]
    assert "갑 1-3" in pages[0]
    assert "갑 제2호증 car.png" in pages[0]
    assert case.grounds in pages[0]
    brings(petitioner, case, "more.pdf", a_pdf(2))
    assert len(pages_of(office_of(court.assessor), case)) == 5, "a file that nobody looked at has no number yet"
    looked_at()
    assert pages_of(office_of(court.clerk), case)[4].strip().endswith("갑 4")
    office = pages_of(office_of(court.assessor), case, "office")
    assert "It was levied so." in office[0]
    assert len(office) == 1


def test_a_sealed_exhibit_keeps_its_pages_and_shows_nothing(petitioner: Petitioner, court: Court) -> None:
    case = petitioner.files()
    picture = Image.new("RGB", (40, 40), "red")
    out = BytesIO()
    picture.save(out, "PNG")
    secret = brings(petitioner, case, "illness.png", out.getvalue(), "png")
    brings(petitioner, case, "sale.pdf", a_pdf(2))
    looked_at()
    seals_it(court, Thing(case_id=case.pk, file_id=secret))
    levying = office_of(court.assessor)
    pages = pages_of(levying, case)
    assert "illness" not in "".join(pages)
    assert "비공개" in pages[1]
    assert [page.splitlines()[-1] for page in pages[1:]] == ["갑 1", "갑 2", "갑 3"]
    assert "illness.png" in pages_of(browser_of(petitioner), case)[0]
    names(court, Seal.objects.get(file_id=secret), court.assessor)
    assert "illness.png" in pages_of(levying, case)[0]


def test_nobody_else_gets_a_sides_file(petitioner: Petitioner, court: Court, as_role: AsRole) -> None:
    case = petitioner.files()
    far = office_of(a_desk(as_role, "far@example.kr", Role.ASSESSOR, body="11140"))
    assert far.get(f"/appeals/{case.pk}/files/petitioner.pdf").status_code == 404
    owner = browser_of(petitioner)
    assert owner.get(f"/appeals/{case.pk}/files/clerk.pdf").status_code == 404
    assert f"/appeals/{case.pk}/files/petitioner.pdf" in text_of(owner.get(f"/appeals/{case.pk}/"))
