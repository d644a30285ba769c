"""Claims that a bill asked too much, each as far as the running session may see; amounts in won."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from accounts.selectors import taxpayer_facts
from billing.selectors import BillSummary, Claimable, LineOfClaim, bills_by_id, claimable, issued_on
from billing.selectors.city import dated_tables
from core import clock
from core.evidence import OPENS, Scan
from refunds.models import Claim, ClaimFile
from refunds.rules.claims import later_since, return_until
from refunds.selectors import RefundDetail
from refunds.services.causes import contestable_until
from refunds.states import BY_RIGHT, ClaimStatus, Ground

MOST: Final = 500


class NoSuchClaimHere(LookupError):
    """There is no such claim, or the caller may not see it; no answer tells which."""


@dataclass(frozen=True, kw_only=True)
class FileShown:
    """A paper that was brought for a claim; `opens`: what is known of it lets it be shown. `size` in bytes."""

    id: int
    claim_id: int
    name: str
    size: int
    scan: str
    added_at: datetime

    @property
    def opens(self) -> bool:
        return self.scan in OPENS

    @property
    def label(self) -> str:
        return str(Scan(self.scan).label)


@dataclass(frozen=True, kw_only=True)
class ClaimShown:
    """A claim in a list, with its bill where the reader may see it; `by_right` it rests on article 50."""

    id: int
    bill: BillSummary | None
    name: str
    ground: str
    known_on: date | None
    text: str
    status: str
    asked_at: datetime
    answer_by: date | None
    answered_at: datetime | None
    answer: str
    files: tuple[FileShown, ...]

    @property
    def label(self) -> str:
        return str(ClaimStatus(self.status).label)

    @property
    def why(self) -> str:
        return str(Ground(self.ground).label)

    @property
    def by_right(self) -> bool:
        return self.ground in BY_RIGHT

    @property
    def waits(self) -> bool:
        return self.status in (ClaimStatus.ASKED, ClaimStatus.DECIDING)

    @property
    def refused(self) -> bool:
        return self.status == ClaimStatus.REFUSED

    @property
    def late(self) -> bool:
        """The day until which the office was to answer is over (paragraph 4: objecting is open since)."""
        return self.waits and self.answer_by is not None and self.answer_by < clock.local_date(clock.now())


@dataclass(frozen=True, kw_only=True)
class LineWanted:
    """A tax of the bill as it is, and as it should be."""

    line: LineOfClaim
    wanted: int


@dataclass(frozen=True, kw_only=True)
class ClaimDetail:
    """A claim that an officer answers."""

    shown: ClaimShown
    taxpayer_id: int
    lines: tuple[LineWanted, ...]
    base: int | None


@dataclass(frozen=True, kw_only=True)
class RequestBehind:
    """A bill was corrected because its payer asked for it: when they did, and until when it could be contested.

    `until` is counted from the day on which it went out; None: the pack doesn't know.
    """

    asked_on: date
    issued_on: date
    until: date | None

    @property
    def late(self) -> bool:
        """It is a correction on a complaint, unless the notice arrived later (article 62 paragraph 3)."""
        return self.until is None or self.asked_on > self.until


def request_behind(found: RefundDetail) -> RequestBehind | None:
    """The request (not a claim by right) that a refund goes back to; None: there is none."""
    bill_id, asked = found.summary.bill_id, found.requested_on
    issued = issued_on(bill_id=bill_id) if bill_id is not None and asked else None
    if bill_id is None or asked is None or issued is None:
        return None
    until = contestable_until(bill_id=bill_id, arrived=issued)
    return RequestBehind(asked_on=asked, issued_on=issued, until=until)


def own_claims() -> list[ClaimShown]:
    """The session's claims, the newest first."""
    return _shown(list(Claim.objects.order_by("-pk")[:MOST]))


def own_claim(claim_id: int) -> ClaimShown:
    """One of the session's claims, with its answer. Raises NoSuchClaimHere."""
    found = _shown(list(Claim.objects.filter(pk=claim_id)))
    if not found:
        raise NoSuchClaimHere(claim_id)
    return found[0]


def file_of_claim(*, claim_id: int, file_id: int) -> tuple[str, str, bytes] | None:
    """Name, media type and content of a file that the session may see, if it may be opened."""
    row = ClaimFile.objects.filter(pk=file_id, claim_id=claim_id).first()
    return row.opened() if row else None


def waiting_claims() -> list[ClaimShown]:
    """Claims without an answer: what has to be answered first stands first, then the oldest."""
    rows = Claim.objects.filter(status__in=(ClaimStatus.ASKED, ClaimStatus.DECIDING))
    found = list(rows.order_by("answer_by", "asked_at", "pk")[:MOST])
    return _shown(found)


def how_many_wait() -> tuple[int, int]:
    """Claims without an answer, and those of them whose day for it is over."""
    rows = Claim.objects.filter(status__in=(ClaimStatus.ASKED, ClaimStatus.DECIDING))
    return rows.count(), rows.filter(answer_by__lt=clock.local_date(clock.now())).count()


def claim_detail(claim_id: int) -> ClaimDetail:
    """A claim that waits for an officer, or for the second one. Raises NoSuchClaimHere."""
    row = Claim.objects.filter(pk=claim_id, status__in=(ClaimStatus.ASKED, ClaimStatus.DECIDING)).first()
    bill = claimable(bill_id=row.bill_id, at=clock.now()) if row else None
    if row is None or bill is None:
        raise NoSuchClaimHere(claim_id)
    asked: Mapping[str, Any] = row.wanted.get("lines", {})
    lines = tuple(LineWanted(line=line, wanted=_wanted(asked.get(str(line.id)), line.amount)) for line in bill.lines)
    (shown,) = _shown([row])
    base = row.wanted.get("base")
    return ClaimDetail(shown=shown, taxpayer_id=row.taxpayer_id, lines=lines, base=base if type(base) is int else None)


def grounds_of(bill: Claimable) -> list[Ground]:
    """On which grounds this bill can be claimed about today."""
    today = clock.local_date(clock.now())
    found = [Ground.REQUEST]
    if bill.is_tax:
        found.insert(0, Ground.LATER)
    if bill.filed and today <= return_until(due=bill.due_on, rule=_rule()):
        found.insert(0, Ground.RETURN)
    return found


def heard_since() -> date:
    """The earliest day of hearing of what turned out otherwise that still allows a claim today."""
    return later_since(today=clock.local_date(clock.now()), rule=_rule())


def answered_within() -> int:
    """How many months the office has for the answer."""
    return int(_rule()["answer_months"])


def _rule() -> Mapping[str, Any]:
    return dated_tables().at("correction_claim", clock.local_date(clock.now())).body


def _wanted(said: Any, now: int) -> int:
    """What a claimant wrote, as far as it is a sum that the line can still come to."""
    return min(said, now) if type(said) is int and said >= 0 else now


def _shown(rows: Sequence[Claim]) -> list[ClaimShown]:
    bills = bills_by_id(bill_ids=[row.bill_id for row in rows], at=clock.now())
    names = taxpayer_facts([row.taxpayer_id for row in rows])
    fields = ("id", "claim_id", "name", "size", "scan", "added_at")
    files = [FileShown(**one) for one in ClaimFile.objects.filter(claim__in=rows).order_by("pk").values(*fields)]
    return [
        ClaimShown(
            id=row.pk,
            bill=bills.get(row.bill_id),
            name=names[row.taxpayer_id].name if row.taxpayer_id in names else "",
            ground=row.ground,
            known_on=row.known_on,
            text=row.text,
            status=row.status,
            asked_at=row.asked_at,
            answer_by=row.answer_by,
            answered_at=row.answered_at,
            answer=row.answer if row.status != ClaimStatus.DECIDING else "",
            files=tuple(one for one in files if one.claim_id == row.pk),
        )
        for row in rows
    ]
