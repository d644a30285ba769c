"""Figures of the court as everybody reads them, and what petitioners thought of it; nothing leads back to a case."""

from __future__ import annotations

from typing import Final

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from appeals.decision_states import FigureOf
from appeals.models.case import Case

# Of the rulings served in a year; upheld means that the bill was cancelled or corrected.
COUNTS: Final = ("decided", "upheld", "rejected", "dismissed", "reexamined")


def _no_small_count() -> Q:
    """Each is withheld, nothing, or so many that it tells nobody."""
    found = Q()
    for name in COUNTS:
        found &= Q(**{name: None}) | Q(**{name: 0}) | Q(**{f"{name}__gte": F("least")})
    return found


class Figure(models.Model):
    """What the rulings served in a year came to: all of them, those about a tax, or those about a body's bills.

    None is a figure that is withheld; no small count can be written. `days`: the median from the petition's arrival to
    the signature; `returned`: won paid back because of these rulings, with interest. A year is told once, whole, when
    it is over. Append-only.
    """

    year = models.SmallIntegerField()
    of = models.CharField(max_length=4, choices=FigureOf.choices)
    code = models.CharField(max_length=40, default="", blank=True)
    name_ko = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    least = models.SmallIntegerField()
    decided = models.IntegerField(null=True)
    upheld = models.IntegerField(null=True)
    rejected = models.IntegerField(null=True)
    dismissed = models.IntegerField(null=True)
    reexamined = models.IntegerField(null=True)
    days = models.IntegerField(null=True)
    returned = models.BigIntegerField(null=True)
    told_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint("year", "of", "code", name="appeals_figure_once"),
            models.CheckConstraint(condition=Q(of__in=FigureOf.values, least__gt=1), name="appeals_figure_of"),
            models.CheckConstraint(condition=_no_small_count(), name="appeals_figure_no_small_count"),
            models.CheckConstraint(
                condition=Q(days=None) | Q(decided__isnull=False) & ~Q(decided=0), name="appeals_figure_days"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}, {self.of} {self.code}"


class Answer(models.Model):
    """A petitioner said how satisfied they were (만족도): that they did, and, until it is counted, what, sealed.

    Who reads the database can't open it: the key is the worker's. No time, no number of its own.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True, related_name="+")
    sealed = models.BinaryField(null=True)

    def __str__(self) -> str:
        return f"answer about case {self.case_id}"


class Satisfaction(models.Model):
    """How many answers of each score were counted in a quarter: `counts[1]` those of 0, `counts[101]` those of 100."""

    quarter = models.CharField(max_length=6, primary_key=True)
    counts = ArrayField(models.IntegerField(), size=101)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quarter__regex=r"^\d{4}Q[1-4]$"), name="appeals_satisfaction_quarter"),
            models.CheckConstraint(condition=Q(counts__len=101), name="appeals_satisfaction_scores"),
        ]

    def __str__(self) -> str:
        return self.quarter
