import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [
        ("appeals", "0012_notices"),
    ]

    operations = [
        migrations.CreateModel(
            name="Answer",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="appeals.case",
                    ),
                ),
                ("sealed", models.BinaryField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Figure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.SmallIntegerField()),
                (
                    "of",
                    models.CharField(
                        choices=[("all", "All"), ("tax", "Tax"), ("body", "Levying office")], max_length=4
                    ),
                ),
                ("code", models.CharField(blank=True, default="", max_length=40)),
                ("name_ko", models.CharField(max_length=60)),
                ("name_en", models.CharField(max_length=60)),
                ("least", models.SmallIntegerField()),
                ("decided", models.IntegerField(null=True)),
                ("upheld", models.IntegerField(null=True)),
                ("rejected", models.IntegerField(null=True)),
                ("dismissed", models.IntegerField(null=True)),
                ("reexamined", models.IntegerField(null=True)),
                ("days", models.IntegerField(null=True)),
                ("returned", models.BigIntegerField(null=True)),
                ("told_on", models.DateField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.F("year"), models.F("of"), models.F("code"), name="appeals_figure_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("least__gt", 1), ("of__in", ["all", "tax", "body"])),
                        name="appeals_figure_of",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided", None), ("decided", 0), ("decided__gte", models.F("least")), _connector="OR"
                            ),
                            models.Q(
                                ("upheld", None), ("upheld", 0), ("upheld__gte", models.F("least")), _connector="OR"
                            ),
                            models.Q(
                                ("rejected", None),
                                ("rejected", 0),
                                ("rejected__gte", models.F("least")),
                                _connector="OR",
                            ),
                            models.Q(
                                ("dismissed", None),
                                ("dismissed", 0),
                                ("dismissed__gte", models.F("least")),
                                _connector="OR",
                            ),
                            models.Q(
                                ("reexamined", None),
                                ("reexamined", 0),
                                ("reexamined__gte", models.F("least")),
                                _connector="OR",
                            ),
                        ),
                        name="appeals_figure_no_small_count",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("days", None),
                            models.Q(("decided__isnull", False), models.Q(("decided", 0), _negated=True)),
                            _connector="OR",
                        ),
                        name="appeals_figure_days",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Satisfaction",
            fields=[
                ("quarter", models.CharField(max_length=6, primary_key=True, serialize=False)),
                ("counts", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=101)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("quarter__regex", "^\\d{4}Q[1-4]$")), name="appeals_satisfaction_quarter"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("counts__len", 101)), name="appeals_satisfaction_scores"
                    ),
                ],
            },
        ),
        LoadSql("appeals", "figures.sql"),
    ]
