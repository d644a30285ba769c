"""What a city pack brings: taxes, dated tables, days. Written by `manage.py load_city` only."""

from __future__ import annotations

from django.db import models


class TaxType(models.Model):
    """A tax or non-tax item (세목). `table` names what computes it; what is not sourced is refused by name.

    `late` names the dated table that says what a line of it owes beside itself when it is paid late.
    """

    class LevyKind(models.TextChoices):
        TAX = "tax"
        NON_TAX = "non_tax"
        ENVIRONMENT = "environment"
        WATER = "water"

    # `table` of a tax that is no bill of its own, and of one whose rates nobody read in the statute.
    WITH_MAIN_TAX = "with_main_tax"
    NOT_SOURCED = "not_sourced"

    code = models.CharField(max_length=40, primary_key=True)
    name_ko = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    levied_by = models.CharField(max_length=10)
    assessed = models.CharField(max_length=10)
    kind = models.CharField(max_length=12, choices=LevyKind.choices)
    table = models.CharField(max_length=40)
    late = models.CharField(max_length=40, default="late_payment")
    article = models.CharField(max_length=100)
    item = models.CharField(max_length=6, unique=True)
    epay_item = models.CharField(max_length=2)
    position = models.SmallIntegerField()

    class Meta:
        ordering = ("position",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(levied_by__in=("city", "district", "agency")), name="billing_taxtype_levied_by"
            ),
            models.CheckConstraint(
                condition=models.Q(assessed__in=("billed", "filed", "both")), name="billing_taxtype_assessed"
            ),
            models.CheckConstraint(condition=models.Q(item__regex=r"^\d{6}$"), name="billing_taxtype_item"),
            models.CheckConstraint(condition=models.Q(epay_item__regex=r"^\d{2}$"), name="billing_taxtype_epay_item"),
            models.CheckConstraint(condition=~models.Q(article=""), name="billing_taxtype_article"),
        ]

    def __str__(self) -> str:
        return self.code


class DatedTable(models.Model):
    """Rates in force from a day to a day, with their article of law (see billing.rules.dated)."""

    name = models.CharField(max_length=60)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    article = models.CharField(max_length=200)
    body = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint("name", "valid_from", name="billing_datedtable_key"),
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gte=models.F("valid_from")),
                name="billing_datedtable_period",
            ),
            models.CheckConstraint(condition=~models.Q(article=""), name="billing_datedtable_article"),
        ]

    def __str__(self) -> str:
        return f"{self.name} from {self.valid_from}"


class Holiday(models.Model):
    """A day on which no due date falls."""

    day = models.DateField(primary_key=True)
    name_ko = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)

    def __str__(self) -> str:
        return f"{self.day} {self.name_en}"


class DueDateOverride(models.Model):
    """A due date moved for everybody by law or order; of one tax, or of all where `tax` is empty."""

    nominal = models.DateField()
    tax = models.ForeignKey(TaxType, on_delete=models.PROTECT, null=True)
    due = models.DateField()
    article = models.CharField(max_length=100)
    reason_ko = models.CharField(max_length=200)
    reason_en = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint("nominal", "tax", name="billing_override_of_tax"),
            models.UniqueConstraint("nominal", condition=models.Q(tax=None), name="billing_override_of_all"),
            models.CheckConstraint(condition=models.Q(due__gt=models.F("nominal")), name="billing_override_is_later"),
        ]

    def __str__(self) -> str:
        return f"{self.nominal} -> {self.due}"
