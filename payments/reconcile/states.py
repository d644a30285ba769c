"""What can differ at the end of a day, and what becomes of it."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DifferenceKind(TextChoices):
    """`payments_found_differences` finds them; the label is the reason that an officer reads."""

    NOT_SETTLED = "not_settled", _("In our books, and the gateway does not settle it")
    NOT_POSTED = "not_posted", _("The gateway settles it, and it is not in our books")
    AMOUNT = "amount", _("The gateway settles another amount than our books have")
    LINE_SUM = "line_sum", _("The gateway pays out another amount than the sale less its fees")
    NOT_PAID_OUT = "not_paid_out", _("Due from the gateway, and on no statement of our banks")
    PAYOUT_AMOUNT = "payout_amount", _("What is due from the gateway changed after it came")
    NO_STATEMENT = "no_statement", _("The bank told of money and sent no statement of that day")
    NOT_IN_STATEMENT = "not_in_statement", _("The bank told of it, and its statement does not hold it")
    STATEMENT_AMOUNT = "statement_amount", _("The statement holds another amount than the bank told before")
    NOT_BOOKED = "not_booked", _("The bank was told to send it, and no statement shows that it left")
    DRAWER_OPEN = "drawer_open", _("A drawer of a counter is not closed")
    MONEY_OUT = "money_out", _("Left our account, and nothing in our books explains it")


class DifferenceStatus(TextChoices):
    OPEN = "open", _("Unexplained")
    CLOSED = "closed", _("Closed by what arrived later")
    RESOLVED = "resolved", _("Resolved by an officer")


class Part(TextChoices):
    """As what a body gets a share."""

    TAX = "tax", _("Its own tax")
    EQUAL = "equal", _("Equal part of the city's share")
    FEE = "fee", _("Collection fee")
    UNRULED = "unruled", _("No share known: stays with the body that billed it")
