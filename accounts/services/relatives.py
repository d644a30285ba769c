"""Officers declare themselves and their relatives, so that nobody works on such a file."""

from __future__ import annotations

from django.db import transaction

from accounts.enums import Relation
from accounts.models import Relative
from accounts.services.taxpayers import Person, find_or_create_taxpayers
from accounts.vault.numbers import resident_number
from accounts.vault.sealing import open_seal, seal
from core import audit
from core.log import append_leaf
from core.outbox import publish

USE = "relative"


def declare_relative(*, officer_id: int, relation: Relation, name: str, number: str) -> int:
    """Keep a declaration, its number sealed; the worker finds the record. Raises `NotAResidentNumber`."""
    with transaction.atomic():
        relative = Relative.objects.create(
            officer_id=officer_id,
            relation=relation,
            name=name,
            sealed_number=seal(text=resident_number(number), use=USE),
        )
        publish("accounts.relative_declared.v1", relative_id=relative.pk)
        append_leaf(
            kind="relative",
            reference=f"relative:{relative.pk}",
            content={"officer": officer_id, "relation": relation, "relative": relative.pk},
        )
        audit.record(action="accounts.relative_declared", subject=f"account:{officer_id}", actor_id=officer_id)
    return relative.pk


def find_relative(*, relative_id: int) -> None:
    """Find (or open) the relative's record and drop the number. Worker only; safe to repeat."""
    with transaction.atomic():
        relative = Relative.objects.select_for_update().get(pk=relative_id)
        if relative.sealed_number is None:
            return
        number = open_seal(sealed=bytes(relative.sealed_number), use=USE)
        (relative.taxpayer_id,) = find_or_create_taxpayers([Person(name=relative.name, resident_number=number)])
        relative.sealed_number = None
        relative.save(update_fields=["taxpayer", "sealed_number"])
