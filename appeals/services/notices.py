"""Notices of intended assessments (과세예고통지): the levying office and the payer in the session's name."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from appeals.notice_states import NoReview, NoticeGround
from appeals.selectors.clocks import WAYS, clocks
from appeals.services.asking import one
from appeals.services.desk import NotYoursToDo
from appeals.states import How, Kind
from core import audit
from core.errors import Refusal


class TooSmallToNotice(Refusal):
    message = _(
        "For its sum alone a bill is noticed from 300,000 won on. Choose another ground, or issue it by a roll."
    )


class MoreTimeIsLeft(Refusal):
    message = _("More than three months are left to assess it, so a review can be asked for.")


class NotNoticedHere(Refusal):
    message = _("Enter taxes of the city, each once, in sums of at least 10 won without odd won.")


class StaleNotice(Refusal):
    message = _("The notice was written anew meanwhile. Read it again before you confirm it.")


class NotEarly(Refusal):
    message = _("This can't be asked for any more: the bill is being issued, or a review runs.")


@dataclass(frozen=True, kw_only=True)
class NoticeLine:
    """What is to be asked of one tax, in won."""

    tax: str
    amount: int


@dataclass(frozen=True, kw_only=True)
class NoticeSays:
    """A notice as it is written. `expires_on`: the right to assess ends (부과제척기간)."""

    taxpayer_id: int
    body_id: str
    tax_id: str
    tax_year: int
    term: int
    object_ref: str
    liability_on: date
    lines: Sequence[NoticeLine]
    ground: NoticeGround
    basis: str
    no_review: NoReview = NoReview.NONE
    expires_on: date | None = None


def write_notice(*, notice_id: int | None, says: NoticeSays, officer_id: int, at: datetime) -> int:
    """Write a notice, or anew until it is confirmed; its id.

    Raises TooSmallToNotice, MoreTimeIsLeft, NotNoticedHere, NotYoursToDo.
    """
    facts = asdict(says)
    with transaction.atomic():
        made = one("SELECT appeals_write_notice(%s, %s, %s)", [notice_id, json.dumps(facts, default=str), at])
        for word, refusal in (("small", TooSmallToNotice), ("expires", MoreTimeIsLeft), ("tax", NotNoticedHere)):
            if made == word:
                raise refusal
        _done(made)
        _audit("written", int(made), officer_id)
    return int(made)


def confirm_notice(*, notice_id: int, sha256: str, officer_id: int, at: datetime) -> None:
    """A second officer confirms the notice with that hash. Raises StaleNotice, NotYoursToDo."""
    with transaction.atomic():
        confirmed = one("SELECT appeals_confirm_notice(%s, %s, %s)", [notice_id, sha256, at])
        if confirmed == "stale":
            raise StaleNotice
        _done(confirmed)
        _audit("confirmed", notice_id, officer_id)


def serve_notice(*, notice_id: int, how: How, tracking: str, on: date, officer_id: int, at: datetime) -> None:
    """Serve a notice (송달); its payer has 30 days from then. Raises NotYoursToDo."""
    until = clocks(at).to_file(served=on, way=WAYS[Kind.PRE_ASSESSMENT]).last_day
    with transaction.atomic():
        values = [notice_id, how, tracking, on, until, at]
        _done(one("SELECT appeals_serve_notice(%s, %s, %s, %s, %s, %s)", values))
        _audit("served", notice_id, officer_id, how=how.value)


def drop_notice(*, notice_id: int, reason: str, officer_id: int, at: datetime) -> None:
    """Give an intended assessment up; while a review runs that decides. Raises NotYoursToDo."""
    with transaction.atomic():
        _done(one("SELECT appeals_drop_notice(%s, %s, %s)", [notice_id, reason, at]))
        _audit("dropped", notice_id, officer_id, reason=reason)


def ask_early(*, notice_id: int, at: datetime) -> None:
    """Its payer wants the bill at once (조기결정 신청). Raises NotEarly."""
    if not one("SELECT appeals_ask_early(%s, %s)", [notice_id, at]):
        raise NotEarly


def _done(answer: Any) -> None:
    if not answer:
        raise NotYoursToDo


def _audit(verb: str, notice_id: int, officer_id: int, reason: str = "", **details: Any) -> None:
    subject = f"notice:{notice_id}"
    audit.record(
        action=f"appeal.notice_{verb}", subject=subject, actor_id=officer_id, reason=reason[:300], details=details
    )
