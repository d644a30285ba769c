"""Why a bank's file is refused. Always the whole file: nothing of it is posted."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.errors import Refusal


class Reason(TextChoices):
    TOO_LARGE = "too_large", _("The file is larger than 10 MB. Ask the bank to send it in parts.")
    EMPTY = "empty", _("The file is empty. Choose the file again.")
    NOT_UTF8 = "not_utf8", _("The file is not encoded in UTF-8. Ask the bank for a file in UTF-8.")
    DOCTYPE = "doctype", _("The file defines entities of its own, which no bank's message does. Ask the bank about it.")
    NOT_XML = "not_xml", _("The file is no complete XML. It may have been cut off: fetch it again.")
    UNKNOWN_MESSAGE = (
        "unknown_message",
        _("This kind of message is not read here. Choose camt.053, camt.054 or pain.002."),
    )
    AGAINST_SCHEMA = "against_schema", _("The file breaks the rules of its message. Ask the bank about it.")
    OTHER_CURRENCY = "other_currency", _("An amount is in another currency than the city's.")
    BAD_AMOUNT = "bad_amount", _("An amount is finer than the smallest unit of its currency, or absurdly large.")
    BAD_DATE = "bad_date", _("An entry has no date, or one that cannot be.")
    DOES_NOT_TIE = "does_not_tie", _("The totals do not tie. Nothing was posted: ask the bank for a right file.")
    OTHER_ACCOUNT = "other_account", _("The file is about an account that is not the city's at this bank.")


class UnableToTakeBankFile(Refusal):
    """`reason` says it to a person, `where` names the place and the difference, in the file's own words."""

    def __init__(self, reason: Reason, where: str = "") -> None:
        self.reason = reason
        self.where = where[:200]
        super().__init__(told(reason, self.where))


def told(reason: str, where: str) -> str:
    """The sentence for a person, with the place behind it; in the language of whoever reads it."""
    if reason not in Reason.values:
        return where
    label = str(Reason(reason).label)
    return gettext("%(reason)s (%(where)s)") % {"reason": label, "where": where} if where else label
