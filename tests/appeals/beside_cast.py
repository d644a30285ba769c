"""Special tax advocates of the pool, and how a case comes to one."""

from __future__ import annotations

from datetime import datetime
from time import monotonic
from typing import Any

from accounts.access import Role
from accounts.models import Account, Officer
from appeals.draw_states import DrawStatus
from appeals.models import Advocacy, Case, Draw
from appeals.services import assign, draws, pool
from appeals.services.pool import Profile
from core import clock, log
from tests.appeals.cast import Court
from tests.payments.test_cancellations import Desk, a_desk
from tests.support.database import AsRole


def an_advocate(as_role: AsRole, court: Court, name: str, *, roles: tuple[Role, ...] = (), **facts: Any) -> Desk:
    """An officer of the city in the role, whom the clerk took into the pool."""
    desk = a_desk(as_role, f"{name}@example.kr", Role.SPECIAL_TAX_ADVOCATE, *roles)
    Officer.objects.filter(pk=desk.id).update(name=name)
    keep(court, desk, **facts)
    return desk


def keep(court: Court, desk: Desk, *, at: datetime | None = None, **facts: Any) -> None:
    known: dict[str, Any] = {
        "in_pool": True, "knows": {"automobile": 2}, "districts": [], "team": "", "most": 5, "phone": "02-000-0000",
        "room": "3층",
    }  # fmt: skip
    profile = Profile(**known | facts)
    court.clerk.does(lambda: pool.keep_advocate(officer_id=desk.id, profile=profile, at=at or clock.now()))


def told(draw_id: int) -> None:
    """Seal and advance until a draw is told, however much of the log a round could seal."""
    deadline = monotonic() + 60
    while Draw.objects.filter(pk=draw_id).exclude(status=DrawStatus.DRAWN).exists() and monotonic() < deadline:
        log.seal(at=clock.now())
        draws.advance_draws(at=clock.now())


def draw(court: Court, *, at: datetime | None = None) -> int | None:
    """Gather, fix, bind, tell and carry out, as the worker does from minute to minute."""
    found = assign.gather(at=at or clock.now())
    if found is not None:
        told(found)
    court.deliver()
    return found


def advocate_of(case: Case) -> str | None:
    """The e-mail name of who is a case's advocate now."""
    found = Advocacy.objects.filter(case=case, ended_at=None).values_list("advocate_id", flat=True).first()
    if found is None:
        return None
    return str(Account.objects.values_list("email", flat=True).get(pk=found)).split("@")[0]
