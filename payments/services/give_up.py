from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.errors import Refusal
from payments import selectors
from payments.services.steps import advance
from payments.states import ON_A_PAGE, Status


class UnableToGiveUp(Refusal):
    message = _("This payment can't be given up any more. Look at its page for what became of it.")


def give_up(*, secret: str) -> list[int]:
    """End a payment on a gateway's page that the payer does not want to go on with; returns the bills to pay again.

    Safe because money is taken only when we confirm, and a cancelled attempt is never confirmed.
    """
    page = selectors.by_secret(secret=secret)
    if page is None or page.channel not in ON_A_PAGE:
        raise UnableToGiveUp
    if not advance(secret=secret, old=Status.WAITING, new=Status.CANCELLED, ask_at=None):
        raise UnableToGiveUp
    return [item.bill_id for item in page.items]
