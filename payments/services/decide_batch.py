"""A file of transfers is approved by a treasurer and released by an approver who is somebody else, by its hash."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from core.errors import Refusal
from core.identifiers import new_reference
from payments.services.line_of_transfer import PREFIX
from payments.services.order_transfer import Creditor, fits_a_message
from payments.states import BatchStatus


class BatchNeedsAnother(Refusal):
    message = _("It is not your turn: a treasurer approves the file, and an approver who is somebody else releases it.")


class BatchChanged(Refusal):
    message = _("This is not the file that you saw. Nothing was approved: look at it again.")


class BatchNotWithdrawn(Refusal):
    message = _("This file was released already. What the bank did not carry out comes back as rejected.")


class UnableToRepeat(Refusal):
    message = _("This transfer is repeated already, or it did not fail. Look at it again.")


class UnfitAccount(Refusal):
    message = _("No bank takes that: its code has three digits, the account digits only, the holder's name letters.")


def agree_to_batch(*, batch_id: int, digest: str, at: datetime) -> BatchStatus:
    """Approve or release the file that the session's officer saw, named by its hash (SHA-256 in hex). Office only.

    Raises `BatchNeedsAnother` and `BatchChanged`.
    """
    if not re.fullmatch("[0-9a-f]{64}", digest):
        raise BatchChanged
    answer = _one("SELECT payments_agree_to_batch(%s, %s, %s)", batch_id, digest, at)
    if answer is None:
        raise BatchNeedsAnother
    if answer == "changed":
        raise BatchChanged
    return BatchStatus(answer)


def withdraw_batch(*, batch_id: int, reason: str, at: datetime) -> None:
    """Don't send a file; its transfers go into the next. Office only. Raises `BatchNotWithdrawn`."""
    if not _one("SELECT payments_withdraw_batch(%s, %s, %s)", batch_id, reason, at):
        raise BatchNotWithdrawn


def repeat_transfer(*, transfer_id: int, to: Creditor, reason: str, at: datetime) -> int:
    """Order a remittance again that failed, to a corrected account; it goes into a file as any. Office only.

    Raises `UnableToRepeat` and `UnfitAccount`.
    """
    if not fits_a_message(to):
        raise UnfitAccount
    facts = {**asdict(to), "reference": new_reference(PREFIX)}
    made = _one("SELECT payments_repeat_transfer(%s, %s, %s, %s)", transfer_id, json.dumps(facts), reason, at)
    if made is None:
        raise UnableToRepeat
    return int(made)


def _one(query: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        ((found,),) = cursor.fetchall()
    return found
