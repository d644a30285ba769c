from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from accounts.enums import Assurance, AuthorityKind
from accounts.models import Account, Authority, Taxpayer
from core import clock


@dataclass(frozen=True)
class TaxpayerFacts:
    id: int
    kind: str
    name: str
    birth_date: date | None
    email: str
    died_on: date | None = None


@dataclass(frozen=True)
class AddressFacts:
    text: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True)
class AuthorityFacts:
    """`agent` may act for `principal`; `holds` on the day asked for."""

    id: int
    kind: str
    principal: int
    principal_name: str
    agent: int
    agent_name: str
    starts_on: date
    ends_on: date | None
    holds: bool

    @property
    def kind_label(self) -> str:
        return str(AuthorityKind(self.kind).label)


def taxpayer_facts(ids: Sequence[int]) -> dict[int, TaxpayerFacts]:
    """Those of the taxpayers that the login may see."""
    rows = Taxpayer.objects.filter(pk__in=ids)
    return {row.pk: _facts(row) for row in rows}


def find_taxpayers(text: str, *, most: int = 50) -> list[TaxpayerFacts]:
    """Records by their number or by exact name, the eldest record first."""
    if text.isascii() and text.isdigit() and len(text) < 19:
        rows = Taxpayer.objects.filter(pk=int(text))
    else:
        rows = Taxpayer.objects.filter(name=text)
    return [_facts(row) for row in rows.order_by("pk")[:most]]


def taxpayers_of(account: Account, *, at: datetime) -> list[int]:
    """Records that an account may act for: its own, and with a verified identity those it holds authority over.

    The database says the same to row-level security (`accounts_session_taxpayers`); this one is for jobs.
    """
    if account.taxpayer_id is None:
        return []
    mine = [account.taxpayer_id]
    if account.assurance >= Assurance.IDENTITY:
        held = Authority.objects.filter(_holds(clock.local_date(at)), agent_id=account.taxpayer_id)
        mine += [pk for pk in held.values_list("principal_id", flat=True).distinct() if pk not in mine]
    return mine


def authorities_about(taxpayer_id: int, *, at: datetime) -> list[AuthorityFacts]:
    """Who may act for a taxpayer and for whom it may act, newest first."""
    today = clock.local_date(at)
    rows = Authority.objects.filter(Q(principal_id=taxpayer_id) | Q(agent_id=taxpayer_id))
    return [
        AuthorityFacts(
            row.pk, row.kind, row.principal_id, row.principal.name, row.agent_id, row.agent.name, row.starts_on,
            row.ends_on,
            row.revoked_at is None and row.starts_on <= today and (row.ends_on is None or row.ends_on >= today),
        )
        for row in rows.select_related("principal", "agent").order_by("-recorded_at")
    ]  # fmt: skip


def addresses_of(taxpayer_id: int) -> list[AddressFacts]:
    rows = Taxpayer.objects.get(pk=taxpayer_id).taxpayeraddress_set.order_by("-starts_on")
    return [AddressFacts(row.text, row.starts_on, row.ends_on) for row in rows]


def _facts(row: Taxpayer) -> TaxpayerFacts:
    return TaxpayerFacts(row.pk, row.kind, row.name, row.birth_date, row.email, row.died_on)


def _holds(day: date) -> Q:
    return Q(revoked_at=None, starts_on__lte=day) & (Q(ends_on=None) | Q(ends_on__gte=day))


def contacts_of(*, taxpayer_id: int) -> list[str]:
    """Every e-mail address that is registered for a taxpayer: of the record, its own account, and whoever acts for it.

    Worker only.
    """
    today = clock.local_date(clock.now())
    agents = Authority.objects.filter(_holds(today), principal_id=taxpayer_id).values("agent_id")
    own = Q(taxpayer_id=taxpayer_id) | Q(taxpayer_id__in=agents)
    found = [row.email for row in Taxpayer.objects.filter(pk=taxpayer_id) if row.email]
    found += [mail for mail in Account.objects.filter(own, is_active=True).values_list("email", flat=True) if mail]
    return sorted({address.lower() for address in found})


def people_named(*, name: str, born: date) -> list[int]:
    """Records of people with this name and day of birth who live, as far as the login may see them."""
    rows = Taxpayer.objects.filter(name=name, birth_date=born, died_on=None)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:20])


def own_records() -> list[TaxpayerFacts]:
    """Records that the public face's session may act for; row-level security says which."""
    return [_facts(row) for row in Taxpayer.objects.order_by("pk")[:50]]
