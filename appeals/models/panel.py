"""Panels: who sits on a day over which cases, their votes, what they wrote for each other, and their signatures."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from appeals.bench_states import Office, PanelStatus
from appeals.models.case import Case
from appeals.models.committee import Member
from appeals.models.hearing import Session
from appeals.states import Outcome


class Panel(models.Model):
    """A meeting of the committee (회의) on a part of a day: chair, vice-chair, and nine or seven who are drawn.

    `session`: of the calendar, where it sits over what the calendar put there.
    """

    body = models.ForeignKey("accounts.LevyingBody", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    part = models.CharField(max_length=10)
    room = models.CharField(max_length=10)
    seats = models.SmallIntegerField()
    session = models.ForeignKey(Session, on_delete=models.PROTECT, null=True, related_name="panels")
    status = models.CharField(max_length=10, choices=PanelStatus.choices, default=PanelStatus.CALLED)
    why = models.CharField(max_length=14, default="", blank=True)
    called_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    called_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=PanelStatus.values, seats__gt=2), name="appeals_panel_status"
            ),
            models.UniqueConstraint(
                "body", "day", "part", "room",
                condition=~Q(status=PanelStatus.IMPOSSIBLE), name="appeals_panel_one_a_room",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"panel {self.pk} of {self.day}"


class Listed(models.Model):
    """A case that a panel hears; `off_at` once it was taken off, so that another may."""

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="listed")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="listed")
    position = models.SmallIntegerField()
    off_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("case", condition=Q(off_at=None), name="appeals_listed_once"),
            models.UniqueConstraint("panel", "case", name="appeals_listed_once_a_panel"),
        ]

    def __str__(self) -> str:
        return f"case {self.case_id} before panel {self.panel_id}"


class BenchSeat(models.Model):
    """Somebody's seat on a panel: 0 the chair's, 1 the vice-chair's, then those drawn.

    `came_at`, `went_at`: when they were at the sitting; `left_at`: when they gave the seat up, and another took it.
    """

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="chairs")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="chairs")
    place = models.SmallIntegerField()
    seated_at = models.DateTimeField()
    came_at = models.DateTimeField(null=True)
    went_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    left_because = models.CharField(max_length=300, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("panel", "member", name="appeals_bench_one_a_member"),
            models.UniqueConstraint("panel", "place", condition=Q(left_at=None), name="appeals_bench_taken_once"),
            models.CheckConstraint(
                condition=Q(went_at=None) | Q(went_at__gte=F("came_at")), name="appeals_bench_came_and_went"
            ),
            models.CheckConstraint(
                condition=Q(left_at=None, left_because="") | Q(left_at__isnull=False) & ~Q(left_because=""),
                name="appeals_bench_left",
            ),
        ]

    def __str__(self) -> str:
        return f"seat {self.place} of panel {self.panel_id}"

    @property
    def office(self) -> Office:
        return {0: Office.CHAIR, 1: Office.VICE}.get(self.place, Office.MEMBER)


class Tally(models.Model):
    """A round of voting in a case (표결). Who is at the table when it opens has a `Vote`; `carried`: what they decided.

    Quorum and majority are the database's, from the votes themselves (`sql/votes.sql`). `drafter`: the member who
    writes the ruling, where the one who presides named one.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="tallies")
    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="tallies")
    round = models.SmallIntegerField()
    presides = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    drafter = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    carried = models.CharField(max_length=10, choices=Outcome.choices, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("case", "round", name="appeals_tally_round"),
            models.UniqueConstraint("case", condition=Q(closed_at=None), name="appeals_tally_open_once"),
            models.UniqueConstraint("case", condition=~Q(carried=""), name="appeals_tally_carried_once"),
            models.CheckConstraint(
                condition=Q(carried="") | Q(carried__in=Outcome.values, closed_at__isnull=False),
                name="appeals_tally_carried",
            ),
            models.CheckConstraint(condition=Q(drafter=None) | ~Q(drafter=F("presides")), name="appeals_tally_drafter"),
        ]

    def __str__(self) -> str:
        return f"round {self.round} of case {self.case_id}"


class Vote(models.Model):
    """A member at the table, and what they voted for; empty until they did. It stays once the round is closed."""

    tally = models.ForeignKey(Tally, on_delete=models.PROTECT, related_name="votes")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default="", blank=True)
    voted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("tally", "member", name="appeals_vote_once"),
            models.CheckConstraint(
                condition=Q(outcome="", voted_at=None) | Q(outcome__in=Outcome.values, voted_at__isnull=False),
                name="appeals_vote_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"vote of member {self.member_id}"


class Note(models.Model):
    """What a member wrote for the others about a case (심의 기록). Append-only, and for who sits in it alone."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notes")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=5000)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"note {self.pk} in case {self.case_id}"


class Signature(models.Model):
    """A member who sat signed the ruling with that hash; or, `unable` saying why, could not. Append-only."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="signatures")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    signed_at = models.DateTimeField()
    unable = models.CharField(max_length=300, default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint("case", "member", "sha256", name="appeals_signed_once")]

    def __str__(self) -> str:
        return f"signature of member {self.member_id}"
