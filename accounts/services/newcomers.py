"""People and businesses whom a clerk records at the counter. The office seals the number, a worker opens the record."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.enums import NumberKind
from accounts.functions import ask
from accounts.models import NewTaxpayer, Officer
from accounts.services.addresses import move_address
from accounts.services.taxpayers import Person, find_or_create_taxpayers
from accounts.vault.numbers import business_number, resident_number
from accounts.vault.records import index_of, taxpayers_by_index
from accounts.vault.sealing import open_seal, seal
from core import audit, clock
from core.outbox import publish

USE = "newcomer"
TOPIC = "accounts.newcomer_recorded.v1"


def record_newcomer(
    *, business: bool, name: str, number: str, email: str = "", address: str = "", reason: str, actor_id: int
) -> int:
    """Hand a new person (also a foreigner) or business to the worker; returns what to ask for.

    Raises `NotAResidentNumber` or `NotABusinessNumber` (its check digit must be right).
    """
    plain = business_number(number) if business else resident_number(number)
    with transaction.atomic():
        row = NewTaxpayer.objects.create(
            kind="business" if business else "person",
            name=name,
            email=email,
            address=address,
            reason=reason,
            sealed_number=seal(text=plain, use=USE),
            asked_by_id=actor_id,
        )
        publish(TOPIC, newcomer_id=row.pk)
    return row.pk


def open_newcomer(*, newcomer_id: int, at: datetime) -> None:
    """Find the record of the number or open one, and drop the number. Worker only; safe to repeat.

    A record that is there already stays as it is: the clerk is shown it.
    """
    with transaction.atomic():
        row = NewTaxpayer.objects.select_for_update().get(pk=newcomer_id)
        if row.sealed_number is None:
            return
        number = open_seal(sealed=bytes(row.sealed_number), use=USE)
        kind = NumberKind.BUSINESS if row.kind == "business" else NumberKind.RESIDENT
        index = index_of(kind=kind.value, number=number)
        row.known = bool(taxpayers_by_index(kind=kind.value, indexes=[index]))
        of_kind = {"business_number" if kind is NumberKind.BUSINESS else "resident_number": number}
        (row.taxpayer_id,) = find_or_create_taxpayers([Person(name=row.name, email=row.email, **of_kind)])
        _deal_with(row)
        row.sealed_number = None
        row.save(update_fields=["taxpayer", "sealed_number", "known"])
        if row.address and not row.known:
            move_address(
                taxpayer_id=row.taxpayer_id,
                text=row.address,
                starts_on=clock.local_date(at),
                actor_id=row.asked_by_id,
                reason=row.reason,
            )
        audit.record(
            action="accounts.taxpayer_found" if row.known else "accounts.taxpayer_recorded",
            subject=f"taxpayer:{row.taxpayer_id}",
            actor_id=row.asked_by_id,
            taxpayer_id=row.taxpayer_id,
            reason=row.reason,
        )


def _deal_with(row: NewTaxpayer) -> None:
    """The clerk's office deals with the record from now on, and so may see it."""
    body = Officer.objects.values_list("body_id", flat=True).get(pk=row.asked_by_id)
    ask("accounts_deal_with", [row.taxpayer_id], body)
