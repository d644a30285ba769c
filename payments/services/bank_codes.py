"""Banks by the three digits of the clearing institute (금융결제원), which is how messages about transfers name them."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.conf import settings

from payments.bankfiles.banks import banks as banks_of_the_city
from payments.gateways import registry

# Gateways name a bank by the last two of the three digits; KB, which is 004, they name 06 (docs/protocols/toss.md).
OTHERWISE: Final = {"06": "004"}


def clearing_code(bank: str) -> str:
    """The three digits of a bank that a gateway names by two, or that is named by three already.

    >>> clearing_code("20"), clearing_code("06"), clearing_code("088")
    ('020', '004', '088')
    """
    return OTHERWISE.get(bank, bank.zfill(3))


def banks_paid_into(*, on: date) -> dict[str, str]:
    """Banks into which money may be sent, by their three digits: those of the city and of its gateways."""
    found = {code: bank.name for code, bank in banks_of_the_city(on=on).items()}
    for name in settings.GATEWAYS:
        found |= {clearing_code(code): text for code, text in registry.gateway(name).banks.items()}
    return dict(sorted(found.items()))
