from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from billing.selectors.city import dated_tables
from core.clock import local_date
from payments.bankfiles import write_pain001
from payments.bankfiles.banks import bank
from payments.bankfiles.facts import Money
from payments.bankfiles.write_pain001 import CreditTransfer, Payer


def write_credit_transfers(
    payments: Sequence[CreditTransfer], *, bank_code: str, message_id: str, execute_on: date, at: datetime
) -> bytes:
    """A pain.001 out of the city's account at a bank; the bank answers with a pain.002 (`payments.events`).

    `message_id` is ours, at most 35 characters; the same number again is the same message to the bank.
    Raises `UnknownBank` and `UnableToWriteTransfers`.
    """
    today = local_date(at)
    city = dated_tables().at("city", today).body
    ours = bank(bank_code, on=today)
    return write_pain001.write_credit_transfers(
        payments,
        payer=Payer(city["name_ko"], ours.code, ours.account),
        message_id=message_id,
        execute_on=execute_on,
        money=Money(settings.ETAX_CURRENCY, settings.ETAX_CURRENCY_DECIMALS),
        at=at,
        zone=ZoneInfo(settings.TIME_ZONE),
    )
