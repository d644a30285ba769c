"""What is sealed is found by no door; who may read it goes on reading."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.urls import URLPattern

from accounts.access import Role, decision_of
from accounts.models import Relative, Taxpayer
from appeals.models import Case, Entry, Evidence, Publication, Ruling, Seal, Tally
from appeals.seal_states import SealGround, SealStatus
from appeals.selectors import cases, seals
from appeals.services import add_file, letters, sealing
from appeals.services.sealing import AskedAlready, NoGround, NoReader, NotYoursToSeal, Thing
from appeals.states import Event, Outcome
from billing.models import Bill
from core import clock
from receipts.models import Document
from tests.appeals.cast import Court, Petitioner, a_petitioner
from tests.appeals.sittings import open_sittings, scheduled, slot_of
from tests.appeals.test_decisions import TEXT, publishes
from tests.appeals.test_files import a_picture
from tests.appeals.test_pages import browser_of, office_of, text_of
from tests.architecture.test_routes import routes
from tests.payments.cast import BillFacts
from tests.payments.test_cancellations import Desk, a_desk
from tests.support.database import AsRole
from tests.support.faces import FaceClient

SECRET = "Because of an illness nobody is to hear of"


def seals_it(court: Court, thing: Thing, *, by: Desk | None = None, ground: SealGround = SealGround.PERSON) -> None:
    desk = by or court.clerk
    desk.does(lambda: sealing.seal(thing=thing, ground=ground, because="It is.", officer_id=desk.id, at=clock.now()))


def opens(court: Court, seal: Seal) -> None:
    court.clerk.does(
        lambda: sealing.unseal(
            seal_id=seal.pk, case_id=seal.case_id, because="No more.", officer_id=court.clerk.id, at=clock.now()
        )
    )


def names(court: Court, seal: Seal, reader: Desk) -> None:
    court.clerk.does(
        lambda: sealing.name_reader(
            seal_id=seal.pk, case_id=seal.case_id, reader_id=reader.id, officer_id=court.clerk.id, at=clock.now()
        )
    )


def sees(desk: Desk, case: Case) -> bool:
    try:
        desk.does(lambda: cases.detail(case.pk, at=clock.now(), staff=True))
    except cases.NoSuchCase:
        return False
    return True


def test_the_petitioner_asks_the_court_decides_and_opens_again(petitioner: Petitioner, court: Court) -> None:
    case = petitioner.files()
    thing = Thing(case_id=case.pk)
    petitioner.does(lambda: sealing.ask_seal(thing=thing, reason=SECRET, at=clock.now()))
    with pytest.raises(AskedAlready):
        petitioner.does(lambda: sealing.ask_seal(thing=thing, reason=SECRET, at=clock.now()))
    assert [one.case_id for one in court.clerk.does(seals.asked)] == [case.pk]
    assert court.assessor.does(seals.asked) == []
    with pytest.raises(NotYoursToSeal):
        seals_it(court, thing, by=court.assessor)
    with pytest.raises(NoGround):
        court.clerk.does(
            lambda: sealing.seal(
                thing=thing, ground=SealGround.TAX, because="", officer_id=court.clerk.id, at=clock.now()
            )
        )
    seals_it(court, thing, by=court.chair)
    seal = Seal.objects.get()
    assert seal.article == "공공기관의 정보공개에 관한 법률 제9조 제1항 제6호"
    assert Case.objects.get().sealed
    assert sees(court.clerk, case)
    assert not sees(court.assessor, case)
    names(court, seal, court.assessor)
    assert sees(court.assessor, case)
    court.answers(case)
    opens(court, seal)
    assert not Case.objects.get().sealed
    told = list(Entry.objects.order_by("pk").values_list("event", flat=True))
    assert [one for one in told if one in (Event.SEAL_ASKED, Event.SEALED, Event.UNSEALED)] == told[1:3] + told[-1:]
    assert SECRET not in " ".join(Entry.objects.values_list("text", flat=True))
    with pytest.raises(DatabaseError), transaction.atomic():
        Seal.objects.update(status=SealStatus.STANDS)


def test_only_who_explains_the_levy_there_is_named(petitioner: Petitioner, court: Court, as_role: AsRole) -> None:
    case = petitioner.files()
    seals_it(court, Thing(case_id=case.pk))
    far = a_desk(as_role, "far@example.kr", Role.ASSESSOR, body="11140")
    for reader in (far, court.clerk):
        with pytest.raises(NoReader):
            names(court, Seal.objects.get(), reader)
    with pytest.raises(NotYoursToSeal):
        court.assessor.does(lambda: sealing.ask_seal(thing=Thing(case_id=case.pk), reason="So.", at=clock.now()))


def test_a_sealed_file_is_read_by_its_own_side_and_the_court(petitioner: Petitioner, court: Court) -> None:
    case = petitioner.files()
    brought = petitioner.does(
        lambda: add_file(case_id=case.pk, name="illness.png", kind="png", content=a_picture(), at=clock.now())
    )
    answered = court.assessor.does(
        lambda: add_file(case_id=case.pk, name="neighbour.png", kind="png", content=a_picture(), at=clock.now())
    )
    with pytest.raises(NotYoursToSeal):  # it is not the petitioner's matter
        petitioner.does(
            lambda: sealing.ask_seal(thing=Thing(case_id=case.pk, file_id=answered), reason="x", at=clock.now())
        )
    for file_id in (brought, answered):
        seals_it(court, Thing(case_id=case.pk, file_id=file_id))
    theirs, levied, heard = (
        who.does(lambda: cases.detail(case.pk, at=clock.now())) for who in (petitioner, court.assessor, court.clerk)
    )
    assert [one.id for one in theirs.files] == [brought]
    assert [one.id for one in levied.files] == [answered]
    assert [one.id for one in heard.files] == [brought, answered]
    assert "illness.png" not in repr(levied)
    assert "neighbour.png" not in repr(theirs)
    names(court, Seal.objects.get(file_id=brought), court.assessor)
    assert brought in [one.id for one in court.assessor.does(lambda: cases.files_of(case.pk))]
    opens(court, Seal.objects.get(file_id=answered))
    assert "neighbour.png" in repr(petitioner.does(lambda: cases.detail(case.pk, at=clock.now())))


def test_a_clerk_reads_of_a_relatives_case_neither_what_is_sealed_nor_how_it_is_decided(
    petitioner: Petitioner, court: Court, as_role: AsRole
) -> None:
    case = petitioner.files()
    near = a_desk(as_role, "near@example.kr", Role.COURT_CLERK)
    Relative.objects.create(officer_id=near.id, relation="sibling", name="x", taxpayer_id=case.taxpayer_id)
    answered = court.assessor.does(
        lambda: add_file(case_id=case.pk, name="neighbour.png", kind="png", content=a_picture(), at=clock.now())
    )
    seals_it(court, Thing(case_id=case.pk, file_id=answered))
    court.drafts(case, Outcome.REJECTED)

    def reads(desk: Desk) -> list[int]:
        kept = (Ruling.objects, Tally.objects, Seal.objects, Evidence.objects.filter(pk=answered))
        return list(desk.does(lambda: [one.count() for one in kept]))

    assert min(reads(court.clerk)) > 0
    assert reads(near) == [0] * 4
    assert sees(near, case), "what is not sealed they find, and act upon nothing of it"
    seals_it(court, Thing(case_id=case.pk))
    assert not sees(near, case)


def test_mails_of_a_sealed_case_give_no_number(petitioner: Petitioner, court: Court) -> None:
    case = petitioner.files()
    Taxpayer.objects.filter(pk=case.taxpayer_id).update(email="payer@example.kr")
    seals_it(court, Thing(case_id=case.pk))
    open_sittings(court)
    scheduled(court)
    letters.write_letters(at=clock.now())
    assert mail.outbox
    for sent in mail.outbox:
        assert str(case.number) not in sent.subject + str(sent.body)
        assert "assessor@example.kr" not in sent.to


SEARCHED = {f"/{one}/" for one in ("appeals", "decisions", "bills", "documents", "taxpayers", "payments")}
SEARCHES = ("?q=", "?text=")


def test_by_the_pages_from_asking_to_naming_a_reader(petitioner: Petitioner, court: Court) -> None:
    case = petitioner.files()
    owner, clerk, levying = browser_of(petitioner), office_of(court.clerk), office_of(court.assessor)
    ask, page = f"/appeals/{case.pk}/seal/", f"/appeals/{case.pk}/seals/"
    refused = owner.post(ask, {"what": "case", "reason": ""})
    assert refused.status_code == 422
    assert owner.post(ask, {"what": "case", "reason": SECRET}).status_code == 302
    assert SECRET in text_of(owner.get(ask))
    assert SECRET not in text_of(levying.get(page))
    assert page in text_of(clerk.get("/appeals/"))
    typed = {"what": "case", "ground": "person", "because": ""}
    assert clerk.post(f"{page}seal/", typed).status_code == 422
    assert clerk.post(f"{page}seal/", {**typed, "because": "So it is."}).status_code == 302
    assert levying.get(page).status_code == 404
    seal = Seal.objects.get()
    assert clerk.post(f"{page}{seal.pk}/reader/", {"reader": court.assessor.id}).status_code == 302
    assert levying.get(page).status_code == 200
    assert clerk.post(f"{page}{seal.pk}/open/", {"because": ""}).status_code == 422
    assert clerk.post(f"{page}{seal.pk}/open/", {"because": "No more."}).status_code == 302
    assert not Case.objects.get().sealed


# Every door: addresses with whatever stands for the case, its hearing, its files in them.
def addresses(face: str, numbers: dict[str, Any]) -> Iterator[tuple[str, URLPattern]]:
    for place, pattern in routes(face):
        parts, found = place.replace("^", "").split("<"), place.split("<")[0]
        for part in parts[1:]:
            kind, _, rest = part.partition(">")
            name = kind.split(":")[-1]
            found += str(numbers.get(name, 1)) + rest
        yield found, pattern


def knows_nothing(client: FaceClient, face: str, numbers: dict[str, Any], words: list[str]) -> int:
    """Walk every address of a face; no answer has any of the words. How many pages answered."""
    answered = 0
    for place, pattern in addresses(face, numbers):
        if pattern.name in ("sign_out",) or decision_of(pattern.callback) is None:
            continue
        own = place.startswith(("/appeals/", "/decisions/"))
        if not own and not numbers["everywhere"]:
            continue
        for query in ("", *(one + words[0] for one in SEARCHES if place in SEARCHED)):
            answer = client.get(place + query)
            assert answer.status_code < 500, place
            content = b"".join(answer) if answer.streaming else answer.content
            told = content.decode(errors="replace").replace("\r\n ", "") + str(answer.headers)
            answered += answer.status_code == 200
            for word in words if own else words[:4]:
                asked = query.partition("=")[2]
                assert word not in told.replace(f'value="{asked}"', ""), (place + query, word)
    return answered


def test_a_sealed_case_looked_for_by_every_door(
    real_bill: BillFacts, court: Court, as_role: AsRole, public_client: FaceClient, deliver_events: Any
) -> None:
    petitioner = a_petitioner(as_role, real_bill)
    reasons = "The illness proves it."
    case = petitioner.files(grounds=SECRET, public_hearing=True)
    Taxpayer.objects.filter(pk=case.taxpayer_id).update(name="비밀인")
    Bill.objects.filter(pk=case.bill_id).update(object_ref="99비9999")
    open_sittings(court)
    scheduled(court)
    slot = slot_of(case)
    brought = petitioner.does(
        lambda: add_file(case_id=case.pk, name="illness.png", kind="png", content=a_picture(), at=clock.now())
    )
    case = court.rules(case, Outcome.REJECTED, reasons=reasons)
    deliver_events()
    publishes(court, case)
    seals_it(court, Thing(case_id=case.pk))
    seal, published = Seal.objects.get(), Publication.objects.get()
    document = Document.objects.get(kind="ruling")
    numbers = {
        "case_id": case.pk, "file_id": brought, "slot_id": slot.pk, "session_id": slot.session_id,
        "number": case.number, "day": slot.session.day.isoformat(), "bill_id": case.bill_id, "seal_id": seal.pk,
        "document_id": document.pk, "taxpayer_id": case.taxpayer_id, "year": published.year,
        "officer_id": court.clerk.id,
    }  # fmt: skip
    words = [str(case.number), SECRET, reasons, TEXT.claims, "비밀인", "99비9999", "illness.png"]
    # Roles are put together where what all of them see together is to be nothing.
    levied = (Role.ASSESSOR, Role.COLLECTOR, Role.APPROVER, Role.COURT_CLERK, Role.CHAIR, Role.COMMITTEE_MEMBER)
    checks = (Role.AUDITOR, Role.ADMINISTRATOR, Role.APPROVER, Role.TREASURER, Role.CASHIER, Role.ASSESSOR,
              Role.SPECIAL_TAX_ADVOCATE)  # fmt: skip
    strangers = {
        "neighbour": browser_of(a_petitioner(as_role)),
        "visitor": public_client,
        "officers of the district": office_of(a_desk(as_role, "gu@example.kr", *levied, body="11110")),
        "auditor, administrator, other advocate": office_of(a_desk(as_role, "city@example.kr", *checks)),
    }
    for who, client in strangers.items():
        face = "public" if who in ("neighbour", "visitor") else "office"
        numbers["everywhere"] = who != "visitor"  # what is open to everybody the neighbour has seen
        assert knows_nothing(client, face, numbers, words) > 5, who
