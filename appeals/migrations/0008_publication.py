import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [
        ("appeals", "0007_advocates"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Publication",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.SmallIntegerField()),
                ("number", models.IntegerField()),
                ("version", models.SmallIntegerField()),
                ("tax", models.CharField(max_length=40)),
                ("tax_ko", models.CharField(max_length=60)),
                ("tax_en", models.CharField(max_length=60)),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("payer", "Who owes the tax"),
                            ("object", "Whether there was anything to tax"),
                            ("base", "Tax base"),
                            ("rate", "Rate"),
                            ("relief", "Reduction or exemption"),
                            ("additions", "Additional tax"),
                            ("procedure", "Procedure and service"),
                            ("term", "Time to file, form of the petition"),
                            ("other", "Other"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("dismissed", "Dismissed without being heard"),
                            ("rejected", "Rejected"),
                            ("cancelled", "Upheld: the bill is cancelled"),
                            ("corrected", "Upheld: the bill is corrected"),
                            ("reexamine", "To be examined anew by the levying office"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "wish",
                    models.CharField(choices=[("cancel", "Cancel the bill"), ("reduce", "Reduce it")], max_length=8),
                ),
                ("decided_year", models.SmallIntegerField()),
                ("gist_ko", models.CharField(max_length=300)),
                ("gist_en", models.CharField(blank=True, default="", max_length=300)),
                ("claims", models.TextField(max_length=10000)),
                ("reasons", models.TextField(max_length=20000)),
                ("history", models.JSONField(blank=True, default=list)),
                ("published_on", models.DateField()),
                ("replaced_on", models.DateField(null=True)),
                ("published_at", models.DateTimeField()),
                ("stems", models.TextField(blank=True, default="")),
                ("words", django.contrib.postgres.search.SearchVectorField(null=True)),
                (
                    "published_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["words"], name="appeals_publication_words")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "ground__in",
                                [
                                    "payer",
                                    "object",
                                    "base",
                                    "rate",
                                    "relief",
                                    "additions",
                                    "procedure",
                                    "term",
                                    "other",
                                ],
                            ),
                            ("outcome__in", ["dismissed", "rejected", "cancelled", "corrected", "reexamine"]),
                            ("wish__in", ["cancel", "reduce"]),
                        ),
                        name="appeals_publication_classed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("gist_ko", ""), _negated=True),
                            models.Q(("claims", ""), _negated=True),
                            models.Q(("reasons", ""), _negated=True),
                            ("number__gt", 0),
                            ("version__gt", 0),
                        ),
                        name="appeals_publication_says",
                    ),
                    models.UniqueConstraint(
                        models.F("year"), models.F("number"), models.F("version"), name="appeals_publication_version"
                    ),
                    models.UniqueConstraint(
                        models.F("year"),
                        models.F("number"),
                        condition=models.Q(("replaced_on", None)),
                        name="appeals_publication_one_stands",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PublishedCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.SmallIntegerField()),
                ("number", models.IntegerField()),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="publication", to="appeals.case"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(models.F("year"), models.F("number"), name="appeals_published_once")
                ],
            },
        ),
        LoadSql("appeals", "publication.sql"),
    ]
