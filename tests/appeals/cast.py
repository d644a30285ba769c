"""The same small cast: somebody who contests a bill, and the officers of the court."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from accounts.access import Role
from accounts.models import Taxpayer
from appeals import services
from appeals.models import Case
from appeals.selectors.judging import draft_hash
from appeals.services import Petition, Says
from appeals.states import How, Outcome
from billing.models import Bill, BillLine
from core import clock
from core.db.session import session_secret
from tests.appeals.bench_cast import carried, signed_by_members
from tests.billing.people import citizen_session
from tests.payments.cast import BillFacts, a_bill
from tests.payments.test_cancellations import Desk, a_desk
from tests.support.database import AsRole

Deliver = Callable[[], int]
GROUNDS = "The car was sold before the tax arose."


def today() -> date:
    return clock.local_date(clock.now())


def days_ago(days: int) -> date:
    return today() - timedelta(days=days)


@dataclass
class Petitioner:
    """A citizen's session, and what is done in it."""

    as_role: AsRole
    secret: str
    bill: BillFacts

    def does(self, work: Callable[[], Any]) -> Any:
        with ExitStack() as stack:
            stack.enter_context(self.as_role("public"))
            stack.enter_context(session_secret(self.secret))
            stack.enter_context(transaction.atomic())
            return work()

    def begins(self, bill: BillFacts | None = None) -> int:
        bill_id = (bill or self.bill).id
        return int(self.does(lambda: services.begin(bill_id=bill_id, language="ko", at=clock.now())))

    def files(self, *, served_on: date | None = None, grounds: str = GROUNDS, **says: Any) -> Case:
        case_id = self.begins()
        petition = Petition(served_on=served_on or days_ago(3), grounds=grounds, **says)
        self.does(lambda: services.file(case_id=case_id, says=petition, at=clock.now()))
        return Case.objects.get(pk=case_id)


@dataclass(frozen=True)
class Court:
    """A clerk and a chair of the city, an assessor of the district that levied."""

    clerk: Desk
    chair: Desk
    assessor: Desk
    deliver: Deliver

    def answers(self, case: Case) -> None:
        self.assessor.does(
            lambda: services.answer(
                case_id=case.pk, text="It was levied so.", officer_id=self.assessor.id, at=clock.now()
            )
        )

    def drafts(self, case: Case, outcome: Outcome, **says: Any) -> None:
        if outcome != Outcome.DISMISSED:
            carried(case.pk, outcome, chair=self.chair.id)
        said = Says(**{"outcome": outcome, "reasons": "So it is.", **says})
        self.clerk.does(
            lambda: services.draft_ruling(case_id=case.pk, says=said, officer_id=self.clerk.id, at=clock.now())
        )

    def signs(self, case: Case, *, by: Desk | None = None) -> None:
        desk = by or self.chair
        signed_by_members(case.pk, but=desk.id)
        read = desk.does(lambda: draft_hash(case.pk))
        desk.does(lambda: services.sign_ruling(case_id=case.pk, sha256=read, officer_id=desk.id, at=clock.now()))

    def serves(self, case: Case) -> None:
        self.clerk.does(
            lambda: services.serve_ruling(
                case_id=case.pk, how=How.SITE, tracking="", on=today(), officer_id=self.clerk.id, at=clock.now()
            )
        )

    def rules(self, case: Case, outcome: Outcome, **says: Any) -> Case:
        """From the draft to the bill."""
        self.drafts(case, outcome, **says)
        self.signs(case)
        self.serves(case)
        self.deliver()
        return Case.objects.get(pk=case.pk)


def a_court(as_role: AsRole, deliver: Deliver) -> Court:
    return Court(
        a_desk(as_role, "clerk@example.kr", Role.COURT_CLERK),
        a_desk(as_role, "chair@example.kr", Role.CHAIR),
        a_desk(as_role, "assessor@example.kr", Role.ASSESSOR, body="11110"),
        deliver,
    )


def a_petitioner(as_role: AsRole, bill: BillFacts | None = None) -> Petitioner:
    bill = bill or a_bill()
    return Petitioner(as_role, citizen_session(as_role, Taxpayer.objects.get(pk=bill.taxpayer_id)), bill)


def same_payer(petitioner: Petitioner) -> Petitioner:
    """The same person and session, about another bill of theirs."""
    return Petitioner(petitioner.as_role, petitioner.secret, a_bill(of=petitioner.bill))


def a_fine(of: BillFacts) -> BillFacts:
    """A parking fine of the same payer."""
    row = Bill.objects.get(pk=of.id)
    number = f"{secrets.randbelow(10**19):019d}"
    row.pk, row.tax_id, row.epay_number, row.roll_ref, row.object_ref = None, "parking_fine", number, number, number
    row.tax_number = f"{secrets.randbelow(10**31):031d}"
    with transaction.atomic():
        row.save(force_insert=True)
        BillLine.objects.create(bill=row, position=1, tax_id="parking_fine", amount=row.amount)
    return BillFacts(row.pk, number, row.amount, of.payer, of.taxpayer_id)


def lines_of(bill: BillFacts) -> list[int]:
    return list(Bill.objects.get(pk=bill.id).lines.order_by("position").values_list("pk", flat=True))
