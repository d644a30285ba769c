"""Somebody sets up automatic debit: the bank opens a page on which the holder of the account agrees."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import outbox
from core.clock import local_date
from core.errors import Refusal
from core.identifiers import new_reference
from payments.falling_due import schedule
from payments.gateways import routing
from payments.gateways.base import Declined, Gateway, HostedPage, Outcome, Succeeded, Unknown
from payments.gateways.mandate import MandateWish
from payments.models import Mandate
from payments.states import Channel, MandateStatus

FIRST: Final = timedelta(seconds=20)
RETURNED: Final = "public.mandate_returned.v1"


class DebitClosed(Refusal):
    message = _("Automatic debit can't be set up at this moment. Try again later.")


class BankNotServed(Refusal):
    message = _("Automatic debit is not possible at this bank. Choose another one.")


class MandateThere(Refusal):
    message = _("Automatic debit is set up already, or being set up. End it before you choose another account.")


class NothingToEnd(Refusal):
    message = _("There is no automatic debit in force that could be ended. Look at this page again.")


@dataclass(frozen=True)
class Opened:
    """`go_to` is the bank's page while it is open; without one the bank's answer is not here yet."""

    reference: str
    go_to: str = ""


def banks_served(*, at: datetime) -> dict[str, str]:
    """The banks at which a mandate can be given now, by code; none: automatic debit is closed."""
    gateways = _serving(at)
    return dict(gateways[0].banks) if gateways else {}


def set_up(
    *, taxpayer_id: int, account_id: int, bank: str, language: str, success_url: str, fail_url: str, at: datetime
) -> Opened:
    """Write the mandate, then have the bank open its page. The same again finds the page that is open.

    No transaction may be running. The two addresses hold `{reference}`. Raises `DebitClosed`, `BankNotServed` or
    `MandateThere`.
    """
    gateways = _serving(at)
    if not gateways:
        raise DebitClosed
    gateway = gateways[0]
    if bank not in gateway.banks:
        raise BankNotServed
    mandate, is_new = _written(
        Mandate(
            reference=new_reference("MND"),
            taxpayer_id=taxpayer_id,
            asked_by_id=account_id,
            asked_at=at,
            gateway=gateway.name,
            bank=bank,
            language=language,
            ask_at=at + FIRST,
        )
    )
    if is_new:
        urls = {"success_url": success_url, "fail_url": fail_url}
        _open(mandate, gateway, {name: url.format(reference=mandate.reference) for name, url in urls.items()})
    page = _read(mandate.reference)
    if page is None or page.status == MandateStatus.REFUSED:
        raise DebitClosed
    return Opened(page.reference, page.page_url if page.status == MandateStatus.ASKED else "")


def returned(*, reference: str, agreed: bool) -> None:
    """Somebody came back from the bank's page. Nothing in the address is believed: the worker asks the bank."""
    if agreed:
        _step(reference, MandateStatus.ASKED, MandateStatus.CONFIRMING)
    else:
        _step(reference, MandateStatus.ASKED, MandateStatus.ASKED)
    outbox.publish(RETURNED, reference=reference)


def end_own(*, reference: str) -> None:
    """The taxpayer ends it (자동이체 해지). Nothing is debited from now on; the worker tells the bank.

    Raises `NothingToEnd`.
    """
    if not _step(reference, MandateStatus.ACTIVE, MandateStatus.ENDING):
        raise NothingToEnd
    outbox.publish(RETURNED, reference=reference)


def _serving(at: datetime) -> list[Gateway]:
    """None where the city pack has no rule for it."""
    if schedule(on=local_date(at)) is None:
        return []
    return routing.serving(channel=Channel.AUTOMATIC_DEBIT, at=at)


def _written(wanted: Mandate) -> tuple[Mandate, bool]:
    """The new mandate, or the one at the same bank that is being asked for."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                wanted.save(force_insert=True)
        except IntegrityError:
            asked = Mandate.objects.filter(
                taxpayer_id=wanted.taxpayer_id, status=MandateStatus.ASKED, bank=wanted.bank
            ).first()
            if asked is None:
                raise MandateThere from None
            return asked, False
    return wanted, True


def _open(mandate: Mandate, gateway: Gateway, urls: dict[str, str]) -> None:
    wish = MandateWish(mandate.reference, mandate.bank, gettext("Local taxes, on their due dates"), mandate.language)
    outcome: Outcome[HostedPage] = gateway.open_mandate(wish=wish, **urls)
    if isinstance(outcome, Unknown) and not outcome.unsent:
        outcome = gateway.open_mandate(wish=wish, **urls)  # with the same key, which opens nothing twice
    routing.note(gateway.name, outcome)
    asked = MandateStatus.ASKED
    if isinstance(outcome, Succeeded):
        page = outcome.value
        after = (page.expires_at + FIRST).isoformat()
        _step(mandate.reference, asked, asked, gateway_key=page.gateway_key, page_url=page.url, ask_at=after)
    elif isinstance(outcome, Declined):
        _step(mandate.reference, asked, MandateStatus.REFUSED, failure=outcome.code)
    elif isinstance(outcome, Unknown) and outcome.unsent:
        _step(mandate.reference, asked, MandateStatus.REFUSED, failure="UNREACHABLE")


def _step(reference: str, old: MandateStatus, new: MandateStatus, **changes: Any) -> bool:
    """Move it if it is still in `old`; the database allows no other steps, and no other person's."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT payments_step_mandate(%s, %s, %s, %s)", [reference, old.value, new.value, json.dumps(changes)]
        )
        return bool(cursor.fetchone()[0])


def _read(reference: str) -> Mandate | None:
    """In a transaction, since row-level security asks whose session it serves."""
    with transaction.atomic():
        return Mandate.objects.filter(reference=reference).first()
