"""Draws of the court (추첨): who becomes whose advocate, who sits on a panel. See docs/adr/0036."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from appeals.draw_states import DrawKind, DrawStatus


class Draw(models.Model):
    """One draw, from the facts on. `about` says what for, and there is one draw of it.

    `fixed` is the hash of the facts, `commitment` of the secret (hex). `after`: the size of the head that covered the
    facts when the secret was bound. `head`: the size of the first head that covers both; `proof`: that head and both
    leaves with what proves them, as they are published.
    """

    kind = models.CharField(max_length=10, choices=DrawKind.choices)
    about = models.CharField(max_length=80, unique=True)
    status = models.CharField(max_length=6, choices=DrawStatus.choices, default=DrawStatus.FIXED)
    facts = models.JSONField()
    fixed = models.CharField(max_length=64)
    fixed_at = models.DateTimeField()
    fixed_leaf = models.OneToOneField("core.LogLeaf", on_delete=models.PROTECT, null=True, related_name="+")
    commitment = models.CharField(max_length=64, default="", blank=True)
    after = models.BigIntegerField(null=True)
    bound_at = models.DateTimeField(null=True)
    bound_leaf = models.OneToOneField("core.LogLeaf", on_delete=models.PROTECT, null=True, related_name="+")
    secret = models.CharField(max_length=64, default="", blank=True)
    head = models.BigIntegerField(null=True)
    proof = models.JSONField(default=dict, blank=True)
    result = models.JSONField(null=True)
    drawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=DrawKind.values) & ~Q(fixed=""), name="appeals_draw_kind"),
            models.CheckConstraint(
                condition=Q(status=DrawStatus.FIXED, commitment="", after=None, bound_at=None, bound_leaf=None)
                | Q(status__in=(DrawStatus.BOUND, DrawStatus.DRAWN))
                & Q(after__isnull=False, bound_at__isnull=False, bound_leaf__isnull=False)
                & ~Q(commitment=""),
                name="appeals_draw_bound",
            ),
            models.CheckConstraint(
                condition=Q(status=DrawStatus.DRAWN, head__isnull=False, result__isnull=False, drawn_at__isnull=False)
                & ~Q(secret="")
                & ~Q(proof={})
                | ~Q(status=DrawStatus.DRAWN) & Q(secret="", head=None, proof={}, result=None, drawn_at=None),
                name="appeals_draw_drawn",
            ),
        ]
        indexes = [models.Index("id", name="appeals_draw_runs", condition=~Q(status=DrawStatus.DRAWN))]

    def __str__(self) -> str:
        return f"draw {self.pk}: {self.about}"


class DrawSecret(models.Model):
    """A draw's secret until it is told. The worker's alone. Append-only."""

    draw = models.OneToOneField(Draw, on_delete=models.PROTECT, primary_key=True, related_name="bound_secret")
    secret = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"secret of draw {self.draw_id}"


class DrawMark(models.Model):
    """Who or what stands behind a mark of a draw (`case:7`, `officer:12`). The worker's alone. Append-only."""

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="marks")
    mark = models.CharField(max_length=20)
    what = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint("draw", "mark", name="appeals_draw_mark_once"),
            models.UniqueConstraint("draw", "what", name="appeals_draw_marks_once"),
        ]

    def __str__(self) -> str:
        return self.mark
