"""Returns as the running session may see them; amounts in won."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.utils.translation import get_language, gettext

from accounts.selectors import taxpayer_facts
from accounts.selectors.officers import body_names
from billing.rules.returns.registry import RETURNS
from billing.selectors import BillSummary, bills_by_id
from billing.selectors.city import TaxName, all_taxes, taxes_without_rules
from core import clock
from filing.models import Return
from filing.states import COLOURS, OVER, Status
from filing.words import CHOICES, LABELS, WORDS

MOST: Final = 100


class NoSuchReturnHere(LookupError):
    """There is no such return, or the caller may not see it; no answer tells which."""


@dataclass(frozen=True, kw_only=True)
class ReturnShown:
    """A return in a list, with its bill where the reader may see it."""

    id: int
    number: str
    kind: str
    name: str
    thing: str
    payer: str
    filed_at: datetime
    due_on: date
    status: str
    amended: bool
    bill: BillSummary | None

    @property
    def label(self) -> str:
        return str(Status(self.status).label)

    @property
    def colour(self) -> str:
        return COLOURS[Status(self.status)]


@dataclass(frozen=True, kw_only=True)
class Said:
    """One thing that was declared, as a person reads it."""

    key: str
    value: Any


def own_returns() -> list[ReturnShown]:
    """The session's returns, the newest first."""
    return _shown(Return.objects.order_by("-pk")[:MOST])


def office_returns() -> list[ReturnShown]:
    """The newest returns at the officer's body, those not taken first."""
    refused = list(Return.objects.filter(status=Status.REFUSED).order_by("-pk")[:MOST])
    return _shown([*refused, *Return.objects.exclude(status=Status.REFUSED).order_by("-pk")[:MOST]])


def find_return(return_id: int) -> Return:
    """A return with what it amends. Raises NoSuchReturnHere."""
    found = Return.objects.select_related("amends").filter(pk=return_id).first()
    if found is None:
        raise NoSuchReturnHere(return_id)
    return found


def return_shown(found: Return) -> ReturnShown:
    return _shown([found])[0]


def return_of_bill(bill_id: int) -> int:
    """The return of which a bill was made. Raises NoSuchReturnHere."""
    found = Return.objects.filter(bill_id=bill_id).values_list("pk", flat=True).first()
    if found is None:
        raise NoSuchReturnHere(bill_id)
    return found


def amended_by(found: Return) -> int | None:
    """The return that took this one further."""
    return Return.objects.filter(amends=found).exclude(status__in=OVER).values_list("pk", flat=True).first()


def filed_before(taxpayer_id: int, kind: str, thing: str) -> int | None:
    """The newest return about a thing that stands."""
    rows = Return.objects.filter(taxpayer_id=taxpayer_id, kind=kind, thing=thing).exclude(status__in=OVER)
    return rows.order_by("-pk").values_list("pk", flat=True).first()


def filed_with(key: str) -> int | None:
    """The return that a form with this key made: the same form may be sent again."""
    try:
        return Return.objects.filter(key=UUID(key)).values_list("pk", flat=True).first()
    except ValueError:
        return None


def declared(kind: str, values: dict[str, Any]) -> list[Said]:
    """What was declared, in the order in which it was asked for."""
    if kind not in RETURNS:
        return [Said(key=str(LABELS[name]), value=value) for name, value in values.items()]
    rows = []
    for given in RETURNS[kind].inputs:
        value = values.get(given.name)
        if value is None:
            continue
        label = WORDS[kind].object if given.name == "object" else LABELS[given.name]
        rows.append(Said(key=str(label), value=_as_read(given.holds, value)))
    return rows


def names_of_taxes() -> dict[str, str]:
    """Taxes by code, in the reader's language."""
    return {tax.code: _in_language(tax) for tax in all_taxes()}


def not_filed_here() -> list[str]:
    """Taxes that a payer files and whose rates nobody read in the statute: they are refused by name."""
    return [_in_language(tax) for tax in taxes_without_rules(assessed=("filed", "both"))]


def _as_read(holds: str, value: Any) -> Any:
    if holds == "yes":
        return gettext("yes") if value else gettext("no")
    if holds == "choice":
        return str(CHOICES[value])
    if holds == "day":
        return date.fromisoformat(value)
    return f"{value:,}" if holds in ("won", "count") else value


def _in_language(tax: TaxName) -> str:
    return tax.name_ko if (get_language() or "ko").startswith("ko") else tax.name_en


def _shown(rows: Iterable[Return]) -> list[ReturnShown]:
    found = list(rows)
    bills = bills_by_id(bill_ids=[row.bill_id for row in found if row.bill_id], at=clock.now())
    payers = taxpayer_facts([row.taxpayer_id for row in found])
    return [
        ReturnShown(
            id=row.pk,
            number=row.number,
            kind=row.kind,
            name=str(WORDS[row.kind].name),
            thing=str(row.inputs.get("object") or row.thing),
            payer=payers[row.taxpayer_id].name if row.taxpayer_id in payers else "",
            filed_at=row.filed_at,
            due_on=row.due_on,
            status=row.status,
            amended=row.amends_id is not None,
            bill=bills.get(row.bill_id) if row.bill_id else None,
        )
        for row in found
    ]


def districts(codes: Iterable[str]) -> dict[str, str]:
    """Of these bodies the districts, by code, in the reader's language."""
    named = body_names()
    return {code: named[code] for code in sorted(codes) if code in named}
