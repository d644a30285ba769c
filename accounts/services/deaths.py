"""A death and the heirs: they succeed to what the deceased owes (지방세기본법 제42조), see it and may pay it."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.enums import AuthorityKind
from accounts.functions import ask
from accounts.models import Authority, Taxpayer
from accounts.services.authorities import open_authority, revoke_authority
from core import audit, clock, outbox
from core.errors import Refusal

PEOPLE = (Taxpayer.Kind.INDIVIDUAL, Taxpayer.Kind.FOREIGNER)


class DeathUnclear(Refusal):
    message = _("Only a person dies, on a day between the birth and today. Check the record and the date.")


class HeirsRecorded(Refusal):
    message = _("Heirs are recorded. End their authorities first, then take the death back.")


class NotDeceased(Refusal):
    message = _("Record the date of death first.")


class HeirUnclear(Refusal):
    message = _("Name the record of another, living person who is not recorded as an heir yet.")


def record_death(*, taxpayer_id: int, died_on: date | None, reason: str, actor_id: int, at: datetime) -> None:
    """Record or correct the date of death; None takes a death back that was recorded by mistake. Office only.

    The account of the deceased is closed and its sessions end; powers of attorney end too (민법 제127조, 제690조).
    Raises `DeathUnclear` or `HeirsRecorded`.
    """
    with transaction.atomic():
        person = Taxpayer.objects.select_for_update().filter(pk=taxpayer_id, kind__in=PEOPLE).first()
        if person is None or (died_on is not None and not _possible(person, died_on, at)):
            raise DeathUnclear
        if died_on is None and _heirs(taxpayer_id).exists():
            raise HeirsRecorded
        Taxpayer.objects.filter(pk=taxpayer_id).update(died_on=died_on)
        if died_on is not None:
            _end_agency(taxpayer_id, actor_id, at)
            outbox.publish("accounts.death_recorded.v1", taxpayer_id=taxpayer_id)
        ask("accounts_follow_death", taxpayer_id)
        audit.record(
            action="accounts.death_recorded" if died_on else "accounts.death_taken_back",
            subject=f"taxpayer:{taxpayer_id}",
            actor_id=actor_id,
            taxpayer_id=taxpayer_id,
            reason=reason,
            details={"died_on": died_on},
        )


def record_heir(*, deceased_id: int, heir_id: int, reason: str, actor_id: int) -> int:
    """Let an heir (상속인) see and pay what the deceased owes. Raises `NotDeceased` or `HeirUnclear`."""
    died_on = Taxpayer.objects.filter(pk=deceased_id).values_list("died_on", flat=True).first()
    if died_on is None:
        raise NotDeceased
    living = Taxpayer.objects.filter(pk=heir_id, kind__in=PEOPLE, died_on=None).exists()
    if heir_id == deceased_id or not living or _heirs(deceased_id).filter(agent_id=heir_id).exists():
        raise HeirUnclear
    return open_authority(
        kind=AuthorityKind.HEIR,
        principal_id=deceased_id,
        agent_id=heir_id,
        starts_on=died_on,
        reason=reason,
        actor_id=actor_id,
    )


def _possible(person: Taxpayer, died_on: date, at: datetime) -> bool:
    return died_on <= clock.local_date(at) and (person.birth_date is None or died_on >= person.birth_date)


def _heirs(taxpayer_id: int) -> QuerySet[Authority]:
    return Authority.objects.filter(principal_id=taxpayer_id, kind=AuthorityKind.HEIR, revoked_at=None)


def _end_agency(taxpayer_id: int, actor_id: int, at: datetime) -> None:
    ending = Authority.objects.filter(
        Q(principal_id=taxpayer_id) | Q(agent_id=taxpayer_id),
        kind__in=[AuthorityKind.AGENT, AuthorityKind.DELEGATE],
        revoked_at=None,
    )
    for authority_id in ending.values_list("pk", flat=True):
        revoke_authority(authority_id=authority_id, reason="death", actor_id=actor_id, at=at)
