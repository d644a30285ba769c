"""The committee's members, their time in office, and who does not sit in a case, in the name of the session.

The database reads who may: the clerk keeps the committee, members speak for themselves, petitioners challenge, who
presides decides.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from appeals.bench_states import Ground, Office, Profession
from appeals.services.asking import one
from core import audit
from core.errors import Refusal


class NotYoursToKeep(Refusal):
    message = _("This can't be done any more, or the clerk of another committee has to do it. Look at the list again.")


class MayNotJudge(Refusal):
    message = _(
        "This officer can't sit: a member has the role of a committee member or of its chair, and none in which they "
        "levy, keep cases, plead, audit or administer."
    )


class MemberKnown(Refusal):
    message = _("This officer is a member already. Give them a further time in office on their own page.")


class CommissionsOverlap(Refusal):
    message = _("In these days the member is in office already, or the committee has another chair or vice-chair.")


class NotYoursToChallenge(Refusal):
    message = _("This can't be done any more: the member does not sit in your case, or the committee has voted.")


class ChallengedBefore(Refusal):
    message = _("You have challenged this member before. A challenge is decided once.")


class NotYoursToDecide(Refusal):
    message = _("This is decided already, or by somebody else: nobody decides about themselves.")


def add_member(*, account_id: int, name: str, profession: Profession, officer_id: int, at: datetime) -> None:
    """Make an officer a member of their body's committee. Raises NotYoursToKeep, MayNotJudge, MemberKnown."""
    with transaction.atomic():
        done = one("SELECT appeals_add_member(%s, %s, %s, %s)", [account_id, name, profession, at])
        if done == "role":
            raise MayNotJudge
        if done == "known":
            raise MemberKnown
        _kept(done)
        _audit("member_added", f"account:{account_id}", officer_id, profession=profession.value)


def commission(*, member_id: int, office: Office, begins: date, ends: date, officer_id: int, at: datetime) -> None:
    """Put a member in office (위촉) between two days, both included. Raises CommissionsOverlap, NotYoursToKeep."""
    try:
        with transaction.atomic():
            done = one(
                "SELECT appeals_commission_member(%s, %s, %s, %s, %s)", [member_id, office.value, begins, ends, at]
            )
            _kept(done)
            _audit("member_commissioned", f"member:{member_id}", officer_id, office=office.value, ends=ends.isoformat())
    except IntegrityError as error:
        if "appeals_commission_one" in str(error):
            raise CommissionsOverlap from error
        raise


def end_commission(*, commission_id: int, last_day: date, because: str, officer_id: int, at: datetime) -> None:
    """End a time in office early (해촉), at the earliest yesterday. Raises NotYoursToKeep."""
    with transaction.atomic():
        _kept(one("SELECT appeals_end_commission(%s, %s, %s, %s)", [commission_id, last_day, because, at]))
        _audit("commission_ended", f"commission:{commission_id}", officer_id, reason=because)


def be_absent(*, from_on: date, until_on: date, at: datetime) -> None:
    """A member can't sit on these days, both included. Raises NotYoursToKeep."""
    _kept(one("SELECT appeals_be_absent(%s, %s, %s)", [from_on, until_on, at]))


def challenge(*, case_id: int, member_id: int, reason: str, at: datetime) -> None:
    """The petitioner challenges a member (기피). Raises NotYoursToChallenge, ChallengedBefore."""
    done = one("SELECT appeals_challenge(%s, %s, %s, %s)", [case_id, member_id, reason, at])
    if done == "once":
        raise ChallengedBefore
    if done is None:
        raise NotYoursToChallenge


def decide_challenge(*, recusal_id: int, granted: bool, because: str, officer_id: int, at: datetime) -> None:
    """Who presides decides about a challenge, never about themselves. Raises NotYoursToDecide."""
    with transaction.atomic():
        if not one("SELECT appeals_decide_challenge(%s, %s, %s, %s)", [recusal_id, granted, because, at]):
            raise NotYoursToDecide
        _audit("challenge_decided", f"recusal:{recusal_id}", officer_id, granted=granted)


def recuse(*, case_id: int, member_id: int, ground: Ground, reason: str, officer_id: int, at: datetime) -> None:
    """A member steps aside (회피), or the clerk records what excludes one (제척). Raises NotYoursToDecide."""
    with transaction.atomic():
        if not one("SELECT appeals_recuse(%s, %s, %s, %s, %s)", [case_id, member_id, ground.value, reason, at]):
            raise NotYoursToDecide
        _audit("member_recused", f"case:{case_id}", officer_id, member=member_id, ground=ground.value)


def _kept(answer: Any) -> None:
    if not answer:
        raise NotYoursToKeep


def _audit(verb: str, subject: str, officer_id: int, *, reason: str = "", **details: Any) -> None:
    audit.record(action=f"appeal.{verb}", subject=subject, actor_id=officer_id, reason=reason, details=details)
