"""What collects by force and interrupts limitation: a reminder (독촉) and a seizure (압류), as facts that happened.

Local Tax Collection Act, articles 32 and 33; Framework Act on Local Taxes, article 40.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _

from billing.models import Bill
from billing.rules.standing import moved_due
from billing.selectors.city import dated_tables
from billing.selectors.late import deferrals
from billing.selectors.prescription import claim_stands_until
from billing.services.life.acts import Act, Details, in_force
from billing.services.life.claims import something_unpaid
from billing.services.life.standing import DatesImpossible, do_fact
from billing.states import FactKind
from core import clock
from core.errors import Refusal


class NotLateThen(Refusal):
    message = _("The bill was not late on that day.")


class NotHappenedYet(Refusal):
    message = _("Enter what has happened; that day is still to come.")


class ReminderTooLong(Refusal):
    message = _("A reminder leaves at most twenty days to pay.")


class PrescribedBefore(Refusal):
    message = _("The claim was prescribed before that day.")


def check_reminder(bill: Bill, details: Details, *, at: datetime) -> None:
    """`details`: served "from_on", to be paid "until_on", at most twenty days later (Collection Act, article 32)."""
    served, until = date.fromisoformat(details["from_on"]), date.fromisoformat(details["until_on"])
    _happened(bill, served, at=at)
    if until < served:
        raise DatesImpossible
    if until > served + timedelta(days=dated_tables().at("reminder", served).body["days_at_most"]):
        raise ReminderTooLong


def check_seizure(bill: Bill, details: Details, *, at: datetime) -> None:
    """It interrupts until it is released (Framework Act, article 40 paragraph 2); the release ends the fact.

    One bill may have several: each holds the claim while it stands.
    """
    _happened(bill, date.fromisoformat(details["from_on"]), at=at)


def _happened(bill: Bill, on: date, *, at: datetime) -> None:
    in_force(bill)
    something_unpaid(bill)
    if on > clock.local_date(at):
        raise NotHappenedYet
    if on <= moved_due(due=bill.due_on, deferrals=deferrals(bill_id=bill.pk)):
        raise NotLateThen
    last = claim_stands_until(bill=bill)
    if last is not None and on > last:
        raise PrescribedBefore


REMIND: Final = Act(article="지방세징수법 제32조", check=check_reminder, do=do_fact(FactKind.REMINDER))
SEIZE: Final = Act(article="지방세징수법 제33조", check=check_seizure, do=do_fact(FactKind.SEIZURE))
