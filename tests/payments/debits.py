"""Somebody who gives leave to debit their account, and the moments of the city's day."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts.models import Account, Taxpayer
from core import clock
from core.db.session import session_secret
from payments import services
from payments.models import Attempt, Debit, Mandate
from payments.services import DebitRun
from tests.billing.people import citizen_session
from tests.payments.cast import BillFacts, a_bill, today
from tests.payments.world import World, an_account
from tests.support.database import AsRole

SEOUL = ZoneInfo("Asia/Seoul")
BACK = {"success_url": "http://127.0.0.1:9/agreed/{reference}", "fail_url": "http://127.0.0.1:9/not/{reference}"}


def morning() -> datetime:
    return datetime.combine(today(), time(10), SEOUL)


def evening() -> datetime:
    return datetime.combine(today(), time(18), SEOUL)


@dataclass
class Giver:
    """A taxpayer who is signed in on the public face; `mail` is where letters go."""

    as_role: AsRole
    taxpayer_id: int
    account_id: int
    secret: str
    mail: str

    @contextmanager
    def here(self) -> Iterator[None]:
        with ExitStack() as stack:
            stack.enter_context(self.as_role("public"))
            stack.enter_context(session_secret(self.secret))
            yield

    def asks(self, *, bank: str = "20", language: str = "ko") -> services.Opened:
        with self.here():
            return services.set_up(
                taxpayer_id=self.taxpayer_id, account_id=self.account_id, bank=bank, language=language,
                at=clock.now(), **BACK,
            )  # fmt: skip

    def gives(self, world: World, account: str = "") -> Mandate:
        """Asks, agrees at the bank, comes back; the worker learns that it is in force."""
        opened = self.asks()
        world.agree_to_debits(opened.go_to, account or an_account())
        with self.here():
            services.returned(reference=opened.reference, agreed=True)
        learn_now()
        mandate = Mandate.objects.get(reference=opened.reference)
        assert mandate.status == "active"
        return mandate


def a_giver(as_role: AsRole, bill: BillFacts) -> Giver:
    secret = citizen_session(as_role, Taxpayer.objects.get(pk=bill.taxpayer_id))
    account = Account.objects.get(taxpayer=bill.taxpayer_id)
    return Giver(as_role, bill.taxpayer_id, account.pk, secret, str(account.email))


def due_today(*, of: BillFacts | None = None, due: date | None = None) -> BillFacts:
    return a_bill(due=due or today(), of=of)


def learn_now(*, after: timedelta = timedelta(minutes=1)) -> None:
    services.resolve_mandates_due(at=clock.now() + after)


def run(at: datetime | None = None) -> DebitRun:
    return services.run_debits(at=at or morning())


def the_debit() -> Debit:
    return Debit.objects.get()


def attempts() -> list[tuple[str, int]]:
    return list(Attempt.objects.order_by("pk").values_list("status", "amount"))
