from __future__ import annotations

from django.conf import settings

from payments.atm.iso8583_codec import Iso8583Codec
from payments.atm.words import Codec


def codec() -> Codec:
    """The codec with this process's keys (`settings.ATM_KEYS`, by bank); without keys it can't prove a message."""
    keys = {bank: [bytes.fromhex(key) for key in known] for bank, known in getattr(settings, "ATM_KEYS", {}).items()}
    return Iso8583Codec(keys=keys, zone=settings.TIME_ZONE, currency_number=settings.ETAX_CURRENCY_NUMBER)
