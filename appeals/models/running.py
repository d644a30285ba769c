"""What happens in a hearing, its minutes, and who listens."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from appeals.models.hearing import Session, Slot
from appeals.states import Happening, Presence, SeatMail, SeatStatus, Speaker


class Moment(models.Model):
    """Somebody came, or spoke; the hearing began, ended, was adjourned. Append-only: what is corrected is added."""

    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="moments")
    kind = models.CharField(max_length=10, choices=Happening.choices)
    side = models.CharField(max_length=12, choices=Speaker.choices, default="", blank=True)
    presence = models.CharField(max_length=8, choices=Presence.choices, default="", blank=True)
    text = models.TextField(max_length=10_000, default="", blank=True)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Happening.values), name="appeals_moment_kind"),
            models.CheckConstraint(condition=Q(side__in=("", *Speaker.values)), name="appeals_moment_side"),
            models.CheckConstraint(
                condition=Q(kind=Happening.ATTENDS, side__in=Speaker.values, presence__in=Presence.values)
                | ~Q(kind=Happening.ATTENDS) & Q(presence=""),
                name="appeals_moment_attends",
            ),
            models.CheckConstraint(
                condition=~Q(kind=Happening.SAID) | Q(side__in=Speaker.values) & ~Q(text=""),
                name="appeals_moment_said",
            ),
        ]
        indexes = [models.Index(fields=["slot", "id"], name="appeals_moment_of_slot")]

    def __str__(self) -> str:
        return f"{self.kind} in {self.slot_id}"


class Minutes(models.Model):
    """The minutes of a hearing (심리 조서), each version a row. Append-only."""

    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="minutes_kept")
    version = models.SmallIntegerField()
    text = models.TextField(max_length=50_000)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("slot", "version", name="appeals_minutes_version"),
            models.CheckConstraint(condition=Q(version__gt=0) & ~Q(text=""), name="appeals_minutes_says"),
        ]

    def __str__(self) -> str:
        return f"minutes {self.version} of {self.slot_id}"


class MinutesSigned(models.Model):
    """A version of the minutes was signed off, not by who wrote it. Append-only, with a leaf in the log."""

    minutes = models.OneToOneField(Minutes, on_delete=models.PROTECT, related_name="signed")
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"signature of {self.minutes_id}"


class Seat(models.Model):
    """Somebody would like to listen. All that is known of them is an address of e-mail, deleted after the sitting.

    `place`: the number of their seat in the room, once they confirmed the address and there was one. `due`: the mail
    that the worker has to write.
    """

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="listeners")
    email = models.EmailField(max_length=254)
    language = models.CharField(max_length=5)
    status = models.CharField(max_length=8, choices=SeatStatus.choices, default=SeatStatus.ASKED)
    place = models.SmallIntegerField(null=True)
    due = models.CharField(max_length=8, choices=SeatMail.choices, default="", blank=True)
    token_hash = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001
    asked_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("session", "email", name="appeals_seat_once"),
            models.UniqueConstraint("session", "place", name="appeals_seat_place"),
            models.CheckConstraint(
                condition=Q(status=SeatStatus.ASKED, place=None, confirmed_at=None)
                | Q(status=SeatStatus.WAITING, place=None, confirmed_at__isnull=False)
                | Q(status=SeatStatus.SEATED, place__gt=0, confirmed_at__isnull=False),
                name="appeals_seat_stands",
            ),
        ]
        indexes = [models.Index("id", name="appeals_seat_to_mail", condition=~Q(due=""))]

    def __str__(self) -> str:
        return f"seat {self.pk} in {self.session_id}"
