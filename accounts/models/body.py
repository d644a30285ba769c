from __future__ import annotations

from django.db import models


class LevyingBody(models.Model):
    """Who levies: the city, a district (자치구), or an agency."""

    class Kind(models.TextChoices):
        CITY = "city"
        DISTRICT = "district"
        AGENCY = "agency"

    code = models.CharField(max_length=5, primary_key=True)
    name_ko = models.CharField(max_length=50)
    name_en = models.CharField(max_length=50)
    kind = models.CharField(max_length=10, choices=Kind.choices)

    def __str__(self) -> str:
        return self.name_en
