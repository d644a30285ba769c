"""What members are told of their sittings, and who presides where neither chair nor vice-chair is there."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from appeals.bench_states import BenchNews
from appeals.models.committee import Member
from appeals.models.panel import Panel


class StandIn(models.Model):
    """The chair named, before a sitting, who presides if neither they nor the vice-chair is there.

    Append-only: the last of a panel counts.
    """

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="standins")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    named_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(member=models.F("named_by")), name="appeals_standin_somebody_else")
        ]

    def __str__(self) -> str:
        return f"member {self.member_id} stands in on panel {self.panel_id}"


class BenchNotice(models.Model):
    """A member is to be written to about a sitting: made by triggers, whatever changes it (`sql/bench.sql`)."""

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="notices")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    news = models.CharField(max_length=6, choices=BenchNews.choices)
    at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(news__in=BenchNews.values), name="appeals_benchnotice_news"),
            models.UniqueConstraint(
                "panel", "member", "news", condition=Q(told_at=None), name="appeals_benchnotice_waits_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.news} of panel {self.panel_id} to {self.member_id}"
