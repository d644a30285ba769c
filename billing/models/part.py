"""How far the issue of a roll has come, district by district."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from billing.models.roll import LevyRoll


class RollPart(models.Model):
    """One district's part of a roll that is being issued: of `rows` to be billed, `bills` are.

    Rows become bills in the order of their ids, and `done_through` is the last that did: it moves in the commit that
    makes the bills, so a run that is cut off goes on behind it.
    """

    roll = models.ForeignKey(LevyRoll, on_delete=models.PROTECT, related_name="parts")
    body = models.ForeignKey("accounts.LevyingBody", on_delete=models.PROTECT, db_index=False)
    rows = models.IntegerField()
    bills = models.IntegerField(default=0)
    amount = models.BigIntegerField(default=0)
    done_through = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint("roll", "body", name="billing_rollpart_once"),
            models.CheckConstraint(condition=Q(bills__gte=0, bills__lte=F("rows")), name="billing_rollpart_bills"),
        ]

    def __str__(self) -> str:
        return f"{self.roll_id}/{self.body_id}: {self.bills} of {self.rows}"
