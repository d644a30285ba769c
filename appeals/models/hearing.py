"""When and where cases are heard: rooms in parts of a sitting's day, and the minutes that a case has there."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from appeals.models.case import Case
from appeals.states import CURRENT, PlanKind, PlanStatus, SlotStatus


class Session(models.Model):
    """A room in one part of a sitting's day (심리 기일): from `begins` on, for `minutes`, with `seats` for the public.

    What it is never changes, so that no case loses its minutes.
    """

    authority = models.ForeignKey("accounts.LevyingBody", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    part = models.CharField(max_length=10)
    room = models.CharField(max_length=10)
    room_ko = models.CharField(max_length=60)
    room_en = models.CharField(max_length=60)
    way_ko = models.CharField(max_length=300)
    way_en = models.CharField(max_length=300)
    begins = models.DateTimeField()
    minutes = models.SmallIntegerField()
    seats = models.SmallIntegerField()
    step_free = models.BooleanField()
    remote = models.BooleanField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("day", "part", "room", name="appeals_session_once"),
            models.CheckConstraint(condition=Q(minutes__gt=0, minutes__lte=720), name="appeals_session_minutes"),
            models.CheckConstraint(condition=Q(seats__gte=0), name="appeals_session_seats"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.part} {self.room}"


class Slot(models.Model):
    """The minutes of a case (기일 지정): `lasts` from `minute` on, counted from the beginning of its session.

    No two overlap, none ends after its session, and nobody is told of one later than the law says unless the petitioner
    agreed (`consent`: how they did): constraints and a trigger (`sql/hearings.sql`). `moves`: how often it was changed.
    `link`: where one attends from afar; for the parties alone. After an adjournment the next day is a row of its own.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="slots")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="slots")
    minute = models.SmallIntegerField()
    lasts = models.SmallIntegerField()
    status = models.CharField(max_length=10, choices=SlotStatus.choices, default=SlotStatus.SET)
    moves = models.SmallIntegerField(default=0)
    consent = models.CharField(max_length=300, default="", blank=True)
    link = models.CharField(max_length=300, default="", blank=True)
    booked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    booked_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(minute__gte=0, lasts__gt=0), name="appeals_slot_minutes"),
            models.CheckConstraint(condition=Q(status__in=SlotStatus.values), name="appeals_slot_status"),
            models.CheckConstraint(
                condition=Q(status__in=(SlotStatus.SET, SlotStatus.RELEASED), began_at=None, ended_at=None)
                | Q(status=SlotStatus.BEGUN, began_at__isnull=False, ended_at=None)
                | Q(status=SlotStatus.HEARD, began_at__isnull=False, ended_at__gte=F("began_at"))
                | Q(status=SlotStatus.ADJOURNED, ended_at__isnull=False),
                name="appeals_slot_times",
            ),
            models.CheckConstraint(condition=Q(link="") | Q(link__startswith="https://"), name="appeals_slot_link"),
            models.UniqueConstraint("case", condition=Q(status__in=CURRENT), name="appeals_slot_one_a_case"),
            models.UniqueConstraint("session", condition=Q(status=SlotStatus.BEGUN), name="appeals_slot_one_begun"),
        ]

    def __str__(self) -> str:
        return f"case {self.case_id} in {self.session_id}"


class SlotPerson(models.Model):
    """Who has to be at a hearing, by a mark; nobody can be at two at once (an exclusion constraint).

    `head`: which of several, such as the second interpreter of a language. `key`: the mark's hash, as constraints of
    ranges want numbers.
    """

    slot = models.ForeignKey(Slot, on_delete=models.CASCADE, related_name="people")
    mark = models.CharField(max_length=60)
    key = models.BigIntegerField()
    head = models.SmallIntegerField(default=1)
    starts = models.DateTimeField()
    ends = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("slot", "mark", name="appeals_slotperson_once"),
            models.CheckConstraint(condition=Q(ends__gt=F("starts"), head__gt=0), name="appeals_slotperson_times"),
        ]

    def __str__(self) -> str:
        return f"{self.mark} in {self.slot_id}"


class Calendar(models.Model):
    """The calendar of an authority: who changes it holds this row, and `revision` tells plans that are out of date."""

    authority = models.OneToOneField("accounts.LevyingBody", on_delete=models.PROTECT, primary_key=True)
    revision = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"calendar of {self.authority_id}, {self.revision}"


class CalendarPlan(models.Model):
    """Places that the solver proposes; nothing is so until a clerk has looked at it and fixed it.

    `kind` all: a place for every case without one, nobody else moves. one: another place for `case`, on none of the
    days `away`, as few others moved as can be. `places`: case, session, minute, lasts. `revision`: of the calendar that
    it was made from. `cost`, `bound`: what it costs, and what every plan costs at least.
    """

    authority = models.ForeignKey("accounts.LevyingBody", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=PlanKind.choices)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="+")
    away = models.JSONField(default=list, blank=True)
    reason = models.CharField(max_length=300, default="", blank=True)
    consent = models.CharField(max_length=300, default="", blank=True)
    status = models.CharField(max_length=8, choices=PlanStatus.choices, default=PlanStatus.ASKED)
    step = models.CharField(max_length=12, default="", blank=True)
    attempts = models.SmallIntegerField(default=0)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    revision = models.BigIntegerField(null=True)
    places = models.JSONField(default=list, blank=True)
    left = models.JSONField(default=list, blank=True)
    cost = models.BigIntegerField(default=0)
    bound = models.BigIntegerField(default=0)
    proven = models.BooleanField(default=False)
    fixed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    fixed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__in=PlanStatus.values), name="appeals_calendarplan_status"),
            models.CheckConstraint(
                condition=Q(kind=PlanKind.ALL, case=None) | Q(kind=PlanKind.ONE, case__isnull=False),
                name="appeals_calendarplan_kind",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=(PlanStatus.READY, PlanStatus.FIXED)) | Q(revision__isnull=False),
                name="appeals_calendarplan_ready",
            ),
            models.UniqueConstraint(
                "authority",
                condition=Q(status__in=(PlanStatus.ASKED, PlanStatus.WORKING, PlanStatus.READY)),
                name="appeals_calendarplan_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"plan {self.pk} of {self.authority_id}"
