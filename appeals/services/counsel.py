"""Asking for an appointed professional (선정대리인) and deciding about it, in the name of the session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from appeals.advocate_states import Person
from appeals.services.asking import one
from core.errors import Refusal


class CounselAsked(Refusal):
    message = _("A professional was asked for already, or is appointed.")


class NoCounselHere(Refusal):
    message = _("A professional can be asked for as long as the case runs.")


class NothingToDecide(Refusal):
    message = _("Nothing was asked for, or another clerk decides: nobody acts in their own or a relative's file.")


@dataclass(frozen=True, kw_only=True)
class Means:
    """What a petitioner says that they have, in won: income of a year and property, or a company's sales and assets."""

    person: Person
    yearly: int
    owned: int


def ask_counsel(*, case_id: int, means: Means, at: datetime) -> None:
    """Ask for an appointed professional beside the city's advocate. Raises CounselAsked, NoCounselHere."""
    answer = one(
        "SELECT appeals_ask_counsel(%s, %s, %s, %s, %s)", [case_id, means.person, means.yearly, means.owned, at]
    )
    if answer == "once":
        raise CounselAsked
    if answer is None:
        raise NoCounselHere


def withdraw_counsel(*, case_id: int, at: datetime) -> None:
    """Take the request back. Raises NothingToDecide."""
    if not one("SELECT appeals_withdraw_counsel(%s, %s)", [case_id, at]):
        raise NothingToDecide


def decide_counsel(*, case_id: int, grants: bool, because: str, name: str, contact: str, at: datetime) -> None:
    """The clerk appoints a professional, or says why not. Raises NothingToDecide."""
    if not one("SELECT appeals_decide_counsel(%s, %s, %s, %s, %s, %s)", [case_id, grants, because, name, contact, at]):
        raise NothingToDecide
