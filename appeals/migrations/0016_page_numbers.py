import django.db.models.deletion
from django.db import migrations, models

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [
        ("appeals", "0015_reminders"),
    ]

    operations = [
        migrations.CreateModel(
            name="Paged",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("pages", models.SmallIntegerField()),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="paged", to="appeals.evidence"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pages__gt", 0)), name="appeals_paged_some")
                ],
            },
        ),
        LoadSql("appeals", "paged.sql"),
    ]
