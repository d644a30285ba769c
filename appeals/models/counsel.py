"""Requests for an appointed professional (선정대리인)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from appeals.advocate_states import CounselStatus, Person
from appeals.models.case import Case


class CounselRequest(models.Model):
    """A petitioner asks for an appointed professional, with their means as they say (won): `yearly` income or sales,
    `owned` property or assets. The clerk decides; `name` and `contact` are the professional's."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="counsel_requests")
    person = models.CharField(max_length=10, choices=Person.choices)
    yearly = models.BigIntegerField()
    owned = models.BigIntegerField()
    status = models.CharField(max_length=9, choices=CounselStatus.choices, default=CounselStatus.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    because = models.CharField(max_length=1000, default="", blank=True)
    name = models.CharField(max_length=100, default="", blank=True)
    contact = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(yearly__gte=0, owned__gte=0, person__in=Person.values), name="appeals_counsel_means"
            ),
            models.CheckConstraint(
                condition=Q(status=CounselStatus.ASKED, decided_by=None, decided_at=None, because="", name="")
                | Q(status=CounselStatus.WITHDRAWN, name="")
                | Q(status=CounselStatus.GIVEN, decided_by__isnull=False, decided_at__isnull=False) & ~Q(name="")
                | Q(status=CounselStatus.REFUSED, decided_by__isnull=False, decided_at__isnull=False, name="")
                & ~Q(because=""),
                name="appeals_counsel_decided",
            ),
            models.UniqueConstraint(
                "case",
                condition=Q(status__in=(CounselStatus.ASKED, CounselStatus.GIVEN)),
                name="appeals_counsel_one",
            ),
        ]

    def __str__(self) -> str:
        return f"counsel for case {self.case_id}"
