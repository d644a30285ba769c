"""Locking an officer out, and helping one who lost the telephone."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.functions import ask
from core import audit
from core.errors import Refusal
from core.log import append_leaf


class NotForOneself(Refusal):
    message = _("Another administrator has to do this for you.")


def suspend_officer(*, account_id: int, suspended: bool, reason: str, actor_id: int) -> None:
    """Suspend an officer and end every session, or lift it. Raises `NotForOneself`."""
    with transaction.atomic():
        if not ask("accounts_suspend", account_id, suspended):
            raise NotForOneself
        change = "suspended" if suspended else "let_in_again"
        append_leaf(kind="officer", reference=f"account:{account_id}", content={"change": change, "by": actor_id})
        audit.record(
            action=f"accounts.officer_{change}", subject=f"account:{account_id}", actor_id=actor_id, reason=reason
        )


def take_away_generator(*, account_id: int, reason: str, actor_id: int) -> None:
    """Forget a lost code generator and its backup codes. Raises `NotForOneself`."""
    with transaction.atomic():
        if not ask("accounts_take_away_generator", account_id):
            raise NotForOneself
        audit.record(
            action="accounts.generator_taken_away", subject=f"account:{account_id}", actor_id=actor_id, reason=reason
        )
