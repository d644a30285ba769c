from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from mileage.models.points import Holder
from mileage.states import DrawStatus


class Draw(models.Model):
    """The selection of a year's model taxpayers (모범납세자 선정): how many are drawn from those who meet `rule`.

    `commitment` binds the seed before the list is made, `list_hash` the list before the seed is told (hex). `event`
    names something public on a day to come, `told` how it came out: with it the draw is nobody's choice.
    """

    year = models.IntegerField(unique=True)
    places = models.IntegerField()
    rule = models.JSONField()
    status = models.CharField(max_length=10, choices=DrawStatus.choices, default=DrawStatus.BEGUN)
    commitment = models.CharField(max_length=64, default="", blank=True)
    list_hash = models.CharField(max_length=64, default="", blank=True)
    candidates_count = models.IntegerField(default=0)
    event = models.CharField(max_length=200, default="", blank=True)
    event_on = models.DateField(null=True)
    told = models.CharField(max_length=100, default="", blank=True)
    seed = models.CharField(max_length=64, default="", blank=True)
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    committed_at = models.DateTimeField(null=True)
    listed_at = models.DateTimeField(null=True)
    revealed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    revealed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(places__gt=0, year__gte=2000), name="mileage_draw_places"),
            models.CheckConstraint(condition=Q(status__in=DrawStatus.values), name="mileage_draw_status"),
            models.CheckConstraint(
                condition=Q(revealed_by=None) | ~Q(revealed_by=F("begun_by")), name="mileage_draw_needs_two"
            ),
            models.CheckConstraint(
                condition=Q(status=DrawStatus.REVEALED) & ~Q(seed="") & Q(revealed_by__isnull=False)
                | ~Q(status=DrawStatus.REVEALED) & Q(seed=""),
                name="mileage_draw_told_when_revealed",
            ),
            models.CheckConstraint(
                condition=Q(event="", event_on=None, told="", revealed_by=None)
                | ~Q(event="") & Q(event_on__isnull=False, told="", revealed_by=None)
                | ~Q(event="") & ~Q(told="") & Q(event_on__isnull=False, revealed_by__isnull=False),
                name="mileage_draw_event_then_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"model taxpayers of {self.year}"


class DrawSecret(models.Model):
    """A draw's seed until it is told, and the key of its marks, which never is. The worker's alone."""

    draw = models.OneToOneField(Draw, on_delete=models.PROTECT, primary_key=True, related_name="secret")
    seed = models.BinaryField(max_length=32)
    mark_key = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"secret of draw {self.draw_id}"


class Candidate(models.Model):
    """Somebody who meets a draw's rule, by a mark that tells nobody else who it is. `place`: drawn as the n-th."""

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="candidates")
    holder = models.ForeignKey(Holder, on_delete=models.PROTECT, related_name="+")
    mark = models.CharField(max_length=32)
    place = models.IntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("draw", "holder", name="mileage_candidate_once"),
            models.UniqueConstraint("draw", "mark", name="mileage_mark_once"),
            models.UniqueConstraint("draw", "place", name="mileage_place_once"),
        ]

    def __str__(self) -> str:
        return self.mark
