import django.db.models.deletion
from django.db import migrations, models

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [
        ("appeals", "0016_page_numbers"),
    ]

    operations = [
        migrations.CreateModel(
            name="BenchNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "news",
                    models.CharField(
                        choices=[
                            ("called", "You are called to a sitting of the committee"),
                            ("off", "You don't sit in a sitting of the committee any more"),
                            ("cases", "Other cases are heard in your sitting of the committee"),
                        ],
                        max_length=6,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("told_at", models.DateTimeField(null=True)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="appeals.member"
                    ),
                ),
                (
                    "panel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notices", to="appeals.panel"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("news__in", ["called", "off", "cases"])), name="appeals_benchnotice_news"
                    ),
                    models.UniqueConstraint(
                        models.F("panel"),
                        models.F("member"),
                        models.F("news"),
                        condition=models.Q(("told_at", None)),
                        name="appeals_benchnotice_waits_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StandIn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("named_at", models.DateTimeField()),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="appeals.member"
                    ),
                ),
                (
                    "named_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="appeals.member"
                    ),
                ),
                (
                    "panel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="standins", to="appeals.panel"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("member", models.F("named_by")), _negated=True),
                        name="appeals_standin_somebody_else",
                    )
                ],
            },
        ),
        LoadSql("appeals", "committee.sql"),
        LoadSql("appeals", "bench.sql"),
        LoadSql("appeals", "votes.sql"),
        LoadSql("appeals", "panel.sql"),
        LoadSql("appeals", "advocates.sql"),
        LoadSql("appeals", "hearings.sql"),
    ]
