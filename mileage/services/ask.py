"""A citizen asks for points to become something else than a payment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.errors import Refusal
from core.identifiers import new_reference
from mileage.functions import call
from mileage.rules.pack import Grade, WayRule, pack
from mileage.services.use import ask_use
from mileage.states import Way


class NotSoFew(Refusal):
    message = _("So few points can't be used for this.")


class TooLateToWithdraw(Refusal):
    message = _("This is being carried out already, or has ended. It can't be taken back any more.")


def rule_for(*, way: Way, grade: Grade) -> WayRule:
    """What the city asks of a use by somebody of this grade."""
    rule = pack().ways[way.value]
    return WayRule(grade.cash_least, rule.step) if way == Way.CASH else rule


def ask_conversion(*, way: Way, points: int, target: Mapping[str, Any], grade: Grade, at: datetime) -> str:
    """Keep points of whoever is signed in for a conversion; its reference. Raises `NotSoFew`, `NotEnoughPoints`."""
    rule = rule_for(way=way, grade=grade)
    if points < rule.least or points % rule.step:
        text = _("Enter %(least)s points or more, in steps of %(step)s.")
        raise NotSoFew(str(text) % {"least": f"{rule.least:,}", "step": f"{rule.step:,}"})
    reference = new_reference("USE")
    ask_use(reference=reference, way=way, points=points, target=target, at=at)
    return reference


def withdraw(*, reference: str, at: datetime) -> None:
    """Take back what one asked for. Raises `TooLateToWithdraw`."""
    if not call("mileage_withdraw", reference, at):
        raise TooLateToWithdraw
