"""What is kept in codes or in English, in the reader's language."""

from __future__ import annotations

from typing import Final

from django import template
from django.utils.translation import gettext, gettext_noop

register = template.Library()
# What the inbox notes about a message; the intake, which notes it, speaks to nobody.
NOTED: Final = (
    gettext_noop("the signature does not fit"),
    gettext_noop("headers are missing"),
    gettext_noop("the time stamp is more than five minutes away"),
    gettext_noop("the webhook secret of this gateway is not set"),
    gettext_noop("another secret than that of the account"),
    gettext_noop("another currency"),
    gettext_noop("the gateway gives no answer"),
    gettext_noop("the gateway knows no such order"),
    gettext_noop("its payment is not here yet"),
    gettext_noop("was here before"),
    gettext_noop("suspense"),
    gettext_noop("a request that got no answer"),
    gettext_noop("another payment of the same name"),
    gettext_noop("more than is left of the payment was taken back"),
    gettext_noop("a reversal of another amount"),
    gettext_noop("nothing to take back"),
)


@register.filter
def noted(problem: str) -> str:
    """A note of the inbox; what only a programmer understands (a field's name) stays as it was written."""
    return gettext(problem) if problem in NOTED else problem or "–"


@register.filter
def source(gateway: str) -> str:
    """Whose movements these are: a bank, its cash machines, a counter; a gateway keeps the name of its settings.

    >>> source("sandbox_acquirer")
    'sandbox_acquirer'
    """
    kind, _, code = gateway.partition(":")
    if kind == "statement":
        return gettext("Bank %(code)s") % {"code": code}
    if kind == "atm":
        return gettext("Cash machines of bank %(code)s") % {"code": code}
    if kind == "counter":
        body, _, bounced = code.partition("/")
        text = gettext("Counter %(code)s, a cheque not honoured") if bounced else gettext("Counter %(code)s")
        return text % {"code": body}
    return gateway
