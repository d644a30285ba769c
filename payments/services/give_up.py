from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.errors import Refusal
from payments import selectors
from payments.services.steps import advance
from payments.states import Channel, Status


class UnableToGiveUp(Refusal):
    message = _("This payment can't be given up any more. Look at its page for what became of it.")


def give_up(*, secret: str) -> int:
    """End a card payment that the payer does not want to go on with; returns the bill to pay again.

    Safe because a card is charged only when we confirm, and a cancelled attempt is never confirmed.
    """
    page = selectors.by_secret(secret=secret)
    if page is None or page.channel != Channel.CARD:
        raise UnableToGiveUp
    if not advance(secret=secret, old=Status.WAITING, new=Status.CANCELLED, ask_at=None):
        raise UnableToGiveUp
    return page.items[0].bill_id
