"""What an advocate writes and keeps in a case. Closed to the tax bureau: row-level security in `sql/papers.sql`."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from appeals.advocate_states import Partner, Work
from appeals.models.advocate import Advocacy
from appeals.states import Side


class AdvocateBrief(models.Model):
    """A brief (변호 의견서): a draft is the advocate's alone; filed, it stands as it was filed."""

    advocacy = models.ForeignKey(Advocacy, on_delete=models.PROTECT, related_name="briefs")
    text = models.TextField(max_length=30_000)
    saved_at = models.DateTimeField()
    filed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint("advocacy", condition=Q(filed_at=None), name="appeals_brief_one_draft")]

    def __str__(self) -> str:
        return f"brief {self.pk}"


class AdvocateNote(models.Model):
    """A note of the advocate's own. Append-only."""

    advocacy = models.ForeignKey(Advocacy, on_delete=models.PROTECT, related_name="notes")
    text = models.TextField(max_length=5_000)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"note {self.pk}"


class Talk(models.Model):
    """What the advocate and a side wrote to each other. With the petitioner it is between the two; a question to the
    levying office and its reply are lines of the docket as well. Only `told_at` changes: when the other was told."""

    advocacy = models.ForeignKey(Advocacy, on_delete=models.PROTECT, related_name="talks")
    partner = models.CharField(max_length=10, choices=Partner.choices)
    by_side = models.CharField(max_length=10, choices=Side.choices)
    text = models.TextField(max_length=5_000)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    answers = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="answer")
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(partner=Partner.PETITIONER, by_side__in=(Side.ADVOCATE, Side.PETITIONER), answers=None)
                | Q(partner=Partner.OFFICE, by_side=Side.ADVOCATE, answers=None)
                | Q(partner=Partner.OFFICE, by_side=Side.OFFICE, answers__isnull=False),
                name="appeals_talk_sides",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="appeals_talk_says"),
        ]
        indexes = [models.Index("id", name="appeals_talk_to_tell", condition=Q(told_at=None))]

    def __str__(self) -> str:
        return f"talk {self.pk}"


class TimeSpent(models.Model):
    """Minutes that an advocate spent on a case on a day; below zero takes back a mistake. Append-only."""

    advocacy = models.ForeignKey(Advocacy, on_delete=models.PROTECT, related_name="hours")
    day = models.DateField()
    minutes = models.SmallIntegerField()
    work = models.CharField(max_length=10, choices=Work.choices)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__range=(-1440, 1440)) & ~Q(minutes=0) & Q(work__in=Work.values),
                name="appeals_time_minutes",
            )
        ]

    def __str__(self) -> str:
        return f"{self.minutes} minutes"
