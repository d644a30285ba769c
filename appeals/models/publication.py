"""Decisions as everybody reads them (결정문 공개), apart from the cases that they come from."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from appeals.decision_states import DecisionGround
from appeals.models.case import Case
from appeals.states import Outcome, Wish


class Publication(models.Model):
    """A version of a published decision. It refers to no case and no taxpayer: what leads back is `PublishedCase`.

    Cited for ever as `<year>-<number>`. A correction is a further version; the public reads the last one, which names
    the former ones in `history` (`version`, `published_on`, `replaced_on`, `because`). `stems`: the Korean morphemes
    of its text; `words`: all that it is found by, which the database makes.
    """

    year = models.SmallIntegerField()
    number = models.IntegerField()
    version = models.SmallIntegerField()
    tax = models.CharField(max_length=40)
    tax_ko = models.CharField(max_length=60)
    tax_en = models.CharField(max_length=60)
    ground = models.CharField(max_length=10, choices=DecisionGround.choices)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    wish = models.CharField(max_length=8, choices=Wish.choices)
    decided_year = models.SmallIntegerField()
    gist_ko = models.CharField(max_length=300)
    gist_en = models.CharField(max_length=300, default="", blank=True)
    claims = models.TextField(max_length=10_000)
    reasons = models.TextField(max_length=20_000)
    history = models.JSONField(default=list, blank=True)
    published_on = models.DateField()
    replaced_on = models.DateField(null=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField()
    stems = models.TextField(default="", blank=True)
    words = SearchVectorField(null=True)
    withheld = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ground__in=DecisionGround.values, outcome__in=Outcome.values, wish__in=Wish.values),
                name="appeals_publication_classed",
            ),
            models.CheckConstraint(
                condition=~Q(gist_ko="") & ~Q(claims="") & ~Q(reasons="") & Q(version__gt=0, number__gt=0),
                name="appeals_publication_says",
            ),
            models.UniqueConstraint("year", "number", "version", name="appeals_publication_version"),
            models.UniqueConstraint(
                "year", "number", condition=Q(replaced_on=None), name="appeals_publication_one_stands"
            ),
        ]
        indexes = [GinIndex(fields=["words"], name="appeals_publication_words")]

    def __str__(self) -> str:
        return f"decision {self.year}-{self.number}, version {self.version}"


class PublishedCase(models.Model):
    """Under which address a case's decision is published. The court's own: no public login reads it. Append-only."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="publication")
    year = models.SmallIntegerField()
    number = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint("year", "number", name="appeals_published_once")]

    def __str__(self) -> str:
        return f"case {self.case_id} as {self.year}-{self.number}"
