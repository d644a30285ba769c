from __future__ import annotations

from datetime import date, datetime
from typing import Final

from billing.models import Bill
from billing.selectors.city import dated_tables
from billing.services.life.claims import NothingUnpaid, NotPrescribedYet
from billing.services.life.engine import name_change
from billing.states import BillStatus, ChangeKind
from core import clock

REASON: Final = "소멸시효 완성 확인 대상 (자동 선별) Named by the yearly limitation job"


def name_prescribed(*, at: datetime, most: int = 10_000) -> list[int]:
    """Name claims that may be prescribed (소멸시효), for an officer to confirm; returns the changes that now wait.

    Framework Act, article 39: 5 years, 10 from 50,000,000 won. Worker only.
    """
    today = clock.local_date(at)
    years = dated_tables().at("prescription", today).body["years"]
    old = Bill.objects.filter(
        status__in=(BillStatus.ISSUED, BillStatus.WRITTEN_OFF), due_on__lt=date(today.year - years, today.month, 1)
    )
    waiting = old.exclude(changes__kind=ChangeKind.PRESCRIBE, changes__status="proposed")
    found = []
    for bill_id in waiting.order_by("pk").values_list("pk", flat=True)[:most]:
        try:
            change = name_change(bill_id=bill_id, kind=ChangeKind.PRESCRIBE, reason=REASON, at=at)
        except (NothingUnpaid, NotPrescribedYet):
            continue
        if change is not None:
            found.append(change)
    return found
