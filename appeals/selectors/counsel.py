"""Requests for an appointed professional, with what the law asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from appeals.advocate_states import CounselStatus, Person
from appeals.explain import DeadlineSaid, said
from appeals.models import Case, CounselRequest
from appeals.rules.counsel import Short, of_the_case, of_the_means
from appeals.selectors.clocks import clocks
from appeals.selectors.facts import CaseDetail
from appeals.states import Wish
from billing.explain import article_text
from billing.rules.calendar import CalendarNotKnown
from billing.selectors.city import dated_tables
from core import clock

FIELDS: Final = ("id", "person", "yearly", "owned", "status", "asked_at", "decided_at", "because", "name", "contact")
TEXTS: Final = {
    Short.TAX: _("No professional is appointed about this tax."),
    Short.CLAIM: _("The claim is larger than %(most)s won."),
    Short.YEARLY: _("The income of a year, or the sales, are more than %(most)s won."),
    Short.OWNED: _("The property, or the assets, are worth more than %(most)s won."),
    Short.LISTED: _("Whoever is on the list of delinquents gets none."),
}


@dataclass(frozen=True, kw_only=True)
class CounselShown:
    """A request as petitioner and clerk see it; `answer_by` while it waits."""

    id: int
    person: str
    yearly: int
    owned: int
    status: str
    asked_at: datetime
    decided_at: datetime | None
    because: str
    name: str
    contact: str
    answer_by: DeadlineSaid | None = None

    @property
    def label(self) -> str:
        return str(CounselStatus(self.status).label)

    @property
    def person_label(self) -> str:
        return str(Person(self.person).label)

    @property
    def waits(self) -> bool:
        return self.status == CounselStatus.ASKED


@dataclass(frozen=True, kw_only=True)
class CounselTerms:
    """What the law asks for in a case: `claim` in won, what stands `against` it in the case itself."""

    article: str
    claim: int
    rule: Mapping[str, Any]
    against: tuple[str, ...]

    def against_means(self, *, person: str, yearly: int, owned: int, listed: bool) -> list[str]:
        """What stands against it in what somebody has."""
        found = of_the_means(person=person, yearly=yearly, owned=owned, listed=listed, rule=self.rule)
        most = self.rule["means"][person]
        return [str(TEXTS[one]) % {"most": f"{most.get(one, 0):,}"} for one in found]


@dataclass(frozen=True, kw_only=True)
class CounselWaiting:
    case_id: int
    number: str
    answer_by: DeadlineSaid | None


def terms_of(found: CaseDetail, *, at: datetime) -> CounselTerms:
    """Raises LookupError where the city has no such table on that day."""
    table = dated_tables().at("appointed_counsel", clock.local_date(at))
    bill = found.summary.bill
    asks = bill.amount if bill else 0
    claim = asks - (found.wish_amount or 0) if found.wish == Wish.REDUCE else asks
    short = of_the_case(tax=bill.tax if bill else "", claim=claim, rule=table.body)
    return CounselTerms(
        article=article_text(table.article),
        claim=claim,
        rule=table.body,
        against=tuple(str(TEXTS[one]) % {"most": f"{table.body['claim']:,}"} for one in short),
    )


def requests_of(case_id: int, *, at: datetime) -> list[CounselShown]:
    """The newest first."""
    rows = CounselRequest.objects.filter(case_id=case_id).order_by("-pk").values(*FIELDS)
    return [CounselShown(**row, answer_by=_answer_by(row["status"], row["asked_at"], at)) for row in rows]


def waiting_for_clerk(*, at: datetime) -> list[CounselWaiting]:
    """Requests that the signed-in clerk has to answer, the eldest first."""
    rows = CounselRequest.objects.filter(status=CounselStatus.ASKED).order_by("asked_at").values("case_id", "asked_at")
    numbers = dict(Case.objects.filter(pk__in=[row["case_id"] for row in rows]).values_list("pk", "number"))
    return [
        CounselWaiting(
            case_id=row["case_id"],
            number=numbers.get(row["case_id"]) or "",
            answer_by=_answer_by(CounselStatus.ASKED, row["asked_at"], at),
        )
        for row in rows
    ]


def _answer_by(status: str, asked_at: datetime, at: datetime) -> DeadlineSaid | None:
    if status != CounselStatus.ASKED:
        return None
    try:
        deadline = clocks(at).to_counsel(asked=clock.local_date(asked_at))
    except CalendarNotKnown:
        return None
    return said([deadline], today=clock.local_date(at))[0]
