"""What of a case is sealed from those who have no part in it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from appeals.models.case import Case, Entry, Evidence
from appeals.seal_states import OPEN, Keeper, SealStatus


class Seal(models.Model):
    """A case, one of its files or one line of its docket is sealed (비공개), or somebody asked for it.

    `keeper`: whose matter it is; that side and the court go on reading it, the other side only by `SealReader`.
    `ground` and `article` stand once it was decided; `because`: the court's words, which stand in no docket.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="seals")
    file = models.ForeignKey(Evidence, on_delete=models.PROTECT, null=True, related_name="+")
    line = models.ForeignKey(Entry, on_delete=models.PROTECT, null=True, related_name="+")
    keeper = models.CharField(max_length=10, choices=Keeper.choices)
    status = models.CharField(max_length=8, choices=SealStatus.choices)
    reason = models.CharField(max_length=1000, default="", blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    ground = models.CharField(max_length=20, default="", blank=True)
    article = models.CharField(max_length=100, default="", blank=True)
    because = models.CharField(max_length=1000, default="", blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifted_because = models.CharField(max_length=1000, default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__in=SealStatus.values), name="appeals_seal_status"),
            models.CheckConstraint(condition=Q(keeper__in=Keeper.values), name="appeals_seal_keeper"),
            models.CheckConstraint(condition=Q(file=None) | Q(line=None), name="appeals_seal_one_thing"),
            models.CheckConstraint(
                condition=Q(status=SealStatus.ASKED, decided_by=None, decided_at=None, ground="", article="")
                | Q(status=SealStatus.REFUSED, decided_at__isnull=False, decided_by__isnull=False) & ~Q(because="")
                | Q(status__in=(SealStatus.STANDS, SealStatus.LIFTED), decided_at__isnull=False)
                & ~Q(Q(ground="") | Q(article="") | Q(because="")),
                name="appeals_seal_decided",
            ),
            models.CheckConstraint(
                condition=Q(status=SealStatus.LIFTED, lifted_by__isnull=False, lifted_at__isnull=False)
                & ~Q(lifted_because="")
                | ~Q(status=SealStatus.LIFTED) & Q(lifted_by=None, lifted_at=None, lifted_because=""),
                name="appeals_seal_lifted",
            ),
            models.UniqueConstraint(
                "case", condition=Q(file=None, line=None, status__in=OPEN), name="appeals_seal_one_case"
            ),
            models.UniqueConstraint("file", condition=Q(status__in=OPEN), name="appeals_seal_one_file"),
            models.UniqueConstraint("line", condition=Q(status__in=OPEN), name="appeals_seal_one_line"),
        ]
        indexes = [models.Index("case", name="appeals_seal_stands", condition=Q(status=SealStatus.STANDS))]

    def __str__(self) -> str:
        return f"seal of case {self.case_id}, {self.status}"


class SealReader(models.Model):
    """An officer of the other side who reads what is sealed, since the court named them. Append-only."""

    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="readers")
    officer = models.ForeignKey("accounts.Officer", on_delete=models.PROTECT, related_name="+")
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("seal", "officer", name="appeals_sealreader_once")]

    def __str__(self) -> str:
        return f"{self.officer_id} reads seal {self.seal_id}"
