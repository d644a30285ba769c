from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Exists, OuterRef

from billing.models import BillChange, BillFact
from billing.rules.prescription import years_after
from billing.selectors.city import dated_tables
from billing.selectors.prescription import unpaid_bills
from billing.services.life.claims import NothingUnpaid, NotPrescribedYet
from billing.services.life.engine import name_change
from billing.states import BillStatus, ChangeKind, FactKind
from core import clock

FOUND: Final = "소멸시효가 완성된 것으로 보임"  # what a job writes; pages say it in the reader's language
RESTS: Final = timedelta(days=365)  # a claim that an officer kept is not named again so soon
A_LOOK: Final = 1000


def name_prescribed(*, at: datetime, most: int = 10_000) -> list[int]:
    """Name claims that may be prescribed (소멸시효), for an officer to confirm; returns the changes that now wait.

    Framework Act, article 39: 5 years, 10 from 50,000,000 won. Worker only.
    """
    found: list[int] = []
    for bill_id in _old_claims(at=at):
        if len(found) == most:
            break
        try:
            change = name_change(bill_id=bill_id, kind=ChangeKind.PRESCRIBE, reason=FOUND, at=at)
        except (NothingUnpaid, NotPrescribedYet):
            continue
        if change is not None:
            found.append(change)
    return found


def _old_claims(*, at: datetime) -> Iterator[int]:
    """Unpaid claims that were due long enough ago, a look at a time, beyond those for which property is seized."""
    today = clock.local_date(at)
    years = dated_tables().at("prescription", today).body["years"]
    named = BillChange.objects.filter(bill=OuterRef("pk"), kind=ChangeKind.PRESCRIBE)
    seized = BillFact.objects.filter(bill=OuterRef("pk"), kind=FactKind.SEIZURE, ended_on=None)
    old = unpaid_bills().filter(
        ~Exists(named.filter(status="proposed")),
        ~Exists(named.filter(status="rejected", decided_at__gt=at - RESTS)),
        ~Exists(seized),
        status__in=(BillStatus.ISSUED, BillStatus.WRITTEN_OFF),
        due_on__lt=years_after(today, -years),
    )
    last = 0
    while look := list(old.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:A_LOOK]):
        yield from look
        last = look[-1]
